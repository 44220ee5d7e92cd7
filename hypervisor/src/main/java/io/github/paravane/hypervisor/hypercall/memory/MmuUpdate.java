package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.GuestFault;
import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.observe.MachineEvent.Origin;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.frame.TypeInfo;
import io.github.paravane.hypervisor.pagetable.EntryRule;
import io.github.paravane.hypervisor.pagetable.Interruptions;
import io.github.paravane.hypervisor.pagetable.PageTables;
import org.jspecify.annotations.Nullable;

/** mmu_update: a batch of entry and M2P updates by machine address (abi-reference 3.1). */
final class MmuUpdate implements Hypercall {

    private static final int REQUEST_SIZE = 16;
    private static final int COMMAND_MASK = 7;
    private static final int MACHPHYS_UPDATE = 1;
    private static final int PRESERVE_AD = 2;

    private final PageTables tables;
    private final Platform platform;
    private final FrameTable frames;
    private final ForeignDomains domains;
    private final int lastCommand;
    private final XenErrno unknownCommand;
    private final boolean foreignUpperRefused;
    private final boolean flushOnUpper;
    private final boolean foreignFirst;
    private final boolean tellsDone;
    private final boolean namesTables;
    private final boolean revalidates;
    private final boolean machphysForAll;
    private final XenErrno unknownTables;
    private final Request request = new Request();
    private @Nullable Batch lastBatch;

    MmuUpdate(PageTables tables) {
        this.tables = tables;
        this.platform = tables.platform();
        this.frames = platform.frames();
        this.domains = new ForeignDomains(platform);
        AbiProfile profile = platform.profile();
        lastCommand = profile.get(MmuRules.LAST_MMU_UPDATE_COMMAND);
        unknownCommand = profile.get(MmuRules.UNKNOWN_COMMAND);
        foreignUpperRefused = profile.get(MmuRules.FOREIGN_UPPER_REFUSED);
        flushOnUpper = profile.get(MmuRules.FLUSH_ON_UPPER_UPDATE);
        tellsDone = profile.get(MmuRules.EARLY_ERROR_TELLS_DONE);
        foreignFirst = profile.get(MmuRules.FOREIGN_BEFORE_BUFFER);
        namesTables = profile.get(MmuRules.TABLE_DOMAIN);
        machphysForAll = profile.has(Quirk.MACHPHYS_IGNORES_TABLE_DOMAIN);
        revalidates = profile.get(MmuRules.FORMER_TABLES_REVALIDATED);
        unknownTables = profile.get(MmuRules.UNKNOWN_TABLE_DOMAIN);
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
        Batch batch = Batch.of(lastBatch, context, REQUEST_SIZE);
        if (batch != lastBatch) {
            lastBatch = batch;
        }
        Domain caller = platform.current().domain();
        tables.batches().sync(caller);
        int target = domains.owner(caller, batch.foreignDomain());
        if (!batch.isInGuestRange() && !(foreignFirst && target == ForeignDomains.NONE)) {
            return batch.early(XenErrno.EFAULT, tellsDone);
        }
        int tableOwner = caller.id();
        int foreignTables = namesTables ? batch.foreignDomain() >>> 16 : 0;
        if (foreignTables != 0) {
            tableOwner = foreignTables - 1;
            Domain other = platform.domain(tableOwner);
            if (!domains.exists(caller, tableOwner)) {
                return batch.early(unknownTables, tellsDone);
            }
            if (other != null && other.vcpus().isEmpty()) {
                return batch.end(0, XenErrno.EINVAL);
            }
            if (!domains.mayNameTables(caller)) {
                return batch.end(0, XenErrno.ESRCH);
            }
        }
        if (target == ForeignDomains.NONE) {
            return batch.end(0, XenErrno.ESRCH);
        }
        request.begin(caller, tableOwner, target);
        return run(batch, context.memory());
    }

    private HypercallOutcome run(Batch batch, GuestBuffer memory) {
        int done = 0;
        XenErrno error = null;
        tables.interruptions().allow(Interruptions.Command.UPDATE);
        tables.flushes().collect();
        try {
            for (int end = batch.chunk(); done < end && error == null; ) {
                if (tables.frames().isReleasing() || platform.isDueBefore(done)) {
                    break;
                }
                long at = batch.request(done);
                error = request.perform(memory.readU64(at), memory.readU64(at + 8));
                if (error == null) {
                    done++;
                }
                if (platform.deadline().isPassed()) {
                    break;
                }
            }
        } catch (GuestFault fault) {
            error = XenErrno.EFAULT;
        } finally {
            tables.interruptions().forbid();
            tables.flushes().finish();
        }
        if (request.upperChanged && flushOnUpper) {
            tables.flushes().flush(domains.require(request.tableOwner), "upper-update");
        }
        return batch.end(tables, done, error);
    }

    /** The requests of one call after the other. */
    private final class Request {

        private int caller;
        private boolean mayManageTarget;
        private boolean mayManageTables;
        private int tableOwner;
        private int target;
        private boolean upperChanged;

        void begin(Domain newCaller, int tableOwner, int target) {
            caller = newCaller.id();
            mayManageTarget = ForeignDomains.mayManage(newCaller, target);
            mayManageTables = ForeignDomains.mayManage(newCaller, tableOwner);
            upperChanged = false;
            this.tableOwner = tableOwner;
            this.target = target;
        }

        @Nullable
        XenErrno perform(long pointer, long value) {
            int command = (int) pointer & COMMAND_MASK;
            if (command > lastCommand) {
                return unknownCommand;
            }
            long maddr = pointer & ~(long) COMMAND_MASK;
            return command == MACHPHYS_UPDATE
                    ? updateM2p(maddr >>> 12, value)
                    : updateEntry(maddr, value, command == PRESERVE_AD);
        }

        private @Nullable XenErrno updateM2p(long mfn, long pfn) {
            if (tableOwner != caller && !machphysForAll || target != FrameTable.IO && !mayManageTarget) {
                tables.frames().tellRejected(EntryRule.FOREIGN_DOMAIN, XenErrno.EPERM, 0, -1, pfn, mfn);
                return XenErrno.EPERM;
            }
            if (target == FrameTable.IO || !tables.frames().getPage(mfn, target)) {
                tables.frames().tellRejected(EntryRule.TABLE_NOT_OWNED, XenErrno.EINVAL, 0, -1, pfn, mfn);
                return XenErrno.EINVAL;
            }
            tables.m2p().set(mfn, pfn);
            tables.frames().putPage(mfn);
            return null;
        }

        private @Nullable XenErrno updateEntry(long maddr, long value, boolean preserve) {
            boolean foreignPage = target != FrameTable.IO && !mayManageTarget;
            if (foreignPage || !mayManageTables) {
                tables.frames().tellRejected(EntryRule.FOREIGN_DOMAIN, XenErrno.EPERM, 0, maddr, value, maddr >>> 12);
                return XenErrno.EPERM;
            }
            long mfn = maddr >>> 12;
            if (!tables.frames().getPage(mfn, tableOwner)) {
                tables.frames().tellRejected(EntryRule.TABLE_NOT_OWNED, XenErrno.EINVAL, 0, maddr, value, mfn);
                return XenErrno.EINVAL;
            }
            XenErrno error = store(maddr, value, preserve, frames.typeInfo(mfn));
            tables.frames().putPage(mfn);
            return error;
        }

        private @Nullable XenErrno store(long maddr, long value, boolean preserve, long info) {
            if (TypeInfo.isTable(info)) {
                return storeEntry(TypeInfo.type(info), maddr, value, preserve);
            }
            long mfn = maddr >>> 12;
            int former = TypeInfo.type(info);
            if (revalidates && former >= TypeInfo.L1 && former <= TypeInfo.L4) {
                return reviveAndStore(former, maddr, value, preserve);
            }
            EntryRule rule = tables.frames().takeType(mfn, TypeInfo.WRITABLE);
            if (!rule.isAccepted()) {
                tables.frames().tellRejected(rule, XenErrno.EINVAL, 0, maddr, value, mfn);
                return XenErrno.EINVAL;
            }
            tables.updater().storeUnchecked(maddr, value);
            tables.frames().putType(mfn);
            return null;
        }

        /** Makes a former table one again for this one store, as versions did that looked at the type without its count. */
        private @Nullable XenErrno reviveAndStore(int level, long maddr, long value, boolean preserve) {
            long mfn = maddr >>> 12;
            EntryRule rule = tables.frames().takeType(mfn, level);
            if (!rule.isAccepted()) {
                tables.frames().tellRejected(rule, XenErrno.EINVAL, level, maddr, value, mfn);
                return XenErrno.EINVAL;
            }
            XenErrno error = storeEntry(level, maddr, value, preserve);
            tables.frames().putType(mfn);
            return error;
        }

        private @Nullable XenErrno storeEntry(int level, long maddr, long value, boolean preserve) {
            int owner = target;
            if (level > 1 && target != tableOwner) {
                if (foreignUpperRefused) {
                    tables.frames().tellRejected(EntryRule.FOREIGN_UPPER, level, maddr, value, Pte.mfn(value));
                    return XenErrno.EINVAL;
                }
                owner = tableOwner;
            }
            EntryRule rule = tables.updater().update(level, maddr, value, preserve, owner, Origin.MMU_UPDATE);
            upperChanged |= level > 1 && rule.isAccepted();
            return rule.isAccepted() ? null : tables.errno(rule);
        }
    }
}
