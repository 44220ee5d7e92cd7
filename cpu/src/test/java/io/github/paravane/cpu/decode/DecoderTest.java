package io.github.paravane.cpu.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecoderTest {
    private final Decoder decoder = new Decoder(OpcodeTable.standard());

    private Insn decode(String hex, boolean long64) {
        byte[] code = HexFormat.of().parseHex(hex);
        Insn insn = new Insn();
        assertEquals(Decoder.OK, decoder.decode(code, 0, code.length, long64, insn), hex);
        return insn;
    }

    @ParameterizedTest
    @CsvSource({
        "4889d8, Moves.movRr64",
        "89d8, Moves.movRr32",
        "6689d8, Moves.mov",
        "f00fb10b, IntegerArithmetic.cmpxchg",
        "480fc70b, IntegerArithmetic.cmpxchgWide",
        "0f05, SystemOps.syscall",
        "f390, FlagOps.pause",
        "90, Moves.xchgAccumulator",
        "f30fb8c0, BitOps.popcnt",
        "f30fbcc0, BitOps.tzcnt",
        "0fbcc0, BitOps.bsf",
        "c4e278f2ce, Bmi.andn",
        "0f01f8, SystemOps.swapgs",
        "0f013b, SystemOps.invlpg",
    })
    void names(String hex, String method) {
        assertEquals(method, Op.name(decode(hex, true).op));
    }

    @ParameterizedTest
    @CsvSource({
        "06",
        "1f",
        "27",
        "62c0",
        "9a",
        "ce",
        "d6",
        "f089d8",
        "f00101c0",
        "f08b03",
        "f00f0b",
        "c4e27cf2ce",
        "66c4e278f2ce",
        "0fb0",
        "8dc0",
        "0fc7c8",
        "f0480fa303",
        "c6c801",
        "8fc800",
        "0f0100"
    })
    void undefinedOrIncomplete(String hex) {
        byte[] code = HexFormat.of().parseHex(hex);
        Insn insn = new Insn();
        int status = decoder.decode(code, 0, code.length, true, insn);
        boolean defined = status == Decoder.OK && insn.op != Op.UNDEFINED;
        assertEquals(hex.equals("0f0100") || hex.equals("f00101c0"), defined);
    }

    @Test
    void rexIsOnlyARexDirectlyBeforeTheOpcode() {
        assertEquals(4, decode("486689d8", true).width + 2);
        assertEquals(8, decode("664889d8", true).width);
    }

    @Test
    void compatibilityModeDiffers() {
        assertEquals("IntegerArithmetic.inc", Op.name(decode("40", false).op));
        assertEquals("SegmentOps.pushSegment", Op.name(decode("06", false).op));
        Insn disp32 = decode("8b0578563412", false);
        assertEquals(Insn.ZERO, disp32.base);
        Insn rip = decode("8b0578563412", true);
        assertEquals(Insn.BLOCK_RIP, rip.base);
    }

    @Test
    void address16() {
        Insn insn = decode("678b4210", false);
        assertEquals(5, insn.base);
        assertEquals(6, insn.index);
        assertEquals(0x10, insn.disp);
        assertEquals(0xFFFF, insn.addressMask);
    }

    @Test
    void highByteRegistersNeedTheAbsenceOfRex() {
        assertEquals(20, decode("88e0", true).src);
        assertEquals(4, decode("4088e0", true).src);
    }

    @Test
    void fifteenBytesAreTheLimit() {
        assertEquals(15, decode("66666666666666666666666666666690".substring(2), true).length);
        assertEquals(Op.TOO_LONG, decode("66666666666666666666666666666690", true).op);
    }
}
