package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.MemoryRules;
import io.github.paravane.api.profile.MemoryRules.StartExtent;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.api.profile.VersionRules;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.pagetable.PageTables;
import org.jspecify.annotations.Nullable;

/** memory_op: its commands as the rows of one table (abi-reference 3.14). */
final class MemoryOp implements Hypercall {

    private static final int ROWS = 1 << 6;
    private static final int INCREASE_RESERVATION = 0;
    private static final int DECREASE_RESERVATION = 1;
    private static final int MAXIMUM_RAM_PAGE = 2;
    private static final int CURRENT_RESERVATION = 3;
    private static final int MAXIMUM_RESERVATION = 4;
    private static final int MACHPHYS_MFN_LIST = 5;
    private static final int POPULATE_PHYSMAP = 6;
    private static final int ADD_TO_PHYSMAP = 7;
    private static final int TRANSLATE_GPFN_LIST = 8;
    private static final int MEMORY_MAP = 9;
    private static final int MACHINE_MEMORY_MAP = 10;
    private static final int EXCHANGE = 11;
    private static final int MACHPHYS_MAPPING = 12;
    private static final int SET_MEMORY_MAP = 13;
    private static final int MAXIMUM_GPFN = 14;
    private static final int REMOVE_FROM_PHYSMAP = 15;
    private static final int SET_POD_TARGET = 16;
    private static final int GET_POD_TARGET = 17;
    private static final int GET_SHARING_FREED_PAGES = 18;
    private static final int GET_SHARING_SHARED_PAGES = 19;
    private static final int PAGING_OP = 20;
    private static final int ACCESS_OP = 21;
    private static final int SHARING_OP = 22;
    private static final int ADD_TO_PHYSMAP_BATCH = 23;
    private static final int CLAIM_PAGES = 24;
    private static final int MACHPHYS_COMPAT_MFN_LIST = 25;
    private static final int GET_VNUMAINFO = 26;
    private static final int RESERVED_DEVICE_MEMORY_MAP = 27;
    private static final int ACQUIRE_RESOURCE = 28;

    private static final HypercallOutcome UNKNOWN = HypercallOutcome.failed(XenErrno.ENOSYS);

    /** Commands that go on at an extent. */
    private static final long CONTINUED = 1L << INCREASE_RESERVATION
            | 1L << DECREASE_RESERVATION
            | 1L << POPULATE_PHYSMAP
            | 1L << ACCESS_OP
            | 1L << ACQUIRE_RESOURCE;

    /** Commands that go on at an extent of 16 bits. */
    private static final long CONTINUED_SHORT = 1L << ADD_TO_PHYSMAP | 1L << ADD_TO_PHYSMAP_BATCH;

    private static final int LAST_SHORT_EXTENT = 0xFFFF;

    /** Commands that cannot be continued and are not the architecture's. */
    private static final long COMMON = 1L << EXCHANGE
            | 1L << MAXIMUM_RAM_PAGE
            | 1L << CURRENT_RESERVATION
            | 1L << MAXIMUM_RESERVATION
            | 1L << MAXIMUM_GPFN
            | 1L << REMOVE_FROM_PHYSMAP
            | 1L << CLAIM_PAGES
            | 1L << GET_VNUMAINFO
            | 1L << RESERVED_DEVICE_MEMORY_MAP;

    private final int commandBits;
    private final StartExtent startExtent;
    private final @Nullable MemoryOperation[] rows = new @Nullable MemoryOperation[ROWS];

    MemoryOp(PageTables tables) {
        Platform platform = tables.platform();
        commandBits = platform.profile().get(MmuRules.EXTENT_SHIFT);
        startExtent = platform.profile().get(MemoryRules.START_EXTENT);
        rows[INCREASE_RESERVATION] = new Reservation(tables, Reservation.Kind.INCREASE);
        rows[DECREASE_RESERVATION] = new Reservation(tables, Reservation.Kind.DECREASE);
        rows[POPULATE_PHYSMAP] = new Reservation(tables, Reservation.Kind.POPULATE);
        rows[EXCHANGE] = new MemoryExchange(tables);
        MemoryQueries queries = new MemoryQueries(tables);
        rows[MAXIMUM_RAM_PAGE] = queries::maximumRamPage;
        rows[CURRENT_RESERVATION] = queries::currentReservation;
        rows[MAXIMUM_RESERVATION] = queries::maximumReservation;
        rows[MACHPHYS_MFN_LIST] = queries::machphysMfnList;
        rows[MACHPHYS_MAPPING] = queries::machphysMapping;
        rows[MAXIMUM_GPFN] = queries::maximumGpfn;
        rows[MACHINE_MEMORY_MAP] = queries::machineMemoryMap;
        MemoryMaps maps = new MemoryMaps(platform);
        rows[MEMORY_MAP] = maps::get;
        rows[SET_MEMORY_MAP] = maps::set;
        // A PV domain has no physmap of the hypervisor's; PV32 and vNUMA do not exist here.
        MemoryRefusals refusals = new MemoryRefusals(tables);
        rows[ADD_TO_PHYSMAP] = refusals::addToPhysmap;
        rows[REMOVE_FROM_PHYSMAP] = refusals::removeFromPhysmap;
        rows[ADD_TO_PHYSMAP_BATCH] = refusals::addBatchToPhysmap;
        rows[SET_POD_TARGET] = refusals::setPodTarget;
        rows[GET_POD_TARGET] = refusals::getPodTarget;
        rows[GET_SHARING_FREED_PAGES] = refusals::sharedPages;
        rows[GET_SHARING_SHARED_PAGES] = refusals::sharedPages;
        rows[PAGING_OP] = refusals.remote(2);
        rows[ACCESS_OP] = refusals::access;
        rows[SHARING_OP] = refusals.remote(4);
        rows[CLAIM_PAGES] = refusals::claimPages;
        rows[RESERVED_DEVICE_MEMORY_MAP] = refusals::reservedDevices;
        rows[ACQUIRE_RESOURCE] = refusals::acquireResource;
        rows[TRANSLATE_GPFN_LIST] = refusal(XenErrno.EINVAL);
        rows[MACHPHYS_COMPAT_MFN_LIST] = refusal(XenErrno.EOPNOTSUPP);
        rows[GET_VNUMAINFO] = refusals::virtualNuma;
        long known = platform.profile().get(VersionRules.MEMORY_OPS).bits();
        for (int command = 0; command < ROWS; command++) {
            if ((known >>> command & 1) == 0) {
                rows[command] = null;
            }
        }
    }

    private static MemoryOperation refusal(XenErrno errno) {
        HypercallOutcome outcome = HypercallOutcome.failed(errno);
        return context -> outcome;
    }

    @Override
    public HypercallOutcome call(HypercallContext context) {
        int command = (int) context.argument(0) & (1 << commandBits) - 1;
        MemoryOperation row = rows[command];
        if (row == null) {
            return UNKNOWN;
        }
        XenErrno refusal = refusal(command, context.argument(0) >>> commandBits);
        return refusal == null ? row.perform(context) : HypercallOutcome.failed(refusal);
    }

    /** What is wrong with going on at {@code extent}. */
    private @Nullable XenErrno refusal(int command, long extent) {
        if (extent == 0 || startExtent == StartExtent.IGNORED || (CONTINUED >>> command & 1) != 0) {
            return null;
        }
        if ((CONTINUED_SHORT >>> command & 1) != 0) {
            return extent > LAST_SHORT_EXTENT || extent < 0 ? XenErrno.EDOM : null;
        }
        return startExtent == StartExtent.INVALID && (COMMON >>> command & 1) != 0 ? XenErrno.EINVAL : XenErrno.ENOSYS;
    }
}
