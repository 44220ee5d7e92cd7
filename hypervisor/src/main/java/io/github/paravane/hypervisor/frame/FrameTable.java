package io.github.paravane.hypervisor.frame;

import java.util.Arrays;

/**
 * Owner, type and counts of every machine frame: 16 bytes each, in primitive arrays. The rules of taking and dropping
 * type references are in package {@code pagetable}.
 */
public final class FrameTable {

    /** Owner of a free frame. */
    public static final int FREE = -1;

    /** Owner of frames that stand for device memory: DOMID_IO. */
    public static final int IO = 0x7FF1;

    /** Owner of the hypervisor's own frames: DOMID_XEN. */
    public static final int XEN = 0x7FF2;

    /** No frame. */
    public static final long NONE = -1;

    private final short[] owner;
    private final int[] count;
    private final long[] typeInfo;
    private final short[] mark;
    private long[] owned = new long[16];
    private int nextFree;
    private long free;

    /** A table of {@code frames} free frames. */
    public FrameTable(long frames) {
        if (frames < 1 || frames > 1 << 28) {
            throw new IllegalArgumentException(
                    "number of frames out of range [1, 2^28]: 0x" + Long.toHexString(frames));
        }
        owner = new short[(int) frames];
        count = new int[(int) frames];
        typeInfo = new long[(int) frames];
        mark = new short[(int) frames];
        Arrays.fill(owner, (short) FREE);
        free = frames;
    }

    /** Number of frames. */
    public long frames() {
        return owner.length;
    }

    /** Number of free frames. */
    public long free() {
        return free;
    }

    /** Whether the machine has the frame. */
    public boolean exists(long mfn) {
        return mfn >= 0 && mfn < owner.length;
    }

    /** Owner of an existing frame: a domid, {@link #XEN} or {@link #FREE}. */
    public int owner(long mfn) {
        return owner[(int) mfn];
    }

    /** General count, including 1 for "allocated". */
    public int count(long mfn) {
        return count[(int) mfn];
    }

    /** Sets the general count. */
    public void setCount(long mfn, int value) {
        count[(int) mfn] = value;
    }

    /** Type, type count and flags, packed as {@link TypeInfo} defines. */
    public long typeInfo(long mfn) {
        return typeInfo[(int) mfn];
    }

    /** Sets the packed type word. */
    public void setTypeInfo(long mfn, long value) {
        typeInfo[(int) mfn] = value;
    }

    /**
     * A number whose meaning depends on the type: while the frame is a page table, its linear entries (positive) or uses
     * as the target of linear entries (negative); while its type count is 0, when that count became 0. 16 bits, signed.
     */
    public int mark(long mfn) {
        return mark[(int) mfn];
    }

    /** Sets the number that {@link #mark} returns, to its low 16 bits. */
    public void setMark(long mfn, int value) {
        mark[(int) mfn] = (short) value;
    }

    /** Gives a frame to another owner. */
    public void setOwner(long mfn, int domid) {
        account(owner[(int) mfn], -1);
        owner[(int) mfn] = (short) domid;
        account(domid, 1);
    }

    /** Makes a frame one of the hypervisor's own that its owner may map writable: not counted, never a table. */
    public void share(long mfn) {
        account(owner[(int) mfn], -1);
        typeInfo[(int) mfn] =
                TypeInfo.withType(typeInfo[(int) mfn] | TypeInfo.SHARED, TypeInfo.WRITABLE) + 1 | TypeInfo.VALIDATED;
    }

    /** Number of frames that an ordinary domain owns, shared ones not counted. */
    public long owned(int domid) {
        return domid >= 0 && domid < owned.length ? owned[domid] : 0;
    }

    /** Takes the lowest free frame for {@code domid} with count 1 and no type; {@link #NONE} if there is none. */
    public long allocate(int domid) {
        while (nextFree < owner.length && owner[nextFree] != FREE) {
            nextFree++;
        }
        if (nextFree == owner.length) {
            return NONE;
        }
        int mfn = nextFree++;
        claim(mfn, domid);
        return mfn;
    }

    /** Takes {@code frames} consecutive free frames aligned to {@code alignment}; the first, or {@link #NONE}. */
    public long allocateRun(int domid, int frames, int alignment) {
        for (int first = 0; first + frames <= owner.length; first += alignment) {
            if (isFree(first, frames)) {
                for (int mfn = first; mfn < first + frames; mfn++) {
                    claim(mfn, domid);
                }
                return first;
            }
        }
        return NONE;
    }

    /** Gives a frame back; its counts and type must be 0. */
    public void release(long mfn) {
        if (count[(int) mfn] != 0 || owner[(int) mfn] == FREE) {
            throw new IllegalStateException("mfn 0x" + Long.toHexString(mfn) + " is in use or free: count "
                    + count[(int) mfn] + ", owner " + owner[(int) mfn]);
        }
        if ((typeInfo[(int) mfn] & TypeInfo.SHARED) == 0) {
            account(owner[(int) mfn], -1);
        }
        owner[(int) mfn] = (short) FREE;
        typeInfo[(int) mfn] = 0;
        free++;
        nextFree = (int) Math.min(nextFree, mfn);
    }

    private void claim(int mfn, int domid) {
        owner[mfn] = (short) domid;
        count[mfn] = 1;
        typeInfo[mfn] = 0;
        free--;
        account(domid, 1);
    }

    private void account(int domid, int change) {
        if (domid >= 0 && domid < IO - 1) {
            if (domid >= owned.length) {
                owned = Arrays.copyOf(owned, Math.max(domid + 1, 2 * owned.length));
            }
            owned[domid] += change;
        }
    }

    private boolean isFree(int first, int frames) {
        for (int mfn = first; mfn < first + frames; mfn++) {
            if (owner[mfn] != FREE) {
                return false;
            }
        }
        return true;
    }
}
