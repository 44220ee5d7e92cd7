package io.github.paravane.api.guest;

/**
 * A guest kernel written in Java. It runs in guest-kernel mode against the public ABI only: whatever it does to memory,
 * tables or events goes through its {@link KernelPort} exactly as machine code would do it, faults and emulation
 * included. User programs are machine code.
 *
 * <p>The machine calls {@link #boot} once and {@link #entered} for every entry into the kernel. Both run to their end on
 * the machine's thread; when they return, the guest goes on at the registers they left (usually by
 * {@link KernelPort#iret}). An entry may be nested: an access of the port that faults is delivered to {@link #entered}
 * and, when that has returned to the faulting place, done again.
 */
public interface GuestKernel {

    /** The image that the domain is built from: its ELF notes place the kernel; its entry point is never executed. */
    GuestImage image();

    /** Starts the kernel at its entry point. */
    void boot(KernelPort port);

    /** An entry into the kernel through an address of {@link KernelPort#handlerAddress}. */
    void entered(KernelPort port, KernelEntry entry);

    /** The vCPU runs again after a hypercall that gave up the processor; {@code result} is what the call returned. */
    default void resumed(KernelPort port, long result) {}
}
