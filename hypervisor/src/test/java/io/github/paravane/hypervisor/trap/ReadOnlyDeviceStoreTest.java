package io.github.paravane.hypervisor.trap;

import static io.github.paravane.hypervisor.pagetable.MemoryRig.P;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.TABLE;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.U;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.W;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.cpu.EmulationHooks;
import io.github.paravane.api.cpu.EmulationHooks.Cell;
import io.github.paravane.api.cpu.EmulationHooks.InstructionClass;
import io.github.paravane.api.cpu.EmulationHooks.Reply;
import io.github.paravane.api.cpu.EmulationResult;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.memory.FrameRange;
import io.github.paravane.api.paging.PageFault;
import io.github.paravane.api.paging.PageFault.Reason;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.domain.Domain.Privilege;
import io.github.paravane.hypervisor.domain.HostOptions;
import io.github.paravane.hypervisor.pagetable.MemoryRig;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Page 1 of the guest is a device that may be read only, page 2 one that may be written, page 3 memory. */
class ReadOnlyDeviceStoreTest {

    private static final long READ_ONLY = 0xA0, WRITABLE = 0xA1, PAGE = 0x1000;

    /** Whether a store to the read-only device is dealt with. */
    static boolean store(AbiProfile profile, Privilege privilege) {
        return fault(profile, privilege, PAGE, hooks -> hooks.write(PAGE, 8, 7, false, new Cell()));
    }

    private static boolean fault(
            AbiProfile profile, Privilege privilege, long linear, Function<EmulationHooks, Reply> instruction) {
        HostOptions options = HostOptions.DEFAULT.withReadOnlyDevices(new FrameRange(READ_ONLY, 1));
        MemoryRig rig = new MemoryRig(profile, options, privilege);
        rig.poke(rig.pool[1], 0, Pte.of(rig.pool[0], TABLE));
        rig.poke(rig.pool[2], 0, Pte.of(rig.pool[1], TABLE));
        assertEquals(0, rig.mmuUpdate(rig.root, 0, Pte.of(rig.pool[2], TABLE)));
        rig.mmuUpdate(rig.pool[0], 1, Pte.of(READ_ONLY, P | U | W));
        rig.mmuUpdate(rig.pool[0], 2, Pte.of(WRITABLE, P | U));
        rig.mmuUpdate(rig.pool[0], 3, Pte.of(rig.pool[5], P | U));
        FakeCore core = new FakeCore();
        rig.vcpu.setCore(core);
        core.instruction = hooks ->
                hooks.admit(InstructionClass.MEMORY_WRITE) == Reply.DONE && instruction.apply(hooks) == Reply.DONE
                        ? EmulationResult.DONE
                        : EmulationResult.UNHANDLEABLE;
        return new ReadOnlyDeviceStore(rig.tables, new BounceFrames(rig.platform, new ModeSwitch(rig.platform)))
                .resolve(rig.vcpu, Trap.pageFault(new PageFault(linear, 7, Reason.NOT_WRITABLE, 1, 0, -1, 0)));
    }

    private static boolean control(long linear, Function<EmulationHooks, Reply> instruction) {
        return fault(AbiProfiles.XEN_4_17, Privilege.CONTROL, linear, instruction);
    }

    @Test
    void aStoreOfTheControlDomainGoesNowhere() {
        assertTrue(store(AbiProfiles.XEN_4_17, Privilege.CONTROL));
        assertFalse(store(AbiProfiles.XEN_4_17, Privilege.NONE));
        assertTrue(control(PAGE + 2, hooks -> hooks.write(PAGE + 2, 2, 7, false, new Cell())));
    }

    @Test
    void nothingElseIsEmulated() {
        assertFalse(control(PAGE, hooks -> hooks.write(PAGE, 8, 7, true, new Cell())), "locked");
        assertFalse(control(PAGE, hooks -> hooks.read(PAGE, 8, new Cell())));
        assertFalse(control(PAGE, hooks -> hooks.compareExchange(PAGE, 8, 0, 1, true, new Cell())));
        assertFalse(control(PAGE + 4, hooks -> hooks.write(PAGE + 4, 8, 7, false, new Cell())), "not aligned");
        assertFalse(control(PAGE, hooks -> hooks.write(PAGE + 8, 8, 7, false, new Cell())), "not where it faulted");
    }

    @Test
    void otherPagesFault() {
        assertFalse(control(2 * PAGE, hooks -> hooks.write(2 * PAGE, 8, 7, false, new Cell())));
        assertFalse(control(3 * PAGE, hooks -> hooks.write(3 * PAGE, 8, 7, false, new Cell())));
        assertFalse(control(4 * PAGE, hooks -> hooks.write(4 * PAGE, 8, 7, false, new Cell())));
    }
}
