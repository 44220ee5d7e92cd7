package io.github.paravane.testkit.guest;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.guest.IretFrame;
import io.github.paravane.api.guest.KernelEntry;
import io.github.paravane.api.guest.KernelPort;
import io.github.paravane.testkit.guest.KernelModel.Run;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Runs programs as processes: system calls, exceptions, context switches. What differs between kernels is in {@link ProcessTables}. */
final class ProcessRunner {

    static final int SYSCALL = 100;
    static final int EVENT = 101;
    static final int FAILSAFE = 102;
    static final int NMI = 103;
    static final int VECTORS = 32;

    private static final int SHUTDOWN_CRASH = 3;
    private static final int INVALID = -22;
    private static final int LONGEST_WRITE = 1 << 16;

    private final KernelHabits habits;
    private final KernelModel model;
    private final KernelSpace space;
    private final ProcessTables tables;
    private final UserMemory memory;
    private final Deque<Process> ready = new ArrayDeque<>();
    private @Nullable Process current;
    private @Nullable Process loaded;
    private @Nullable SharedInfoPage sharedInfo;

    ProcessRunner(KernelHabits habits, KernelModel model, KernelSpace space, ProcessTables tables, KernelPort port) {
        this.habits = habits;
        this.model = model;
        this.space = space;
        this.tables = tables;
        this.memory = new UserMemory(port, space, tables, model);
    }

    /** Goes on with the next process, or powers off after the last. */
    void next(KernelPort port) {
        Run run = model.nextRun();
        Process process = run != null ? start(port, run) : ready.poll();
        if (process == null) {
            HypervisorCalls.shutDown(port, 0);
            return;
        }
        current = process;
        switchTo(process);
        model.walkPath(port, KernelFunction.Path.RETURN_TO_USER);
        model.beforeReturn(port, space);
        resume(port, process);
    }

    private Process start(KernelPort port, Run run) {
        Process process = new Process(run.name(), tables.create(run.name()), space.allocate());
        model.add(process.space());
        switchTo(process);
        memory.load(process.space(), run.code());
        model.mark(run.name());
        return process;
    }

    private void switchTo(Process process) {
        if (process != loaded) {
            tables.switchTo(process.space(), process.stackTop());
            loaded = process;
        }
    }

    private static void resume(KernelPort port, Process process) {
        UserState state = process.state;
        state.restore(port.registers());
        port.iret(new IretFrame(
                state.gpr(Registers.RAX),
                state.gpr(Registers.R11),
                state.gpr(Registers.RCX),
                0,
                state.rip,
                state.cs,
                state.rflags,
                state.rsp,
                state.ss));
    }

    /** An entry into the kernel. */
    void entered(KernelPort port, KernelEntry entry) {
        switch (entry.handler()) {
            case SYSCALL -> systemCall(port, SyscallFrame.read(port, entry.frame()));
            case EVENT, NMI -> {
                SyscallFrame frame = SyscallFrame.read(port, entry.frame());
                if (event(port, frame)) {
                    return;
                }
                port.iret(new IretFrame(
                        port.registers().gpr(Registers.RAX),
                        frame.r11(),
                        frame.rcx(),
                        0,
                        frame.rip(),
                        frame.cs() & 0xFFFF,
                        frame.rflags(),
                        frame.rsp(),
                        frame.ss()));
            }
            case FAILSAFE -> fail(port, "failsafe callback");
            default -> exception(port, entry.handler(), entry.frame());
        }
    }

    /** Takes note of an event; true if another process goes on in the place of the one that it interrupted. */
    private boolean event(KernelPort port, SyscallFrame frame) {
        SharedInfoPage shared = sharedInfo;
        if (shared == null || !shared.acknowledge(port)) {
            return false;
        }
        model.tick();
        Process process = current;
        if (process == null || (frame.cs() & 3) != 3) {
            return false;
        }
        process.state.save(port.registers(), frame);
        process.state.setGpr(Registers.RCX, frame.rcx());
        process.state.setGpr(Registers.R11, frame.r11());
        ready.add(process);
        next(port);
        return true;
    }

    /** Maps shared_info, and has the timer's events sent if they are to switch processes. */
    void listen(KernelPort port, long kernelBits) {
        SharedInfoPage shared = new SharedInfoPage(port, space, kernelBits);
        if (model.preempts()) {
            shared.bindTimer(port, space.requestPage());
        }
        sharedInfo = shared;
    }

    private Process current() {
        return Objects.requireNonNull(current, "current");
    }

    private void systemCall(KernelPort port, SyscallFrame frame) {
        model.record(frame);
        Process process = current();
        UserState state = process.state;
        state.save(port.registers(), frame);
        if (habits.trustsFrameRcxR11()) {
            // Pre-fix Solaris keeps the low half of the flags and returns with what it kept.
            state.rip = frame.rcx();
            state.rflags = frame.r11() & 0xFFFF_FFFFL;
        }
        int number = (int) state.gpr(Registers.RAX);
        long first = state.gpr(Registers.RDI);
        long second = state.gpr(Registers.RSI);
        model.walkPath(port, KernelFunction.Path.SYSCALL);
        state.setGpr(Registers.RAX, 0);
        switch (number) {
            case UserProgram.SYS_EXIT -> {
                end(port, process.exited((int) first));
                return;
            }
            case UserProgram.SYS_YIELD -> {
                ready.add(process);
                next(port);
                return;
            }
            case UserProgram.SYS_REPORT -> process.reported.add(first);
            case UserProgram.SYS_WRITE -> write(port, process, first, second);
            case UserProgram.SYS_SIGNAL -> process.faultHandler = first;
            case UserProgram.SYS_MAP -> result(state, memory.map(process.space(), first));
            case UserProgram.SYS_UNMAP -> result(state, memory.unmap(process.space(), first));
            case UserProgram.SYS_PROTECT -> result(state, memory.protect(process.space(), first, second != 0));
            case UserProgram.SYS_FORK -> fork(process);
            default -> result(state, number == UserProgram.SYS_NOTHING);
        }
        resume(port, process);
    }

    private static void result(UserState state, boolean done) {
        state.setGpr(Registers.RAX, done ? 0 : INVALID);
    }

    private void write(KernelPort port, Process process, long from, long length) {
        if (Long.compareUnsigned(length, LONGEST_WRITE) > 0 || !memory.isMapped(process.space(), from, length)) {
            result(process.state, false);
            return;
        }
        for (long at = from; at != from + length; at++) {
            process.output.append((char) port.load(at, 1));
        }
    }

    private void fork(Process parent) {
        AddressSpace copy = tables.create(parent.space().name() + "+");
        Process child = new Process(copy.name(), copy, space.allocate());
        model.add(copy);
        memory.copy(parent.space(), copy);
        child.state.copy(parent.state);
        child.faultHandler = parent.faultHandler;
        ready.add(child);
        parent.state.setGpr(Registers.RAX, 1);
    }

    /** Gives the process what it needs, or a signal, or kills it; an exception of the kernel's own is a panic. */
    private void exception(KernelPort port, int vector, long frame) {
        boolean hasErrorCode = Trap.hasErrorCode(vector);
        long rest = frame + (hasErrorCode ? 8 : 0);
        long errorCode = hasErrorCode ? port.load(frame + 16, 8) : 0;
        long address = vector == Trap.PF ? port.faultAddress() : 0;
        SyscallFrame found = new SyscallFrame(
                port.load(frame, 8),
                port.load(frame + 8, 8),
                port.load(rest + 16, 8),
                port.load(rest + 24, 8),
                port.load(rest + 32, 8),
                port.load(rest + 40, 8),
                port.load(rest + 48, 8));
        if ((found.cs() & 3) != 3) {
            fail(port, "vector %d, error code %x, address %x".formatted(vector, errorCode, address));
            return;
        }
        Process process = current();
        process.state.save(port.registers(), found);
        process.state.setGpr(Registers.RCX, found.rcx());
        process.state.setGpr(Registers.R11, found.r11());
        if (vector == Trap.NM) {
            KernelSpace.check("fpu_taskswitch", port.hypercall(HypervisorCalls.FPU_TASKSWITCH, 0));
        } else if (vector == Trap.PF && memory.copyOnWrite(process.space(), address, errorCode)) {
            // It is done again, and succeeds.
        } else if (vector == Trap.PF && process.faultHandler != 0) {
            process.state.setGpr(Registers.RDI, address);
            process.state.rip = process.faultHandler;
            process.faultHandler = 0;
        } else {
            end(port, process.killed(vector, errorCode, address, found.rflags()));
            return;
        }
        resume(port, process);
    }

    private void end(KernelPort port, ProcessEnd end) {
        Process process = current();
        current = null;
        loaded = null;
        model.record(process.name(), end);
        tables.leave();
        memory.release(process.space());
        tables.destroy(process.space());
        model.remove(process.space());
        space.release(process.stackPage());
        model.mark(process.name());
        next(port);
    }

    private void fail(KernelPort port, String why) {
        model.setPanic(why);
        HypervisorCalls.shutDown(port, SHUTDOWN_CRASH);
    }
}
