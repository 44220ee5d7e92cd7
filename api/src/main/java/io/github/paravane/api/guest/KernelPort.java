package io.github.paravane.api.guest;

import io.github.paravane.api.cpu.Registers;

/**
 * How a {@link GuestKernel} acts: hypercalls, memory accesses at CPL 3 through the current tables, and iret.
 *
 * <p>Accesses go through TLB and tables. A fault is delivered to the hypervisor as for an instruction of that kind and
 * from there, unless resolved, to {@link GuestKernel#entered}. The access is done again after the handler returned to
 * it, or abandoned with {@link Abandoned} if the handler left for another place.
 */
public interface KernelPort {

    /** The start_info page at boot. */
    StartInfo startInfo();

    /** The calling vCPU's registers. */
    Registers registers();

    /** MOV from CR2: the address of the last page fault, as the hypervisor keeps it for the guest kernel. */
    long faultAddress();

    /** A linear address to register as a trap or callback handler; entering it calls {@link GuestKernel#entered}. */
    long handlerAddress(int handler);

    /**
     * Executes SYSCALL with the number in RAX and up to six arguments; the value in RAX afterwards. A call that makes the
     * vCPU give up the processor (block, yield, shutdown) does not return but throws {@link Abandoned}; when the vCPU
     * runs again, {@link GuestKernel#resumed} is called.
     */
    long hypercall(int number, long... arguments);

    /** Loads 1, 2, 4 or 8 bytes, zero-extended. */
    long load(long linear, int size);

    /** MOV: stores 1, 2, 4 or 8 bytes. */
    void store(long linear, int size, long value);

    /** LOCK CMPXCHG of 8 bytes, or CMPXCHG without LOCK; the value found. */
    long compareExchange(long linear, long expected, long value, boolean locked);

    /** XCHG of 8 bytes; the value found. */
    long exchange(long linear, long value);

    /** LOCK AND of 1 byte. */
    void lockedAnd8(long linear, int mask);

    /**
     * The iret hypercall with a frame pushed below {@link Registers#RSP}: leaves the kernel for {@code rip} when the
     * current {@link GuestKernel#boot} or {@link GuestKernel#entered} returns. Nothing else may be called after it.
     */
    void iret(IretFrame frame);

    /** Thrown out of an access whose fault handler did not return to it; stackless. */
    final class Abandoned extends RuntimeException {

        private static final long serialVersionUID = 1L;

        /** Made by the machine only. */
        public Abandoned() {
            super(null, null, false, false);
        }
    }
}
