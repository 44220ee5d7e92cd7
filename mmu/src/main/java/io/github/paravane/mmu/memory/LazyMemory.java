package io.github.paravane.mmu.memory;

import io.github.paravane.api.memory.FrameWriteListener;
import io.github.paravane.api.memory.MachineMemory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Machine memory whose storage appears with the first store: an untouched frame reads as zero and costs nothing.
 *
 * <p>Storage comes in chunks of 64 KiB. There are two directories of them: the one for stores leaves out each chunk that
 * does not exist yet or holds a watched frame, so that a plain store checks for both with one look-up.
 *
 * <p>{@link #compareAndSetU64} is a comparison followed by a store: one machine runs on one thread at a time, see
 * {@link MachineMemory}.
 */
public final class LazyMemory implements MachineMemory {

    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int CHUNK_SHIFT = 16;
    private static final int CHUNK_SIZE = 1 << CHUNK_SHIFT;
    private static final int CHUNK_MASK = CHUNK_SIZE - 1;
    private static final int FRAME_MASK = FRAME_SIZE - 1;
    private static final long MAX_FRAMES = 1L << 30;

    private final long limit;
    private final byte[] @Nullable [] readable;
    private final byte[] @Nullable [] writable;

    /** One bit per frame of a chunk; non-zero exactly when {@link #writable} leaves an existing chunk out. */
    private final char[] watched;

    private FrameWriteListener[] listeners = {};

    /**
     * Memory of {@code frames} frames.
     *
     * @param frames 1 to 2<sup>30</sup> (4 TiB)
     */
    public LazyMemory(long frames) {
        if (frames < 1 || frames > MAX_FRAMES) {
            throw new IllegalArgumentException("frames out of range [1, 2^30]: 0x" + Long.toHexString(frames));
        }
        limit = frames << FRAME_SHIFT;
        int chunks = (int) (limit + CHUNK_MASK >>> CHUNK_SHIFT);
        readable = new byte[chunks][];
        writable = new byte[chunks][];
        watched = new char[chunks];
    }

    /** Memory of {@code bytes} bytes, a positive multiple of 4096. */
    public static LazyMemory ofBytes(long bytes) {
        if ((bytes & FRAME_MASK) != 0) {
            throw new IllegalArgumentException("not a whole number of frames: 0x" + Long.toHexString(bytes));
        }
        return new LazyMemory(bytes >> FRAME_SHIFT);
    }

    @Override
    public long frames() {
        return limit >>> FRAME_SHIFT;
    }

    /** Bytes of Java heap that hold guest data now. */
    public long allocatedBytes() {
        return Arrays.stream(readable).filter(Objects::nonNull).count() << CHUNK_SHIFT;
    }

    /** Whether nothing was ever stored near frame {@code mfn}, so that it is known to be zero without reading it. */
    public boolean isUntouched(long mfn) {
        return readable[chunkOfFrame(mfn)] == null;
    }

    @Override
    public int readU8(long maddr) {
        byte[] chunk = readable[chunkOf(maddr, 1)];
        return chunk == null ? 0 : chunk[(int) maddr & CHUNK_MASK] & 0xFF;
    }

    @Override
    public int readU16(long maddr) {
        byte[] chunk = readable[chunkOf(maddr, 2)];
        return chunk == null ? 0 : (short) SHORTS.get(chunk, (int) maddr & CHUNK_MASK) & 0xFFFF;
    }

    @Override
    public int readU32(long maddr) {
        byte[] chunk = readable[chunkOf(maddr, 4)];
        return chunk == null ? 0 : (int) INTS.get(chunk, (int) maddr & CHUNK_MASK);
    }

    @Override
    public long readU64(long maddr) {
        byte[] chunk = readable[chunkOf(maddr, 8)];
        return chunk == null ? 0 : (long) LONGS.get(chunk, (int) maddr & CHUNK_MASK);
    }

    @Override
    public void writeU8(long maddr, int value) {
        storage(chunkOf(maddr, 1), maddr)[(int) maddr & CHUNK_MASK] = (byte) value;
    }

    @Override
    public void writeU16(long maddr, int value) {
        SHORTS.set(storage(chunkOf(maddr, 2), maddr), (int) maddr & CHUNK_MASK, (short) value);
    }

    @Override
    public void writeU32(long maddr, int value) {
        INTS.set(storage(chunkOf(maddr, 4), maddr), (int) maddr & CHUNK_MASK, value);
    }

    @Override
    public void writeU64(long maddr, long value) {
        LONGS.set(storage(chunkOf(maddr, 8), maddr), (int) maddr & CHUNK_MASK, value);
    }

    @Override
    public boolean compareAndSetU64(long maddr, long expected, long value) {
        if ((maddr & 7) != 0) {
            throw new IllegalArgumentException(
                    "maddr of an atomic access is not aligned: 0x" + Long.toHexString(maddr));
        }
        if (readU64(maddr) != expected) {
            return false;
        }
        writeU64(maddr, value);
        return true;
    }

    @Override
    public void read(long maddr, byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        checkRange(maddr, length);
        int done = 0;
        while (done < length) {
            long at = maddr + done;
            int inChunk = (int) at & CHUNK_MASK;
            int count = Math.min(length - done, CHUNK_SIZE - inChunk);
            byte[] chunk = readable[(int) (at >>> CHUNK_SHIFT)];
            if (chunk == null) {
                Arrays.fill(target, offset + done, offset + done + count, (byte) 0);
            } else {
                System.arraycopy(chunk, inChunk, target, offset + done, count);
            }
            done += count;
        }
    }

    @Override
    public void write(long maddr, byte[] source, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, source.length);
        checkRange(maddr, length);
        int done = 0;
        while (done < length) {
            long at = maddr + done;
            int count = Math.min(length - done, FRAME_SIZE - ((int) at & FRAME_MASK));
            byte[] chunk = storage((int) (at >>> CHUNK_SHIFT), at);
            System.arraycopy(source, offset + done, chunk, (int) at & CHUNK_MASK, count);
            done += count;
        }
    }

    @Override
    public void zeroFrame(long mfn) {
        int index = chunkOfFrame(mfn);
        if (readable[index] != null || watched[index] != 0) {
            int start = (int) (mfn << FRAME_SHIFT) & CHUNK_MASK;
            Arrays.fill(storage(index, mfn << FRAME_SHIFT), start, start + FRAME_SIZE, (byte) 0);
        }
    }

    @Override
    public void watch(long mfn) {
        int index = chunkOfFrame(mfn);
        watched[index] |= frameBit(mfn);
        writable[index] = null;
    }

    @Override
    public void addWriteListener(FrameWriteListener listener) {
        FrameWriteListener[] more = Arrays.copyOf(listeners, listeners.length + 1);
        more[listeners.length] = Objects.requireNonNull(listener, "listener");
        listeners = more;
    }

    private byte[] storage(int index, long maddr) {
        byte[] chunk = writable[index];
        if (chunk != null) {
            return chunk;
        }
        long mfn = maddr >>> FRAME_SHIFT;
        chunk = readable[index];
        return chunk != null && (watched[index] & frameBit(mfn)) == 0 ? chunk : prepareStore(index, mfn);
    }

    /** Storage for a store to a chunk that does not exist yet or holds a watched frame. */
    private byte[] prepareStore(int index, long mfn) {
        byte[] chunk = readable[index];
        if (chunk == null) {
            chunk = new byte[CHUNK_SIZE];
            readable[index] = chunk;
        }
        if ((watched[index] & frameBit(mfn)) != 0) {
            watched[index] &= (char) ~frameBit(mfn);
            for (FrameWriteListener listener : listeners) {
                listener.frameWritten(mfn);
            }
        }
        if (watched[index] == 0) {
            writable[index] = chunk;
        }
        return chunk;
    }

    private static char frameBit(long mfn) {
        return (char) (1 << (mfn & (CHUNK_SIZE / FRAME_SIZE - 1)));
    }

    private int chunkOf(long maddr, int width) {
        if (Long.compareUnsigned(maddr, limit) >= 0 || ((int) maddr & FRAME_MASK) > FRAME_SIZE - width) {
            throw outOfBounds(maddr, width);
        }
        return (int) (maddr >>> CHUNK_SHIFT);
    }

    private int chunkOfFrame(long mfn) {
        if (mfn < 0 || mfn >= frames()) {
            throw new IndexOutOfBoundsException("mfn 0x" + Long.toHexString(mfn) + " is beyond memory of 0x"
                    + Long.toHexString(frames()) + " frames");
        }
        return (int) (mfn >>> CHUNK_SHIFT - FRAME_SHIFT);
    }

    private void checkRange(long maddr, int length) {
        if (maddr < 0 || maddr > limit - length) {
            throw outOfBounds(maddr, length);
        }
    }

    private IndexOutOfBoundsException outOfBounds(long maddr, int width) {
        return new IndexOutOfBoundsException("access to maddr 0x" + Long.toHexString(maddr) + " of " + width
                + " bytes crosses a frame or leaves memory of 0x" + Long.toHexString(limit) + " bytes");
    }
}
