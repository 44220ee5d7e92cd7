package io.github.paravane.testkit.contract;

import io.github.paravane.api.memory.FrameWriteListener;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.mmu.memory.LazyMemory;
import java.util.ArrayList;
import java.util.List;

/** Machine memory with one thing wrong. */
final class FaultyMemory implements MachineMemory {

    /** What is wrong. */
    enum Fault {
        STARTS_WITH_GARBAGE,
        BIG_ENDIAN_WORDS,
        BYTE_STORE_WRITES_TWO,
        SIGN_EXTENDS_BYTES,
        WRAPS_AT_THE_END,
        ACCEPTS_CROSSING,
        SETS_WITHOUT_COMPARING,
        BULK_COPY_DROPS_LAST_BYTE,
        ZEROES_THE_NEXT_FRAME,
        FORGETS_BULK_WRITES,
        REPORTS_EVERY_WRITE
    }

    private final MachineMemory memory;
    private final Fault fault;
    private final List<FrameWriteListener> listeners = new ArrayList<>();

    FaultyMemory(long frames, Fault fault) {
        this.memory = new LazyMemory(frames);
        this.fault = fault;
        if (fault == Fault.STARTS_WITH_GARBAGE) {
            memory.writeU64(0x7F8, 1);
        }
    }

    private boolean is(Fault one) {
        return fault == one;
    }

    private long at(long maddr) {
        long end = frames() << FRAME_SHIFT;
        return is(Fault.WRAPS_AT_THE_END) && maddr >= end ? maddr % end : maddr;
    }

    private long aligned(long maddr, int size) {
        boolean crosses = (maddr & FRAME_SIZE - 1) > FRAME_SIZE - size;
        return is(Fault.ACCEPTS_CROSSING) && crosses ? maddr & -size : maddr;
    }

    private void told(long maddr) {
        if (is(Fault.REPORTS_EVERY_WRITE)) {
            listeners.forEach(listener -> listener.frameWritten(maddr >>> FRAME_SHIFT));
        }
    }

    @Override
    public long frames() {
        return memory.frames();
    }

    @Override
    public int readU8(long maddr) {
        int value = memory.readU8(at(maddr));
        return is(Fault.SIGN_EXTENDS_BYTES) ? (byte) value : value;
    }

    @Override
    public int readU16(long maddr) {
        int value = memory.readU16(aligned(at(maddr), 2));
        return is(Fault.BIG_ENDIAN_WORDS) ? Short.reverseBytes((short) value) & 0xFFFF : value;
    }

    @Override
    public int readU32(long maddr) {
        return memory.readU32(aligned(at(maddr), 4));
    }

    @Override
    public long readU64(long maddr) {
        return memory.readU64(aligned(at(maddr), 8));
    }

    @Override
    public void writeU8(long maddr, int value) {
        if (is(Fault.BYTE_STORE_WRITES_TWO) && (maddr & 1) == 0) {
            memory.writeU16(at(maddr), value);
        } else {
            memory.writeU8(at(maddr), value);
        }
        told(maddr);
    }

    @Override
    public void writeU16(long maddr, int value) {
        memory.writeU16(aligned(at(maddr), 2), value);
        told(maddr);
    }

    @Override
    public void writeU32(long maddr, int value) {
        memory.writeU32(aligned(at(maddr), 4), value);
        told(maddr);
    }

    @Override
    public void writeU64(long maddr, long value) {
        memory.writeU64(aligned(at(maddr), 8), value);
        told(maddr);
    }

    @Override
    public boolean compareAndSetU64(long maddr, long expected, long value) {
        if (is(Fault.SETS_WITHOUT_COMPARING)) {
            memory.writeU64(maddr, value);
            return true;
        }
        return memory.compareAndSetU64(at(maddr), expected, value);
    }

    @Override
    public void read(long maddr, byte[] target, int offset, int length) {
        memory.read(at(maddr), target, offset, length);
    }

    @Override
    public void write(long maddr, byte[] source, int offset, int length) {
        boolean shorter = is(Fault.BULK_COPY_DROPS_LAST_BYTE) && length > 8;
        if (is(Fault.FORGETS_BULK_WRITES) && length > 8) {
            for (int n = 0; n < length; n++) {
                byte[] one = {source[offset + n]};
                if (readU8(maddr + n) != (one[0] & 0xFF)) {
                    memory.write(at(maddr + n), one, 0, 1);
                }
            }
            return;
        }
        memory.write(at(maddr), source, offset, shorter ? length - 1 : length);
    }

    @Override
    public void zeroFrame(long mfn) {
        memory.zeroFrame(mfn);
        if (is(Fault.ZEROES_THE_NEXT_FRAME) && mfn + 1 < frames()) {
            memory.zeroFrame(mfn + 1);
        }
    }

    @Override
    public void watch(long mfn) {
        memory.watch(mfn);
    }

    @Override
    public void addWriteListener(FrameWriteListener listener) {
        listeners.add(listener);
        memory.addWriteListener(listener);
    }
}
