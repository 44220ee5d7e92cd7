package io.github.paravane.hypervisor.pagetable;

import io.github.paravane.api.memory.MachineMemory;

/** The machine-to-physical table: 8 bytes per mfn, in frames that guests see read-only (abi-reference 1.1). */
public final class M2p {

    /** Entry of a frame without a pfn. */
    public static final long INVALID = -1;

    private final MachineMemory memory;
    private final long frames;
    private final long first;
    private long shadow;

    /** A table over consecutive frames from {@code firstMfn}, all entries invalid. */
    M2p(MachineMemory memory, long firstMfn) {
        this.memory = memory;
        this.frames = memory.frames();
        this.first = firstMfn << 12;
        for (long at = 0; at < tableFrames(frames) << 12; at += 8) {
            memory.writeU64(first + at, INVALID);
        }
    }

    /** Frames that the table for a machine of {@code frames} frames takes. */
    static long tableFrames(long frames) {
        return frames + 511 >>> 9;
    }

    /** mfn of the first frame of the copy for 32-bit domains; 0 without one. */
    public long firstCompatMfn() {
        return shadow >>> 12;
    }

    /** Keeps a copy of 4 bytes per mfn at {@code maddr} from now on, for 32-bit domains. */
    void shadow(long maddr) {
        shadow = maddr;
        long end = frames + 1023 & -1024;
        for (long mfn = 0; mfn < end; mfn++) {
            memory.writeU32(maddr + 4 * mfn, mfn < frames ? (int) get(mfn) : -1);
        }
    }

    /** mfn of the table's first frame. */
    public long firstMfn() {
        return first >>> 12;
    }

    /** Whether a frame is one of the table itself. */
    boolean contains(long mfn) {
        return mfn >= firstMfn() && mfn < firstMfn() + tableFrames(frames);
    }

    /** The pfn recorded for a frame, or {@link #INVALID}. */
    public long get(long mfn) {
        return memory.readU64(first + 8 * requireFrame(mfn));
    }

    /** Records the pfn of a frame; any 64-bit value is allowed. */
    public void set(long mfn, long pfn) {
        memory.writeU64(first + 8 * requireFrame(mfn), pfn);
        if (shadow != 0) {
            memory.writeU32(shadow + 4 * mfn, (int) pfn);
        }
    }

    /** Records that a frame has no pfn. */
    public void invalidate(long mfn) {
        set(mfn, INVALID);
    }

    private long requireFrame(long mfn) {
        if (mfn < 0 || mfn >= frames) {
            throw new IllegalArgumentException("no such mfn: 0x" + Long.toHexString(mfn));
        }
        return mfn;
    }
}
