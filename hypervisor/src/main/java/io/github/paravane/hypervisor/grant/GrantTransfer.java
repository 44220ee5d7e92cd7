package io.github.paravane.hypervisor.grant;

import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.frame.TypeInfo;
import io.github.paravane.hypervisor.pagetable.PageTables;
import org.jspecify.annotations.Nullable;

/** GNTTABOP_transfer: gives frames that nothing refers to away for ever, where an entry of the receiver waits for one. */
public final class GrantTransfer {

    private final PageTables tables;
    private final boolean flushes;
    private final boolean keepsType;

    public GrantTransfer(PageTables tables) {
        this.tables = tables;
        keepsType = tables.platform().profile().has(Quirk.STOLEN_FRAME_KEEPS_TYPE);
        flushes = !tables.platform().profile().has(Quirk.TRANSFER_WITHOUT_FLUSH);
    }

    /**
     * Gives {@code mfn} to {@code receiver}; a {@link GrantStatus}. A frame that could be taken from the giver but is
     * refused then is free.
     */
    public int transfer(Domain giver, long mfn, @Nullable Domain receiver, int reference) {
        FrameTable frames = tables.platform().frames();
        if (!tables.memory().isUnused(giver, mfn)) {
            return GrantStatus.BAD_PAGE;
        }
        int status = refusal(giver, receiver, reference, mfn);
        if (receiver == null || status != GrantStatus.OKAY) {
            tables.memory().release(giver, mfn);
            flush(giver);
            return status;
        }
        if (!keepsType) {
            frames.setTypeInfo(mfn, TypeInfo.NONE);
        }
        frames.setOwner(mfn, receiver.id());
        GrantEntries entries = tables.grants().table(receiver).entries();
        tables.m2p().set(mfn, entries.frame(reference));
        entries.completeTransfer(reference, mfn);
        flush(giver);
        return GrantStatus.OKAY;
    }

    /** The giver may have translations to the frame still. */
    private void flush(Domain giver) {
        if (flushes) {
            tables.flushes().flush(giver, "grant-transfer");
        }
    }

    private int refusal(Domain giver, @Nullable Domain receiver, int reference, long mfn) {
        if (receiver == null) {
            return GrantStatus.BAD_DOMAIN;
        }
        GrantTable table = tables.grants().table(receiver);
        if (table.version() == 1 && mfn >>> 32 != 0) {
            return GrantStatus.ADDRESS_TOO_BIG;
        }
        boolean hasRoom = tables.platform().frames().owned(receiver.id()) < receiver.maxPages();
        return receiver.isRunning() && hasRoom && table.entries().commitTransfer(reference, giver.id())
                ? GrantStatus.OKAY
                : GrantStatus.GENERAL_ERROR;
    }
}
