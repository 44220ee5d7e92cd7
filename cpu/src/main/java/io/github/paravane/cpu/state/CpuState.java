package io.github.paravane.cpu.state;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.cpu.decode.Insn;
import java.util.Arrays;

/** The architectural registers of one core; fields are public to the module, {@link Registers} to everybody else. */
public final class CpuState implements Registers {
    private static final long CODE_LONG = 1L << 53;

    /** RAX..R15, then the slots that {@link Insn} names. */
    public final long[] gpr = new long[Insn.REGISTER_SLOTS];
    /** Bases of ES CS SS DS FS GS, and the flat slot. */
    public final long[] segmentBase = new long[7];
    /** Raw descriptors of the hidden parts; 0 = unusable (NUL selector). */
    public final long[] descriptor = new long[6];
    /** Visible selectors. */
    public final int[] selector = new int[6];

    public final Flags flags = new Flags();
    public final FpuState fpu = new FpuState();
    public final long[] debug = new long[8];

    /** Address of the next instruction between instructions; see Core for its meaning inside a block. */
    public long rip;
    /** CS.L: 64-bit mode. */
    public boolean long64 = true;
    /** Current privilege level: RPL of CS. A PV64 guest is always at 3, the kernel of a 32-bit one at 1. */
    public int cpl = 3;
    /** CR0.TS. */
    public boolean taskSwitched;
    /** Set when something changed that the run loop must look at (flags, mode, breakpoints, code). */
    public boolean attention;

    public CpuState() {
        debug[6] = 0xFFFF_0FF0L;
        debug[7] = 0x400;
    }

    @Override
    public long gpr(int index) {
        return gpr[general(index)];
    }

    @Override
    public void setGpr(int index, long value) {
        gpr[general(index)] = value;
    }

    private static int general(int index) {
        if (index < 0 || index > 15) {
            throw new IllegalArgumentException("no general register 0x" + Integer.toHexString(index));
        }
        return index;
    }

    @Override
    public long rip() {
        return rip;
    }

    @Override
    public void setRip(long rip) {
        this.rip = rip;
    }

    @Override
    public long rflags() {
        return flags.rflags();
    }

    @Override
    public void setRflags(long rflags) {
        flags.setRflags(rflags);
        attention = true;
    }

    @Override
    public int selector(int segment) {
        return selector[segment(segment)];
    }

    @Override
    public long segmentBase(int segment) {
        return segmentBase[segment(segment)];
    }

    private static int segment(int segment) {
        if (segment < 0 || segment > 5) {
            throw new IllegalArgumentException("no segment register 0x" + Integer.toHexString(segment));
        }
        return segment;
    }

    @Override
    public void setSegmentBase(int segment, long base) {
        if (segment != FS && segment != GS) {
            throw new IllegalArgumentException("the base of segment 0x" + Integer.toHexString(segment) + " is fixed");
        }
        segmentBase[segment] = base;
    }

    @Override
    public void loadSegment(int segment, int newSelector, long newDescriptor) {
        selector[segment(segment)] = newSelector & 0xFFFF;
        boolean nul = (newSelector & 0xFFFC) == 0 && segment != CS;
        descriptor[segment] = nul ? 0 : newDescriptor;
        segmentBase[segment] = nul ? 0 : baseOf(newDescriptor);
        if (segment == CS) {
            long64 = (newDescriptor & CODE_LONG) != 0;
            cpl = newSelector & 3;
            attention = true;
        }
    }

    /** The base that a code or data descriptor holds. */
    public static long baseOf(long raw) {
        return (raw >>> 16 & 0xFF_FFFFL) | (raw >>> 32 & 0xFF00_0000L);
    }

    @Override
    public boolean taskSwitched() {
        return taskSwitched;
    }

    @Override
    public void setTaskSwitched(boolean ts) {
        taskSwitched = ts;
    }

    @Override
    public void saveFpu(byte[] image) {
        fpu.save(checkImage(image));
    }

    @Override
    public void loadFpu(byte[] image) {
        fpu.load(checkImage(image));
    }

    private static byte[] checkImage(byte[] image) {
        if (image.length != 512) {
            throw new IllegalArgumentException(
                    "an FXSAVE image has 0x200 bytes, not 0x" + Integer.toHexString(image.length));
        }
        return image;
    }

    @Override
    public long debugRegister(int index) {
        return debug[debugIndex(index)];
    }

    @Override
    public void setDebugRegister(int index, long value) {
        debug[debugIndex(index)] = value;
        attention = true;
    }

    private static int debugIndex(int index) {
        if (index < 0 || index > 7 || index == 4 || index == 5) {
            throw new IllegalArgumentException("no debug register 0x" + Integer.toHexString(index));
        }
        return index;
    }

    @Override
    public String toString() {
        return "rip=0x" + Long.toHexString(rip) + " gpr=" + Arrays.toString(gpr);
    }
}
