package io.github.paravane.hypervisor.hypercall;

import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.GuestFault;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.AddressTranslator;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Vcpu;

/**
 * Guest memory through the tables that a vCPU has loaded, with the rights of CPL 3. A hypercall is made in guest-kernel
 * mode, so these are its kernel tables. Allocates nothing unless an access faults.
 */
public class VcpuMemory implements GuestBuffer {

    private static final int READ = Access.READ | Access.USER;
    private static final int WRITE = Access.WRITE | Access.USER;
    private static final int OFFSET = MachineMemory.FRAME_SIZE - 1;

    private final AddressTranslator paging;
    private final MachineMemory memory;
    private final Domain domain;

    public VcpuMemory(Vcpu vcpu) {
        paging = vcpu.guestMemory();
        domain = vcpu.domain();
        memory = vcpu.domain().platform().memory();
    }

    @Override
    public void read(long linear, byte[] target, int offset, int length) {
        for (int done = 0; done < length; ) {
            long from = linear + done;
            int part = Math.min(length - done, MachineMemory.FRAME_SIZE - ((int) from & OFFSET));
            memory.read(maddr(from, READ), target, offset + done, part);
            done += part;
        }
    }

    @Override
    public void write(long linear, byte[] source, int offset, int length) {
        for (int done = 0; done < length; ) {
            long to = linear + done;
            int part = Math.min(length - done, MachineMemory.FRAME_SIZE - ((int) to & OFFSET));
            memory.write(maddr(to, WRITE), source, offset + done, part);
            done += part;
        }
    }

    @Override
    public int readU8(long linear) {
        return memory.readU8(maddr(linear, READ));
    }

    @Override
    public int readU16(long linear) {
        return crosses(linear, 2) ? (int) readBytes(linear, 2) : memory.readU16(maddr(linear, READ));
    }

    @Override
    public int readU32(long linear) {
        return crosses(linear, 4) ? (int) readBytes(linear, 4) : memory.readU32(maddr(linear, READ));
    }

    @Override
    public long readU64(long linear) {
        return crosses(linear, 8) ? readBytes(linear, 8) : memory.readU64(maddr(linear, READ));
    }

    @Override
    public void writeU8(long linear, int value) {
        memory.writeU8(maddr(linear, WRITE), value);
    }

    @Override
    public void writeU16(long linear, int value) {
        if (crosses(linear, 2)) {
            writeBytes(linear, value, 2);
        } else {
            memory.writeU16(maddr(linear, WRITE), value);
        }
    }

    @Override
    public void writeU32(long linear, int value) {
        if (crosses(linear, 4)) {
            writeBytes(linear, value, 4);
        } else {
            memory.writeU32(maddr(linear, WRITE), value);
        }
    }

    @Override
    public void writeU64(long linear, long value) {
        if (crosses(linear, 8)) {
            writeBytes(linear, value, 8);
        } else {
            memory.writeU64(maddr(linear, WRITE), value);
        }
    }

    @Override
    public boolean inGuestRange(long linear, long count, int size) {
        // Xen checks the first address only: the range itself, or the hole below it, stops an array that runs into it.
        return count >= 0 && count < Long.MAX_VALUE / size && HypervisorRange.isGuest(linear);
    }

    private long maddr(long linear, int access) {
        if (HypervisorRange.isGuest(linear)) {
            long maddr = paging.translate(linear, access);
            if (maddr == AddressTranslator.FAULT && domain.platform().repairs(domain, linear)) {
                maddr = paging.translate(linear, access);
            }
            if (maddr != AddressTranslator.FAULT) {
                return maddr;
            }
        }
        throw new GuestFault(linear);
    }

    private static boolean crosses(long linear, int size) {
        return ((int) linear & OFFSET) > MachineMemory.FRAME_SIZE - size;
    }

    private long readBytes(long linear, int size) {
        long value = 0;
        for (int i = size - 1; i >= 0; i--) {
            value = value << 8 | readU8(linear + i);
        }
        return value;
    }

    private void writeBytes(long linear, long value, int size) {
        for (int i = 0; i < size; i++) {
            writeU8(linear + i, (int) (value >>> 8 * i));
        }
    }
}
