package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.cpu.EmulationHooks;
import io.github.paravane.api.cpu.EmulationResult;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.memory.FrameRange;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.api.profile.PrivilegedRules;
import io.github.paravane.api.profile.PrivilegedRules.TableStoreStep;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.pagetable.PageTables;

/**
 * A store of the control domain's kernel to a device frame that nobody may write: the instruction is emulated, and what it
 * stores goes nowhere (Xen {@code mmio_ro_emulate_ops}; abi-reference 7.5).
 */
public final class ReadOnlyDeviceStore implements WriteFaultResolver {

    private static final FrameRange NO_FRAMES = new FrameRange(0, 0);

    private final PageTables tables;
    private final FrameTable frames;
    private final BounceFrames bounce;
    private final DebugStatus debugStatus;
    private final TableStoreStep step;
    private final boolean writersOnly;
    private final FrameRange devices;

    public ReadOnlyDeviceStore(PageTables tables, BounceFrames bounce) {
        this.tables = tables;
        this.bounce = bounce;
        Platform platform = tables.platform();
        AbiProfile profile = platform.profile();
        frames = platform.frames();
        debugStatus = new DebugStatus(profile);
        step = profile.get(PrivilegedRules.TABLE_STORE_STEP);
        writersOnly = profile.get(MmuRules.PTWR_WRITERS_ONLY);
        devices = profile.get(MmuRules.READ_ONLY_DEVICE_STORES)
                ? platform.options().readOnlyDevices().orElse(NO_FRAMES)
                : NO_FRAMES;
    }

    @Override
    public boolean resolve(Vcpu vcpu, Trap trap) {
        if (!vcpu.domain().isPrivileged() || devices == NO_FRAMES) {
            return false;
        }
        long mapping = tables.walk().readL1Entry(vcpu, trap.linear());
        long mfn = Pte.mfn(mapping);
        if ((mapping & (Pte.PRESENT | Pte.RW)) != Pte.PRESENT
                || !devices.contains(mfn)
                || frames.exists(mfn) && frames.owner(mfn) != FrameTable.IO) {
            return false;
        }
        boolean stepping = step != TableStoreStep.NONE && (vcpu.registers().rflags() & Flags.TF) != 0;
        EmulationResult result = vcpu.core().emulator().emulate(new StoreHooks(trap.linear()));
        if (result.kind() != EmulationResult.Kind.DONE) {
            return false;
        }
        if (stepping) {
            if (step == TableStoreStep.REPORTED) {
                debugStatus.merge(vcpu, DebugStatus.SINGLE_STEP);
            }
            bounce.exception(vcpu, Trap.DB, 0);
        }
        return true;
    }

    /** One store at the address of the fault, of aligned bytes; nothing may be read. */
    private final class StoreHooks implements EmulationHooks {

        private final long faulting;

        StoreHooks(long faulting) {
            this.faulting = faulting;
        }

        @Override
        public Reply admit(InstructionClass instruction) {
            return !writersOnly || instruction == InstructionClass.MEMORY_WRITE ? Reply.DONE : Reply.UNHANDLEABLE;
        }

        @Override
        public Reply write(long linear, int size, long value, boolean locked, Cell result) {
            boolean aligned = (linear & size - 1) == 0 && size <= Long.BYTES;
            return aligned && linear == faulting && !locked ? Reply.DONE : Reply.UNHANDLEABLE;
        }
    }
}
