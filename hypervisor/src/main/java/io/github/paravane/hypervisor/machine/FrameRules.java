package io.github.paravane.hypervisor.machine;

import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.frame.TypeInfo;
import io.github.paravane.hypervisor.hypercall.service.VcpuReferences;
import io.github.paravane.hypervisor.pagetable.EntryRule;
import io.github.paravane.hypervisor.pagetable.Interruptions;
import io.github.paravane.hypervisor.pagetable.PageTables;
import io.github.paravane.hypervisor.trap.GuestFrames;

/** The rules for frames as privileged instructions and vcpu_op need them. */
final class FrameRules implements GuestFrames, VcpuReferences {

    private final PageTables tables;

    FrameRules(PageTables tables) {
        this.tables = tables;
    }

    @Override
    public boolean loadKernelBase(Vcpu vcpu, long mfn) {
        tables.batches().sync(vcpu.domain());
        return tables.bases().newKernelBase(vcpu, mfn).isAccepted();
    }

    @Override
    public boolean fill(Vcpu vcpu, long mfn, byte[] page) {
        if (!tables.frames().getPageAndType(mfn, vcpu.domain().id(), TypeInfo.WRITABLE)) {
            return false;
        }
        vcpu.domain().platform().memory().write(mfn << 12, page, 0, page.length);
        tables.frames().putPageAndType(mfn);
        return true;
    }

    @Override
    public long setGdt(Vcpu vcpu, long[] mfns, int entries) {
        return result(tables.segments().setGdt(vcpu, mfns, entries));
    }

    @Override
    public long takeBases(Vcpu vcpu, long kernelMfn, long userMfn) {
        if (tables.frames().isReleasing() && !tables.frames().continueRelease()) {
            return XenErrno.ERESTART.result();
        }
        tables.interruptions().allow(Interruptions.Command.OTHER);
        try {
            long kernel = result(tables.bases().newKernelBase(vcpu, kernelMfn));
            long user = kernel != 0 || userMfn == 0 ? 0 : result(tables.bases().newUserBase(vcpu, userMfn));
            if (user != 0 && user != XenErrno.ERESTART.result()) {
                tables.bases().dropBases(vcpu);
            }
            return kernel != 0 ? kernel : user;
        } finally {
            tables.interruptions().forbid();
        }
    }

    @Override
    public long takeWritable(Domain domain, long mfn) {
        return result(tables.memory().hold(domain, mfn, true));
    }

    @Override
    public void dropWritable(Domain domain, long mfn) {
        tables.memory().letGo(domain, mfn, true);
    }

    private long result(EntryRule rule) {
        return rule.isAccepted() ? 0 : tables.errno(rule).result();
    }
}
