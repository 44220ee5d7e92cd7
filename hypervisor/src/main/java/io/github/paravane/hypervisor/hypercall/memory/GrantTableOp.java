package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.GuestFault;
import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.GrantRules;
import io.github.paravane.api.profile.GrantRules.SetupChecks;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.grant.GrantStatus;
import io.github.paravane.hypervisor.grant.GrantTable;
import io.github.paravane.hypervisor.pagetable.PageTables;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/** grant_table_op (abi-reference 3.15): a domain's own table here, others' grants in {@link GrantUseOps}. */
final class GrantTableOp implements Hypercall {

    private static final int MAP = 0;
    private static final int UNMAP = 1;
    private static final int SETUP_TABLE = 2;
    private static final int COPY = 5;
    private static final int QUERY_SIZE = 6;
    private static final int UNMAP_AND_REPLACE = 7;
    private static final int SET_VERSION = 8;
    private static final int GET_STATUS_FRAMES = 9;
    private static final int GET_VERSION = 10;
    private static final int TRANSFER = 4;
    private static final int SWAP = 11;
    private static final int CACHE_FLUSH = 12;
    private static final int CACHE_FLUSH_SIZE = 16;

    /** Bits of the command below those by which a cache flush goes on (Xen GNTTABOP_CMD_MASK). */
    private static final int COMMAND_BITS = 12;

    private static final int INVALIDATE = 2;
    private static final int CLEAN_AND_INVALIDATE = 3;
    private static final HypercallOutcome UNKNOWN = HypercallOutcome.failed(XenErrno.ENOSYS);
    private static final HypercallOutcome INVALID = HypercallOutcome.failed(XenErrno.EINVAL);

    private final PageTables tables;
    private final boolean statusFreed;
    private final boolean deviceCrashes;
    private final boolean earlySwapCrashes;
    private final Platform platform;
    private final ForeignDomains domains;
    private final GrantUseOps uses;
    private final long known;
    private final int maxCount;
    private final int maxFrames;
    private final XenErrno commandBits;
    private final SetupChecks setupChecks;
    private final boolean statusListChecked;
    private final boolean ownVersionHidden;
    private final boolean cacheFlagsFirst;

    GrantTableOp(PageTables tables) {
        this.tables = tables;
        earlySwapCrashes = tables.platform().profile().has(Quirk.SWAP_BEFORE_SETUP_CRASHES);
        deviceCrashes = tables.platform().profile().has(Quirk.CACHE_FLUSH_OF_DEVICE_CRASHES);
        statusFreed = tables.platform().profile().has(Quirk.STATUS_FRAMES_FREED);
        this.platform = tables.platform();
        this.domains = new ForeignDomains(platform);
        AbiProfile profile = platform.profile();
        known = profile.get(GrantRules.OPS).bits();
        maxFrames = profile.get(GrantRules.MAX_FRAMES);
        maxCount = profile.get(GrantRules.MAX_COUNT);
        commandBits = profile.get(GrantRules.COMMAND_BITS_REFUSAL);
        setupChecks = profile.get(GrantRules.SETUP_CHECKS);
        statusListChecked = profile.get(GrantRules.STATUS_LIST_CHECKED);
        ownVersionHidden = profile.get(GrantRules.OWN_VERSION_HIDDEN);
        cacheFlagsFirst = profile.get(GrantRules.CACHE_FLAGS_FIRST);
        this.uses = new GrantUseOps(tables);
    }

    @Override
    public HypercallOutcome call(HypercallContext context) {
        int count = context.argument32(2);
        if (Integer.compareUnsigned(count, maxCount) > 0) {
            return INVALID;
        }
        int command = context.argument32(0);
        if (command >>> COMMAND_BITS != 0 && (command & (1 << COMMAND_BITS) - 1) != CACHE_FLUSH) {
            return HypercallOutcome.failed(commandBits);
        }
        // A cache flush goes on at the reference above its command.
        command &= (1 << COMMAND_BITS) - 1;
        if (command >= Long.SIZE || (known >>> command & 1) == 0) {
            return UNKNOWN;
        }
        long argument = context.argument(1);
        GuestBuffer memory = context.memory();
        tables.batches().sync(platform.current().domain());
        switch (command) {
            case MAP:
                return uses.map(context, count);
            case UNMAP:
                return uses.unmap(context, count);
            case UNMAP_AND_REPLACE:
                return uses.unmapAndReplace(context, count);
            case COPY:
                return uses.copy(context, count);
            case TRANSFER:
                return uses.transfer(context, count);
            case SWAP:
                if (earlySwapCrashes
                        && !tables.grants().table(platform.current().domain()).isSetUp()) {
                    platform.crash("#PF in the hypervisor: a grant table of no version");
                    return HypercallOutcome.NO_RETURN;
                }
                return uses.swap(context, count);
            case CACHE_FLUSH:
                return flushCache(context, count);
            case SETUP_TABLE:
                return count == 1 ? setupTable(memory, argument) : INVALID;
            case QUERY_SIZE:
                return count == 1 ? querySize(memory, argument) : INVALID;
            case SET_VERSION:
                return setVersion(memory, argument);
            case GET_STATUS_FRAMES:
                return count == 1 ? statusFrames(memory, argument) : INVALID;
            case GET_VERSION:
                return getVersion(memory, argument);
            default:
                return UNKNOWN;
        }
    }

    /** The status for a domain argument, {@link GrantStatus#OKAY} if the caller may ask about it. */
    private int access(int domid) {
        XenErrno refusal = domains.refusal(platform.current().domain(), domid);
        if (refusal == null) {
            return GrantStatus.OKAY;
        }
        return refusal == XenErrno.ESRCH ? GrantStatus.BAD_DOMAIN : GrantStatus.PERMISSION_DENIED;
    }

    private GrantTable table(int domid) {
        return tables.grants().table(domains.permitted(platform.current().domain(), domid));
    }

    private HypercallOutcome setupTable(GuestBuffer memory, long argument) {
        int domid = memory.readU16(argument);
        int wanted = memory.readU32(argument + 4);
        long list = memory.readU64(argument + 16);
        boolean fits = Integer.compareUnsigned(wanted, maxFrames) <= 0;
        if (setupChecks != SetupChecks.LIST_FIRST && !fits) {
            memory.writeU16(argument + 8, GrantStatus.GENERAL_ERROR);
            return HypercallOutcome.OK;
        }
        if (setupChecks != SetupChecks.FAULTS_IGNORED
                && !memory.inGuestRange(list, Integer.toUnsignedLong(wanted), 8)) {
            return HypercallOutcome.failed(XenErrno.EFAULT);
        }
        int status = access(domid);
        if (status == GrantStatus.OKAY) {
            GrantTable table = table(domid);
            table.markSetUp();
            status = fits && table.grow(wanted) ? list(memory, list, wanted, table::frame) : GrantStatus.GENERAL_ERROR;
            if (status == GrantStatus.BAD_VIRTUAL_ADDRESS && setupChecks == SetupChecks.FAULTS_IGNORED) {
                status = GrantStatus.OKAY;
            }
        }
        memory.writeU16(argument + 8, status);
        return HypercallOutcome.OK;
    }

    /** Stores the frames that can be stored; whether that were all is the status. */
    private static int list(GuestBuffer memory, long list, int count, IntToLongFunction frame) {
        int status = GrantStatus.OKAY;
        for (int i = 0; i < count; i++) {
            try {
                memory.writeU64(list + 8L * i, frame.applyAsLong(i));
            } catch (GuestFault fault) {
                status = GrantStatus.BAD_VIRTUAL_ADDRESS;
            }
        }
        return status;
    }

    private HypercallOutcome querySize(GuestBuffer memory, long argument) {
        int domid = memory.readU16(argument);
        int status = access(domid);
        if (status == GrantStatus.OKAY) {
            memory.writeU32(argument + 4, table(domid).frameCount());
            memory.writeU32(argument + 8, table(domid).maxFrames());
        }
        memory.writeU16(argument + 12, status);
        return HypercallOutcome.OK;
    }

    private HypercallOutcome setVersion(GuestBuffer memory, long argument) {
        int wanted = memory.readU32(argument);
        GrantTable table = tables.grants().table(platform.current().domain());
        table.markSetUp();
        XenErrno error = null;
        if (wanted != 1 && wanted != 2) {
            error = XenErrno.EINVAL;
        } else if (wanted != table.version() && table.isInUse()) {
            error = XenErrno.EBUSY;
        } else if (wanted < table.version() && !table.fitsVersion1()) {
            error = XenErrno.ERANGE;
        } else if (wanted < table.version() && table.isStatusMapped() && !statusFreed) {
            error = XenErrno.EBUSY;
        } else if (!table.setVersion(wanted)) {
            error = XenErrno.ENOMEM;
        }
        memory.writeU32(argument, table.version());
        return error == null ? HypercallOutcome.OK : HypercallOutcome.failed(error);
    }

    private HypercallOutcome statusFrames(GuestBuffer memory, long argument) {
        int count = memory.readU32(argument);
        int domid = memory.readU16(argument + 4);
        long list = memory.readU64(argument + 8);
        if (statusListChecked && !memory.inGuestRange(list, Integer.toUnsignedLong(count), 8)) {
            return HypercallOutcome.failed(XenErrno.EFAULT);
        }
        int status = access(domid);
        if (status == GrantStatus.OKAY) {
            GrantTable table = table(domid);
            status = Integer.compareUnsigned(count, table.statusFrameCount()) > 0
                    ? GrantStatus.GENERAL_ERROR
                    : list(memory, list, count, table::statusFrame);
        }
        memory.writeU16(argument + 6, status);
        return HypercallOutcome.OK;
    }

    /** dev_bus_addr 0, offset 8, length 10, op 12: there is no cache, but not everybody may ask; x86 cannot invalidate alone. */
    private HypercallOutcome flushCache(HypercallContext context, int count) {
        GuestBuffer memory = context.memory();
        long argument = context.argument(1);
        Domain caller = platform.current().domain();
        int done = 0;
        for (int end = Math.min(count, GrantUseOps.CHUNK); done < end && !platform.isDueBetween(done); done++) {
            long at = argument + (long) CACHE_FLUSH_SIZE * done;
            XenErrno refusal = flushCache(memory, at, caller);
            if (refusal == XenErrno.EPERM && deviceCrashes && isDevice(memory.readU64(at) >>> 12)) {
                platform.crash("#PF in the hypervisor: the owner of devices has no grant table");
                return HypercallOutcome.NO_RETURN;
            }
            if (refusal != null) {
                return HypercallOutcome.failed(refusal);
            }
        }
        return GrantUseOps.finish(context, done, count, CACHE_FLUSH_SIZE);
    }

    private boolean isDevice(long mfn) {
        return platform.frames().owner(mfn) == FrameTable.IO;
    }

    private @Nullable XenErrno flushCache(GuestBuffer memory, long at, Domain caller) {
        int offset = memory.readU16(at + 8);
        int length = memory.readU16(at + 10);
        int operation = memory.readU32(at + 12);
        boolean unknown = (operation & ~CLEAN_AND_INVALIDATE) != 0;
        if (offset >= MachineMemory.FRAME_SIZE
                || length > MachineMemory.FRAME_SIZE - offset
                || cacheFlagsFirst && unknown) {
            return XenErrno.EINVAL;
        }
        if (length == 0 || operation == 0) {
            return null;
        }
        if (unknown) {
            return operation < 0 ? XenErrno.EOPNOTSUPP : XenErrno.EINVAL;
        }
        long mfn = memory.readU64(at) >>> 12;
        FrameTable frames = platform.frames();
        if (!frames.exists(mfn)) {
            return XenErrno.EINVAL;
        }
        int owner = frames.owner(mfn);
        if (platform.domain(owner) == null) {
            return XenErrno.EPERM;
        }
        if (owner != caller.id() && !tables.grants().mappings(caller).isMapped(mfn)) {
            return XenErrno.EINVAL;
        }
        return operation == INVALIDATE ? XenErrno.EOPNOTSUPP : null;
    }

    private HypercallOutcome getVersion(GuestBuffer memory, long argument) {
        int domid = memory.readU16(argument);
        if (ownVersionHidden && domid == ForeignDomains.SELF) {
            return HypercallOutcome.failed(XenErrno.ESRCH);
        }
        switch (access(domid)) {
            case GrantStatus.OKAY:
                memory.writeU32(argument + 4, table(domid).version());
                return HypercallOutcome.OK;
            case GrantStatus.BAD_DOMAIN:
                return HypercallOutcome.failed(XenErrno.ESRCH);
            default:
                return HypercallOutcome.failed(XenErrno.EPERM);
        }
    }
}
