package io.github.paravane.samples.jmh;

import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A whole machine: one guest instruction, one hypercall, one PTE update, one entry and exit, and a domain's creation. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class MachineBenchmark {

    private static final int OPERATIONS = 100_000;

    private final PvMachine arithmetic = GuestLoops.machine(GuestLoops::xorshift);
    private final PvMachine hypercalls = GuestLoops.machine(GuestLoops::nullHypercall);
    private final PvMachine updates = GuestLoops.machine(GuestLoops::mmuUpdate);
    private final PvMachine stores = GuestLoops.machine(GuestLoops::emulatedStore);
    private final PvMachine breakpoints = GuestLoops.machine(GuestLoops::breakpoint);

    /** Runs {@link #OPERATIONS} turns of a loop of {@code length} instructions that retire. */
    private static RunResult.Kind loop(PvMachine machine, int length) {
        return machine.run(RunLimits.none().instructions((long) OPERATIONS * length))
                .kind();
    }

    /** Time of one instruction of an xorshift loop. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS * 12)
    public RunResult.Kind instruction() {
        return loop(arithmetic, 12);
    }

    /** xen_version(0) with the four instructions around it. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public RunResult.Kind hypercall() {
        return loop(hypercalls, 5);
    }

    /** mmu_update of one entry with the instructions around it. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public RunResult.Kind mmuUpdate() {
        return loop(updates, 10);
    }

    /** A store to a page table, emulated. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public RunResult.Kind emulatedStore() {
        return loop(stores, 1);
    }

    /** INT3 to the guest kernel's handler and back by the iret hypercall. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public RunResult.Kind bounceAndReturn() {
        return loop(breakpoints, 9);
    }

    /** Creation of a domain of 64 MiB. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public PvMachine createDomain() {
        return GuestLoops.machine(GuestLoops::xorshift);
    }
}
