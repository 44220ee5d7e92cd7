package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.hypervisor.descriptor.DescriptorRules;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.frame.TypeInfo;
import io.github.paravane.hypervisor.pagetable.EntryRule;
import io.github.paravane.hypervisor.pagetable.PageTables;
import io.github.paravane.hypervisor.pagetable.TypedFrames;

/** update_descriptor: one descriptor by machine address (abi-reference 3.5). */
final class UpdateDescriptor implements Hypercall {

    private final PageTables tables;
    private final FrameTable frames;
    private final DescriptorRules rules;
    private final DescriptorRules compatRules;

    UpdateDescriptor(PageTables tables) {
        this.tables = tables;
        this.frames = tables.platform().frames();
        this.rules = new DescriptorRules(tables.platform().profile());
        compatRules = DescriptorRules.compat(tables.platform().profile());
    }

    @Override
    public HypercallOutcome call(HypercallContext context) {
        long maddr = context.argument(0);
        long descriptor = context.argument(1);
        boolean compat = tables.platform().current().domain().isCompat();
        EntryRule rule = update(maddr, descriptor, compat ? compatRules : rules);
        if (rule.isAccepted()) {
            return HypercallOutcome.OK;
        }
        tables.frames().tellRejected(rule, XenErrno.EINVAL, 0, maddr, descriptor, maddr >>> 12);
        return HypercallOutcome.failed(XenErrno.EINVAL);
    }

    private EntryRule update(long maddr, long descriptor, DescriptorRules kind) {
        if ((maddr & 7) != 0 || !kind.isLegal(descriptor)) {
            return EntryRule.BAD_DESCRIPTOR;
        }
        long mfn = maddr >>> 12;
        TypedFrames typed = tables.frames();
        if (!typed.getPage(mfn, tables.platform().current().domain().id())) {
            return EntryRule.TABLE_NOT_OWNED;
        }
        int type = TypeInfo.type(frames.typeInfo(mfn));
        boolean descriptors = type == TypeInfo.SEGMENTS || type == TypeInfo.LDT_SEGMENTS;
        EntryRule rule = typed.takeType(mfn, descriptors ? type : TypeInfo.WRITABLE);
        if (rule.isAccepted()) {
            tables.updater().storeDescriptor(maddr, kind.fixUp(descriptor));
            typed.putType(mfn);
        }
        typed.putPage(mfn);
        return rule;
    }
}
