package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.GuestFault;
import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.pagetable.BatchedTables;
import io.github.paravane.hypervisor.pagetable.Interruptions;
import io.github.paravane.hypervisor.pagetable.PageTables;
import org.jspecify.annotations.Nullable;

/** mmuext_op: a batch of commands, each a row of one table (abi-reference 3.3). */
final class MmuExtCall implements Hypercall {

    private static final int PIN_L1 = 0;
    private static final int PIN_L4 = 3;
    private static final int UNPIN = 4;
    private static final int NEW_BASEPTR = 5;
    private static final int TLB_FLUSH_LOCAL = 6;
    private static final int INVLPG_LOCAL = 7;
    private static final int TLB_FLUSH_MULTI = 8;
    private static final int INVLPG_MULTI = 9;
    private static final int TLB_FLUSH_ALL = 10;
    private static final int INVLPG_ALL = 11;
    private static final int FLUSH_CACHE = 12;
    private static final int SET_LDT = 13;
    private static final int NEW_USER_BASEPTR = 15;
    private static final int CLEAR_PAGE = 16;
    private static final int COPY_PAGE = 17;
    private static final int FLUSH_CACHE_GLOBAL = 18;
    private static final int MARK_SUPER = 19;
    private static final int UNMARK_SUPER = 20;

    private final PageTables tables;
    private final Platform platform;
    private final ForeignDomains domains;
    private final @Nullable MmuExtOperation[] rows;
    private final XenErrno unknownCommand;
    private final boolean foreignFirst;
    private final boolean tellsDone;
    private final BatchedTables batches;

    MmuExtCall(PageTables tables) {
        this.tables = tables;
        platform = tables.platform();
        batches = tables.batches();
        domains = new ForeignDomains(platform);
        AbiProfile profile = platform.profile();
        unknownCommand = profile.get(MmuRules.UNKNOWN_COMMAND);
        tellsDone = profile.get(MmuRules.EARLY_ERROR_TELLS_DONE);
        foreignFirst = profile.get(MmuRules.FOREIGN_BEFORE_BUFFER);
        boolean foreignRefused = profile.get(MmuRules.FOREIGN_LOCAL_REFUSED);
        MmuExtOperation[] all = new MmuExtOperation[UNMARK_SUPER + 1];
        for (int level = 1; level <= 4; level++) {
            all[PIN_L1 + level - 1] = new PinTable(tables, level);
        }
        all[UNPIN] = new UnpinTable(tables);
        all[NEW_BASEPTR] = local(new NewBasePointer(tables), foreignRefused);
        all[TLB_FLUSH_LOCAL] = local(new FlushTlb(tables, FlushTlb.Target.CALLER, false), foreignRefused);
        all[INVLPG_LOCAL] = local(new FlushTlb(tables, FlushTlb.Target.CALLER, true), foreignRefused);
        all[TLB_FLUSH_MULTI] = local(new FlushTlb(tables, FlushTlb.Target.MASK, false), foreignRefused);
        all[INVLPG_MULTI] = local(new FlushTlb(tables, FlushTlb.Target.MASK, true), foreignRefused);
        all[TLB_FLUSH_ALL] = local(new FlushTlb(tables, FlushTlb.Target.DOMAIN, false), foreignRefused);
        all[INVLPG_ALL] = local(new FlushTlb(tables, FlushTlb.Target.DOMAIN, true), foreignRefused);
        all[FLUSH_CACHE] = local(new FlushCache(profile.get(MmuRules.FLUSH_CACHE_REFUSAL)), foreignRefused);
        all[SET_LDT] = local(new SetLdt(tables), foreignRefused);
        all[NEW_USER_BASEPTR] = local(new NewUserBasePointer(tables), foreignRefused);
        boolean devices = profile.has(Quirk.DEVICE_PAGES_CLEARED);
        all[CLEAR_PAGE] = new ClearPage(tables, devices);
        all[COPY_PAGE] = new CopyPage(tables, devices);
        all[FLUSH_CACHE_GLOBAL] = local(
                new FlushCache(profile.get(MmuRules.FLUSH_CACHE_GLOBAL_REFUSAL)),
                foreignRefused ? XenErrno.EPERM : XenErrno.EINVAL);
        all[MARK_SUPER] = new MarkSuperpage(tables, true);
        all[UNMARK_SUPER] = new MarkSuperpage(tables, false);
        rows = new @Nullable MmuExtOperation[profile.get(MmuRules.LAST_MMUEXT_COMMAND) + 1];
        System.arraycopy(all, 0, rows, 0, Math.min(rows.length, all.length));
    }

    /** A command on the caller itself, which newer versions refuse together with a foreign domain. */
    private static MmuExtOperation local(MmuExtOperation operation, boolean foreignRefused) {
        return foreignRefused ? local(operation, XenErrno.EPERM) : operation;
    }

    private static MmuExtOperation local(MmuExtOperation operation, XenErrno refusal) {
        return request -> request.owner() == request.domain().id() ? operation.perform(request) : refusal;
    }

    @Override
    public HypercallOutcome call(HypercallContext context) {
        if (!Batch.mayBegin(tables)) {
            return HypercallOutcome.CONTINUED;
        }
        HypercallOutcome continued = Batch.bareContinuation(context);
        if (continued != null) {
            return continued;
        }
        Batch batch = Batch.of(null, context, MmuExtRequest.SIZE);
        Vcpu vcpu = platform.current();
        batches.sync(vcpu.domain());
        int owner = domains.owner(vcpu.domain(), batch.foreignDomain());
        if (!batch.isInGuestRange() && !(foreignFirst && owner == ForeignDomains.NONE)) {
            return batch.early(XenErrno.EFAULT, tellsDone);
        }
        if (owner == ForeignDomains.NONE) {
            return batch.early(XenErrno.ESRCH, tellsDone);
        }
        if (!domains.mayCall(vcpu.domain(), owner)) {
            return HypercallOutcome.failed(XenErrno.EPERM);
        }
        return run(batch, new MmuExtRequest(vcpu, owner, context.memory()));
    }

    private HypercallOutcome run(Batch batch, MmuExtRequest request) {
        int done = 0;
        XenErrno error = null;
        tables.flushes().collect();
        try {
            for (int end = batch.chunk(); done < end && error == null; ) {
                if (tables.frames().isReleasing() || platform.isDueBefore(done)) {
                    break;
                }
                request.read(batch.request(done));
                error = perform(request);
                if (error == null) {
                    done++;
                }
                if (!request.domain().isRunning()) {
                    return HypercallOutcome.NO_RETURN;
                }
                if (platform.deadline().isPassed()) {
                    break;
                }
            }
        } catch (GuestFault fault) {
            error = XenErrno.EFAULT;
        } finally {
            tables.flushes().finish();
        }
        return batch.end(tables, done, error == null && done == batch.count() ? request.lastError() : error);
    }

    private @Nullable XenErrno perform(MmuExtRequest request) {
        int command = request.command();
        MmuExtOperation row = command >= 0 && command < rows.length ? rows[command] : null;
        if (row == null) {
            return unknownCommand;
        }
        tables.interruptions()
                .allow(
                        command <= PIN_L4
                                ? Interruptions.Command.UPDATE
                                : command == UNPIN ? Interruptions.Command.UNPIN : Interruptions.Command.OTHER);
        try {
            return row.perform(request);
        } finally {
            tables.interruptions().forbid();
        }
    }
}
