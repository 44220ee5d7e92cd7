package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.GuestFault;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.MemoryRules;
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
    private static final int CHUNK = 512;

    /** XENMEMF_populate_on_demand, and XENMEMF_node: a node's number plus 1 (Xen public/memory.h). */
    private static final int POPULATE_ON_DEMAND = 1 << 16;

    private static final int EXACT_NODE = 1 << 17;

    private static final int NODE_SHIFT = 8;
    private static final int NODE_MASK = 0xFF;
    private static final int MAX_NODES = 64;
    private static final int NO_NODE = 0xFF;

    private final PageTables tables;
    private final Platform platform;
    private final ForeignDomains domains;
    private final Kind kind;
    private final int maxPlainOrder;
    private final int minAddressBits;
    private final int width;
    private final int commandBits;
    private final long maxExtents;
    private final boolean errnos;
    private final boolean onDemandCrashes;
    private final boolean nodeUnchecked;
    private final boolean controlsNodes;
    private final boolean foreignRefused;

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
        AbiProfile profile = platform.profile();
        onDemandCrashes = profile.has(Quirk.POPULATE_ON_DEMAND_CRASHES);
        nodeUnchecked = profile.has(Quirk.NODE_UNCHECKED);
        controlsNodes = profile.get(MemoryRules.NODES_FOR_CONTROL_ONLY);
        foreignRefused = profile.get(MemoryRules.FOREIGN_RESERVATION_REFUSED);
        commandBits = profile.get(MmuRules.EXTENT_SHIFT);
        maxExtents = profile.get(MmuRules.MAX_EXTENTS);
        errnos = profile.get(MmuRules.RESERVATION_ERRNOS);
        minAddressBits = profile.get(MemoryRules.MIN_ADDRESS_BITS);
        width = Long.SIZE - Long.numberOfLeadingZeros(platform.frames().frames() - 1) + PAGE_SHIFT;
        maxPlainOrder = profile.get(kind == Kind.DECREASE ? MemoryRules.MAX_DECREASE_ORDER : MmuRules.MAX_EXTENT_ORDER);
    }

    /** The largest order that a caller may ask for. */
    static int maxOrder(Domain caller, int plainMaxOrder) {
        return caller.isPrivileged() ? Math.max(PRIVILEGED_MAX_ORDER, plainMaxOrder) : plainMaxOrder;
    }

    /** Whether {@code caller} may ask for the node in a structure's flags, where nodes are a matter of control. */
    static boolean mayAskForNode(Domain caller, int flags) {
        return caller.isPrivileged() ? node(flags) < MAX_NODES : node(flags) == NO_NODE || (flags & EXACT_NODE) == 0;
    }

    private static int node(int flags) {
        return (flags >>> NODE_SHIFT) - 1 & NODE_MASK;
    }

    @Override
    public HypercallOutcome perform(HypercallContext context) {
        long start = context.argument(0) >>> commandBits;
        XenErrno refusal = errnos ? refusal(context, start) : foreignRefused ? foreignRefusal(context) : null;
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
                if (platform.isDueBefore((int) (done - start))) {
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
            if (isTooNarrow(bits)) {
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
            int domid = memory.readU16(argument + DOMID_OFFSET);
            if (!isPossible(caller, flags)) {
                return null;
            }
            boolean needsList = kind != Kind.INCREASE || list != 0;
            if (Long.compareUnsigned(count, maxExtents) > 0
                    || start >= count
                    || domains.refusal(caller, domid) != null
                    || Integer.compareUnsigned(order, maxOrder(caller, maxPlainOrder)) > 0
                    || needsList && !memory.inGuestRange(list, count, 8)) {
                return null;
            }
            return new Request(domains.permitted(caller, domid), list, count, order, flags & ADDRESS_BITS_MASK);
        } catch (GuestFault fault) {
            return null;
        }
    }

    /** EPERM for a domain that exists and is not the caller's to manage, in a structure that is right otherwise. */
    private @Nullable XenErrno foreignRefusal(HypercallContext context) {
        Domain caller = platform.current().domain();
        GuestBuffer memory = context.memory();
        long argument = context.argument(1);
        try {
            long count = memory.readU64(argument + COUNT_OFFSET);
            int bits = memory.readU32(argument + FLAGS_OFFSET) & ADDRESS_BITS_MASK;
            boolean right = Long.compareUnsigned(count, maxExtents) <= 0
                    && Long.compareUnsigned(context.argument(0) >>> commandBits, count) < 0
                    && !isTooNarrow(bits);
            XenErrno refusal = domains.refusal(caller, memory.readU16(argument + DOMID_OFFSET));
            return right && refusal == XenErrno.EPERM ? refusal : null;
        } catch (GuestFault fault) {
            return null;
        }
    }

    private boolean isTooNarrow(int bits) {
        return bits != 0 && Integer.compareUnsigned(bits, Math.min(width, minAddressBits)) < 0;
    }

    /** Populate on demand is not for PV guests, addresses have bits enough, and a NUMA node is one that could exist. */
    private boolean isPossible(Domain caller, int flags) {
        boolean onDemand = kind == Kind.POPULATE && (flags & POPULATE_ON_DEMAND) != 0;
        int node = node(flags);
        if (onDemand && onDemandCrashes) {
            platform.crash("populate_physmap: populate on demand for a PV domain");
        }
        if (node >= MAX_NODES && node != NO_NODE && nodeUnchecked) {
            platform.crash("memory_op: node " + node + " indexes beyond the array of nodes");
        }
        if (onDemand || isTooNarrow(flags & ADDRESS_BITS_MASK)) {
            return false;
        }
        // There is one node, number 0.
        boolean elsewhere = kind != Kind.DECREASE && (flags & EXACT_NODE) != 0 && node != 0 && node != NO_NODE;
        return controlsNodes
                ? mayAskForNode(caller, flags) && !elsewhere
                : (node == NO_NODE || node < MAX_NODES) && !elsewhere;
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
