package io.github.paravane.hypervisor.hypercall;

import io.github.paravane.api.hypercall.GuestFault;
import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.HypercallNames;
import io.github.paravane.api.profile.VersionRules;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The only list of hypercalls: the profile says which numbers exist and what they are called, an implementation by name
 * comes from the hypervisor or from the embedder. Both are called the same way.
 */
public final class HypercallTable {

    /** Numbers a table can hold. */
    public static final int SIZE = 64;

    private static final HypercallOutcome NOT_IMPLEMENTED = HypercallOutcome.failed(XenErrno.ENOSYS);
    private static final HypercallOutcome BAD_ADDRESS = HypercallOutcome.failed(XenErrno.EFAULT);

    private final @Nullable Hypercall[] rows = new @Nullable Hypercall[SIZE];
    private final RecentCalls recent = new RecentCalls();
    private final HypercallNames names;
    private final long mask;

    /**
     * @param profile which hypercalls exist
     * @param implementations by name; a later registration of an embedder has already replaced the built-in one
     */
    public HypercallTable(AbiProfile profile, Map<String, Hypercall> implementations) {
        names = profile.get(VersionRules.HYPERCALLS);
        mask = profile.get(VersionRules.HYPERCALL_MASK).bits();
        for (Map.Entry<Integer, String> row : new TreeMap<>(names.names()).entrySet()) {
            rows[row.getKey()] = implementations.get(row.getValue());
        }
    }

    /** The number that the guest's RAX stands for, or -1 if it is out of range. */
    public int decode(long rax) {
        long number = rax & mask;
        return number >= 0 && number < SIZE ? (int) number : -1;
    }

    /** The name of a number, or {@code unknown}. */
    public String name(int number) {
        return names.names().getOrDefault(number, "unknown");
    }

    /** Runs the call that {@code context} describes; a number without a row is -ENOSYS, a bad guest buffer -EFAULT. */
    public HypercallOutcome call(CallContext context) {
        long call = recent.begin(context);
        HypercallOutcome outcome = run(context);
        recent.end(call, outcome);
        return outcome;
    }

    /** The last calls that have ended, oldest first, those of multicalls included. */
    public List<MachineEvent.HypercallDone> recentCalls() {
        return recent.calls(this);
    }

    private HypercallOutcome run(CallContext context) {
        int number = context.number();
        Hypercall row = number < 0 ? null : rows[number];
        if (row == null) {
            return NOT_IMPLEMENTED;
        }
        try {
            return row.call(context);
        } catch (GuestFault fault) {
            return BAD_ADDRESS;
        }
    }
}
