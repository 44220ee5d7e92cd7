package io.github.paravane.hypervisor.machine;

import io.github.paravane.api.cpu.Budget;
import io.github.paravane.api.cpu.CpuCore;
import io.github.paravane.api.cpu.CpuExit;
import io.github.paravane.api.cpu.EmulationException;
import io.github.paravane.api.cpu.TrapHandler.Disposition;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.domain.Vcpu.RunState;
import io.github.paravane.hypervisor.time.TimePages;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs vCPUs in turn on one thread: timers and devices first, then a slice of the next runnable vCPU, until everything
 * has ended or a limit is met. Given the same inputs and a virtual clock, the order is the same in every run.
 */
final class RunLoop {

    /** Instructions between two looks at timers, devices and limits: some hundred microseconds. */
    private static final long SLICE = 50_000;

    /** Longest idle wait in ns, so that limits and {@link PvMachine#stop} are noticed. */
    private static final long LONGEST_WAIT = 20_000_000;

    private static final CpuExit STOPPED = new CpuExit.Stopped();

    private final Platform platform;
    private final List<Vcpu> vcpus;
    private final VcpuMaker maker;
    private final HostDevices devices;
    private final TimePages timePages;
    private volatile boolean stopRequested;
    private int turn;
    private long retired;

    RunLoop(Platform platform, VcpuMaker vcpus, HostDevices devices, TimePages timePages) {
        this.platform = platform;
        this.maker = vcpus;
        this.vcpus = vcpus.all();
        this.devices = devices;
        this.timePages = timePages;
    }

    /** Makes {@link #run} return soon; safe from any thread. */
    void stop() {
        stopRequested = true;
        platform.deadline().pass();
        for (Vcpu each : new ArrayList<>(vcpus)) {
            each.core().interrupt();
        }
        platform.clock().wake();
    }

    /** Guest instructions so far, of all vCPUs. */
    long retired() {
        return retired;
    }

    /** Runs until everything has ended or a limit is met. */
    RunResult run(RunLimits limits) {
        long deadline = System.nanoTime() + limits.wallClock().toNanos();
        boolean timed = limits.wallClock().toNanos() < Long.MAX_VALUE / 2;
        if (timed) {
            platform.deadline().set(deadline);
        } else {
            platform.deadline().clear();
        }
        long lastInstruction = retired + Math.min(limits.instructions(), Long.MAX_VALUE - retired);
        try {
            while (true) {
                RunResult end = ended();
                if (end != null) {
                    return end;
                }
                if (stopRequested || Thread.currentThread().isInterrupted()) {
                    stopRequested = false;
                    return result(RunResult.Kind.STOPPED);
                }
                if (timed && System.nanoTime() - deadline >= 0) {
                    return result(RunResult.Kind.TIME_LIMIT);
                }
                if (retired >= lastInstruction) {
                    return result(RunResult.Kind.INSTRUCTION_LIMIT);
                }
                devices.service();
                Vcpu next = next();
                if (next != null) {
                    RunResult gap = runSlice(next, Math.min(untilTimer(), lastInstruction - retired));
                    if (gap != null) {
                        return gap;
                    }
                } else if (ended() == null && !idle(timed ? deadline - System.nanoTime() : Long.MAX_VALUE)) {
                    return result(RunResult.Kind.IDLE);
                }
            }
        } finally {
            platform.setCurrent(null);
        }
    }

    /** A slice, cut short where a timer goes off under a clock that counts instructions. */
    private long untilTimer() {
        return platform.clock().isVirtual()
                ? Math.min(SLICE, platform.clock().instructionsUntil(devices.nextDeadline()))
                : SLICE;
    }

    private @Nullable RunResult runSlice(Vcpu vcpu, long instructions) {
        platform.setCurrent(vcpu);
        vcpu.setRunState(RunState.RUNNING);
        timePages.scheduledIn(vcpu);
        CpuExit exit = maker.router(vcpu).beforeReturn() == Disposition.RESUME ? execute(vcpu, instructions) : STOPPED;
        if (vcpu.runState() == RunState.RUNNING) {
            vcpu.setRunState(RunState.RUNNABLE);
        }
        timePages.scheduledOut(vcpu);
        if (exit instanceof CpuExit.Unsupported unsupported) {
            EmulationException gap = unsupported.gap();
            return new RunResult(RunResult.Kind.UNSUPPORTED, -1, String.valueOf(gap.getMessage()), gap);
        }
        return null;
    }

    private CpuExit execute(Vcpu vcpu, long instructions) {
        long before = vcpu.core().retired();
        CpuCore core = vcpu.core();
        platform.clock().follow(() -> core.retired() - before);
        CpuExit exit = core.run(new Budget(instructions));
        long done = core.retired() - before;
        retired += done;
        // A trap without a retired instruction takes time too, so that no guest can stand still for ever.
        platform.clock().advance(Math.max(1, done));
        return exit;
    }

    /** Waits for the next timer or for input; false if neither can ever come. */
    private boolean idle(long left) {
        long timer = devices.nextDeadline();
        if (timer == Long.MAX_VALUE && !devices.awaitsInput()) {
            return false;
        }
        if (timer == Long.MAX_VALUE) {
            platform.clock().idleUntil(Long.MAX_VALUE);
            return true;
        }
        // A virtual clock jumps where it is told to, so real time has no say in how far.
        boolean jumps = platform.clock().isVirtual();
        long wait = jumps ? LONGEST_WAIT : Math.min(Math.max(left, 0), LONGEST_WAIT);
        boolean whole = jumps && !devices.awaitsInput();
        platform.clock()
                .idleUntil(whole ? timer : Math.min(timer, platform.clock().systemTime() + wait));
        return true;
    }

    private @Nullable Vcpu next() {
        for (int n = 0; n < vcpus.size(); n++) {
            turn = turn + 1 < vcpus.size() ? turn + 1 : 0;
            Vcpu vcpu = vcpus.get(turn);
            RunState state = vcpu.runState();
            if (vcpu.domain().isRunning() && (state == RunState.RUNNABLE || state == RunState.RUNNING)) {
                return vcpu;
            }
        }
        return null;
    }

    private @Nullable RunResult ended() {
        String death = platform.crash();
        if (death != null) {
            return new RunResult(RunResult.Kind.HYPERVISOR_CRASHED, -1, death, null);
        }
        Domain first = null;
        for (Domain each : platform.domains()) {
            if (each.isRunning()) {
                return null;
            }
            first = first == null ? each : first;
        }
        Domain.Shutdown end = first == null ? null : first.shutdown();
        if (end == null) {
            return result(RunResult.Kind.IDLE);
        }
        boolean crashed = end.reason() == Domain.Shutdown.CRASH;
        return new RunResult(
                crashed ? RunResult.Kind.CRASHED : RunResult.Kind.SHUT_DOWN, end.reason(), end.detail(), null);
    }

    private static RunResult result(RunResult.Kind kind) {
        return new RunResult(kind, -1, "", null);
    }
}
