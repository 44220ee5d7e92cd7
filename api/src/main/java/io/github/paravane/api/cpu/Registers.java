package io.github.paravane.api.cpu;

/**
 * The register file of a core, live: reads and writes take effect at the next instruction. Valid only while the core is
 * not inside {@link CpuCore#run}, or on its thread inside a {@link TrapHandler} call.
 */
public interface Registers {

    /** General register numbers, as encoded in instructions (Intel SDM vol 2, table 3-1). */
    int RAX = 0, RCX = 1, RDX = 2, RBX = 3, RSP = 4, RBP = 5, RSI = 6, RDI = 7;

    /** General register numbers of the second half. */
    int R8 = 8, R9 = 9, R10 = 10, R11 = 11, R12 = 12, R13 = 13, R14 = 14, R15 = 15;

    /** Segment register numbers, as encoded in instructions. */
    int ES = 0, CS = 1, SS = 2, DS = 3, FS = 4, GS = 5;

    /** General register 0 to 15. */
    long gpr(int index);

    /** Sets general register 0 to 15. */
    void setGpr(int index, long value);

    /** The address of the next instruction; inside a trap handler, see {@link Trap}. */
    long rip();

    /** Sets RIP; no canonical check. */
    void setRip(long rip);

    /** RFLAGS; bit 1 reads as 1. */
    long rflags();

    /** Sets RFLAGS as given, bit 1 forced to 1; no privilege rule applies. */
    void setRflags(long rflags);

    /** The visible selector of segment register 0 to 5. */
    int selector(int segment);

    /** The base of segment register 0 to 5. */
    long segmentBase(int segment);

    /** Sets FS or GS base (MSR C000_0100h, C000_0101h) and leaves the selector; others are misuse. */
    void setSegmentBase(int segment, long base);

    /**
     * Loads a segment register from a descriptor without any check: selector, and the hidden part from the 8 bytes of
     * {@code descriptor} (a NUL selector makes the segment unusable). CS.L selects 64-bit or compatibility mode.
     */
    void loadSegment(int segment, int selector, long descriptor);

    /** CR0.TS: while set, the next x87 or SSE instruction raises #NM. */
    boolean taskSwitched();

    /** Sets or clears CR0.TS. */
    void setTaskSwitched(boolean ts);

    /** Writes the 512-byte FXSAVE64 image (Intel SDM vol 1, 10.5) of x87 and SSE state to {@code image}. */
    void saveFpu(byte[] image);

    /** Loads x87 and SSE state from a 512-byte FXSAVE64 image; reserved MXCSR bits are cleared. */
    void loadFpu(byte[] image);

    /** Debug register 0 to 3, 6 or 7; {@link IllegalArgumentException} for 4, 5 and others. */
    long debugRegister(int index);

    /** Sets debug register 0 to 3, 6 or 7 without any check; breakpoints of DR7 take effect. */
    void setDebugRegister(int index, long value);
}
