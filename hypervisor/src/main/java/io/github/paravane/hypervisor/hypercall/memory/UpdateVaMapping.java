package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.GuestFault;
import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.observe.MachineEvent.Origin;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.frame.TypeInfo;
import io.github.paravane.hypervisor.pagetable.EntryRule;
import io.github.paravane.hypervisor.pagetable.LinearWalk;
import io.github.paravane.hypervisor.pagetable.PageTables;
import io.github.paravane.hypervisor.pagetable.TlbFlushes;
import java.util.List;

/** update_va_mapping and update_va_mapping_otherdomain: one L1 entry by linear address (abi-reference 3.2). */
final class UpdateVaMapping implements Hypercall {

    private static final int TYPE_MASK = 3;
    private static final int TLB_FLUSH = 1;
    private static final int INVLPG = 2;
    private static final long LOCAL = 0;
    private static final long ALL = 4;
    private static final String REASON = "va-mapping";

    private final PageTables tables;
    private final Platform platform;
    private final ForeignDomains domains;
    private final boolean flushesOnFailure;
    private final boolean maskDecides;
    private final boolean privilegedOnly;
    private final boolean badFlushKills;
    private final boolean readOnlyReturns1;
    private final boolean wideMasks;

    UpdateVaMapping(PageTables tables) {
        this.tables = tables;
        this.platform = tables.platform();
        this.domains = new ForeignDomains(platform);
        privilegedOnly = platform.profile().get(MmuRules.OTHER_DOMAIN_PRIVILEGED);
        maskDecides = platform.profile().get(MmuRules.MASK_DECIDES_RESULT);
        flushesOnFailure = platform.profile().get(MmuRules.FLUSH_ON_FAILED_VA_MAPPING);
        readOnlyReturns1 = platform.profile().has(Quirk.READ_ONLY_DEVICE_RETURNS_1);
        wideMasks = platform.profile().has(Quirk.VCPU_MASK_WIDE);
        badFlushKills = platform.profile().has(Quirk.FLUSH_OF_ANY_ADDRESS_KILLS);
    }

    @Override
    public HypercallOutcome call(HypercallContext context) {
        return run(context, platform.current().domain().id());
    }

    /** The form with a foreign domain as fourth argument. */
    HypercallOutcome otherDomain(HypercallContext context) {
        Domain caller = platform.current().domain();
        if (privilegedOnly && !caller.isPrivileged()) {
            return HypercallOutcome.failed(XenErrno.EPERM);
        }
        int target = domains.owner(caller, context.argument32(3));
        if (target == ForeignDomains.NONE) {
            return HypercallOutcome.failed(XenErrno.ESRCH);
        }
        return domains.mayCall(caller, target) ? run(context, target) : HypercallOutcome.failed(XenErrno.EPERM);
    }

    private HypercallOutcome run(HypercallContext context, int target) {
        Vcpu vcpu = platform.current();
        tables.batches().sync(vcpu.domain());
        long linear = context.argument(0);
        EntryRule rule = update(vcpu, linear, context.argument(1), target);
        if (!rule.isAccepted() && !flushesOnFailure) {
            return tables.outcome(rule);
        }
        if (!flush(context, vcpu, linear, context.argument(2))) {
            return HypercallOutcome.failed(XenErrno.EFAULT);
        }
        if (maskDecides && readsMask(context.argument(2))) {
            return HypercallOutcome.OK;
        }
        if (!rule.isAccepted()) {
            return tables.outcome(rule);
        }
        if (readOnlyReturns1 && rule == EntryRule.ACCEPTED_READ_ONLY) {
            return HypercallOutcome.completed(1);
        }
        return HypercallOutcome.OK;
    }

    private static boolean readsMask(long flags) {
        int type = (int) flags & TYPE_MASK;
        long where = flags & ~(long) TYPE_MASK;
        return (type == TLB_FLUSH || type == INVLPG) && where != LOCAL && where != ALL;
    }

    private EntryRule update(Vcpu vcpu, long linear, long entry, int target) {
        long maddr = tables.walk().l1Entry(vcpu, linear);
        if (maddr == LinearWalk.NONE || !isOwnL1(vcpu, maddr >>> 12)) {
            tables.frames().tellRejected(EntryRule.NO_L1_TABLE, 1, maddr, linear, FrameTable.NONE);
            return EntryRule.NO_L1_TABLE;
        }
        return tables.updater().update(1, maddr, entry, false, target, Origin.VA_MAPPING);
    }

    private boolean isOwnL1(Vcpu vcpu, long mfn) {
        FrameTable frames = platform.frames();
        long info = frames.exists(mfn) ? frames.typeInfo(mfn) : 0;
        return TypeInfo.isTable(info)
                && TypeInfo.type(info) == TypeInfo.L1
                && frames.owner(mfn) == vcpu.domain().id();
    }

    private List<Vcpu> mask(HypercallContext context, long where, Domain domain) {
        return wideMasks
                ? VcpuMask.read(context.memory(), where, domain, Long.SIZE)
                : VcpuMask.read(context.memory(), where, domain);
    }

    /** False if the bitmap of vCPUs could not be read. */
    private boolean flush(HypercallContext context, Vcpu vcpu, long linear, long flags) {
        int type = (int) flags & TYPE_MASK;
        if (type != TLB_FLUSH && type != INVLPG) {
            return true;
        }
        long where = flags & ~(long) TYPE_MASK;
        try {
            List<Vcpu> vcpus = where == LOCAL
                    ? List.of(vcpu)
                    : where == ALL ? vcpu.domain().vcpus() : mask(context, where, vcpu.domain());
            TlbFlushes flushes = tables.flushes();
            if (badFlushKills && type == INVLPG && linear << 16 >> 16 != linear) {
                platform.crash("#GP: INVPCID of 0x" + Long.toHexString(linear));
                return true;
            }
            for (Vcpu each : vcpus) {
                if (type == TLB_FLUSH) {
                    flushes.flush(each, REASON);
                } else {
                    flushes.flushPage(each, linear, REASON);
                }
            }
            return true;
        } catch (GuestFault fault) {
            return false;
        }
    }
}
