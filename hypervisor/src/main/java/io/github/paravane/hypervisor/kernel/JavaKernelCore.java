package io.github.paravane.hypervisor.kernel;

import io.github.paravane.api.cpu.Budget;
import io.github.paravane.api.cpu.CpuCore;
import io.github.paravane.api.cpu.CpuCoreFactory;
import io.github.paravane.api.cpu.CpuEnvironment;
import io.github.paravane.api.cpu.CpuExit;
import io.github.paravane.api.cpu.EmulationHooks;
import io.github.paravane.api.cpu.EmulationResult;
import io.github.paravane.api.cpu.InstructionEmulator;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.cpu.TrapHandler;
import io.github.paravane.api.guest.GuestKernel;
import io.github.paravane.api.guest.KernelEntry;
import io.github.paravane.api.guest.KernelPort;
import io.github.paravane.hypervisor.domain.Vcpu;
import org.jspecify.annotations.Nullable;

/**
 * A core whose guest-kernel mode is a {@link GuestKernel} and whose user mode is another core. To the hypervisor it is a
 * core like any other: it traps, it is bounced, and a store of the kernel can be emulated again.
 *
 * <p>Kernel code addresses are slots of 16 bytes from {@link #entryPoint} on: slot 0 is the boot entry, slot 1 the place
 * where the kernel "is" while it acts, the others are handlers. Nothing is ever fetched there.
 */
public final class JavaKernelCore implements CpuCore, TrapHandler, InstructionEmulator {

    private static final int SLOT = 16;
    private static final int FIRST_HANDLER = 2;
    private static final int GPRS = 16;

    /** Handlers a kernel may have. */
    static final int MAX_HANDLERS = 1024;

    private final Vcpu vcpu;
    private final GuestKernel kernel;
    private final long entryPoint;
    private final TrapHandler hypervisor;
    private final CpuCore user;
    private final Registers registers;
    private final Port port;
    private @Nullable PendingAccess pending;
    private volatile boolean interrupted;
    private boolean stopped;
    private boolean left;
    private long steps;

    /**
     * @param vcpu whose core this is
     * @param kernel the kernel
     * @param entryPoint linear address of the kernel's ELF entry
     * @param users makes the core for user mode
     * @param environment what the hypervisor offers
     */
    public JavaKernelCore(
            Vcpu vcpu, GuestKernel kernel, long entryPoint, CpuCoreFactory users, CpuEnvironment environment) {
        this.vcpu = vcpu;
        this.kernel = kernel;
        this.entryPoint = entryPoint;
        this.hypervisor = environment.traps();
        this.user = users.create(new CpuEnvironment(
                environment.memory(),
                environment.translator(),
                this,
                environment.descriptors(),
                environment.cpuid(),
                environment.timeStamp()));
        this.registers = user.registers();
        this.port = new Port(this, environment);
    }

    @Override
    public Registers registers() {
        return registers;
    }

    @Override
    public InstructionEmulator emulator() {
        return this;
    }

    @Override
    public CpuExit run(Budget budget) {
        long end = Math.max(budget.instructions(), budget.instructions() + retired());
        stopped = false;
        do {
            if (interrupted) {
                interrupted = false;
                return new CpuExit.Interrupted();
            }
            CpuExit exit = vcpu.kernelMode() ? runKernel() : runUser(end - retired());
            if (exit != null) {
                return exit;
            }
        } while (retired() < end);
        return new CpuExit.BudgetSpent();
    }

    private @Nullable CpuExit runUser(long instructions) {
        CpuExit exit = user.run(new Budget(instructions));
        // The wrapper below also stops the user core when the kernel was entered; then there is more to do here.
        return exit.kind() == CpuExit.Kind.STOPPED && !stopped ? null : exit;
    }

    private @Nullable CpuExit runKernel() {
        steps++;
        try {
            enter();
        } catch (KernelPort.Abandoned left) {
            // The kernel's straight line was left; registers say where the guest goes on.
        }
        pending = null;
        return stopped ? new CpuExit.Stopped() : null;
    }

    /** Runs the part of the kernel that RIP names. */
    private void enter() {
        long slot = registers.rip() - entryPoint;
        long handler = slot / SLOT - FIRST_HANDLER;
        left = false;
        if (slot == 0) {
            registers.setRip(actingAddress());
            port.setStartInfo(registers.gpr(Registers.RSI));
            kernel.boot(port);
        } else if (slot == SLOT) {
            kernel.resumed(port, registers.gpr(Registers.RAX));
        } else if (slot > 0 && slot % SLOT == 0 && handler < MAX_HANDLERS) {
            registers.setRip(actingAddress());
            kernel.entered(port, new KernelEntry((int) handler, registers.gpr(Registers.RSP)));
        } else {
            raise(Trap.fault(Trap.UD, 0));
        }
        if (!left && !stopped && registers.rip() == actingAddress()) {
            throw new IllegalStateException("guest kernel returned without leaving by iret or shutdown");
        }
    }

    /** RIP while the kernel acts. */
    long actingAddress() {
        return entryPoint + SLOT;
    }

    /** What MOV from CR2 reads. */
    long faultAddress() {
        return vcpu.cr2();
    }

    /** RIP of a handler. */
    long handlerAddress(int handler) {
        if (handler < 0 || handler >= MAX_HANDLERS) {
            throw new IllegalArgumentException("handler out of range [0, " + MAX_HANDLERS + "): " + handler);
        }
        return entryPoint + (long) SLOT * (handler + FIRST_HANDLER);
    }

    /** Performs SYSCALL in the kernel; returns when the kernel acts again. */
    void callHypervisor() {
        do {
            registers.setGpr(Registers.RCX, actingAddress());
            registers.setGpr(Registers.R11, registers.rflags());
            registers.setRip(actingAddress());
            note(hypervisor.syscall());
            settle();
        } while (isToBeRepeated());
    }

    /** Whether a call was pre-empted: RIP is on the SYSCALL instruction, two bytes back. */
    private boolean isToBeRepeated() {
        return registers.rip() == actingAddress() - 2;
    }

    /** Performs the iret hypercall; the registers say afterwards where the guest goes on, and the kernel must return. */
    void leaveByIret() {
        left = true;
        note(hypervisor.syscall());
    }

    /** Raises a trap at the acting address; returns when the kernel acts again. */
    void raise(Trap trap) {
        note(hypervisor.trap(trap));
        settle();
    }

    /**
     * Runs nested entries until the kernel acts again at this place; {@link KernelPort.Abandoned} if it never will. What
     * the interrupted code has in its registers is kept for it, as every handler keeps it.
     */
    private void settle() {
        if (acts()) {
            return;
        }
        PendingAccess outer = pending;
        long[] kept = new long[GPRS];
        for (int n = 0; n < GPRS; n++) {
            kept[n] = registers.gpr(n);
        }
        while (!stopped && vcpu.kernelMode() && !acts()) {
            pending = null;
            steps++;
            enter();
        }
        left = false;
        pending = outer;
        if (stopped || !vcpu.kernelMode()) {
            throw new KernelPort.Abandoned();
        }
        for (int n = 0; n < GPRS; n++) {
            if (n != Registers.RSP) {
                registers.setGpr(n, kept[n]);
            }
        }
    }

    /** Whether the kernel is at its straight line: before, after or on the SYSCALL of an access or call. */
    private boolean acts() {
        return !stopped && vcpu.kernelMode() && (registers.rip() == actingAddress() || isDone() || isToBeRepeated());
    }

    /** Marks an access to be done by emulation, if the hypervisor wants that. */
    void setPending(@Nullable PendingAccess access) {
        pending = access;
    }

    /** Whether the pending access was emulated; RIP is then one byte past the acting address. */
    boolean isDone() {
        return registers.rip() == actingAddress() + 1;
    }

    private void note(Disposition disposition) {
        stopped |= disposition == Disposition.STOP;
    }

    @Override
    public EmulationResult emulate(EmulationHooks hooks) {
        PendingAccess access = pending;
        if (!vcpu.kernelMode() || access == null) {
            return user.emulator().emulate(hooks);
        }
        EmulationResult result = access.emulate(hooks);
        if (result.kind() == EmulationResult.Kind.DONE) {
            registers.setRip(actingAddress() + 1);
        }
        return result;
    }

    @Override
    public int instructionLength() {
        return vcpu.kernelMode() ? 1 : user.emulator().instructionLength();
    }

    @Override
    public Disposition trap(Trap trap) {
        return entered(hypervisor.trap(trap));
    }

    @Override
    public Disposition syscall() {
        return entered(hypervisor.syscall());
    }

    @Override
    public boolean mayInterrupt(int vector) {
        return hypervisor.mayInterrupt(vector);
    }

    private Disposition entered(Disposition disposition) {
        note(disposition);
        return vcpu.kernelMode() ? Disposition.STOP : disposition;
    }

    @Override
    public void interrupt() {
        interrupted = true;
        user.interrupt();
    }

    @Override
    public long retired() {
        return user.retired() + steps;
    }
}
