package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.memory.LinearAddress;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.AddressTranslator;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.hypercall.HypervisorRange;

/** Writes 8-byte aligned slots upwards on a guest's stack, one translation per page. Allocates nothing. */
final class StackWriter {

    private static final int ACCESS = Access.WRITE | Access.USER;
    private static final int SLOT = 8;
    private static final long OFFSET = MachineMemory.FRAME_SIZE - 1;

    private final Platform platform;
    private final MachineMemory memory;
    private long linear;
    private long maddr;
    private boolean failed;

    StackWriter(Platform platform) {
        this.platform = platform;
        this.memory = platform.memory();
    }

    /** Starts at {@code bottom}, which is 8-byte aligned. */
    void begin(long bottom) {
        linear = bottom;
        maddr = AddressTranslator.FAULT;
        failed = false;
    }

    /** Writes the next slot; nothing once a slot could not be written. */
    void push(AddressTranslator tables, long value) {
        if (maddr == AddressTranslator.FAULT || (linear & OFFSET) == 0) {
            if (failed || !LinearAddress.isCanonical(linear) || HypervisorRange.contains(linear)) {
                failed = true;
                return;
            }
            maddr = tables.translate(linear, ACCESS);
            if (maddr == AddressTranslator.FAULT && repaired()) {
                maddr = tables.translate(linear, ACCESS);
            }
            if (maddr == AddressTranslator.FAULT) {
                failed = true;
                return;
            }
        }
        memory.writeU64(maddr, value);
        linear += SLOT;
        maddr += SLOT;
    }

    private boolean repaired() {
        Vcpu vcpu = platform.currentOrNull();
        return vcpu != null && platform.repairs(vcpu.domain(), linear);
    }

    /** Whether a slot could not be written. */
    boolean failed() {
        return failed;
    }

    /** Where the next slot goes, or the one that failed. */
    long position() {
        return linear;
    }
}
