package io.github.paravane.hypervisor.hypercall.memory;

import static io.github.paravane.hypervisor.hypercall.memory.KnobRow.privileged;
import static io.github.paravane.hypervisor.hypercall.memory.KnobRow.row;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.DOMID;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.SELF;
import static io.github.paravane.hypervisor.profiles.AbiProfiles.*;

import io.github.paravane.api.profile.MemoryRules;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.pagetable.MemoryRig;
import java.util.List;

/** The rows of memory_op's own knobs. */
final class MemoryOpKnobRows {

    private static final long EPERM = -1, ESRCH = -3, EINVAL = -22, ENOSYS = -38;
    private static final int OTHER = 2, NOBODY = 77;
    private static final int INCREASE = 0, DECREASE = 1, ADD_TO_PHYSMAP = 7;
    private static final int MAXIMUM_RAM_PAGE = 2, CURRENT_RESERVATION = 3, EXCHANGE = 11, MACHPHYS_MAPPING = 12;
    private static final int MACHINE_MEMORY_MAP = 10,
            MAXIMUM_GPFN = 14,
            REMOVE_FROM_PHYSMAP = 15,
            GET_POD_TARGET = 17,
            ACQUIRE_RESOURCE = 28;
    private static final int EXTENT_SHIFT = 6;
    private static final int NODE_0_EXACT = 1 << 8 | 1 << 17;

    private MemoryOpKnobRows() {}

    static List<KnobRow> rows() {
        return List.of(
                row(MemoryRules.DOMAIN_LOOKUP, XEN_3_2, XEN_3_3, r -> reservationOf(r, NOBODY), EPERM, ESRCH),
                row(MemoryRules.DOMAIN_LOOKUP, XEN_4_2, XEN_4_3, r -> reservationOf(r, DOMID) > 0, false, true),
                row(MemoryRules.START_EXTENT, XEN_4_3, XEN_4_5, MemoryOpKnobRows::extent, 1024L, ENOSYS),
                row(MemoryRules.START_EXTENT, XEN_4_7, XEN_4_8, MemoryOpKnobRows::extent, ENOSYS, EINVAL),
                row(MemoryRules.FOREIGN_RESERVATION_REFUSED, XEN_4_2, XEN_4_3, MemoryOpKnobRows::foreign, 0L, EPERM),
                row(MemoryRules.FOREIGN_RESERVATION_REFUSED, XEN_4_5, XEN_4_6, MemoryOpKnobRows::foreign, EPERM, 0L),
                row(MemoryRules.MAX_DECREASE_ORDER, XEN_4_2, XEN_4_3, r -> isGivenUp(r, 21), true, false),
                row(MemoryRules.MAX_DECREASE_ORDER, XEN_4_6, XEN_4_7, r -> isGivenUp(r, 10), true, false),
                row(MemoryRules.MIN_ADDRESS_BITS, XEN_3_0_4, XEN_3_1_0, r -> increase(r, 21), 0L, 1L),
                row(MemoryRules.NODES_FOR_CONTROL_ONLY, XEN_4_9, XEN_4_10, r -> increase(r, NODE_0_EXACT), 1L, 0L),
                row(MemoryRules.EXCHANGE_CHECKS, XEN_3_4, XEN_4_0, r -> exchangeOf(r, NOBODY, 0), EPERM, 0L),
                row(MemoryRules.EXCHANGE_CHECKS, XEN_4_2, XEN_4_3, r -> exchangeOf(r, NOBODY, 0), 0L, ESRCH),
                row(MemoryRules.EXCHANGE_CHECKS, XEN_4_6, XEN_4_7, MemoryOpKnobRows::exchangeTooLarge, EINVAL, EPERM),
                row(MemoryRules.EXCHANGE_CHECKS, XEN_4_8, XEN_4_9, MemoryOpKnobRows::exchangeUntold, 2L, 0L),
                row(MemoryRules.EXCHANGE_CHECKS, XEN_4_12, XEN_4_13, r -> exchangeOf(r, NOBODY, 1), ESRCH, 0L),
                row(MemoryRules.REMOVE_FROM_PHYSMAP_LOOKS, XEN_4_12, XEN_4_13, MemoryOpKnobRows::remove, true, false),
                row(MemoryRules.FOREIGN_SPACE, XEN_4_3, XEN_4_5, MemoryOpKnobRows::addForeign, EINVAL, ENOSYS),
                row(MemoryRules.MACHPHYS_END, XEN_3_4, XEN_4_0, MemoryOpKnobRows::lastFrame, (1L << 35) - 1, 1023L),
                row(MemoryRules.MACHPHYS_END, XEN_4_1, XEN_4_2, MemoryOpKnobRows::lastFrame, 1023L, (1L << 35) - 1),
                row(MemoryRules.POD_REFUSAL, XEN_4_1, XEN_4_2, MemoryOpKnobRows::podTarget, EINVAL, EPERM),
                row(MemoryRules.POD_REFUSAL, XEN_4_16, XEN_4_17, MemoryOpKnobRows::podTarget, EPERM, EINVAL),
                row(MemoryRules.NO_MAXIMUM_IS_MINUS_1, XEN_4_2, XEN_4_3, MemoryOpKnobRows::maximumGpfn, -1L, 0L),
                row(MemoryRules.RESOURCE_FRAMES, XEN_4_11, XEN_4_12, MemoryOpKnobRows::resourceFrames, 2L, 32L),
                row(MemoryRules.RESOURCE_FRAMES, XEN_4_14, XEN_4_15, MemoryOpKnobRows::resourceFrames, 32L, ESRCH),
                privileged(MemoryRules.POD_TAKEN, XEN_4_16, XEN_4_17, MemoryOpKnobRows::podTarget, 0L, EINVAL),
                privileged(
                        MemoryRules.MACHINE_MAP_SIZE,
                        XEN_4_8,
                        XEN_4_9,
                        r -> r.call(12, MACHINE_MEMORY_MAP, r.scratch()).result(),
                        EINVAL,
                        0L));
    }

    private static long reservationOf(MemoryRig r, int domid) {
        r.memory.writeU16(r.scratch(), domid);
        return r.call(12, CURRENT_RESERVATION, r.scratch()).result();
    }

    private static long extent(MemoryRig r) {
        return r.call(12, MAXIMUM_RAM_PAGE | 1 << EXTENT_SHIFT).result();
    }

    private static long foreign(MemoryRig r) {
        r.addDomain(OTHER);
        return reserve(r, DECREASE, 0, 0, OTHER);
    }

    private static long increase(MemoryRig r, int flags) {
        return reserve(r, INCREASE, 0, flags, SELF);
    }

    /** Whether the first frame of an extent of {@code order} is no longer the domain's. */
    private static boolean isGivenUp(MemoryRig r, int order) {
        reserve(r, DECREASE, order, 0, SELF);
        return r.frames.owner(r.pool[0]) == FrameTable.FREE;
    }

    private static long reserve(MemoryRig r, int command, int order, int flags, int domid) {
        long at = r.scratch();
        r.memory.writeU64(at + 64, r.pool[0]);
        side(r, at, at + 64, 1, order, domid);
        r.memory.writeU32(at + 20, flags);
        return r.call(12, command, at).result();
    }

    private static void side(MemoryRig r, long at, long list, long count, int order, int domid) {
        r.memory.writeU64(at, list);
        r.memory.writeU64(at + 8, count);
        r.memory.writeU32(at + 16, order);
        r.memory.writeU32(at + 20, 0);
        r.memory.writeU64(at + 24, domid);
    }

    private static long exchange(MemoryRig r, long exchanged) {
        r.memory.writeU64(r.scratch() + 64, exchanged);
        return r.call(12, EXCHANGE, r.scratch()).result();
    }

    private static long exchangeOf(MemoryRig r, int domid, long exchanged) {
        long at = r.scratch();
        side(r, at, at + 128, 1, 0, domid);
        side(r, at + 32, at + 256, 1, 0, domid);
        return exchange(r, exchanged);
    }

    /** An order that is not permitted, and numbers that do not fit. */
    private static long exchangeTooLarge(MemoryRig r) {
        long at = r.scratch();
        side(r, at, at + 128, 1, 10, SELF);
        side(r, at + 32, at + 256, 1, 0, SELF);
        return exchange(r, 0);
    }

    /** Frames that are exchanged where the list of new ones cannot be read. */
    private static long exchangeUntold(MemoryRig r) {
        long at = r.scratch();
        r.memory.writeU64(at + 128, r.pool[0]);
        r.memory.writeU64(at + 136, r.pool[1]);
        side(r, at, at + 128, 2, 0, SELF);
        side(r, at + 32, r.frames.frames() << 12, 2, 0, SELF);
        exchange(r, 0);
        return r.memory.readU64(at + 64);
    }

    private static boolean remove(MemoryRig r) {
        r.memory.writeU64(r.scratch(), SELF);
        r.memory.writeU64(r.scratch() + 8, r.pool[0]);
        return r.call(12, REMOVE_FROM_PHYSMAP, r.scratch()).result() == 0;
    }

    private static long addForeign(MemoryRig r) {
        r.memory.writeU16(r.scratch(), SELF);
        r.memory.writeU32(r.scratch() + 4, 4);
        return r.call(12, ADD_TO_PHYSMAP, r.scratch()).result();
    }

    private static long lastFrame(MemoryRig r) {
        r.call(12, MACHPHYS_MAPPING, r.scratch());
        return r.memory.readU64(r.scratch() + 16);
    }

    private static long podTarget(MemoryRig r) {
        r.memory.writeU16(r.scratch() + 32, SELF);
        return r.call(12, GET_POD_TARGET, r.scratch()).result();
    }

    private static long maximumGpfn(MemoryRig r) {
        r.memory.writeU16(r.scratch(), SELF);
        return r.call(12, MAXIMUM_GPFN, r.scratch()).result();
    }

    /** The number of frames that a domain may acquire at once, or the errno of asking for it. */
    private static long resourceFrames(MemoryRig r) {
        r.memory.writeU16(r.scratch(), SELF);
        long result = r.call(12, ACQUIRE_RESOURCE, r.scratch()).result();
        return result == 0 ? r.memory.readU32(r.scratch() + 8) : result;
    }
}
