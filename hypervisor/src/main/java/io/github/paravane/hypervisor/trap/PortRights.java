package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.PageWalk;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.hypercall.HypervisorRange;

/** Which ports a guest gives itself the right to use: by virtual IOPL, or by its I/O bitmap (abi-reference 4.7). */
final class PortRights {

    /** No linear address of a bitmap. */
    static final long NO_FAULT = -1;

    private final MachineMemory memory;
    private final int spared;
    private final boolean unreadableRefuses;
    private long fault = NO_FAULT;

    PortRights(Platform platform) {
        memory = platform.memory();
        spared = platform.profile().has(Quirk.IO_BITMAP_SHORT) ? 1 : 0;
        unreadableRefuses = platform.profile().has(Quirk.IO_BITMAP_UNREADABLE_REFUSES);
    }

    /** Where the bitmap could not be read when the last access was not admitted, or {@link #NO_FAULT}. */
    long fault() {
        return fault;
    }

    /** Whether virtual IOPL admits the vCPU's present mode; a kernel counts as ring 1 unless IOPL is architectural. */
    static boolean byPrivilege(Vcpu vcpu) {
        int ring = vcpu.kernelMode() ? vcpu.domain().assists(Domain.ASSIST_ARCHITECTURAL_IOPL) ? 0 : 1 : 3;
        return ring <= vcpu.iopl();
    }

    /** Whether an access of {@code size} ports from {@code port} on is admitted. */
    boolean allow(Vcpu vcpu, int port, int size) {
        fault = NO_FAULT;
        if (byPrivilege(vcpu)) {
            return true;
        }
        if (port + size > vcpu.ioBitmapPorts() - spared) {
            return false;
        }
        long at = vcpu.ioBitmap() + (port >>> 3);
        int low = denied(vcpu, at);
        int high = low > 0xFF ? low : denied(vcpu, at + 1);
        if (high > 0xFF && !unreadableRefuses) {
            // Xen's own reckoning of the address: from the end of the access back by what was not read.
            fault = at + size - (low > 0xFF ? 2 : 1);
            return false;
        }
        int bits = low | high << 8;
        return (bits & (1 << size) - 1 << (port & 7)) == 0;
    }

    /** A byte of the bitmap through the kernel's tables, whatever the mode; over 0xFF if it cannot be read. */
    private int denied(Vcpu vcpu, long linear) {
        if (!HypervisorRange.isGuest(linear)) {
            return 0xFFFF;
        }
        PageWalk walk = vcpu.paging().walk(vcpu.kernelBase(), linear);
        boolean readable = walk.isMapped() && (vcpu.domain().isCompat() || (walk.rights() & Pte.USER) != 0);
        return readable ? memory.readU8(walk.maddr()) : 0xFFFF;
    }
}
