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
    private final PvMachine batches = GuestLoops.machine(GuestLoops::requests, GuestLoops::batch);
    private final PvMachine mappings = GuestLoops.machine(GuestLoops::vaMapping);
    private final PvMachine exchanges = GuestLoops.machine(GuestLoops::emulatedExchange);
    private final PvMachine pins = GuestLoops.machine(GuestLoops::table, GuestLoops::pinAndUnpin);
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

    /** mmu_update of one entry in a batch of 128. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public RunResult.Kind mmuUpdateInBatch() {
        return batches.run(RunLimits.none().instructions(OPERATIONS / GuestLoops.BATCH * 7L))
                .kind();
    }

    /** update_va_mapping with INVLPG and the instructions around it. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public RunResult.Kind updateVaMapping() {
        return loop(mappings, 6);
    }

    /** LOCK CMPXCHG of a page table, emulated. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public RunResult.Kind emulatedExchange() {
        return loop(exchanges, 3);
    }

    /** Pin and unpin of a table with 512 entries, in one call. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS / 100)
    public RunResult.Kind pinAndUnpin() {
        return pins.run(RunLimits.none().instructions(OPERATIONS / 100 * 7L)).kind();
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
