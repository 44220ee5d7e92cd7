package io.github.paravane.cpu.exec;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.AddressTranslator;
import io.github.paravane.cpu.decode.Decoder;
import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.decode.OpcodeTable;

/** Fetches through the translator, for blocks (one page) and for single instructions (which may cross pages). */
final class Fetch {
    private static final int FETCH = Access.FETCH | Access.USER;
    private static final int READ = Access.READ | Access.USER;

    private final Core c;
    private final AddressTranslator translator;
    private final MachineMemory memory;
    private final Decoder decoder = new Decoder(OpcodeTable.standard());
    private final byte[] bytes = new byte[2 * Decoder.MAX_LENGTH];
    private final DecodedCache decoded = new DecodedCache();
    /** Bytes that the last {@link #single} could read. */
    private int available;

    Fetch(Core c) {
        this.c = c;
        translator = c.environment.translator();
        memory = c.environment.memory();
    }

    /** The linear address of RIP. */
    long linear(long rip) {
        return c.s.long64 ? rip : (c.s.segmentBase[Registers.CS] + rip) & 0xFFFF_FFFFL;
    }

    /** The machine address of a code byte, or #PF, or #GP(0) if it is not canonical. */
    long translate(long linear) {
        return translate(linear, FETCH);
    }

    private long translate(long linear, int access) {
        if ((linear << 16 >> 16) != linear) {
            throw c.fault.generalProtection(0);
        }
        long maddr = translator.translate(linear, access);
        if (maddr < 0) {
            throw c.fault.page(translator.fault());
        }
        return maddr;
    }

    /** Decodes the instruction at RIP, wherever it lies, placed at offset 0; faults as its fetch does. */
    Insn single() {
        return single(FETCH);
    }

    /** The same for a hypervisor that copies the bytes as data, whether they may be executed or not. */
    Insn singleAsData() {
        return single(READ);
    }

    private Insn single(int access) {
        available = 0;
        long linear = linear(c.s.rip);
        int left = MachineMemory.FRAME_SIZE - (int) (linear & (MachineMemory.FRAME_SIZE - 1));
        append(translate(linear, access), Math.min(left, Decoder.MAX_LENGTH));
        if (decoded.begins(linear, c.s.long64, bytes, available)) {
            appendNextPage(linear + left, Decoder.MAX_LENGTH - left, access);
        }
        Insn known = decoded.find(linear, c.s.long64, bytes, available);
        if (known != null) {
            return known;
        }
        Insn insn = new Insn();
        if (decoder.decode(bytes, 0, available, c.s.long64, insn) == Decoder.MORE) {
            appendNextPage(linear + left, Decoder.MAX_LENGTH - left, access);
            insn = new Insn();
            decoder.decode(bytes, 0, available, c.s.long64, insn);
        }
        insn.place(0);
        decoded.put(linear, insn);
        return insn;
    }

    private void appendNextPage(long linear, int count, int access) {
        append(translate(c.s.long64 ? linear : linear & 0xFFFF_FFFFL, access), count);
    }

    private void append(long maddr, int count) {
        memory.read(maddr, bytes, available, count);
        available += count;
    }

    /** What was fetched for the last {@link #single}. */
    byte[] fetched() {
        return java.util.Arrays.copyOf(bytes, available);
    }
}
