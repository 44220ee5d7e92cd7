package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.GuestFault;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.MemoryRules;
import io.github.paravane.api.profile.MemoryRules.ExchangeChecks;
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
    private static final int FLAGS_OFFSET = 20;
    private static final int ADDRESS_BITS_MASK = 0xFF;
    private static final int LARGEST_ORDER = 20;
    private static final int CHUNKS_PER_CALL = 512;

    private final PageTables tables;
    private final Platform platform;
    private final ForeignDomains domains;
    private final ExchangeChecks checks;
    private final int plainMaxOrder;
    private final boolean unchecked;
    private final boolean offsetUnchecked;
    private final boolean controlsNodes;

    MemoryExchange(PageTables tables) {
        this.tables = tables;
        this.platform = tables.platform();
        this.domains = new ForeignDomains(platform);
        AbiProfile profile = platform.profile();
        checks = profile.get(MemoryRules.EXCHANGE_CHECKS);
        controlsNodes = profile.get(MemoryRules.NODES_FOR_CONTROL_ONLY);
        unchecked = profile.has(Quirk.EXCHANGE_UNCHECKED);
        offsetUnchecked = profile.has(Quirk.EXCHANGE_OFFSET_UNCHECKED);
        plainMaxOrder = profile.get(MmuRules.MAX_EXTENT_ORDER);
    }

    /** One side of the exchange. */
    private record Side(long list, long count, int order, int flags, int domid) {

        static Side read(GuestBuffer memory, long linear) {
            return new Side(
                    memory.readU64(linear),
                    memory.readU64(linear + COUNT_OFFSET),
                    memory.readU32(linear + ORDER_OFFSET),
                    memory.readU32(linear + FLAGS_OFFSET),
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
        XenErrno refusal = checkNumbers(caller, in, out, exchanged);
        if (refusal == null && checks == ExchangeChecks.NOTHING_LEFT_IS_DONE && exchanged == in.count) {
            return HypercallOutcome.OK;
        }
        refusal = refusal == null ? checkRest(memory, caller, in, out, exchanged) : refusal;
        if (refusal != null) {
            memory.writeU64(argument + EXCHANGED_OFFSET, exchanged);
            boolean nobody = refusal == XenErrno.ESRCH && checks == ExchangeChecks.NOBODY_SUCCEEDS;
            return nobody ? HypercallOutcome.OK : HypercallOutcome.failed(refusal);
        }
        return exchange(context, new Chunks(memory, domains.permitted(caller, in.domid), in, out), exchanged);
    }

    private @Nullable XenErrno checkNumbers(Domain caller, Side in, Side out, long exchanged) {
        boolean orderFirst = checks.compareTo(ExchangeChecks.ORDER_FIRST) >= 0;
        if (orderFirst && !mayHave(caller, in, out)) {
            return XenErrno.EPERM;
        }
        boolean sensible = Integer.compareUnsigned(in.order, LARGEST_ORDER) <= 0
                && Integer.compareUnsigned(out.order, LARGEST_ORDER) <= 0;
        if (Long.compareUnsigned(exchanged, in.count) > 0
                || in.domid != out.domid
                || checks == ExchangeChecks.LISTS_CHECKED && !sensible
                || in.overflows()
                || out.overflows()
                || in.count << in.order != out.count << out.order) {
            return XenErrno.EINVAL;
        }
        return null;
    }

    private boolean mayHave(Domain caller, Side in, Side out) {
        int max = Reservation.maxOrder(caller, plainMaxOrder);
        return Integer.compareUnsigned(in.order, max) <= 0 && Integer.compareUnsigned(out.order, max) <= 0;
    }

    private @Nullable XenErrno checkRest(GuestBuffer memory, Domain caller, Side in, Side out, long exchanged) {
        if (isOutside(memory, out) && isMissed(memory, out)) {
            platform.crash("XENMEM_exchange stores a frame number at 0x" + Long.toHexString(out.list + 8 * exchanged));
        }
        if (isOutside(memory, in) && !isMissed(memory, in) || isOutside(memory, out)) {
            return XenErrno.EFAULT;
        }
        if (!mayHave(caller, in, out)) {
            return XenErrno.EPERM;
        }
        if (controlsNodes && !Reservation.mayAskForNode(caller, out.flags)) {
            return XenErrno.EINVAL;
        }
        if (checks == ExchangeChecks.SELF_ONLY && in.domid != ForeignDomains.SELF) {
            return caller.isPrivileged() ? XenErrno.EINVAL : XenErrno.EPERM;
        }
        return domains.refusal(caller, in.domid);
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
        while (done < end && error == null && !platform.isDueBefore((int) (done - first))) {
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
        if (done != last) {
            return HypercallOutcome.CONTINUED;
        }
        return chunks.faulted ? HypercallOutcome.failed(XenErrno.EFAULT) : HypercallOutcome.OK;
    }

    /** A chunk is the larger of the two extents: all of it or nothing. */
    private final class Chunks {

        private final GuestBuffer memory;
        private final Domain domain;
        private final Side in;
        private final Side out;
        private final int inShift;
        private final int outShift;

        /** Whether an entry of the list of new frames could not be read or written, which ends nothing. */
        private boolean faulted;

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
                if (taken[j] == FrameTable.NONE || isTooHigh(taken[j])) {
                    for (j = taken[j] == FrameTable.NONE ? j - 1 : j; j >= 0; j--) {
                        for (long k = 0; k < 1L << out.order; k++) {
                            tables.memory().release(domain, taken[j] + k);
                        }
                    }
                    return new long[0];
                }
            }
            return taken;
        }

        /** Frames are given lowest first, so there is none that would do. */
        private boolean isTooHigh(long mfn) {
            int bits = out.flags & ADDRESS_BITS_MASK;
            return bits != 0 && bits < 52 && mfn + (1L << out.order) > 1L << Math.max(bits - 12, 0);
        }

        private @Nullable XenErrno tell(long chunk, long[] taken) {
            boolean fault = false;
            for (int j = 0; j < taken.length; j++) {
                long slot = out.list + 8 * ((chunk << outShift) + j);
                try {
                    long pfn = memory.readU64(slot);
                    for (long k = 0; k < 1L << out.order; k++) {
                        tables.m2p().set(taken[j] + k, pfn + k);
                    }
                    memory.writeU64(slot, taken[j]);
                } catch (GuestFault unreachable) {
                    fault = true;
                }
            }
            if (checks.compareTo(ExchangeChecks.FAULT_ENDS) >= 0) {
                return fault ? XenErrno.EFAULT : null;
            }
            faulted |= fault && checks.compareTo(ExchangeChecks.LISTS_CHECKED) >= 0;
            return null;
        }
    }
}
