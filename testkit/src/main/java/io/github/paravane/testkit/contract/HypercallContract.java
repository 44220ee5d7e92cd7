package io.github.paravane.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.guest.KernelPort;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import io.github.paravane.testkit.guest.BootScript;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What every {@link io.github.paravane.api.hypercall.Hypercall} guarantees whatever a guest hands over: it ends, it never
 * throws, its result is a value or an error number that exists, it changes no register but RAX and no memory that was not
 * handed over, it repeats, and it leaves the machine's counts exact.
 */
public abstract class HypercallContract {

    private static final int SEEDS = 6;
    private static final int CALLS = 40;
    private static final int MULTICALL = 13;
    private static final int CANARY = 1024;
    private static final long PATTERN = 0x5AFE_5AFE_5AFE_5AFEL;
    private static final long LARGEST_ERRNO = 4095;
    private static final RunLimits LIMITS =
            RunLimits.none().instructions(2_000_000).within(Duration.ofSeconds(20));
    private static final int[] KEPT = {
        Registers.RBX, Registers.RBP, Registers.RSP, Registers.R12, Registers.R13, Registers.R14, Registers.R15
    };
    private static final Set<Long> ERRORS =
            Arrays.stream(XenErrno.values()).map(XenErrno::result).collect(Collectors.toSet());

    /** The number by which a guest makes the call. */
    protected abstract int number();

    /** A machine without domains that has the hypercall. */
    protected abstract PvMachine.Builder machine();

    /** What one run showed. */
    private static final class Seen {
        final List<Long> results = new ArrayList<>();
        final List<String> changes = new ArrayList<>();
        PvMachine machine;
        RunResult end;

        Seen(PvMachine machine, RunResult end) {
            this.machine = machine;
            this.end = end;
        }
    }

    private Seen play(int seed, int calls, boolean inMulticall) {
        List<Long> results = new ArrayList<>();
        List<String> changes = new ArrayList<>();
        BootScript kernel = new BootScript((port, space) -> {
            Random random = new Random(seed);
            long canary = port.registers().gpr(Registers.RSP) - CANARY;
            port.store(canary, 8, PATTERN);
            for (int n = 0; n < calls; n++) {
                long[] arguments = arguments(random, canary);
                long[] before = kept(port);
                results.add(inMulticall ? viaMulticall(port, canary, arguments) : port.hypercall(number(), arguments));
                if (!Arrays.equals(before, kept(port))) {
                    changes.add("registers of call " + n);
                }
                if (port.load(canary, 8) != PATTERN) {
                    changes.add("memory of call " + n);
                }
            }
        });
        PvMachine machine = machine()
                .virtualTime()
                .domain(DomainConfig.of(kernel).memory(16L << 20))
                .build();
        Seen seen = new Seen(machine, machine.run(LIMITS));
        seen.results.addAll(results);
        seen.changes.addAll(changes);
        return seen;
    }

    /** Numbers, addresses of all kinds, and buffers well below the canary. */
    private static long[] arguments(Random random, long canary) {
        long[] arguments = new long[5];
        for (int n = 0; n < arguments.length; n++) {
            arguments[n] = switch (random.nextInt(8)) {
                case 0 -> 0;
                case 1 -> random.nextInt(64);
                case 2 -> -1L - random.nextInt(8);
                case 3, 4 -> canary - 2048 + 8L * random.nextInt(64);
                case 5 -> 0xFFFF_8000_0000_0000L + 8L * random.nextInt(512);
                case 6 -> 1L << 47 | random.nextInt();
                default -> random.nextLong();
            };
        }
        return arguments;
    }

    private static long[] kept(KernelPort port) {
        return Arrays.stream(KEPT).mapToLong(port.registers()::gpr).toArray();
    }

    private long viaMulticall(KernelPort port, long canary, long[] arguments) {
        long entry = canary - 512;
        port.store(entry, 8, number());
        port.store(entry + 8, 8, PATTERN);
        for (int n = 0; n < 6; n++) {
            port.store(entry + 16 + 8L * n, 8, n < arguments.length ? arguments[n] : 0);
        }
        long result = port.hypercall(MULTICALL, entry, 1);
        return result == 0 ? port.load(entry + 8, 8) : result;
    }

    @Test
    void everyCallEnds() {
        for (int seed = 0; seed < SEEDS; seed++) {
            RunResult.Kind kind = play(seed, CALLS, false).end.kind();
            assertTrue(
                    kind == RunResult.Kind.SHUT_DOWN || kind == RunResult.Kind.CRASHED,
                    "seed " + seed + " ended as " + kind);
        }
    }

    @Test
    void errorsAreErrorsThatExist() {
        for (int seed = 0; seed < SEEDS; seed++) {
            for (long result : play(seed, CALLS, false).results) {
                boolean error = result < 0 && result >= -LARGEST_ERRNO;
                assertTrue(!error || ERRORS.contains(result), "seed " + seed + " gave " + result);
            }
        }
    }

    @Test
    void onlyRaxAndWhatWasHandedOverChange() {
        for (int seed = 0; seed < SEEDS; seed++) {
            assertEquals(List.of(), play(seed, CALLS, false).changes, "seed " + seed);
        }
    }

    @Test
    void equalCallsGiveEqualResults() {
        for (int seed = 0; seed < SEEDS; seed++) {
            assertEquals(play(seed, CALLS, false).results, play(seed, CALLS, false).results, "seed " + seed);
        }
    }

    @Test
    void inAMulticallItIsTheSameCall() {
        for (int seed = 100; seed < 100 + 4 * SEEDS; seed++) {
            assertEquals(play(seed, 1, false).results, play(seed, 1, true).results, "seed " + seed);
        }
    }

    @Test
    void countsStayExactAndEveryFrameComesBack() {
        for (int seed = 0; seed < SEEDS; seed++) {
            PvMachine machine = play(seed, CALLS, false).machine;
            assertEquals(List.of(), machine.auditFrames(), "seed " + seed);
            assertEquals(0, machine.destroy(machine.domains().get(0)), "frames left, seed " + seed);
        }
    }
}
