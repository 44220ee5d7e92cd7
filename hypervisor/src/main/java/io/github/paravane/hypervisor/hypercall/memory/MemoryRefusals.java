package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
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

    private final PageTables tables;
    private final Platform platform;
    private final ForeignDomains domains;
    private final HypercallOutcome physmap;

    MemoryRefusals(PageTables tables) {
        this.tables = tables;
        this.platform = tables.platform();
        this.domains = new ForeignDomains(platform);
        this.physmap = HypercallOutcome.failed(platform.profile().get(MmuRules.PHYSMAP_REFUSAL));
    }

    private Domain caller() {
        return platform.current().domain();
    }

    /** add_to_physmap: space u32 4, gpfn u64 16; the whole request is read first. */
    HypercallOutcome addToPhysmap(HypercallContext context) {
        long at = context.argument(1);
        context.memory().readU64(at + 16);
        return context.memory().readU32(at + SPACE) == FOREIGN_SPACE
                ? HypercallOutcome.failed(XenErrno.ENOSYS)
                : physmap(context);
    }

    /** remove_from_physmap: gpfn u64 8. */
    HypercallOutcome removeFromPhysmap(HypercallContext context) {
        context.memory().readU64(context.argument(1) + 8);
        return physmap(context);
    }

    /** What add_to_physmap, add_to_physmap_batch and remove_from_physmap have in common: domid 0. */
    HypercallOutcome physmap(HypercallContext context) {
        int id = domains.any(caller(), context.memory().readU16(context.argument(1)));
        if (id == ForeignDomains.NONE) {
            return NO_DOMAIN;
        }
        return ForeignDomains.mayManage(caller(), id) ? physmap : NOT_PERMITTED;
    }

    /** set_pod_target and get_pod_target: domid 32. */
    HypercallOutcome podTarget(HypercallContext context) {
        int id = domains.any(caller(), context.memory().readU16(context.argument(1) + TARGET_DOMAIN));
        return id == ForeignDomains.NONE ? NO_DOMAIN : INVALID;
    }

    /** get_sharing_freed_pages and get_sharing_shared_pages: PV domains share nothing. */
    HypercallOutcome sharedPages(HypercallContext context) {
        return HypercallOutcome.OK;
    }

    /** paging_op and sharing_op, domid 2 or 4 (the latter for sharing): never on oneself. */
    MemoryOperation remote(int domainOffset) {
        return context -> {
            int id = context.memory().readU16(context.argument(1) + domainOffset);
            if (id == ForeignDomains.SELF || id == caller().id()) {
                return NOT_PERMITTED;
            }
            if (platform.domain(id) == null) {
                return NO_DOMAIN;
            }
            return caller().isPrivileged() ? HypercallOutcome.failed(XenErrno.ENODEV) : NOT_PERMITTED;
        };
    }

    /** access_op, domid 2: for tools, about domains that are no PV guests. */
    HypercallOutcome access(HypercallContext context) {
        int id = context.memory().readU16(context.argument(1) + 2);
        if (id == ForeignDomains.SELF || id == caller().id()) {
            return NOT_PERMITTED;
        }
        // Where there is no control domain the host stands in for it.
        return id == 0 || platform.domain(id) != null ? INVALID : NO_DOMAIN;
    }

    /** claim_pages: nr_extents 8, order 16, flags 20, domid 24; promises of memory are for the control domain. */
    HypercallOutcome claimPages(HypercallContext context) {
        GuestBuffer memory = context.memory();
        long at = context.argument(1);
        long count = memory.readU64(at + CLAIM_COUNT);
        int id = domains.any(caller(), memory.readU16(at + CLAIM_DOMAIN));
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
        int id = domains.any(caller(), memory.readU16(at));
        if (memory.readU16(at + 2) != 0) {
            return INVALID;
        }
        if (id == ForeignDomains.NONE) {
            return NO_DOMAIN;
        }
        return ForeignDomains.mayManage(caller(), id) ? HypercallOutcome.failed(XenErrno.EOPNOTSUPP) : NOT_PERMITTED;
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
        int domid = memory.readU16(at);
        long count = Integer.toUnsignedLong(memory.readU32(at + 8));
        long first = memory.readU64(at + 16);
        if (memory.readU32(at + 12) != 0 || first >>> 32 != 0 || first + count >>> 32 != 0) {
            return INVALID;
        }
        if (domid == ForeignDomains.SELF || domid == caller().id()) {
            return NOT_PERMITTED;
        }
        Domain owner = platform.domain(domid);
        if (owner == null) {
            return NO_DOMAIN;
        }
        if (!caller().isPrivileged()) {
            return NOT_PERMITTED;
        }
        int kind = memory.readU32(at + 4);
        if (memory.readU16(at + 2) != GRANT_RESOURCE || kind < 0 || kind > 1) {
            return INVALID;
        }
        GrantTable table = tables.grants().table(owner);
        long list = memory.readU64(at + 24);
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
