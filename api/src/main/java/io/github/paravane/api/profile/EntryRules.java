package io.github.paravane.api.profile;

import io.github.paravane.api.hypercall.XenErrno;
import java.util.List;

/** Knobs: entry to and exit from the guest kernel (abi-reference 4). */
public final class EntryRules {

    /** What the R11 slot of a syscall frame holds. */
    public static final Knob<SyscallR11> SYSCALL_R11 =
            Knob.of("entry.syscall-r11", SyscallR11.class, "what the r11 slot of a syscall bounce frame holds");

    /** RFLAGS bits cleared on every entry. */
    public static final Knob<BitMask> CLEARED_FLAGS =
            Knob.of("entry.cleared-flags", BitMask.class, "RFLAGS bits cleared for the handler on every entry");

    /** Whether DF is cleared for the syscall callback. */
    public static final Knob<Boolean> SYSCALL_CLEARS_DF =
            Knob.of("entry.syscall-clears-df", Boolean.class, "DF is clear when the syscall callback starts");

    /** Whether syscall can mask events. */
    public static final Knob<Boolean> SYSCALL_CAN_MASK =
            Knob.of("entry.syscall-can-mask", Boolean.class, "the syscall callback honours its mask-events flag");

    /** What SYSCALL without a callback does. */
    public static final Knob<MissingCallback> MISSING_SYSCALL_CALLBACK = Knob.of(
            "entry.missing-syscall-callback", MissingCallback.class, "what a user syscall without a callback does");

    /** Whether syscall32 and sysenter callbacks exist. */
    public static final Knob<Boolean> SYSCALL32_CALLBACKS =
            Knob.of("entry.syscall32-callbacks", Boolean.class, "syscall32 and sysenter callbacks exist");

    /** Whether INT 80h has a fast gate. */
    public static final Knob<Boolean> INT80_FAST_GATE =
            Knob.of("entry.int80-fast-gate", Boolean.class, "a registered int 0x80 is entered whatever its DPL");

    /** Whether the fast gate honours the trap's mask flag. */
    public static final Knob<Boolean> INT80_MASK_HONOURED =
            Knob.of("entry.int80-mask-honoured", Boolean.class, "int 0x80 honours its trap's mask-events flag");

    /** Whether INT n advances RIP by the real length. */
    public static final Knob<Boolean> INT_N_DECODED_LENGTH = Knob.of(
            "entry.int-n-decoded-length", Boolean.class, "int n advances rip by its decoded length instead of 2");

    /** What a failing return to the guest does. */
    public static final Knob<FailedReturn> FAILED_RETURN =
            Knob.of("entry.failed-return", FailedReturn.class, "what a fault in the final iret to the guest becomes");

    /** Whether saved RFLAGS carry virtual IOPL. */
    public static final Knob<Boolean> VIRTUAL_IOPL =
            Knob.of("entry.virtual-iopl", Boolean.class, "saved IOPL is zero or, with architectural_iopl, virtual");

    /** Whether NT is cleared when returning to the guest. */
    public static final Knob<Boolean> EXIT_CLEARS_NT =
            Knob.of("entry.exit-clears-nt", Boolean.class, "NT is cleared on the way to the guest");

    /** RFLAGS bits that the iret hypercall accepts. */
    public static final Knob<BitMask> IRET_FLAGS =
            Knob.of("entry.iret-flags", BitMask.class, "RFLAGS bits the iret hypercall takes from its frame");

    /** What iret to user mode without user tables does. */
    public static final Knob<Boolean> IRET_WITHOUT_USER_TABLE_CRASHES = Knob.of(
            "entry.iret-without-user-table-crashes", Boolean.class, "iret to an unset user table crashes, else EFAULT");

    /** Whether a non-canonical RIP leaves through IRET. */
    public static final Knob<Boolean> NON_CANONICAL_RIP_USES_IRET = Knob.of(
            "entry.non-canonical-rip-uses-iret",
            Boolean.class,
            "a non-canonical rip never leaves through sysret (XSA-7)");

    /** Whether a frame may end exactly at the hypervisor's range. */
    public static final Knob<Boolean> STACK_MAY_END_AT_HOLE = Knob.of(
            "entry.stack-may-end-at-hole",
            Boolean.class,
            "the aligned stack pointer of a frame may equal the start of the hypervisor range");

    /** Slack above the hypervisor's range in the stack check. */
    public static final Knob<Integer> STACK_WINDOW_SLACK = Knob.of(
            "entry.stack-window-slack", Integer.class, "bytes above the hypervisor range the frame's stack must clear");

    /** Whether addresses in the trap table must be canonical. */
    public static final Knob<Boolean> CANONICAL_TRAPS =
            Knob.of("entry.canonical-traps", Boolean.class, "a non-canonical address in set_trap_table is EINVAL");

    /** Whether callback addresses must be canonical. */
    public static final Knob<Boolean> CANONICAL_CALLBACKS = Knob.of(
            "entry.canonical-callbacks", Boolean.class, "registering a callback at a non-canonical address is EINVAL");

    /** Whether NMIs enter through trap 2. */
    public static final Knob<Boolean> NMI_IS_TRAP_2 =
            Knob.of("entry.nmi-is-trap-2", Boolean.class, "the NMI callback is trap table entry 2");

    /** Whether DF is also cleared when a SYSCALL without callback becomes #UD. */
    public static final Knob<Boolean> MISSING_CALLBACK_CLEARS_DF = Knob.of(
            "entry.missing-callback-clears-df",
            Boolean.class,
            "DF is clear when a syscall without a callback arrives as #UD");

    /** What SYSENTER with NT set does. */
    public static final Knob<SysenterWithNt> SYSENTER_WITH_NT =
            Knob.of("entry.sysenter-with-nt", SysenterWithNt.class, "what a user's sysenter with NT set does");

    /** The answer to a callback type that does not exist. */
    public static final Knob<XenErrno> UNKNOWN_CALLBACK_ERRNO =
            Knob.of("entry.unknown-callback-errno", XenErrno.class, "errno of a callback type that does not exist");

    private EntryRules() {}

    /** All knobs of this group. */
    public static List<Knob<?>> knobs() {
        return List.of(
                SYSCALL_R11,
                CLEARED_FLAGS,
                SYSCALL_CLEARS_DF,
                SYSCALL_CAN_MASK,
                MISSING_SYSCALL_CALLBACK,
                SYSCALL32_CALLBACKS,
                INT80_FAST_GATE,
                INT80_MASK_HONOURED,
                INT_N_DECODED_LENGTH,
                FAILED_RETURN,
                VIRTUAL_IOPL,
                EXIT_CLEARS_NT,
                IRET_FLAGS,
                IRET_WITHOUT_USER_TABLE_CRASHES,
                NON_CANONICAL_RIP_USES_IRET,
                STACK_MAY_END_AT_HOLE,
                STACK_WINDOW_SLACK,
                CANONICAL_TRAPS,
                CANONICAL_CALLBACKS,
                NMI_IS_TRAP_2,
                MISSING_CALLBACK_CLEARS_DF,
                SYSENTER_WITH_NT,
                UNKNOWN_CALLBACK_ERRNO);
    }

    /** What the R11 slot of a syscall frame holds. */
    public enum SyscallR11 {
        /** The user's RFLAGS, as SYSCALL left them. */
        USER_RFLAGS,
        /** An address in the hypervisor's text: the bug of Xen 3.1.1. */
        HYPERVISOR_TEXT
    }

    /** What a user SYSCALL without a registered callback does. */
    public enum MissingCallback {
        /** The domain crashes. */
        CRASH,
        /** #UD at the instruction. */
        INVALID_OPCODE
    }

    /** What SYSENTER with NT set does, where SYSENTER exists. */
    public enum SysenterWithNt {
        /** The hypervisor does not survive its own IRET: XSA-44. */
        CRASH,
        /** #GP(0) at address 0, as without a callback. */
        GENERAL_PROTECTION,
        /** It enters as ever; NT is clear for the handler. */
        ENTERED
    }

    /** What a fault in the hypervisor's return to the guest becomes. */
    public enum FailedReturn {
        /** The failsafe callback, with DS, ES, FS and GS in the frame. */
        FAILSAFE,
        /** The exception itself, with a frame that describes the target of the return. */
        EXCEPTION
    }
}
