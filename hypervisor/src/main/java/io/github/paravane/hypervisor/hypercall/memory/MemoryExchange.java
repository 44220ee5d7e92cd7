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

/** XENMEM_exchange: gives unused frames back for others, chunk by chunk (abi-reference 3.14). */
final class MemoryExchange implements MemoryOperation {

    private static final int OUT_OFFSET = 32;
    private static final int EXCHANGED_OFFSET = 64;
    private static final int COUNT_OFFSET = 8;
    private static final int ORDER_OFFSET = 16;
    private static final int CHUNKS_PER_CALL = 512;

    private final PageTables tables;
    private final Platform platform;
    private final ForeignDomains domains;
    private final int plainMaxOrder;
    private final boolean unchecked;
    private final boolean offsetUnchecked;

    MemoryExchange(PageTables tables) {
        this.tables = tables;
        this.platform = tables.platform();
        this.domains = new ForeignDomains(platform);
        unchecked = platform.profile().has(Quirk.EXCHANGE_UNCHECKED);
        offsetUnchecked = platform.profile().has(Quirk.EXCHANGE_OFFSET_UNCHECKED);
        plainMaxOrder = platform.profile().get(MmuRules.MAX_EXTENT_ORDER);
    }

    /** One side of the exchange. */
    private record Side(long list, long count, int order, int domid) {

        static Side read(GuestBuffer memory, long linear) {
            return new Side(
                    memory.readU64(linear),
                    memory.readU64(linear + COUNT_OFFSET),
                    memory.readU32(linear + ORDER_OFFSET),
                    memory.readU16(linear + Reservation.DOMID_OFFSET));
        }

        boolean overflows() {
            return Long.compareUnsigned(-1L >>> order, count) < 0;
        }
    }

    @Override
    public HypercallOutcome perform(HypercallContext context) {
        GuestBuffer memory = context.memory();
        long argument = context.argument(1);
        Side in = Side.read(memory, argument);
        Side out = Side.read(memory, argument + OUT_OFFSET);
        long exchanged = memory.readU64(argument + EXCHANGED_OFFSET);
        Domain caller = platform.current().domain();
        XenErrno refusal = check(memory, caller, in, out, exchanged);
        if (refusal == null && exchanged == in.count) {
            return HypercallOutcome.OK;
        }
        if (refusal != null) {
            memory.writeU64(argument + EXCHANGED_OFFSET, exchanged);
            return HypercallOutcome.failed(refusal);
        }
        return exchange(
                context, new Chunks(memory, domains.require(domains.any(caller, in.domid)), in, out), exchanged);
    }

    private @Nullable XenErrno check(GuestBuffer memory, Domain caller, Side in, Side out, long exchanged) {
        int max = Reservation.maxOrder(caller, plainMaxOrder);
        if (Integer.compareUnsigned(in.order, max) > 0 || Integer.compareUnsigned(out.order, max) > 0) {
            return XenErrno.EPERM;
        }
        if (Long.compareUnsigned(exchanged, in.count) > 0
                || in.domid != out.domid
                || in.overflows()
                || out.overflows()
                || in.count << in.order != out.count << out.order) {
            return XenErrno.EINVAL;
        }
        if (exchanged == in.count) {
            return null;
        }
        if (isOutside(memory, out) && isMissed(memory, out)) {
            platform.crash("XENMEM_exchange stores a frame number at 0x" + Long.toHexString(out.list + 8 * exchanged));
        }
        if (isOutside(memory, in) && !isMissed(memory, in) || isOutside(memory, out)) {
            return XenErrno.EFAULT;
        }
        int id = domains.any(caller, in.domid);
        if (id == ForeignDomains.NONE) {
            return XenErrno.ESRCH;
        }
        return ForeignDomains.mayManage(caller, id) ? null : XenErrno.EPERM;
    }

    private static boolean isOutside(GuestBuffer memory, Side side) {
        return !memory.inGuestRange(side.list, side.count, 8);
    }

    /** With a quirk the hypervisor takes a list that is not the guest's, and then reads and writes its own memory. */
    private boolean isMissed(GuestBuffer memory, Side side) {
        return unchecked || offsetUnchecked && memory.inGuestRange(side.list, 1, 8);
    }

    private HypercallOutcome exchange(HypercallContext context, Chunks chunks, long exchanged) {
        long first = exchanged >>> chunks.inShift;
        long last = chunks.in.count >>> chunks.inShift;
        long end = Math.min(last, first + CHUNKS_PER_CALL);
        XenErrno error = null;
        long done = first;
        while (done < end && error == null && !platform.isDueBetween((int) (done - first))) {
            try {
                error = chunks.exchange(done);
            } catch (GuestFault fault) {
                error = XenErrno.EFAULT;
            }
            if (error == null) {
                done++;
            }
        }
        context.memory()
                .writeU64(
                        context.argument(1) + EXCHANGED_OFFSET,
                        error == null && done == last ? chunks.in.count : done << chunks.inShift);
        if (error != null) {
            return HypercallOutcome.failed(error);
        }
        return done == last ? HypercallOutcome.OK : HypercallOutcome.CONTINUED;
    }

    /** A chunk is the larger of the two extents: all of it or nothing. */
    private final class Chunks {

        private final GuestBuffer memory;
        private final Domain domain;
        private final Side in;
        private final Side out;
        private final int inShift;
        private final int outShift;

        Chunks(GuestBuffer memory, Domain domain, Side in, Side out) {
            this.memory = memory;
            this.domain = domain;
            this.in = in;
            this.out = out;
            inShift = Math.max(out.order - in.order, 0);
            outShift = Math.max(in.order - out.order, 0);
        }

        @Nullable
        XenErrno exchange(long chunk) {
            long[] given = new long[1 << inShift];
            for (int j = 0; j < given.length; j++) {
                given[j] = memory.readU64(in.list + 8 * ((chunk << inShift) + j));
                if (!isGivable(given, j)) {
                    return XenErrno.EINVAL;
                }
            }
            long[] taken = allocate();
            if (taken.length == 0) {
                return XenErrno.ENOMEM;
            }
            for (long first : given) {
                for (long k = 0; k < 1L << in.order; k++) {
                    tables.memory().release(domain, first + k);
                }
            }
            return tell(chunk, taken);
        }

        private boolean isGivable(long[] given, int index) {
            for (long k = 0; k < 1L << in.order; k++) {
                if (!tables.memory().isUnused(domain, given[index] + k)) {
                    return false;
                }
            }
            for (int earlier = 0; earlier < index; earlier++) {
                if (Math.abs(given[earlier] - given[index]) < 1L << in.order) {
                    return false;
                }
            }
            return true;
        }

        /** New frames, beyond the domain's limit because it gives as many; empty if there are not enough. */
        private long[] allocate() {
            long[] taken = new long[1 << outShift];
            for (int j = 0; j < taken.length; j++) {
                taken[j] = tables.memory().allocateBeyondLimit(domain, out.order);
                if (taken[j] == FrameTable.NONE) {
                    while (--j >= 0) {
                        for (long k = 0; k < 1L << out.order; k++) {
                            tables.memory().release(domain, taken[j] + k);
                        }
                    }
                    return new long[0];
                }
            }
            return taken;
        }

        private @Nullable XenErrno tell(long chunk, long[] taken) {
            XenErrno error = null;
            for (int j = 0; j < taken.length; j++) {
                long slot = out.list + 8 * ((chunk << outShift) + j);
                try {
                    long pfn = memory.readU64(slot);
                    for (long k = 0; k < 1L << out.order; k++) {
                        tables.m2p().set(taken[j] + k, pfn + k);
                    }
                    memory.writeU64(slot, taken[j]);
                } catch (GuestFault fault) {
                    error = XenErrno.EFAULT;
                }
            }
            return error;
        }
    }
}
