package io.github.paravane.testkit.runtime;

/** What the last entry into the kernel left behind, in the order of its record in the guest's memory. */
public enum TrapWord {
    /** R15 at entry. */
    R15,
    /** R14 at entry. */
    R14,
    /** R13 at entry. */
    R13,
    /** R12 at entry. */
    R12,
    /** R11 at entry, not the slot of the frame. */
    R11,
    /** R10 at entry. */
    R10,
    /** R9 at entry. */
    R9,
    /** R8 at entry. */
    R8,
    /** RBP at entry. */
    RBP,
    /** RDI at entry. */
    RDI,
    /** RSI at entry. */
    RSI,
    /** RDX at entry. */
    RDX,
    /** RCX at entry, not the slot of the frame. */
    RCX,
    /** RBX at entry. */
    RBX,
    /** RAX at entry. */
    RAX,
    /** Vector; {@link #SYSCALL_VECTOR}, {@link #EVENT_VECTOR}, {@link #FAILSAFE_VECTOR} for the callbacks. */
    VECTOR,
    /** 1 if the frame had an error code. */
    HAS_ERROR,
    /** Slot of RCX in the frame. */
    FRAME_RCX,
    /** Slot of R11 in the frame. */
    FRAME_R11,
    /** Error code, 0 if there was none. */
    ERROR,
    /** RIP. */
    RIP,
    /** CS, and the saved upcall mask in bits 32-39. */
    CS,
    /** RFLAGS. */
    RFLAGS,
    /** RSP. */
    RSP,
    /** SS. */
    SS,
    /** RSP of the kernel at entry, pointing at the frame. */
    KERNEL_RSP,
    /** RFLAGS of the kernel at entry. */
    KERNEL_RFLAGS,
    /** CR2 as vcpu_info has it. */
    CR2;

    /** {@link #VECTOR} of the syscall callback. */
    public static final int SYSCALL_VECTOR = 0x100;

    /** {@link #VECTOR} of the event callback. */
    public static final int EVENT_VECTOR = 0x101;

    /** {@link #VECTOR} of the failsafe callback; its frame has DS, ES, FS, GS before RIP, which are skipped. */
    public static final int FAILSAFE_VECTOR = 0x102;

    /** Byte offset in the record. */
    public int offset() {
        return 8 * ordinal();
    }
}
