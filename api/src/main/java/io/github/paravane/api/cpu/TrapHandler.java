package io.github.paravane.api.cpu;

/**
 * Where a core reports traps: the hypervisor's side of the seam. Called on the core's thread between two instructions;
 * the handler may change registers, memory, tables and TLB. It must not call {@link CpuCore#run} of the same core.
 */
public interface TrapHandler {

    /** What the core does after a trap was handled. */
    enum Disposition {
        /** Go on at the registers as they are now. */
        RESUME,
        /** Leave {@link CpuCore#run} with {@link CpuExit.Stopped}. */
        STOP
    }

    /** Handles a trap other than SYSCALL. */
    Disposition trap(Trap trap);

    /** Handles SYSCALL (see {@link Trap.Kind#SYSCALL} for the registers); apart for speed: no object is made. */
    Disposition syscall();

    /**
     * Said right before {@link #syscall}: MOV SS held a debug exception back, and the processor raises it behind SYSCALL,
     * with the supervisor's privilege and still on the user's stack. What INT n and SYSENTER hold back comes on the stack of
     * the supervisor; nothing is said of that.
     */
    default void debugBehindSyscall() {}

    /**
     * Whether INT {@code vector} executed at CPL 3 enters through its gate ({@link Trap.Kind#SOFTWARE_INTERRUPT}); false
     * makes it #GP with error code {@code vector * 8 + 2}. INT3, INTO and ICEBP are not asked about.
     */
    boolean mayInterrupt(int vector);
}
