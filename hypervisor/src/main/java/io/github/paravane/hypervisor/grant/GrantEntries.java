package io.github.paravane.hypervisor.grant;

import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.grant.ActiveGrant.Granted;

/**
 * The entries of a grant table as its domain wrote them, in either version (Xen {@code public/grant_table.h}): version 1
 * has 8 bytes {flags 0, domid 2, frame 4}; version 2 has 16 bytes {flags 0, domid 2, then frame 8; for part of a frame
 * offset 4 and length 6; for another domain's grant its domid 4 and reference 8}, and the status in frames of its own.
 */
final class GrantEntries {

    static final int PERMIT_ACCESS = 1;
    static final int ACCEPT_TRANSFER = 2;
    static final int TRANSITIVE = 3;
    static final int TYPE_MASK = 3;

    private static final int READ_ONLY = 1 << 2;
    private static final int READING = 1 << 3;
    private static final int WRITING = 1 << 4;
    private static final int SUB_PAGE = 1 << 8;
    private static final int TRANSFER_COMMITTED = 1 << 2;
    private static final int TRANSFER_COMPLETED = 1 << 3;
    private static final int CACHING_SHIFT = 5;

    private final GrantTable table;
    private final MachineMemory memory;
    private final int refusal;

    GrantEntries(GrantTable table, MachineMemory memory) {
        this.table = table;
        this.memory = memory;
        refusal = refusal(table.domain().platform().profile());
    }

    /** The status of a grant that is not there or not for the asking domain. */
    static int refusal(AbiProfile profile) {
        return profile.has(Quirk.GRANT_REFUSAL_POSITIVE) ? -GrantStatus.GENERAL_ERROR : GrantStatus.GENERAL_ERROR;
    }

    private int flags(int reference) {
        return memory.readU16(table.entryAddress(reference));
    }

    private int domid(int reference) {
        return memory.readU16(table.entryAddress(reference) + 2);
    }

    boolean isTransitive(int reference) {
        return table.version() == 2 && (flags(reference) & TYPE_MASK) == TRANSITIVE;
    }

    int transitiveDomain(int reference) {
        return memory.readU16(table.entryAddress(reference) + 4);
    }

    int transitiveReference(int reference) {
        return memory.readU32(table.entryAddress(reference) + 8);
    }

    /** The whole frame of an entry. */
    Granted whole(int reference) {
        return new Granted(table, reference, frame(reference), 0, MachineMemory.FRAME_SIZE, false);
    }

    /** What an entry lets others copy. */
    Granted part(int reference) {
        if (table.version() == 1 || (flags(reference) & SUB_PAGE) == 0) {
            return whole(reference);
        }
        long entry = table.entryAddress(reference);
        return new Granted(
                table, reference, frame(reference), memory.readU16(entry + 4), memory.readU16(entry + 6), true);
    }

    /** The frame number in an entry. */
    long frame(int reference) {
        long entry = table.entryAddress(reference);
        return table.version() == 1 ? memory.readU32(entry + 4) & 0xFFFF_FFFFL : memory.readU64(entry + 8);
    }

    /** PAT, PCD and PWT of an entry as bits 2 to 0. */
    int caching(int reference) {
        return flags(reference) >>> CACHING_SHIFT & 7;
    }

    /**
     * Checks an entry and marks it as read or written; a {@link GrantStatus}.
     *
     * @param toMap whether it is to be mapped, not copied
     * @param inUse whether it is in use, so that its type and domain were looked at
     */
    int mark(int reference, int by, boolean write, boolean toMap, boolean inUse) {
        int flags = flags(reference);
        int kind = flags & (toMap ? TYPE_MASK | SUB_PAGE : TYPE_MASK);
        boolean right = kind == PERMIT_ACCESS || !toMap && table.version() == 2 && kind == TRANSITIVE;
        if (!inUse && (!right || domid(reference) != by) || write && (flags & READ_ONLY) != 0) {
            return refusal;
        }
        long status = table.statusAddress(reference);
        memory.writeU16(status, memory.readU16(status) | READING | (write ? WRITING : 0));
        return GrantStatus.OKAY;
    }

    /** Takes marks away; nothing of a table that went with its domain. */
    void unmark(int reference, boolean reading, boolean writing) {
        if (table.frameCount() != 0) {
            long status = table.statusAddress(reference);
            int cleared = (reading ? READING : 0) | (writing ? WRITING : 0);
            memory.writeU16(status, memory.readU16(status) & ~cleared);
        }
    }

    /** Commits an entry that waits for a frame from {@code by}; false if it does not. */
    boolean commitTransfer(int reference, int by) {
        if (Integer.compareUnsigned(reference, table.references()) >= 0
                || flags(reference) != ACCEPT_TRANSFER
                || domid(reference) != by) {
            return false;
        }
        memory.writeU16(table.entryAddress(reference), ACCEPT_TRANSFER | TRANSFER_COMMITTED);
        return true;
    }

    /** Completes a transfer: the frame number takes the place of the pfn that the entry had. */
    void completeTransfer(int reference, long mfn) {
        long entry = table.entryAddress(reference);
        if (table.version() == 1) {
            memory.writeU32(entry + 4, (int) mfn);
        } else {
            memory.writeU64(entry + 8, mfn);
        }
        memory.writeU16(entry, flags(reference) | TRANSFER_COMPLETED);
    }

    /** Exchanges two entries that are not in use. */
    void swap(int first, int second, int entrySize) {
        byte[] one = new byte[entrySize];
        byte[] other = new byte[entrySize];
        memory.read(table.entryAddress(first), one, 0, entrySize);
        memory.read(table.entryAddress(second), other, 0, entrySize);
        memory.write(table.entryAddress(first), other, 0, entrySize);
        memory.write(table.entryAddress(second), one, 0, entrySize);
        if (table.version() == 2) {
            int status = memory.readU16(table.statusAddress(first));
            memory.writeU16(table.statusAddress(first), memory.readU16(table.statusAddress(second)));
            memory.writeU16(table.statusAddress(second), status);
        }
    }

    /** An entry that version 1 and 2 can both hold: {flags with status, domid, frame}; zeroes for another. */
    long[] plain(int reference) {
        int flags = flags(reference);
        if ((flags & TYPE_MASK) != PERMIT_ACCESS) {
            return new long[3];
        }
        int status = table.version() == 2 ? memory.readU16(table.statusAddress(reference)) : 0;
        return new long[] {flags | status, domid(reference), frame(reference)};
    }

    /** Whether version 1 can hold an entry; a transitive one may not count. */
    boolean fitsVersion1(int reference, boolean transitiveCounts) {
        int type = flags(reference) & TYPE_MASK;
        return (type != TRANSITIVE || !transitiveCounts) && (type != PERMIT_ACCESS || frame(reference) >>> 32 == 0);
    }

    /** Stores what {@link #plain} read, in the present version. */
    void store(int reference, long[] plain) {
        long entry = table.entryAddress(reference);
        int marks = READING | WRITING;
        memory.writeU16(entry + 2, (int) plain[1]);
        if (table.version() == 1) {
            memory.writeU16(entry, (int) plain[0]);
            memory.writeU32(entry + 4, (int) plain[2]);
        } else {
            memory.writeU16(entry, (int) plain[0] & ~marks);
            memory.writeU64(entry + 8, plain[2]);
            memory.writeU16(table.statusAddress(reference), (int) plain[0] & marks);
        }
    }
}
