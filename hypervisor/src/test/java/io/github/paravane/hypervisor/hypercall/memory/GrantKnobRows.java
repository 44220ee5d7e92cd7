package io.github.paravane.hypervisor.hypercall.memory;

import static io.github.paravane.hypervisor.hypercall.memory.KnobRow.row;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.DOMID;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.SELF;
import static io.github.paravane.hypervisor.profiles.AbiProfiles.*;

import io.github.paravane.api.profile.GrantRules;
import io.github.paravane.hypervisor.grant.GrantMappings;
import io.github.paravane.hypervisor.grant.GrantStatus;
import io.github.paravane.hypervisor.grant.GrantTable;
import io.github.paravane.hypervisor.pagetable.MemoryRig;
import java.util.List;

/** More rows of grant_table_op. */
final class GrantKnobRows {

    private static final long ESRCH = -3, EFAULT = -14, EINVAL = -22, ERANGE = -34, ENOSYS = -38;
    private static final long OUTSIDE = 0xFFFF_8300_0000_0000L;
    private static final int OTHER = 2, NOBODY = 77, REF = 9, RESERVED_REF = 1;
    private static final int MAP = 0, UNMAP = 1, SETUP_TABLE = 2, COPY = 5, SET_VERSION = 8, STATUS_FRAMES = 9;
    private static final int GET_VERSION = 10, SWAP = 11, CACHE_FLUSH = 12;
    private static final int DEVICE = 1, READ_ONLY = 1 << 2;
    private static final int PERMIT = 1, TRANSITIVE = 3;
    private static final int STATUS = 8;

    private GrantKnobRows() {}

    static List<KnobRow> rows() {
        return List.of(
                row(GrantRules.OPS, XEN_4_20, XEN_4_22, r -> flushCache(r, 0, 0), 0L, ENOSYS),
                row(GrantRules.BAD_PAGE, XEN_4_1, XEN_4_2, r -> copy(r, SELF, 8), -1, -9),
                row(
                        GrantRules.MAX_COUNT,
                        XEN_3_4,
                        XEN_4_0,
                        r -> r.call(20, UNMAP, OUTSIDE, 513).result(),
                        EINVAL,
                        EFAULT),
                row(
                        GrantRules.COMMAND_BITS_REFUSAL,
                        XEN_4_7,
                        XEN_4_8,
                        r -> r.call(20, SETUP_TABLE | 1 << 12, r.scratch(), 1).result(),
                        ENOSYS,
                        EINVAL),
                row(GrantRules.SETUP_CHECKS, XEN_4_2, XEN_4_3, r -> setup(r, SELF, 1, OUTSIDE), 0L, EFAULT),
                row(GrantRules.SETUP_CHECKS, XEN_4_9, XEN_4_10, GrantKnobRows::tooLargeForNobody, -1, -2),
                row(GrantRules.STATUS_LIST_CHECKED, XEN_4_15, XEN_4_16, GrantKnobRows::statusFrames, 0L, EFAULT),
                row(GrantRules.OWN_VERSION_HIDDEN, XEN_4_1, XEN_4_2, GrantKnobRows::ownVersion, ESRCH, 0L),
                row(GrantRules.COPY_RANGE_FIRST, XEN_4_5, XEN_4_6, r -> copy(r, OTHER, 4097), -10, -8),
                row(GrantRules.RESERVED_KEPT, XEN_4_1, XEN_4_2, GrantKnobRows::keptFlags, 0, PERMIT),
                row(GrantRules.UNFIT_ENTRIES, XEN_4_5, XEN_4_6, r -> backFrom2(r, PERMIT), 0L, ERANGE),
                row(GrantRules.UNFIT_ENTRIES, XEN_4_9, XEN_4_10, r -> backFrom2(r, TRANSITIVE), 0L, ERANGE),
                row(GrantRules.SWAP_SAME_CHECKED, XEN_4_5, XEN_4_6, GrantKnobRows::swapWithItself, -12, 0),
                row(GrantRules.NO_HANDLE, XEN_4_15, XEN_4_16, GrantKnobRows::mapWithoutHandle, -7, -13),
                row(GrantRules.MAX_HANDLES, XEN_3_0_4, XEN_3_1_0, r -> handles(r, 16384), 16383, 16384),
                row(GrantRules.MAX_HANDLES, XEN_4_1, XEN_4_2, r -> handles(r, 131072), 131071, 131072),
                row(GrantRules.HANDLES_PER_VCPU, XEN_4_5, XEN_4_6, GrantKnobRows::handleAfterUnmap, 0, 2),
                row(GrantRules.CACHE_FLAGS_FIRST, XEN_4_10, XEN_4_11, r -> flushCache(r, 0, 1 << 31), 0L, EINVAL),
                row(GrantRules.REFERENCE_FIRST, XEN_3_0_4, XEN_3_1_0, r -> map(r, 1 << 20, NOBODY), -3, -2),
                row(GrantRules.OWN_GRANTS_REFUSED, XEN_3_0_2, XEN_3_0_3, GrantKnobRows::mapOwn, -2, 0));
    }

    private static GrantTable table(MemoryRig r) {
        return r.tables.grants().table(r.domain);
    }

    /** The status of mapping a reference for devices. */
    private static int map(MemoryRig r, int reference, int domid) {
        long at = r.scratch();
        r.memory.writeU64(at, 0);
        r.memory.writeU32(at + 8, DEVICE | READ_ONLY);
        r.memory.writeU32(at + 12, reference);
        r.memory.writeU16(at + 16, domid);
        r.call(20, MAP, at, 1);
        return (short) r.memory.readU16(at + 18);
    }

    private static int mapOwn(MemoryRig r) {
        table(r).permit(REF, DOMID, r.pool[1]);
        return map(r, REF, DOMID);
    }

    private static int handle(MemoryRig r) {
        return r.memory.readU32(r.scratch() + 20);
    }

    /** The handle of a mapping after the first of two others has ended. */
    private static int handleAfterUnmap(MemoryRig r) {
        mapOwn(r);
        int first = handle(r);
        mapOwn(r);
        long at = r.scratch();
        r.memory.writeU64(at, 0);
        r.memory.writeU64(at + 8, r.pool[1] << 12);
        r.memory.writeU32(at + 16, first);
        r.call(20, UNMAP, at, 1);
        mapOwn(r);
        return handle(r);
    }

    private static int mapWithoutHandle(MemoryRig r) {
        return mapOwn(new MemoryRig(r.platform.profile().toBuilder("without handles")
                .set(GrantRules.MAX_HANDLES, 0)
                .build()));
    }

    /** How many mappings there may be, up to a number of interest. */
    private static int handles(MemoryRig r, int most) {
        GrantTable table = table(r);
        table.grow(4);
        GrantMappings mappings = r.tables.grants().mappings(r.domain);
        int count = 0;
        for (int reference = REF; count < most; reference++) {
            table.permit(reference, DOMID, r.pool[1]);
            for (int i = 0; i < 100 && count < most; i++) {
                if (mappings.map(r.vcpu, table, reference, DEVICE | READ_ONLY, 0)
                                .status()
                        != GrantStatus.OKAY) {
                    return count;
                }
                count++;
            }
        }
        return count;
    }

    /** The status of a copy of {@code length} bytes from a free frame by its number. */
    private static int copy(MemoryRig r, int domid, int length) {
        r.addDomain(OTHER);
        long at = r.scratch();
        r.memory.writeU64(at, r.frames.frames() - 1);
        r.memory.writeU64(at + 8, domid);
        r.memory.writeU64(at + 16, r.pool[1]);
        r.memory.writeU64(at + 24, SELF);
        r.memory.writeU64(at + 32, length);
        r.call(20, COPY, at, 1);
        return (short) r.memory.readU16(at + 36);
    }

    private static long setup(MemoryRig r, int domid, int frames, long list) {
        long at = r.scratch();
        r.memory.writeU64(at, domid);
        r.memory.writeU32(at + 4, frames);
        r.memory.writeU64(at + STATUS, 0);
        r.memory.writeU64(at + 16, list);
        return r.call(20, SETUP_TABLE, at, 1).result();
    }

    private static int tooLargeForNobody(MemoryRig r) {
        setup(r, NOBODY, 100, r.scratch() + 64);
        return (short) r.memory.readU16(r.scratch() + STATUS);
    }

    private static long statusFrames(MemoryRig r) {
        r.memory.writeU32(r.scratch(), 1);
        r.memory.writeU32(r.scratch() + 4, SELF);
        r.memory.writeU64(r.scratch() + 8, OUTSIDE);
        return r.call(20, STATUS_FRAMES, r.scratch(), 1).result();
    }

    private static long ownVersion(MemoryRig r) {
        r.memory.writeU16(r.scratch(), SELF);
        return r.call(20, GET_VERSION, r.scratch(), 1).result();
    }

    private static long setVersion(MemoryRig r, int version) {
        r.memory.writeU32(r.scratch(), version);
        return r.call(20, SET_VERSION, r.scratch(), 1).result();
    }

    private static int keptFlags(MemoryRig r) {
        table(r).permit(RESERVED_REF, OTHER, r.pool[1]);
        setVersion(r, 2);
        return r.memory.readU16((table(r).frame(0) << 12) + 16 * RESERVED_REF);
    }

    /** What going back to version 1 gives with an entry that it cannot hold. */
    private static long backFrom2(MemoryRig r, int type) {
        setVersion(r, 2);
        long entry = (table(r).frame(0) << 12) + 16 * RESERVED_REF;
        r.memory.writeU64(entry + 8, 1L << 40);
        r.memory.writeU16(entry, type);
        return setVersion(r, 1);
    }

    private static int swapWithItself(MemoryRig r) {
        mapOwn(r);
        long at = r.scratch();
        setup(r, SELF, 1, at + 64);
        r.memory.writeU32(at, REF);
        r.memory.writeU32(at + 4, REF);
        r.call(20, SWAP, at, 1);
        return (short) r.memory.readU16(at + STATUS);
    }

    private static long flushCache(MemoryRig r, int length, int operation) {
        long at = r.scratch();
        r.memory.writeU64(at, r.pool[1] << 12);
        r.memory.writeU32(at + 8, length << 16);
        r.memory.writeU32(at + 12, operation);
        return r.call(20, CACHE_FLUSH, at, 1).result();
    }
}
