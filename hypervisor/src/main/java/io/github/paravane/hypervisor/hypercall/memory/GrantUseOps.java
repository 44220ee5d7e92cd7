package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.GrantRules;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.grant.GrantCopy;
import io.github.paravane.hypervisor.grant.GrantMappings;
import io.github.paravane.hypervisor.grant.GrantMappings.Mapped;
import io.github.paravane.hypervisor.grant.GrantStatus;
import io.github.paravane.hypervisor.grant.GrantTable;
import io.github.paravane.hypervisor.grant.GrantTransfer;
import io.github.paravane.hypervisor.pagetable.PageTables;
import org.jspecify.annotations.Nullable;

/** The operations of grant_table_op that use others' grants: map, unmap and copy, each over an array. */
final class GrantUseOps {

    /** Elements done before the call is continued. */
    static final int CHUNK = 512;

    private static final int MAP_SIZE = 32;
    private static final int UNMAP_SIZE = 24;
    private static final int COPY_SIZE = 40;
    private static final int TRANSFER_SIZE = 24;
    private static final int SWAP_SIZE = 12;
    private static final int SOURCE_IS_REFERENCE = 1;
    private static final int TARGET_IS_REFERENCE = 1 << 1;
    private static final HypercallOutcome BAD_ADDRESS = HypercallOutcome.failed(XenErrno.EFAULT);

    private final PageTables tables;
    private final Platform platform;
    private final ForeignDomains domains;
    private final GrantCopy copier;
    private final GrantTransfer transfers;
    private final boolean interruptible;
    private final boolean referenceFirst;
    private final boolean ownRefused;
    private final int maxReferences;

    GrantUseOps(PageTables tables) {
        this.tables = tables;
        this.platform = tables.platform();
        this.domains = new ForeignDomains(platform);
        this.copier = new GrantCopy(tables);
        this.transfers = new GrantTransfer(tables);
        AbiProfile profile = platform.profile();
        interruptible = profile.get(GrantRules.MAX_COUNT) > CHUNK;
        referenceFirst = profile.get(GrantRules.REFERENCE_FIRST);
        ownRefused = profile.get(GrantRules.OWN_GRANTS_REFUSED);
        maxReferences = profile.get(GrantRules.MAX_FRAMES) * GrantTable.REFERENCES_PER_FRAME;
    }

    /** Whether a call is interrupted after {@code done} elements. */
    private boolean isLeft(int done) {
        return interruptible && platform.isDueBetween(done);
    }

    private @Nullable Domain domain(int domid) {
        int id = domains.any(platform.current().domain(), domid);
        return id == ForeignDomains.NONE ? null : platform.domain(id);
    }

    /** host_addr 0, flags 8, ref 12, dom 16; status 18, handle 20, dev_bus_addr 24. */
    HypercallOutcome map(HypercallContext context, int count) {
        GuestBuffer memory = context.memory();
        long array = context.argument(1);
        if (!memory.inGuestRange(array, count, MAP_SIZE)) {
            return BAD_ADDRESS;
        }
        Vcpu vcpu = platform.current();
        int done = 0;
        for (int end = Math.min(count, CHUNK); done < end && !isLeft(done); done++) {
            long at = array + (long) MAP_SIZE * done;
            long host = memory.readU64(at);
            int flags = memory.readU32(at + 8);
            int reference = memory.readU32(at + 12);
            int domid = memory.readU16(at + 16);
            Mapped mapped;
            Domain granter = platform.domain(domid);
            boolean beyond = referenceFirst && Integer.compareUnsigned(reference, maxReferences) >= 0;
            if (!GrantMappings.isMapping(flags) || beyond) {
                mapped = Mapped.failed(GrantStatus.BAD_REFERENCE);
            } else if (granter == null && domid != 0 || ownRefused && granter == vcpu.domain()) {
                mapped = Mapped.failed(GrantStatus.BAD_DOMAIN);
            } else {
                // Where there is no control domain the host stands in for it, and grants nothing.
                GrantTable table = granter == null ? null : tables.grants().table(granter);
                mapped = tables.grants().mappings(vcpu.domain()).map(vcpu, table, reference, flags, host);
            }
            memory.writeU16(at + 18, mapped.status());
            if (mapped.status() == GrantStatus.OKAY) {
                memory.writeU32(at + 20, mapped.handle());
                memory.writeU64(at + 24, mapped.maddr());
            }
        }
        return finish(context, done, count, MAP_SIZE);
    }

    /** host_addr 0, dev_bus_addr 8, handle 16; status 20. */
    HypercallOutcome unmap(HypercallContext context, int count) {
        return unmapEach(context, count, false);
    }

    /** host_addr 0, new_addr 8, handle 16; status 20. */
    HypercallOutcome unmapAndReplace(HypercallContext context, int count) {
        return unmapEach(context, count, true);
    }

    private HypercallOutcome unmapEach(HypercallContext context, int count, boolean replace) {
        GuestBuffer memory = context.memory();
        long array = context.argument(1);
        if (!memory.inGuestRange(array, count, UNMAP_SIZE)) {
            return BAD_ADDRESS;
        }
        Vcpu vcpu = platform.current();
        GrantMappings mappings = tables.grants().mappings(vcpu.domain());
        int done = 0;
        try {
            for (int end = Math.min(count, CHUNK); done < end && !isLeft(done); done++) {
                long at = array + (long) UNMAP_SIZE * done;
                long host = memory.readU64(at);
                long other = memory.readU64(at + 8);
                int handle = memory.readU32(at + 16);
                int status = replace
                        ? mappings.unmapAndReplace(vcpu, host, other, handle)
                        : mappings.unmap(vcpu, host, other, handle);
                memory.writeU16(at + 20, status);
            }
        } finally {
            tables.flushes().flush(vcpu.domain(), "grant-unmap");
            mappings.dropEnded();
        }
        return finish(context, done, count, UNMAP_SIZE);
    }

    /** Two sides of 16 bytes {frame or ref 0, domid 8, offset 10}; len 32, flags 34, status 36. */
    HypercallOutcome copy(HypercallContext context, int count) {
        GuestBuffer memory = context.memory();
        long array = context.argument(1);
        if (!memory.inGuestRange(array, count, COPY_SIZE)) {
            return BAD_ADDRESS;
        }
        int done = 0;
        for (int end = Math.min(count, CHUNK); done < end && !isLeft(done); done++) {
            long at = array + (long) COPY_SIZE * done;
            int flags = memory.readU16(at + 34);
            GrantCopy.Side source = side(memory, at, (flags & SOURCE_IS_REFERENCE) != 0);
            GrantCopy.Side target = side(memory, at + 16, (flags & TARGET_IS_REFERENCE) != 0);
            int status = copier.copy(platform.current().domain(), source, target, memory.readU16(at + 32));
            memory.writeU16(at + 36, status);
        }
        return finish(context, done, count, COPY_SIZE);
    }

    /** Ends a call after {@code done} elements of {@code count}. */
    static HypercallOutcome finish(HypercallContext context, int done, int count, int size) {
        if (done >= count) {
            return HypercallOutcome.OK;
        }
        context.setArgument(1, context.argument(1) + (long) size * done);
        context.setArgument(2, count - done);
        return HypercallOutcome.CONTINUED;
    }

    private GrantCopy.Side side(GuestBuffer memory, long at, boolean isReference) {
        int domid = memory.readU16(at + 8);
        long frame = memory.readU64(at);
        return new GrantCopy.Side(
                domain(domid),
                domid == ForeignDomains.SELF
                        || domains.exists(platform.current().domain(), domid),
                domid == ForeignDomains.SELF,
                isReference ? frame & 0xFFFF_FFFFL : frame,
                isReference,
                memory.readU16(at + 10));
    }

    /** mfn 0, domid 8, ref 12; status 16. */
    HypercallOutcome transfer(HypercallContext context, int count) {
        GuestBuffer memory = context.memory();
        long array = context.argument(1);
        if (!memory.inGuestRange(array, count, TRANSFER_SIZE)) {
            return BAD_ADDRESS;
        }
        int done = 0;
        for (int end = Math.min(count, CHUNK); done < end && !isLeft(done); done++) {
            long at = array + (long) TRANSFER_SIZE * done;
            int status = transfers.transfer(
                    platform.current().domain(),
                    memory.readU64(at),
                    platform.domain(memory.readU16(at + 8)),
                    memory.readU32(at + 12));
            memory.writeU16(at + 16, status);
        }
        return finish(context, done, count, TRANSFER_SIZE);
    }

    /** ref_a 0, ref_b 4; status 8. */
    HypercallOutcome swap(HypercallContext context, int count) {
        GuestBuffer memory = context.memory();
        long array = context.argument(1);
        if (!memory.inGuestRange(array, count, SWAP_SIZE)) {
            return BAD_ADDRESS;
        }
        GrantTable mine = tables.grants().table(platform.current().domain());
        int done = 0;
        for (int end = Math.min(count, CHUNK); done < end && !isLeft(done); done++) {
            long at = array + (long) SWAP_SIZE * done;
            memory.writeU16(at + 8, mine.swap(memory.readU32(at), memory.readU32(at + 4)));
        }
        return finish(context, done, count, SWAP_SIZE);
    }
}
