package io.github.paravane.hypervisor.hypercall;

import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.observe.MachineEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The last hypercalls of a machine, kept without allocation, for whoever asks why a guest crashed. */
final class RecentCalls {

    private static final int KEPT = 16;

    private final long[] arguments = new long[KEPT * CallContext.ARGUMENTS];
    private final int[] numbers = new int[KEPT];
    private final int[] domains = new int[KEPT];
    private final int[] vcpus = new int[KEPT];
    /** 0 before the end, else the ordinal of the kind + 1: storing references would cost a barrier on every call. */
    private final byte[] kinds = new byte[KEPT];

    private final long[] results = new long[KEPT];
    private long count;

    /** Keeps a call that begins; the number to {@link #end} it with. */
    long begin(CallContext context) {
        int slot = (int) count & KEPT - 1;
        numbers[slot] = context.number();
        domains[slot] = context.domainId();
        vcpus[slot] = context.vcpuId();
        kinds[slot] = 0;
        for (int i = 0; i < CallContext.ARGUMENTS; i++) {
            arguments[slot * CallContext.ARGUMENTS + i] = context.argument(i);
        }
        return count++;
    }

    /** Keeps how a call ended, unless the calls inside a multicall have taken its place. */
    void end(long call, HypercallOutcome outcome) {
        if (count - call <= KEPT) {
            int slot = (int) call & KEPT - 1;
            kinds[slot] = (byte) (outcome.kind().ordinal() + 1);
            results[slot] = outcome.result();
        }
    }

    /** The calls that have ended, in the order they began. */
    List<MachineEvent.HypercallDone> calls(HypercallTable table) {
        List<MachineEvent.HypercallDone> result = new ArrayList<>();
        for (long call = Math.max(0, count - KEPT); call < count; call++) {
            int slot = (int) call & KEPT - 1;
            if (kinds[slot] != 0) {
                HypercallOutcome outcome = switch (HypercallOutcome.Kind.values()[kinds[slot] - 1]) {
                    case COMPLETED -> HypercallOutcome.completed(results[slot]);
                    case NO_RETURN -> HypercallOutcome.NO_RETURN;
                    case CONTINUED -> HypercallOutcome.CONTINUED;
                };
                int first = slot * CallContext.ARGUMENTS;
                List<Long> values = Arrays.stream(arguments, first, first + CallContext.ARGUMENTS)
                        .boxed()
                        .toList();
                result.add(new MachineEvent.HypercallDone(
                        domains[slot], vcpus[slot], numbers[slot], table.name(numbers[slot]), values, outcome));
            }
        }
        return result;
    }
}
