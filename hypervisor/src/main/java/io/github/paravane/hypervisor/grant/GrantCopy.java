package io.github.paravane.hypervisor.grant;

import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.frame.TypeInfo;
import io.github.paravane.hypervisor.pagetable.PageTables;

/** GNTTABOP_copy: copies bytes between frames that the caller owns or was granted. */
public final class GrantCopy {

    private final PageTables tables;

    public GrantCopy(PageTables tables) {
        this.tables = tables;
    }

    /**
     * One side of a copy.
     *
     * @param domain whose frame it is
     * @param frame a grant reference of that domain, or the number of a frame
     * @param isReference which of the two
     * @param offset first byte in the frame
     */
    public record Side(Domain domain, long frame, boolean isReference, int offset) {}

    /** Copies {@code length} bytes; a {@link GrantStatus}. */
    public int copy(Domain caller, Side source, Side target, int length) {
        if (source.offset + length > MachineMemory.FRAME_SIZE || target.offset + length > MachineMemory.FRAME_SIZE) {
            return GrantStatus.BAD_COPY;
        }
        long from = begin(caller, source, false);
        if (from < 0) {
            return (int) from;
        }
        long to = begin(caller, target, true);
        if (to >= 0) {
            byte[] bytes = new byte[length];
            MachineMemory memory = tables.platform().memory();
            memory.read((from << 12) + source.offset, bytes, 0, length);
            memory.write((to << 12) + target.offset, bytes, 0, length);
            end(target, to, true);
        }
        end(source, from, false);
        return to < 0 ? (int) to : GrantStatus.OKAY;
    }

    private GrantTable table(Side side) {
        return tables.grants().table(side.domain);
    }

    /** The frame, referenced and its grant marked; or a negative status. It is read once, for the copy may change it. */
    private long begin(Domain caller, Side side, boolean write) {
        if (!side.isReference) {
            if (side.domain != caller && !caller.isPrivileged()) {
                return GrantStatus.PERMISSION_DENIED;
            }
            return takeFrame(side, side.frame, write) ? side.frame : GrantStatus.GENERAL_ERROR;
        }
        int reference = (int) side.frame;
        int status = table(side).acquire(reference, caller.id(), write);
        if (status != GrantStatus.OKAY) {
            return status;
        }
        long mfn = table(side).grantedFrame(reference);
        if (takeFrame(side, mfn, write)) {
            return mfn;
        }
        table(side).release(reference, write);
        return GrantStatus.GENERAL_ERROR;
    }

    private boolean takeFrame(Side side, long mfn, boolean write) {
        int owner = side.domain.id();
        return write
                ? tables.frames().getPageAndType(mfn, owner, TypeInfo.WRITABLE)
                : tables.frames().getPage(mfn, owner);
    }

    private void end(Side side, long mfn, boolean write) {
        if (write) {
            tables.frames().putType(mfn);
        }
        tables.frames().putPage(mfn);
        if (side.isReference) {
            table(side).release((int) side.frame, write);
        }
    }
}
