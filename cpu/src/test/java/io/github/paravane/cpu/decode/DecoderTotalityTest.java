package io.github.paravane.cpu.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class DecoderTotalityTest {
    private final Decoder decoder = new Decoder(OpcodeTable.standard());

    /** Bytes that reach deep: prefixes and map escapes are frequent. */
    @Provide
    Arbitrary<byte[]> code() {
        Arbitrary<Byte> plain = Arbitraries.bytes();
        Arbitrary<Byte> leading = Arbitraries.of(
                (byte) 0x0F,
                (byte) 0x66,
                (byte) 0x67,
                (byte) 0xF0,
                (byte) 0xF2,
                (byte) 0xF3,
                (byte) 0x48,
                (byte) 0x41,
                (byte) 0xC4,
                (byte) 0xC5,
                (byte) 0x38,
                (byte) 0x3A,
                (byte) 0x64,
                (byte) 0xFF,
                (byte) 0xAE);
        return Arbitraries.oneOf(plain, leading)
                .array(byte[].class)
                .ofMinSize(0)
                .ofMaxSize(20);
    }

    @Property(tries = 20_000)
    void everySequenceIsAnInstructionOrNeedsMore(@ForAll("code") byte[] code, @ForAll boolean long64) {
        Insn insn = new Insn();
        int status = decoder.decode(code, 0, code.length, long64, insn);
        if (status == Decoder.MORE) {
            assertTrue(code.length < Decoder.MAX_LENGTH, "15 bytes are always enough");
            return;
        }
        assertEquals(Decoder.OK, status);
        assertTrue(insn.length >= 1 && insn.length <= Decoder.MAX_LENGTH);
        assertTrue(insn.op >= 0 && insn.op < Op.COUNT);
        assertTrue(Arrays.equals(Arrays.copyOf(code, insn.length), insn.bytes()));
        assertTrue(insn.dst >= 0 && insn.dst < 24 && insn.src >= 0 && insn.src < 24 && insn.base <= Insn.BLOCK_RIP);
    }

    @Property(tries = 5_000)
    void theBytesAfterAnInstructionDoNotMatter(@ForAll("code") byte[] code, @ForAll byte after) {
        Insn first = new Insn();
        if (decoder.decode(code, 0, code.length, true, first) == Decoder.MORE || first.op == Op.TOO_LONG) {
            return;
        }
        byte[] other = Arrays.copyOf(code, first.length + 1);
        other[first.length] = after;
        Insn second = new Insn();
        assertEquals(Decoder.OK, decoder.decode(other, 0, other.length, true, second));
        assertEquals(first.length, second.length);
        assertEquals(first.op, second.op);
    }

    @Property(tries = 5_000)
    void aPrefixOfAnInstructionNeedsMore(@ForAll("code") byte[] code) {
        Insn whole = new Insn();
        if (decoder.decode(code, 0, code.length, true, whole) == Decoder.MORE || whole.op <= Op.TOO_LONG) {
            return;
        }
        for (int length = 0; length < whole.length; length++) {
            assertEquals(Decoder.MORE, decoder.decode(code, 0, length, true, new Insn()));
        }
    }
}
