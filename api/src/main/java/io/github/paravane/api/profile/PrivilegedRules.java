package io.github.paravane.api.profile;

import io.github.paravane.api.hypercall.XenErrno;
import java.util.List;

/** Knobs: privileged instructions, MSRs and descriptors (abi-reference 3.5, 4.7 to 4.9). */
public final class PrivilegedRules {

    /** RDMSR of a register nobody knows. */
    public static final Knob<UnknownMsr> UNKNOWN_MSR_READ =
            Knob.of("priv.unknown-msr-read", UnknownMsr.class, "what RDMSR of an unknown register does");

    /** WRMSR of a register nobody knows. */
    public static final Knob<UnknownMsr> UNKNOWN_MSR_WRITE =
            Knob.of("priv.unknown-msr-write", UnknownMsr.class, "what WRMSR of an unknown register does");

    /** Whether registers of features that no domain gets are refused where others are passed on. */
    public static final Knob<Boolean> NAMED_MSRS_REFUSED = Knob.of(
            "priv.named-msrs-refused",
            Boolean.class,
            "MSRs of features that no domain gets are #GP, whatever others are");

    /** Whether MSRs 0 and 1 can be read. */
    public static final Knob<Boolean> P5_MACHINE_CHECK =
            Knob.of("priv.p5-machine-check", Boolean.class, "MSRs 0 and 1 read 0, else they are unknown");

    /** Whether machine-check banks are virtual. */
    public static final Knob<Boolean> VIRTUAL_MACHINE_CHECK = Knob.of(
            "priv.virtual-machine-check",
            Boolean.class,
            "what a machine-check bank reports can only be cleared, else #GP");

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

    /** Whether a MOV to CR3 that is refused passes unnoticed. */
    public static final Knob<Boolean> CR3_FAILURE_IGNORED =
            Knob.of("priv.cr3-failure-ignored", Boolean.class, "mov to cr3 of a bad table does nothing, else #GP");

    /** How the debug registers behave. */
    public static final Knob<DebugRegisterRules> DEBUG_REGISTERS = Knob.of(
            "priv.debug-registers", DebugRegisterRules.class, "which debug registers exist and what DR7 may say");

    /** Whether I/O breakpoints are aligned to their length. */
    public static final Knob<Boolean> IO_BREAKPOINTS_ALIGNED = Knob.of(
            "priv.io-breakpoints-aligned", Boolean.class, "an I/O breakpoint starts at a multiple of its length");

    /** Whether DR6 shows the breakpoints of the last debug exception only. */
    public static final Knob<Boolean> BREAKPOINT_HITS_REPLACED = Knob.of(
            "priv.breakpoint-hits-replaced",
            Boolean.class,
            "a debug exception clears the breakpoint bits of DR6 first");

    /** How a single step over an emulated store to a page table ends. */
    public static final Knob<TableStoreStep> TABLE_STORE_STEP = Knob.of(
            "priv.table-store-step", TableStoreStep.class, "how a single step over an emulated page-table store ends");

    /** Whether CLI and STI end a single step. */
    public static final Knob<Boolean> FLAG_INSTRUCTIONS_STEP = Knob.of(
            "priv.flag-instructions-step",
            Boolean.class,
            "a single step ends after CLI and STI, else after what follows");

    /** Whether #GP for REP INS and OUTS to a refused port shows RF clear. */
    public static final Knob<Boolean> REFUSED_REP_IO_CLEARS_RF = Knob.of(
            "priv.refused-rep-io-clears-rf", Boolean.class, "#GP for REP INS and OUTS to a refused port has RF clear");

    /** Whether the forced-emulation prefix faults. */
    public static final Knob<Boolean> FORCED_EMULATION_FAULTS = Knob.of(
            "priv.forced-emulation-faults",
            Boolean.class,
            "bytes after ud2 that cannot be read are #PF to the guest, else #UD");

    /** Whether CPUID shows what the hypervisor answers even without the prefix. */
    public static final Knob<Boolean> CPUID_FAULTING =
            Knob.of("priv.cpuid-faulting", Boolean.class, "cpuid without prefix shows the hypervisor's answer too");

    /** Whether leaves that describe the machine rather than the processor are zero. */
    public static final Knob<Boolean> CPUID_MACHINE_LEAVES_ZERO = Knob.of(
            "priv.cpuid-machine-leaves-zero",
            Boolean.class,
            "CPUID: APIC id and the leaves of monitors, counters and topology are zero");

    /** Bits of CPUID 1 ECX that the guest is not shown. */
    public static final Knob<BitMask> CPUID_1_ECX_HIDDEN =
            Knob.of("priv.cpuid-1-ecx-hidden", BitMask.class, "CPUID 1 ECX: bits the guest is not shown");

    /** Bits of CPUID 1 ECX that are always set. */
    public static final Knob<BitMask> CPUID_1_ECX_SET =
            Knob.of("priv.cpuid-1-ecx-set", BitMask.class, "CPUID 1 ECX: bits that are always set");

    /** Bits of CPUID 1 EDX that the guest is not shown. */
    public static final Knob<BitMask> CPUID_1_EDX_HIDDEN =
            Knob.of("priv.cpuid-1-edx-hidden", BitMask.class, "CPUID 1 EDX: bits the guest is not shown");

    /** Bits of CPUID 7 EBX that the guest is not shown. */
    public static final Knob<BitMask> CPUID_7_EBX_HIDDEN =
            Knob.of("priv.cpuid-7-ebx-hidden", BitMask.class, "CPUID 7 EBX: bits the guest is not shown");

    /** Bits of CPUID 7 ECX that the guest is not shown. */
    public static final Knob<BitMask> CPUID_7_ECX_HIDDEN =
            Knob.of("priv.cpuid-7-ecx-hidden", BitMask.class, "CPUID 7 ECX: bits the guest is not shown");

    /** Bits of CPUID 80000001h ECX that the guest is not shown. */
    public static final Knob<BitMask> CPUID_EXTENDED_ECX_HIDDEN =
            Knob.of("priv.cpuid-extended-ecx-hidden", BitMask.class, "CPUID 80000001 ECX: bits the guest is not shown");

    /** Bits of CPUID 80000001h EDX that the guest is not shown. */
    public static final Knob<BitMask> CPUID_EXTENDED_EDX_HIDDEN =
            Knob.of("priv.cpuid-extended-edx-hidden", BitMask.class, "CPUID 80000001 EDX: bits the guest is not shown");

    /** The answer to a non-canonical base in set_segment_base. */
    public static final Knob<XenErrno> SEGMENT_BASE_ERRNO = Knob.of(
            "priv.segment-base-errno", XenErrno.class, "errno of set_segment_base with a non-canonical address");

    /** Where the operand of an emulated INS or OUTS is. */
    public static final Knob<PortStringBase> PORT_STRING_BASE =
            Knob.of("priv.port-string-base", PortStringBase.class, "base of the operand of an emulated INS or OUTS");

    private PrivilegedRules() {}

    /** All knobs of this group. */
    public static List<Knob<?>> knobs() {
        return List.of(
                UNKNOWN_MSR_READ,
                UNKNOWN_MSR_WRITE,
                NAMED_MSRS_REFUSED,
                P5_MACHINE_CHECK,
                VIRTUAL_MACHINE_CHECK,
                CR4_SHOWN,
                CR4_WRITABLE,
                CR4_MISMATCH_IGNORED,
                CALL_GATE_DPL_0,
                MERGED_DESCRIPTOR_TYPE,
                CR3_FAILURE_IGNORED,
                DEBUG_REGISTERS,
                IO_BREAKPOINTS_ALIGNED,
                BREAKPOINT_HITS_REPLACED,
                TABLE_STORE_STEP,
                FLAG_INSTRUCTIONS_STEP,
                REFUSED_REP_IO_CLEARS_RF,
                FORCED_EMULATION_FAULTS,
                CPUID_FAULTING,
                CPUID_MACHINE_LEAVES_ZERO,
                CPUID_1_ECX_HIDDEN,
                CPUID_1_ECX_SET,
                CPUID_1_EDX_HIDDEN,
                CPUID_7_EBX_HIDDEN,
                CPUID_7_ECX_HIDDEN,
                CPUID_EXTENDED_ECX_HIDDEN,
                CPUID_EXTENDED_EDX_HIDDEN,
                SEGMENT_BASE_ERRNO,
                PORT_STRING_BASE);
    }

    /** What a guest may do with debug registers. */
    public enum DebugRegisterRules {
        /** DR4 and DR5 do not exist; DR7 may hold neither I/O nor 8-byte breakpoints. */
        NO_IO_BREAKPOINTS,
        /** DR4 and DR5 cannot be written; I/O breakpoints need CR4.DE; reserved upper halves are dropped. */
        IO_BREAKPOINTS_WITH_DE,
        /** DR4 and DR5 are DR6 and DR7 while CR4.DE is clear; reserved upper halves are refused. */
        ALIASES
    }

    /** The end of a single step over an emulated store to a page table. */
    public enum TableStoreStep {
        /** It does not end there. */
        NONE,
        /** #DB, of which DR6 says nothing. */
        SILENT,
        /** #DB with DR6.BS. */
        REPORTED
    }

    /** How the emulation of INS and OUTS finds their operand. */
    public enum PortStringBase {
        /** It is where the index register says, whatever the segment. */
        FLAT,
        /** By descriptors, those of FS and GS in 64-bit mode too; one of these that cannot be read gives any base: XSA-67. */
        DESCRIPTOR_UNCHECKED,
        /** By descriptors, those of FS and GS in 64-bit mode too, if they are not null; #GP where one cannot be read. */
        DESCRIPTOR,
        /** By descriptors, but in 64-bit mode as the processor has it. */
        REGISTER
    }

    /** What an access to an unknown MSR does. */
    public enum UnknownMsr {
        /** Reads give 0 (the emulated processor has no such register), writes are dropped. */
        IGNORED,
        /** #GP(0); a read before a #GP handler is installed gives 0. */
        FAULT
    }
}
