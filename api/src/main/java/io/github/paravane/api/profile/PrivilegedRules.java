package io.github.paravane.api.profile;

import java.util.List;

/** Knobs: privileged instructions, MSRs and descriptors (abi-reference 3.5, 4.7 to 4.9). */
public final class PrivilegedRules {

    /** RDMSR of a register nobody knows. */
    public static final Knob<UnknownMsr> UNKNOWN_MSR_READ =
            Knob.of("priv.unknown-msr-read", UnknownMsr.class, "what RDMSR of an unknown register does");

    /** WRMSR of a register nobody knows. */
    public static final Knob<UnknownMsr> UNKNOWN_MSR_WRITE =
            Knob.of("priv.unknown-msr-write", UnknownMsr.class, "what WRMSR of an unknown register does");

    /** Value of CR4 that the guest reads, without its own bits. */
    public static final Knob<BitMask> CR4_SHOWN =
            Knob.of("priv.cr4-shown", BitMask.class, "CR4 as the guest reads it, without the bits it may set");

    /** CR4 bits the guest may set. */
    public static final Knob<BitMask> CR4_WRITABLE =
            Knob.of("priv.cr4-writable", BitMask.class, "CR4 bits the guest may set, where the processor has them");

    /** Whether other CR4 bits are ignored. */
    public static final Knob<Boolean> CR4_MISMATCH_IGNORED =
            Knob.of("priv.cr4-mismatch-ignored", Boolean.class, "other CR4 bits are ignored, else #GP");

    /** Whether call gates are neutralised. */
    public static final Knob<Boolean> CALL_GATE_DPL_0 =
            Knob.of("priv.call-gate-dpl-0", Boolean.class, "call gates get DPL 0, else at least the guest kernel ring");

    /** Whether GDT and LDT pages are one type. */
    public static final Knob<Boolean> MERGED_DESCRIPTOR_TYPE =
            Knob.of("priv.merged-descriptor-type", Boolean.class, "GDT and LDT pages share one page type");

    private PrivilegedRules() {}

    /** All knobs of this group. */
    public static List<Knob<?>> knobs() {
        return List.of(
                UNKNOWN_MSR_READ,
                UNKNOWN_MSR_WRITE,
                CR4_SHOWN,
                CR4_WRITABLE,
                CR4_MISMATCH_IGNORED,
                CALL_GATE_DPL_0,
                MERGED_DESCRIPTOR_TYPE);
    }

    /** What an access to an unknown MSR does. */
    public enum UnknownMsr {
        /** Reads give 0 (the emulated processor has no such register), writes are dropped. */
        IGNORED,
        /** #GP(0); a read before a #GP handler is installed gives 0. */
        FAULT
    }
}
