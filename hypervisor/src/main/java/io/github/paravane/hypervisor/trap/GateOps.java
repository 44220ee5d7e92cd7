package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.EntryRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Vcpu;

/** INT n: few gates of the real IDT are open to a guest, so it arrives as #GP that names the vector (abi-reference 4.5). */
final class GateOps {

    /** Bit of a selector error code: it names an IDT entry. */
    static final int IDT = 1 << 1;

    /** The vector with a gate of its own. */
    static final int FAST_VECTOR = 0x80;

    private static final int VECTOR_SHIFT = 3;
    private static final int SHORT_LENGTH = 2;

    private final BounceFrames bounce;
    private final boolean fastGate;
    private final boolean decodedLength;
    private final boolean unhandledCrashes;

    GateOps(AbiProfile profile, BounceFrames bounce) {
        this.bounce = bounce;
        fastGate = profile.get(EntryRules.INT80_FAST_GATE);
        decodedLength = profile.get(EntryRules.INT_N_DECODED_LENGTH);
        unhandledCrashes = profile.has(Quirk.INT80_UNHANDLED_CRASHES);
    }

    /** Whether INT {@code vector} goes through a gate without #GP; those of INT3 and INTO always are open. */
    boolean isOpen(Vcpu vcpu, int vector) {
        return isException(vector)
                || fastGate && vector == FAST_VECTOR && vcpu.trapTable().address(vector) != 0;
    }

    /** Enters through an open gate. */
    void enter(Vcpu vcpu, int vector) {
        if (isException(vector)) {
            bounce.exception(vcpu, vector, 0);
        } else {
            bounce.fastInterrupt(vcpu, vector);
        }
    }

    private static boolean isException(int vector) {
        return vector == Trap.BP || vector == Trap.OF;
    }

    /** Enters the guest's handler if the vector's DPL admits the caller; otherwise nothing happens. */
    boolean interrupt(Vcpu vcpu, int errorCode) {
        int vector = errorCode >>> VECTOR_SHIFT & 0xFF;
        if (unhandledCrashes && vector == FAST_VECTOR && vcpu.trapTable().address(vector) == 0) {
            vcpu.domain().platform().crash("#PF in the hypervisor: INT 0x80 without a handler");
            return true;
        }
        if (vcpu.trapTable().dpl(vector) < (vcpu.kernelMode() ? 1 : 3)) {
            return false;
        }
        Registers registers = vcpu.registers();
        int length = decodedLength ? vcpu.core().emulator().instructionLength() : SHORT_LENGTH;
        registers.setRip(registers.rip() + length);
        bounce.softwareInterrupt(vcpu, vector);
        return true;
    }
}
