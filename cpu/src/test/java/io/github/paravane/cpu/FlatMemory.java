package io.github.paravane.cpu;

import io.github.paravane.api.memory.FrameWriteListener;
import io.github.paravane.api.memory.MachineMemory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Machine memory in one array, with watches; for tests of the core alone. */
public final class FlatMemory implements MachineMemory {
    private static final VarHandle U16 = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle U32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle U64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    final byte[] bytes;
    private final boolean[] watched;
    private final List<FrameWriteListener> listeners = new ArrayList<>();

    public FlatMemory(int frames) {
        bytes = new byte[frames << FRAME_SHIFT];
        watched = new boolean[frames];
    }

    private void written(long maddr) {
        int frame = (int) (maddr >>> FRAME_SHIFT);
        if (watched[frame]) {
            watched[frame] = false;
            listeners.forEach(listener -> listener.frameWritten(frame));
        }
    }

    @Override
    public long frames() {
        return watched.length;
    }

    @Override
    public int readU8(long maddr) {
        return bytes[(int) maddr] & 0xFF;
    }

    @Override
    public int readU16(long maddr) {
        return (short) U16.get(bytes, (int) maddr) & 0xFFFF;
    }

    @Override
    public int readU32(long maddr) {
        return (int) U32.get(bytes, (int) maddr);
    }

    @Override
    public long readU64(long maddr) {
        return (long) U64.get(bytes, (int) maddr);
    }

    @Override
    public void writeU8(long maddr, int value) {
        written(maddr);
        bytes[(int) maddr] = (byte) value;
    }

    @Override
    public void writeU16(long maddr, int value) {
        written(maddr);
        U16.set(bytes, (int) maddr, (short) value);
    }

    @Override
    public void writeU32(long maddr, int value) {
        written(maddr);
        U32.set(bytes, (int) maddr, value);
    }

    @Override
    public void writeU64(long maddr, long value) {
        written(maddr);
        U64.set(bytes, (int) maddr, value);
    }

    @Override
    public boolean compareAndSetU64(long maddr, long expected, long value) {
        if (readU64(maddr) != expected) {
            return false;
        }
        writeU64(maddr, value);
        return true;
    }

    @Override
    public void read(long maddr, byte[] target, int offset, int length) {
        System.arraycopy(bytes, (int) maddr, target, offset, length);
    }

    @Override
    public void write(long maddr, byte[] source, int offset, int length) {
        for (long at = maddr & -FRAME_SIZE; at < maddr + length; at += FRAME_SIZE) {
            written(at);
        }
        System.arraycopy(source, offset, bytes, (int) maddr, length);
    }

    @Override
    public void zeroFrame(long mfn) {
        written(mfn << FRAME_SHIFT);
        Arrays.fill(bytes, (int) mfn << FRAME_SHIFT, (int) (mfn + 1) << FRAME_SHIFT, (byte) 0);
    }

    @Override
    public void watch(long mfn) {
        watched[(int) mfn] = true;
    }

    @Override
    public void addWriteListener(FrameWriteListener listener) {
        listeners.add(listener);
    }
}
