package io.github.paravane.hypervisor.grant;

import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.profile.GrantRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.frame.TypeInfo;
import io.github.paravane.hypervisor.pagetable.PageTables;
import org.jspecify.annotations.Nullable;

/** GNTTABOP_copy: copies bytes between frames that the caller owns or was granted, directly or by another's grant. */
public final class GrantCopy {

    private static final int WORD = 8;

    private final PageTables tables;
    private final boolean clearsDeviceMarks;
    private final boolean rightsAtUse;
    private final boolean rangeFirst;
    private final int badPage;

    public GrantCopy(PageTables tables) {
        this.tables = tables;
        rangeFirst = tables.platform().profile().get(GrantRules.COPY_RANGE_FIRST);
        badPage = GrantStatus.badPage(tables.platform().profile());
        rightsAtUse = tables.platform().profile().get(GrantRules.COPY_RIGHTS_AT_USE);
        clearsDeviceMarks = tables.platform().profile().has(Quirk.COPY_CLEARS_DEVICE_MARKS);
    }

    /**
     * One side of a copy.
     *
     * @param domain whose frame it is; null if there is no such domain, or it grants nothing
     * @param exists whether there is such a domain
     * @param self whether the caller named itself as DOMID_SELF
     * @param frame a grant reference of that domain, or the number of a frame
     * @param isReference which of the two
     * @param offset first byte in the frame
     */
    public record Side(
            @Nullable Domain domain, boolean exists, boolean self, long frame, boolean isReference, int offset) {}

    /** A side whose frame is referenced and whose grant is in use; or why not. */
    private static final class Claim {
        private final int status;
        private final long mfn;

        /** The frame that the references are on. */
        private final long held;

        private final int start;
        private final int end;

        Claim(int status, long mfn, long held, int start, int length) {
            this.status = status;
            this.mfn = mfn;
            this.held = held;
            this.start = start;
            this.end = start + length;
        }

        static Claim failed(int status) {
            return new Claim(status, -1, -1, 0, 0);
        }

        /** Whether bytes are granted; or merely start no earlier and are no more, as old versions had it. */
        boolean holds(int offset, int length, boolean apart) {
            return offset >= start && (apart ? length <= end - start : offset + length <= end);
        }
    }

    /** Copies {@code length} bytes; a {@link GrantStatus}. */
    public int copy(Domain caller, Side source, Side target, int length) {
        if (rangeFirst && isBeyondPage(source.offset, target.offset, length)) {
            return GrantStatus.BAD_COPY;
        }
        int status = refusal(source);
        status = status == GrantStatus.OKAY ? refusal(target) : status;
        if (status != GrantStatus.OKAY) {
            return status;
        }
        Claim from = begin(caller, source, false);
        if (from.status != GrantStatus.OKAY) {
            return from.status;
        }
        Claim to = begin(caller, target, true);
        status = to.status;
        if (status == GrantStatus.OKAY) {
            status = copy(from, source.offset, to, target.offset, length);
            end(target, to.held, true);
        }
        end(source, from.held, false);
        return status;
    }

    private static boolean isBeyondPage(int fromOffset, int toOffset, int length) {
        return fromOffset + length > MachineMemory.FRAME_SIZE || toOffset + length > MachineMemory.FRAME_SIZE;
    }

    private int copy(Claim from, int fromOffset, Claim to, int toOffset, int length) {
        if (isBeyondPage(fromOffset, toOffset, length)) {
            return GrantStatus.BAD_COPY;
        }
        if (!from.holds(fromOffset, length, rangeFirst) || !to.holds(toOffset, length, rangeFirst)) {
            return GrantStatus.GENERAL_ERROR;
        }
        MachineMemory memory = tables.platform().memory();
        byte[] bytes = new byte[length];
        memory.read((from.mfn << 12) + fromOffset, bytes, 0, length);
        if (from.mfn == to.mfn && toOffset > fromOffset) {
            repeat(bytes, toOffset - fromOffset);
        }
        memory.write((to.mfn << 12) + toOffset, bytes, 0, length);
        return GrantStatus.OKAY;
    }

    /**
     * What a copy within a frame reads where it has written before, some bytes ahead: it goes upwards by words of 8 bytes,
     * then by bytes (Xen's {@code memcpy}).
     */
    private static void repeat(byte[] bytes, int ahead) {
        int words = bytes.length & -WORD;
        for (int at = 0; at < bytes.length; at += at < words ? WORD : 1) {
            int size = at < words ? WORD : 1;
            for (int i = 0; i < size; i++) {
                int read = at + i;
                // A word is read as a whole before it is written.
                if (read >= ahead && read - ahead < at) {
                    bytes[read] = bytes[read - ahead];
                }
            }
        }
    }

    /** What is wrong with a side before anything is looked up. */
    private int refusal(Side side) {
        if (!rightsAtUse && isDenied(side)) {
            return GrantStatus.PERMISSION_DENIED;
        }
        return side.exists ? GrantStatus.OKAY : GrantStatus.BAD_DOMAIN;
    }

    /** Frames by their number are for the caller itself, who must call itself DOMID_SELF. */
    private static boolean isDenied(Side side) {
        return !side.isReference && !side.self;
    }

    private GrantTable table(Side side) {
        Domain domain = side.domain;
        if (domain == null) {
            throw new IllegalStateException("a side without domain");
        }
        return tables.grants().table(domain);
    }

    private Claim begin(Domain caller, Side side, boolean write) {
        if (isDenied(side)) {
            return Claim.failed(GrantStatus.PERMISSION_DENIED);
        }
        if (!side.isReference) {
            if (!tables.frames().getPage(side.frame, caller.id())) {
                return Claim.failed(badPage);
            }
            return typed(new Claim(GrantStatus.OKAY, side.frame, side.frame, 0, MachineMemory.FRAME_SIZE), write);
        }
        if (side.domain == null) {
            return Claim.failed(GrantStatus.GENERAL_ERROR);
        }
        int reference = (int) side.frame;
        ActiveGrants active = table(side).active();
        int status = active.acquireToCopy(reference, caller.id(), write, true);
        if (status != GrantStatus.OKAY) {
            return Claim.failed(status);
        }
        ActiveGrant grant = active.get(reference);
        int owner = owner(grant);
        long held = active.checked() < 0 ? grant.mfn() : active.checked();
        Claim claim = tables.frames().getPage(held, owner)
                ? typed(new Claim(GrantStatus.OKAY, grant.mfn(), held, grant.start(), grant.length()), write)
                : Claim.failed(GrantStatus.GENERAL_ERROR);
        if (claim.status != GrantStatus.OKAY) {
            active.release(reference, write);
        }
        return claim;
    }

    /** The domain that owns the frame: a transitive grant's is the last one's. */
    private static int owner(ActiveGrant grant) {
        return grant.owner().domain().id();
    }

    private Claim typed(Claim claim, boolean write) {
        if (!write || tables.frames().getType(claim.held, TypeInfo.WRITABLE)) {
            return claim;
        }
        tables.frames().putPage(claim.held);
        return Claim.failed(GrantStatus.GENERAL_ERROR);
    }

    private void end(Side side, long mfn, boolean write) {
        if (write) {
            tables.frames().putType(mfn);
        }
        tables.frames().putPage(mfn);
        if (side.isReference) {
            table(side).active().release((int) side.frame, write);
            if (clearsDeviceMarks && !isMappedByHost(table(side), (int) side.frame)) {
                table(side).entries().unmark((int) side.frame, true, write);
            }
        }
    }

    private boolean isMappedByHost(GrantTable table, int reference) {
        return tables.platform().domains().stream()
                .anyMatch(domain -> tables.grants().mappings(domain).isMappedByHost(table, reference));
    }
}
