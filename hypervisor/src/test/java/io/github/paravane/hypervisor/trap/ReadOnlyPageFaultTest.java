package io.github.paravane.hypervisor.trap;

import static io.github.paravane.hypervisor.pagetable.MemoryRig.P;
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
import io.github.paravane.api.paging.PageFault;
import io.github.paravane.api.paging.PageFault.Reason;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.pagetable.MemoryRig;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ReadOnlyPageFaultTest {

    /** Slot 1 of the L1 table maps the table itself. */
    private static final long TABLE = 0x1000;

    private static final long SLOT_3 = TABLE + 24;

    private final FakeCore core = new FakeCore();
    private MemoryRig rig = new MemoryRig(AbiProfiles.XEN_4_17);
    private ReadOnlyPageFault resolver = setUp();

    private ReadOnlyPageFault use(AbiProfile profile) {
        rig = new MemoryRig(profile);
        resolver = setUp();
        return resolver;
    }

    private ReadOnlyPageFault setUp() {
        rig.poke(rig.pool[0], 1, Pte.of(rig.pool[0], P | U));
        rig.poke(rig.pool[1], 0, Pte.of(rig.pool[0], MemoryRig.TABLE));
        rig.poke(rig.pool[2], 0, Pte.of(rig.pool[1], MemoryRig.TABLE));
        assertEquals(0, rig.mmuUpdate(rig.root, 0, Pte.of(rig.pool[2], MemoryRig.TABLE)));
        rig.vcpu.setCore(core);
        ModeSwitch modeSwitch = new ModeSwitch(rig.platform);
        return new ReadOnlyPageFault(rig.tables, new BounceFrames(rig.platform, modeSwitch));
    }

    private boolean fault(long linear, Function<EmulationHooks, Reply> instruction) {
        core.instruction = hooks -> {
            Reply admitted = hooks.admit(InstructionClass.MEMORY_WRITE);
            Reply reply = admitted == Reply.DONE ? instruction.apply(hooks) : admitted;
            return reply == Reply.DONE ? EmulationResult.DONE : EmulationResult.UNHANDLEABLE;
        };
        return resolver.resolve(rig.vcpu, Trap.pageFault(new PageFault(linear, 7, Reason.NOT_WRITABLE, 1, 0, -1, 0)));
    }

    private boolean store(long linear, int size, long value) {
        return fault(linear, hooks -> hooks.write(linear, size, value, false, new Cell()));
    }

    private long slot3() {
        return rig.peek(rig.pool[0], 3);
    }

    @Test
    void aStoreIsValidatedAndAdjusted() {
        assertTrue(store(SLOT_3, 8, Pte.of(rig.pool[5], P | W)));
        assertEquals(Pte.of(rig.pool[5], P | W | U | Pte.GUEST_KERNEL), slot3());
        assertFalse(store(SLOT_3, 8, Pte.of(rig.pool[0], P | W)), "its own table, writable");
        assertEquals(Pte.of(rig.pool[5], P | W | U | Pte.GUEST_KERNEL), slot3());
        assertTrue(store(SLOT_3, 8, 0xFFF0));
        assertEquals(0xFFF0, slot3());
        assertEquals(List.of(), rig.tables.recount().differences());
    }

    @Test
    void narrowStoresChangeTheirBytes() {
        assertTrue(store(SLOT_3, 8, Pte.of(rig.pool[5], P)));
        assertTrue(store(SLOT_3 + 7, 1, 0x80));
        assertEquals(Pte.of(rig.pool[5], P | U | Pte.GUEST_KERNEL | Pte.NX), slot3());
        assertTrue(store(SLOT_3, 2, 0));
        assertFalse(Pte.isPresent(slot3()));
        assertFalse(store(SLOT_3 + 1, 2, 0), "not aligned");
    }

    @Test
    void onlyStoresIntoTheFaultingPage() {
        assertFalse(fault(SLOT_3, hooks -> hooks.write(0x9000, 8, 0, false, new Cell())));
        assertFalse(fault(0x5000, hooks -> Reply.DONE), "not mapped");
        core.instruction = hooks ->
                hooks.admit(InstructionClass.OTHER) == Reply.DONE ? EmulationResult.DONE : EmulationResult.UNHANDLEABLE;
        assertFalse(
                resolver.resolve(rig.vcpu, Trap.pageFault(new PageFault(SLOT_3, 7, Reason.NOT_WRITABLE, 1, 0, -1, 0))));
    }

    @Test
    void exchangesStoreTheAdjustedEntryFrom312On() {
        long wanted = Pte.of(rig.pool[5], P | W);
        assertTrue(exchange(0, wanted, new Cell()));
        assertEquals(wanted | U | Pte.GUEST_KERNEL, slot3());
        use(AbiProfiles.XEN_3_1_1);
        wanted = Pte.of(rig.pool[5], P | W);
        assertTrue(exchange(0, wanted, new Cell()));
        assertEquals(wanted, slot3(), "the bug: the guest's value as it is");
        assertTrue(store(SLOT_3, 8, wanted));
        assertEquals(wanted | U | Pte.GUEST_KERNEL, slot3(), "a plain store was always adjusted");
        assertEquals(List.of(), rig.tables.recount().differences());
    }

    @Test
    void aMismatchChangesNothingWhateverTheNewEntry() {
        Cell cell = new Cell();
        assertTrue(exchange(0x1234_5000, Pte.of(rig.pool[0], P | W), cell));
        assertFalse(cell.flag);
        assertEquals(0, cell.value);
        assertEquals(0, slot3());
        assertFalse(exchange(0, Pte.of(rig.pool[0], P | W), cell), "a match with an entry that is refused");
    }

    private boolean exchange(long expected, long wanted, Cell cell) {
        return fault(SLOT_3, hooks -> hooks.compareExchange(SLOT_3, 8, expected, wanted, true, cell));
    }
}
