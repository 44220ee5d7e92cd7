package io.github.paravane.hypervisor.hypercall;

import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.GuestFault;
import io.github.paravane.api.memory.MachineMemory;
import java.util.function.LongPredicate;

/** Guest memory whose linear addresses are machine addresses, as far as there is memory: no tables, no processor. */
public final class FlatBuffer implements GuestBuffer {

    private final MachineMemory memory;
    private final LongPredicate guestRange;

    /** @param guestRange which addresses a guest may name at all */
    public FlatBuffer(MachineMemory memory, LongPredicate guestRange) {
        this.memory = memory;
        this.guestRange = guestRange;
    }

    private long at(long linear, int length) {
        if (linear < 0 || linear + length > memory.frames() << 12) {
            throw new GuestFault(linear);
        }
        return linear;
    }

    @Override
    public void read(long linear, byte[] target, int offset, int length) {
        memory.read(at(linear, length), target, offset, length);
    }

    @Override
    public void write(long linear, byte[] source, int offset, int length) {
        memory.write(at(linear, length), source, offset, length);
    }

    @Override
    public int readU8(long linear) {
        return memory.readU8(at(linear, 1));
    }

    @Override
    public int readU16(long linear) {
        return memory.readU16(at(linear, 2));
    }

    @Override
    public int readU32(long linear) {
        return memory.readU32(at(linear, 4));
    }

    @Override
    public long readU64(long linear) {
        return memory.readU64(at(linear, 8));
    }

    @Override
    public void writeU8(long linear, int value) {
        memory.writeU8(at(linear, 1), value);
    }

    @Override
    public void writeU16(long linear, int value) {
        memory.writeU16(at(linear, 2), value);
    }

    @Override
    public void writeU32(long linear, int value) {
        memory.writeU32(at(linear, 4), value);
    }

    @Override
    public void writeU64(long linear, long value) {
        memory.writeU64(at(linear, 8), value);
    }

    @Override
    public boolean inGuestRange(long linear, long count, int size) {
        return guestRange.test(linear);
    }
}
