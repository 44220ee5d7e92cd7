package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.GuestFault;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.hypervisor.pagetable.Interruptions;
import io.github.paravane.hypervisor.pagetable.PageTables;
import org.jspecify.annotations.Nullable;

/**
 * The arguments that mmu_update and mmuext_op have in common: an array, its length with the continuation bit, where the
 * number of finished requests goes, and a foreign domain (abi-reference 3.1).
 */
final class Batch {

    /** MMU_UPDATE_PREEMPTED: the call is a continuation, and the number done so far is in {@code done_out}. */
    static final int PREEMPTED = 1 << 31;

    /** Requests done before the call is continued, so that a machine's limits are looked at now and then. */
    static final int CHUNK = 512;

    private final HypercallContext context;
    private final GuestBuffer memory;
    private final int size;
    private long requests;
    private int count;
    private long doneOut;
    private int doneBefore;

    /**
     * @param context of the calls
     * @param size bytes of a request
     */
    Batch(HypercallContext context, int size) {
        this.context = context;
        this.memory = context.memory();
        this.size = size;
    }

    /** The batch for a call: {@code last} again if it is the same caller's, so that a call allocates nothing. */
    static Batch of(@Nullable Batch last, HypercallContext context, int size) {
        Batch batch = last != null && last.context == context ? last : new Batch(context, size);
        batch.begin();
        return batch;
    }

    private void begin() {
        doneBefore = 0;
        requests = context.argument(0);
        doneOut = context.argument(2);
        int encoded = context.argument32(1);
        count = encoded & ~PREEMPTED;
        if (encoded < 0 && doneOut != 0) {
            try {
                doneBefore = memory.readU32(doneOut);
            } catch (GuestFault fault) {
                doneBefore = 0;
            }
        }
    }

    /** What a continuation without requests is: the delivery of a result that its last argument holds. */
    static @Nullable HypercallOutcome bareContinuation(HypercallContext context) {
        return context.argument32(1) == PREEMPTED && context.argument(0) == 0
                ? HypercallOutcome.completed(context.argument32(3))
                : null;
    }

    /** Whether the array lies outside the hypervisor's range. */
    boolean isInGuestRange() {
        return memory.inGuestRange(requests, count, size);
    }

    /** Number of requests. */
    int count() {
        return count;
    }

    /** Number of requests to work on in this call. */
    int chunk() {
        return Math.min(count, CHUNK);
    }

    /** Linear address of request {@code index}. */
    long request(int index) {
        return requests + (long) size * index;
    }

    /** The foreign-domain argument. */
    int foreignDomain() {
        return context.argument32(3);
    }

    /**
     * Ends a call of page tables: as {@link #end}, but when tables are left that still hold references to be dropped, the
     * guest makes a last call without requests, which does that and delivers the result (Xen {@code old_guest_table}).
     */
    HypercallOutcome end(PageTables tables, int done, @Nullable XenErrno error) {
        HypercallOutcome outcome = end(done, error);
        if (outcome.kind() != HypercallOutcome.Kind.COMPLETED
                || !tables.frames().isReleasing()) {
            return outcome;
        }
        context.setArgument(0, 0);
        context.setArgument(1, PREEMPTED & 0xFFFF_FFFFL);
        context.setArgument(2, 0);
        context.setArgument(3, outcome.result());
        return HypercallOutcome.CONTINUED;
    }

    /** Goes on with what an earlier call left to be dropped; whether all is gone, so that this one can begin. */
    static boolean mayBegin(PageTables tables) {
        if (!tables.frames().isReleasing()) {
            return true;
        }
        tables.interruptions().allow(Interruptions.Command.UNPIN);
        try {
            return tables.frames().continueRelease();
        } finally {
            tables.interruptions().forbid();
        }
    }

    /** Ends a call that cannot begin; whether the number of requests done is stored depends on the version. */
    HypercallOutcome early(XenErrno error, boolean tellsDone) {
        if (tellsDone) {
            writeDone(0);
        }
        return HypercallOutcome.failed(error);
    }

    /** Ends the call after {@code done} requests, the next of which failed with {@code error}, if not null. */
    HypercallOutcome end(int done, @Nullable XenErrno error) {
        writeDone(done);
        if (error != null && error != XenErrno.ERESTART) {
            return HypercallOutcome.failed(error);
        }
        if (done == count) {
            return HypercallOutcome.OK;
        }
        context.setArgument(0, request(done));
        context.setArgument(1, count - done | PREEMPTED & 0xFFFF_FFFFL);
        return HypercallOutcome.CONTINUED;
    }

    /** Tells the guest how many requests are done; whether it can be told does not matter. */
    void writeDone(int done) {
        if (doneOut != 0) {
            try {
                memory.writeU32(doneOut, doneBefore + done);
            } catch (GuestFault fault) {
                // Xen ignores this, and so must we.
                return;
            }
        }
    }
}
