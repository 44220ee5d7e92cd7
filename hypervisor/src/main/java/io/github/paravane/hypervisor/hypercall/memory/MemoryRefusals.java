package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.MemoryRules;
import io.github.paravane.api.profile.MemoryRules.DomainLookup;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.grant.GrantTable;
import io.github.paravane.hypervisor.pagetable.PageTables;

/**
 * The commands of memory_op for other kinds of guests and for tools: what they answer where every guest is a PV domain with
 * pages of its own (abi-reference 3.14).
 */
final class MemoryRefusals {

    private static final HypercallOutcome INVALID = HypercallOutcome.failed(XenErrno.EINVAL);
    private static final HypercallOutcome NOT_PERMITTED = HypercallOutcome.failed(XenErrno.EPERM);
    private static final HypercallOutcome NO_DOMAIN = HypercallOutcome.failed(XenErrno.ESRCH);
    private static final int SPACE = 4;
    private static final int FOREIGN_SPACE = 4;
    private static final int TARGET_DOMAIN = 32;
    private static final int CLAIM_COUNT = 8;
    private static final int CLAIM_ORDER = 16;
    private static final int CLAIM_FLAGS = 20;
    private static final int CLAIM_DOMAIN = 24;
    private static final int GRANT_RESOURCE = 1;
    private static final int MAX_RESOURCE_FRAMES = 512;
    private static final int RANGE_SPACE = 3;
    private static final int BATCH_SPACE = 2;
    private static final int BATCH_SIZE = 4;
    private static final int BATCH_INDICES = 8;
    private static final int BATCH_FRAMES = 16;
    private static final int BATCH_RESULTS = 24;

    private final PageTables tables;
    private final Platform platform;
    private final ForeignDomains domains;
    private final HypercallOutcome physmap;
    private final boolean physmapFirst;
    private final boolean removeLooks;
    private final boolean resourceSizeForAll;
    private final int resourceFrames;
    private final HypercallOutcome podRefusal;
    private final boolean podLooksUp;
    private final boolean podTaken;
    private final boolean foreignSpace;

    MemoryRefusals(PageTables tables) {
        this.tables = tables;
        this.platform = tables.platform();
        this.domains = new ForeignDomains(platform);
        AbiProfile profile = platform.profile();
        this.physmap = HypercallOutcome.failed(profile.get(MmuRules.PHYSMAP_REFUSAL));
        physmapFirst = profile.get(MmuRules.PHYSMAP_REFUSAL) == XenErrno.EACCES;
        removeLooks = profile.get(MemoryRules.REMOVE_FROM_PHYSMAP_LOOKS);
        int limit = profile.get(MemoryRules.RESOURCE_FRAMES);
        resourceSizeForAll = limit != 0;
        resourceFrames = limit == 0 ? MAX_RESOURCE_FRAMES : limit;
        podRefusal = HypercallOutcome.failed(profile.get(MemoryRules.POD_REFUSAL));
        foreignSpace = profile.get(MemoryRules.FOREIGN_SPACE);
        podTaken = profile.get(MemoryRules.POD_TAKEN);
        podLooksUp = profile.get(MemoryRules.DOMAIN_LOOKUP) == DomainLookup.OWN_NUMBER_IS_SELF;
    }

    private Domain caller() {
        return platform.current().domain();
    }

    /** add_to_physmap: space u32 4, gpfn u64 16; the whole request is read first. */
    HypercallOutcome addToPhysmap(HypercallContext context) {
        long at = context.argument(1);
        context.memory().readU64(at + 16);
        return foreignSpace && context.memory().readU32(at + SPACE) == FOREIGN_SPACE
                ? HypercallOutcome.failed(XenErrno.ENOSYS)
                : physmap(context);
    }

    /**
     * add_to_physmap_batch: space u16 2, size u16 4, lists of 8 bytes at 8 and 16, results s32 in a list at 24. Where PV
     * domains are not refused as a whole, each element is.
     */
    HypercallOutcome addBatchToPhysmap(HypercallContext context) {
        GuestBuffer memory = context.memory();
        long at = context.argument(1);
        memory.readU64(at + BATCH_RESULTS);
        if (memory.readU16(at + BATCH_SPACE) == RANGE_SPACE) {
            return HypercallOutcome.failed(XenErrno.EOPNOTSUPP);
        }
        HypercallOutcome outcome = physmap(context);
        if (physmapFirst || outcome != physmap) {
            return outcome;
        }
        int size = memory.readU16(at + BATCH_SIZE);
        for (int i = 0; i < size; i++) {
            memory.readU64(memory.readU64(at + BATCH_INDICES) + 8L * i);
            memory.readU64(memory.readU64(at + BATCH_FRAMES) + 8L * i);
            memory.writeU32(memory.readU64(at + BATCH_RESULTS) + 4L * i, (int) XenErrno.EINVAL.result());
        }
        return HypercallOutcome.OK;
    }

    /** remove_from_physmap: gpfn u64 8. */
    HypercallOutcome removeFromPhysmap(HypercallContext context) {
        long at = context.argument(1);
        long mfn = context.memory().readU64(at + 8);
        HypercallOutcome outcome = physmap(context);
        if (!removeLooks || outcome != physmap) {
            return outcome;
        }
        int owner = domains.any(caller(), context.memory().readU16(at));
        boolean owned = platform.frames().exists(mfn) && platform.frames().owner(mfn) == owner;
        return owned ? HypercallOutcome.OK : HypercallOutcome.failed(XenErrno.ENOENT);
    }

    /** What add_to_physmap, add_to_physmap_batch and remove_from_physmap have in common: domid 0. */
    private HypercallOutcome physmap(HypercallContext context) {
        XenErrno refusal = domains.refusal(caller(), context.memory().readU16(context.argument(1)));
        if (refusal == null || physmapFirst && refusal == XenErrno.EPERM) {
            return physmap;
        }
        return HypercallOutcome.failed(refusal);
    }

    /**
     * set_pod_target: target_pages 0, tot_pages 8, pod_cache_pages 16, pod_entries 24, domid 32. PV domains have no pages on
     * demand, hence no target makes a difference, where it is taken at all.
     */
    HypercallOutcome setPodTarget(HypercallContext context) {
        return podTarget(context, true);
    }

    /** get_pod_target, with the same structure. */
    HypercallOutcome getPodTarget(HypercallContext context) {
        return podTarget(context, false);
    }

    private HypercallOutcome podTarget(HypercallContext context, boolean set) {
        boolean plain = !caller().isPrivileged();
        if (plain && !podLooksUp) {
            return podRefusal;
        }
        GuestBuffer memory = context.memory();
        long at = context.argument(1);
        int id = domains.any(caller(), memory.readU16(at + TARGET_DOMAIN));
        if (id == ForeignDomains.NONE) {
            return NO_DOMAIN;
        }
        if (plain) {
            return podRefusal;
        }
        if (!podTaken
                || set
                        && Long.compareUnsigned(
                                        memory.readU64(at), domains.require(id).maxPages())
                                > 0) {
            return INVALID;
        }
        memory.writeU64(at + 8, platform.frames().owned(id));
        memory.writeU64(at + 16, 0);
        memory.writeU64(at + 24, 0);
        return HypercallOutcome.OK;
    }

    /** get_sharing_freed_pages and get_sharing_shared_pages: PV domains share nothing. */
    HypercallOutcome sharedPages(HypercallContext context) {
        return HypercallOutcome.OK;
    }

    /** paging_op and sharing_op, domid 2 or 4 (the latter for sharing): never on oneself. */
    MemoryOperation remote(int domainOffset) {
        return context -> {
            int id = context.memory().readU16(context.argument(1) + domainOffset);
            XenErrno refusal = domains.refusalOfRemote(caller(), id);
            return HypercallOutcome.failed(refusal == null ? XenErrno.ENODEV : refusal);
        };
    }

    /** access_op, domid 2: for tools, about domains that are no PV guests. */
    HypercallOutcome access(HypercallContext context) {
        int id = context.memory().readU16(context.argument(1) + 2);
        XenErrno refusal = domains.refusalOfRemote(caller(), id);
        return refusal == null || refusal == XenErrno.EPERM && id != caller().id()
                ? INVALID
                : HypercallOutcome.failed(refusal);
    }

    /** claim_pages: nr_extents 8, order 16, flags 20, domid 24; promises of memory are for the control domain. */
    HypercallOutcome claimPages(HypercallContext context) {
        GuestBuffer memory = context.memory();
        long at = context.argument(1);
        long count = memory.readU64(at + CLAIM_COUNT);
        int domid = memory.readU16(at + CLAIM_DOMAIN);
        int id = domid == ForeignDomains.SELF ? ForeignDomains.NONE : domains.any(caller(), domid);
        if (memory.readU64(at) != 0
                || memory.readU32(at + CLAIM_ORDER) != 0
                || memory.readU32(at + CLAIM_FLAGS) != 0
                || id == ForeignDomains.NONE) {
            return INVALID;
        }
        if (!caller().isPrivileged()) {
            return NOT_PERMITTED;
        }
        long owned = platform.frames().owned(id);
        return count <= domains.require(id).maxPages()
                        && count - owned <= platform.frames().free()
                ? HypercallOutcome.OK
                : HypercallOutcome.failed(XenErrno.ENOMEM);
    }

    /** get_vnumainfo: pad 2, domid 0; no domain has virtual NUMA nodes. */
    HypercallOutcome virtualNuma(HypercallContext context) {
        GuestBuffer memory = context.memory();
        long at = context.argument(1);
        if (memory.readU16(at + 2) != 0) {
            return INVALID;
        }
        XenErrno refusal = domains.refusal(caller(), memory.readU16(at));
        return HypercallOutcome.failed(refusal == null ? XenErrno.EOPNOTSUPP : refusal);
    }

    /** reserved_device_memory_map: flags 0, nr_entries 4; there is no such memory. */
    HypercallOutcome reservedDevices(HypercallContext context) {
        GuestBuffer memory = context.memory();
        long at = context.argument(1);
        if ((memory.readU32(at) & ~1) != 0) {
            return INVALID;
        }
        memory.writeU32(at + 4, 0);
        return HypercallOutcome.OK;
    }

    /**
     * acquire_resource: domid 0, type 2, id 4, nr_frames 8, pad 12, frame 16, frame_list 24. The control domain gets the
     * frames of a grant table (type 1; id 0 the entries, id 1 the status).
     */
    HypercallOutcome acquireResource(HypercallContext context) {
        GuestBuffer memory = context.memory();
        long at = context.argument(1);
        long count = Integer.toUnsignedLong(memory.readU32(at + 8));
        long first = memory.readU64(at + 16);
        long list = memory.readU64(at + 24);
        if (memory.readU32(at + 12) != 0) {
            return INVALID;
        }
        if (resourceSizeForAll && list == 0) {
            return count == 0 ? tellSize(memory, at + 8, resourceFrames) : INVALID;
        }
        if (resourceSizeForAll && count > resourceFrames) {
            return HypercallOutcome.failed(XenErrno.E2BIG);
        }
        if (!resourceSizeForAll && (first >>> 32 != 0 || first + count >>> 32 != 0)) {
            return INVALID;
        }
        int domid = memory.readU16(at);
        XenErrno refusal = domains.refusalOfRemote(caller(), domid);
        if (refusal != null) {
            return HypercallOutcome.failed(refusal);
        }
        int kind = memory.readU32(at + 4);
        if (memory.readU16(at + 2) != GRANT_RESOURCE || kind < 0 || kind > 1) {
            return INVALID;
        }
        GrantTable table = tables.grants().table(domains.require(domid));
        if (list == 0) {
            return count == 0 ? tellSize(memory, at + 8, table.maxFrames()) : INVALID;
        }
        return count == 0 || count > MAX_RESOURCE_FRAMES
                ? INVALID
                : tellFrames(memory, list, table, kind, first, count);
    }

    private static HypercallOutcome tellSize(GuestBuffer memory, long at, int frames) {
        memory.writeU32(at, frames);
        return HypercallOutcome.OK;
    }

    private static HypercallOutcome tellFrames(
            GuestBuffer memory, long list, GrantTable table, int kind, long first, long count) {
        boolean entries = kind == 0;
        if (!entries && table.version() == 1
                || first >>> 32 != 0
                || first + count > table.maxFrames()
                || entries && !table.grow((int) (first + count))) {
            return INVALID;
        }
        int present = entries ? table.frameCount() : table.statusFrameCount();
        if (first + count > present) {
            return INVALID;
        }
        for (int i = 0; i < count; i++) {
            int frame = (int) first + i;
            memory.writeU64(list + 8L * i, entries ? table.frame(frame) : table.statusFrame(frame));
        }
        return HypercallOutcome.OK;
    }
}
