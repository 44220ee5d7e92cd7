package io.github.paravane.hypervisor.pagetable;

import io.github.paravane.api.paging.FlushScope;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.hypervisor.descriptor.SegmentFrames;
import io.github.paravane.hypervisor.domain.CompatVcpu;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.frame.TypeInfo;

/** Installs base tables and keeps the references they hold (abi-reference 5.2, 5.3). */
public final class BaseTables {

    private final TypedFrames typed;
    private final SegmentFrames segments;
    private final TlbFlushes flushes;
    private final HypervisorTables hypervisorTables;
    private final Pins pins;
    private final boolean failureKeepsOld;
    private final boolean zeroClears;
    private final boolean sameKeepsLdt;

    BaseTables(PageTables tables, Platform platform) {
        this.typed = tables.frames();
        this.segments = tables.segments();
        this.flushes = tables.flushes();
        this.hypervisorTables = tables.hypervisorTables();
        this.pins = tables.pins();
        failureKeepsOld = platform.profile().get(MmuRules.FAILED_BASE_KEEPS_OLD);
        sameKeepsLdt = platform.profile().get(MmuRules.SAME_BASE_KEEPS_LDT);
        zeroClears = platform.profile().get(MmuRules.USER_BASE_ZERO_CLEARS);
    }

    /**
     * NEW_BASEPTR and MOV to CR3: makes an L4 table the kernel's and loads it with a full flush.
     *
     * <p>Where it is refused, the old table stays; in the versions that unloaded the old table first and failed again, the
     * domain has crashed.
     */
    public EntryRule newKernelBase(Vcpu vcpu, long mfn) {
        if (vcpu instanceof CompatVcpu compat) {
            return newCompatBase(compat, mfn);
        }
        long old = vcpu.kernelBase();
        if (mfn == old && old != 0) {
            if (!sameKeepsLdt) {
                segments.dropLdt(vcpu);
            }
            load(vcpu, mfn);
            return EntryRule.ACCEPTED;
        }
        int domid = vcpu.domain().id();
        EntryRule rule = typed.takePageAndType(mfn, domid, TypeInfo.L4);
        if (!rule.isAccepted()) {
            if (failureKeepsOld || rule == EntryRule.INTERRUPTED) {
                return rule;
            }
            dropKernelBase(vcpu);
            old = 0;
            rule = typed.takePageAndType(mfn, domid, TypeInfo.L4);
            if (!rule.isAccepted()) {
                vcpu.domain().crash("new base table 0x" + Long.toHexString(mfn) + " refused: " + rule);
                return rule;
            }
        }
        segments.dropLdt(vcpu);
        if (!vcpu.domain().assists(Domain.ASSIST_M2P_STRICT)) {
            hypervisorTables.showM2p(mfn);
        }
        vcpu.setKernelBase(mfn);
        load(vcpu, mfn);
        if (old != 0) {
            typed.putPageAndType(old);
        }
        return EntryRule.ACCEPTED;
    }

    /** The same for a 32-bit domain: its L3 table goes into the hidden table above; one that is refused leaves the old. */
    private EntryRule newCompatBase(CompatVcpu vcpu, long mfn) {
        long old = vcpu.guestRoot();
        if (mfn != old) {
            EntryRule rule = typed.takePageAndType(mfn, vcpu.domain().id(), TypeInfo.L3);
            if (!rule.isAccepted()) {
                return rule;
            }
            hypervisorTables.compat().setRoot(vcpu.hiddenRoot(), mfn);
            vcpu.setGuestRoot(mfn);
        }
        segments.dropLdt(vcpu);
        vcpu.setKernelBase(vcpu.hiddenRoot());
        load(vcpu, vcpu.hiddenRoot());
        if (mfn != old && old != 0) {
            typed.putPageAndType(old);
        }
        return EntryRule.ACCEPTED;
    }

    private void load(Vcpu vcpu, long mfn) {
        vcpu.paging().loadBase(mfn, FlushScope.ALL);
        flushes.flushedByLoad(vcpu, "new-baseptr");
    }

    /** NEW_USER_BASEPTR: sets the table for user mode; it is loaded by the next switch to that mode. */
    public EntryRule newUserBase(Vcpu vcpu, long mfn) {
        long old = vcpu.userBase();
        if (mfn == old && (mfn != 0 || zeroClears)) {
            return EntryRule.ACCEPTED;
        }
        if (mfn != 0 || !zeroClears) {
            EntryRule rule = typed.takePageAndType(mfn, vcpu.domain().id(), TypeInfo.L4);
            if (!rule.isAccepted()) {
                return rule;
            }
            if (vcpu.domain().assists(Domain.ASSIST_M2P_STRICT)) {
                hypervisorTables.hideM2p(mfn);
            }
        }
        vcpu.setUserBase(mfn);
        if (old != 0) {
            typed.putPageAndType(old);
        }
        return EntryRule.ACCEPTED;
    }

    /** Pins and loads the table of a new domain's first vCPU, as the domain builder's last step does. */
    public EntryRule installInitial(Vcpu vcpu, long mfn) {
        int root = vcpu.domain().isCompat() ? TypeInfo.L3 : TypeInfo.L4;
        EntryRule rule = pins.pin(mfn, root, vcpu.domain().id());
        return rule.isAccepted() ? newKernelBase(vcpu, mfn) : rule;
    }

    /** Takes the root tables of a vCPU that has none yet, without a look at old ones (VCPUOP_initialise); user 0 is none. */
    public EntryRule takeInitial(Vcpu vcpu, long kernelMfn, long userMfn) {
        EntryRule rule = newKernelBase(vcpu, kernelMfn);
        if (rule.isAccepted() && userMfn != 0) {
            rule = newUserBase(vcpu, userMfn);
            if (!rule.isAccepted()) {
                dropKernelBase(vcpu);
            }
        }
        return rule;
    }

    /** Drops both bases; the vCPU must not run afterwards. */
    public void dropBases(Vcpu vcpu) {
        dropKernelBase(vcpu);
        if (vcpu instanceof CompatVcpu compat) {
            hypervisorTables.compat().freeRoot(compat.hiddenRoot());
        }
        long user = vcpu.userBase();
        vcpu.setUserBase(0);
        if (user != 0) {
            typed.putPageAndType(user);
        }
    }

    private void dropKernelBase(Vcpu vcpu) {
        long old = vcpu.guestRoot();
        vcpu.setKernelBase(0);
        if (vcpu instanceof CompatVcpu compat) {
            hypervisorTables.compat().setRoot(compat.hiddenRoot(), 0);
            compat.setGuestRoot(0);
        }
        if (old != 0) {
            segments.dropLdt(vcpu);
            vcpu.paging().flush(FlushScope.ALL);
            typed.putPageAndType(old);
        }
    }
}
