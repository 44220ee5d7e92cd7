package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.cpu.Registers;

/** The flat selectors that a PV64 guest finds in the hypervisor's part of its GDT, and their descriptors. */
public final class FlatSegments {

    /** FLAT_KERNEL_CS and FLAT_USER_CS64. */
    static final int CODE_64 = 0xE033;

    /** FLAT_USER_CS32. */
    static final int CODE_32 = 0xE023;

    /** FLAT_KERNEL_SS and FLAT_USER_SS. */
    static final int STACK = 0xE02B;

    static final long CODE_64_DESCRIPTOR = 0x00AF_FB00_0000_FFFFL;
    static final long CODE_32_DESCRIPTOR = 0x00CF_FB00_0000_FFFFL;
    static final long STACK_DESCRIPTOR = 0x00CF_F300_0000_FFFFL;

    private FlatSegments() {}

    /** Loads CS and SS as SYSRET to 64-bit code does. */
    public static void load(Registers registers) {
        if (registers.selector(Registers.CS) != CODE_64) {
            registers.loadSegment(Registers.CS, CODE_64, CODE_64_DESCRIPTOR);
        }
        loadStack(registers);
    }

    /** Loads SS alone. */
    static void loadStack(Registers registers) {
        if (registers.selector(Registers.SS) != STACK) {
            registers.loadSegment(Registers.SS, STACK, STACK_DESCRIPTOR);
        }
    }

    /** Loads CS and SS as SYSRET to compatibility code does. */
    static void load32(Registers registers) {
        registers.loadSegment(Registers.CS, CODE_32, CODE_32_DESCRIPTOR);
        registers.loadSegment(Registers.SS, STACK, STACK_DESCRIPTOR);
    }

    /** Selectors to return to, flat until the return checks and loads them. */
    public static void setReturn(Registers registers, int cs, int ss) {
        registers.loadSegment(Registers.CS, cs, CODE_64_DESCRIPTOR);
        registers.loadSegment(Registers.SS, ss, STACK_DESCRIPTOR);
    }
}
