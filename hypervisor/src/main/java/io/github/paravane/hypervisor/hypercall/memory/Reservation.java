package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.GuestFault;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.pagetable.PageTables;
import org.jspecify.annotations.Nullable;

/**
 * increase_reservation, decrease_reservation and populate_physmap. The result is the number of extents done; whatever goes
 * wrong ends the loop.
 */
final class Reservation implements MemoryOperation {

    /** DOMID_SELF and the rest of the structure: 32 bytes. */
    static final int DOMID_OFFSET = 24;

    private static final int COUNT_OFFSET = 8;
    private static final int ORDER_OFFSET = 16;
    private static final int FLAGS_OFFSET = 20;
    private static final int ADDRESS_BITS_MASK = 0xFF;
    private static final int PRIVILEGED_MAX_ORDER = 18;
    private static final int PAGE_SHIFT = 12;
    private static final int DMA_BITS = 31;
    private static final int CHUNK = 512;

    /** XENMEMF_populate_on_demand, and XENMEMF_node: a node's number plus 1 (Xen public/memory.h). */
    private static final int POPULATE_ON_DEMAND = 1 << 16;

    private static final int NODE_SHIFT = 8;
    private static final int MAX_NODES = 64;

    private final PageTables tables;
    private final Platform platform;
    private final ForeignDomains domains;
    private final Kind kind;
    private final int plainMaxOrder;
    private final int commandBits;
    private final long maxExtents;
    private final boolean errnos;
    private final boolean onDemandCrashes;
    private final boolean nodeUnchecked;

    /** Which of the three. */
    enum Kind {
        INCREASE,
        DECREASE,
        POPULATE
    }

    Reservation(PageTables tables, Kind kind) {
        this.tables = tables;
        this.platform = tables.platform();
        this.domains = new ForeignDomains(platform);
        this.kind = kind;
        onDemandCrashes = platform.profile().has(Quirk.POPULATE_ON_DEMAND_CRASHES);
        nodeUnchecked = platform.profile().has(Quirk.NODE_UNCHECKED);
        commandBits = platform.profile().get(MmuRules.EXTENT_SHIFT);
        maxExtents = platform.profile().get(MmuRules.MAX_EXTENTS);
        errnos = platform.profile().get(MmuRules.RESERVATION_ERRNOS);
        plainMaxOrder = platform.profile().get(MmuRules.MAX_EXTENT_ORDER);
    }

    /** The largest order that a caller may ask for. */
    static int maxOrder(Domain caller, int plainMaxOrder) {
        return caller.isPrivileged() ? PRIVILEGED_MAX_ORDER : plainMaxOrder;
    }

    @Override
    public HypercallOutcome perform(HypercallContext context) {
        long start = context.argument(0) >>> commandBits;
        XenErrno refusal = errnos ? refusal(context, start) : null;
        if (refusal != null) {
            return HypercallOutcome.failed(refusal);
        }
        Request request = read(context, start);
        if (request == null) {
            return HypercallOutcome.completed(start);
        }
        long done = start;
        try {
            for (long end = Math.min(request.count, start + CHUNK); done < end; done++) {
                if (platform.isDueBetween((int) (done - start))) {
                    break;
                }
                if (!step(context.memory(), request, request.list == 0 ? 0 : request.list + 8 * done)) {
                    return HypercallOutcome.completed(done);
                }
            }
        } catch (GuestFault fault) {
            return HypercallOutcome.completed(done);
        }
        if (done == request.count) {
            return HypercallOutcome.completed(done);
        }
        context.setArgument(0, context.argument(0) & (1 << commandBits) - 1 | done << commandBits);
        return HypercallOutcome.CONTINUED;
    }

    /** The structure's fields. */
    private record Request(Domain domain, long list, long count, int order, int addressBits) {}

    /** What the first version answered to a structure that later ones count as nothing done. */
    private @Nullable XenErrno refusal(HypercallContext context, long start) {
        Domain caller = platform.current().domain();
        GuestBuffer memory = context.memory();
        long argument = context.argument(1);
        try {
            long count = memory.readU64(argument + COUNT_OFFSET);
            int bits = memory.readU32(argument + FLAGS_OFFSET);
            int domid = memory.readU16(argument + DOMID_OFFSET);
            if (Long.compareUnsigned(count, maxExtents) > 0 || Long.compareUnsigned(start, count) > 0) {
                return XenErrno.EINVAL;
            }
            int width = Long.SIZE - Long.numberOfLeadingZeros(platform.frames().frames() - 1) + PAGE_SHIFT;
            if (bits != 0 && Integer.compareUnsigned(bits, Math.min(width, DMA_BITS)) < 0) {
                return XenErrno.ENOMEM;
            }
            if (domid == ForeignDomains.SELF) {
                return null;
            }
            return !caller.isPrivileged() ? XenErrno.EPERM : platform.domain(domid) == null ? XenErrno.ESRCH : null;
        } catch (GuestFault fault) {
            return XenErrno.EFAULT;
        }
    }

    private @Nullable Request read(HypercallContext context, long start) {
        Domain caller = platform.current().domain();
        GuestBuffer memory = context.memory();
        long argument = context.argument(1);
        try {
            long list = memory.readU64(argument);
            long count = memory.readU64(argument + COUNT_OFFSET);
            int order = memory.readU32(argument + ORDER_OFFSET);
            int flags = memory.readU32(argument + FLAGS_OFFSET);
            int id = domains.any(caller, memory.readU16(argument + DOMID_OFFSET));
            if (!isPossible(flags)) {
                return null;
            }
            boolean needsList = kind != Kind.INCREASE || list != 0;
            if (Long.compareUnsigned(count, maxExtents) > 0
                    || start >= count
                    || id == ForeignDomains.NONE
                    || !ForeignDomains.mayManage(caller, id)
                    || Integer.compareUnsigned(order, maxOrder(caller, plainMaxOrder)) > 0
                    || needsList && !memory.inGuestRange(list, count, 8)) {
                return null;
            }
            return new Request(domains.require(id), list, count, order, flags & ADDRESS_BITS_MASK);
        } catch (GuestFault fault) {
            return null;
        }
    }

    /** Populate on demand is not for PV guests, and a NUMA node is one that could exist. */
    private boolean isPossible(int flags) {
        boolean onDemand = kind == Kind.POPULATE && (flags & POPULATE_ON_DEMAND) != 0;
        int node = (flags >>> NODE_SHIFT & 0xFF) - 1;
        if (onDemand && onDemandCrashes) {
            platform.crash("populate_physmap: populate on demand for a PV domain");
        }
        if (node >= MAX_NODES && nodeUnchecked) {
            platform.crash("memory_op: node " + node + " indexes beyond the array of nodes");
        }
        return !onDemand && node < MAX_NODES;
    }

    private boolean step(GuestBuffer memory, Request request, long slot) {
        switch (kind) {
            case DECREASE:
                return decrease(request, memory.readU64(slot));
            case POPULATE:
                return populate(memory, request, slot);
            default:
                long mfn = allocate(request);
                if (mfn != FrameTable.NONE && slot != 0) {
                    memory.writeU64(slot, mfn);
                }
                return mfn != FrameTable.NONE;
        }
    }

    private boolean decrease(Request request, long mfn) {
        for (long i = 0; i < 1L << request.order; i++) {
            if (!tables.memory().release(request.domain, mfn + i)) {
                return false;
            }
        }
        return true;
    }

    private boolean populate(GuestBuffer memory, Request request, long slot) {
        long pfn = memory.readU64(slot);
        long mfn = allocate(request);
        if (mfn == FrameTable.NONE) {
            return false;
        }
        for (long i = 0; i < 1L << request.order; i++) {
            tables.m2p().set(mfn + i, pfn + i);
        }
        memory.writeU64(slot, mfn);
        return true;
    }

    private long allocate(Request request) {
        long mfn = tables.memory().allocate(request.domain, request.order);
        int bits = request.addressBits;
        if (mfn != FrameTable.NONE
                && bits != 0
                && bits < 52
                && mfn + (1L << request.order) > 1L << Math.max(bits - 12, 0)) {
            // Frames are given lowest first, so there is none that would do.
            for (long i = 0; i < 1L << request.order; i++) {
                tables.memory().release(request.domain, mfn + i);
            }
            return FrameTable.NONE;
        }
        return mfn;
    }
}
