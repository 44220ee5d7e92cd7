package io.github.paravane.testkit.runtime;

/** What the last entry into the kernel of a {@link CompatRuntime} left behind, in the order of its record. */
public enum CompatTrapWord {
    /** Vector; {@link #SYSCALL_VECTOR} for the callback of 32-bit SYSCALL. */
    VECTOR,
    /** Error code, 0 if there was none. */
    ERROR,
    /** EIP. */
    EIP,
    /** CS, and the saved upcall mask in bits 16-23. */
    CS,
    /** EFLAGS. */
    EFLAGS,
    /** The slot of ESP, which only frames from ring 3 have. */
    ESP,
    /** The slot of SS, which only frames from ring 3 have. */
    SS,
    /** Where the slot of EIP is on the stack. */
    EIP_PLACE,
    /** EFLAGS of the kernel at entry. */
    KERNEL_EFLAGS,
    /** CR2 as vcpu_info has it. */
    CR2;

    /** {@link #VECTOR} of the callback of 32-bit SYSCALL. */
    public static final int SYSCALL_VECTOR = 0x100;

    /** Byte offset in the record. */
    public int offset() {
        return 4 * ordinal();
    }
}
