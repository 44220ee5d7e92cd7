package io.github.paravane.hypervisor.trap;

import static io.github.paravane.hypervisor.pagetable.MemoryRig.P;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.TABLE;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.U;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.W;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.cpu.EmulationHooks.Cell;
import io.github.paravane.api.cpu.EmulationHooks.InstructionClass;
import io.github.paravane.api.cpu.EmulationHooks.Reply;
import io.github.paravane.api.cpu.EmulationResult;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.PageFault;
import io.github.paravane.api.paging.PageFault.Reason;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.hypervisor.hypercall.VcpuMemory;
import io.github.paravane.hypervisor.pagetable.MemoryRig;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The L1 table of linear 0 is mapped read-only by another, at 2 MiB. */
class BatchedTablesTest {

    private static final long MAPPING = 1 << 21;

    private final MemoryRig rig = new MemoryRig(AbiProfiles.XEN_3_0_2);
    private final FakeCore core = new FakeCore();
    private final long table = rig.pool[0];
    private final long upper = rig.pool[1];
    private final ReadOnlyPageFault resolver =
            new ReadOnlyPageFault(rig.tables, new BounceFrames(rig.platform, new ModeSwitch(rig.platform)));
    private int emulated;

    @BeforeEach
    void hook() {
        rig.poke(rig.pool[3], 0, Pte.of(table, P | U));
        rig.poke(table, 5, Pte.of(rig.pool[5], P | U));
        rig.poke(upper, 0, Pte.of(table, TABLE));
        rig.poke(upper, 1, Pte.of(rig.pool[3], TABLE));
        rig.poke(rig.pool[2], 0, Pte.of(upper, TABLE));
        assertEquals(0, rig.mmuUpdate(rig.root, 0, Pte.of(rig.pool[2], TABLE)));
        rig.vcpu.setCore(core);
    }

    /** A store of {@code value} into {@code slot} that faults; it is made by emulation if a batch does not begin. */
    private void store(int slot, long value) {
        long linear = MAPPING + 8L * slot;
        core.instruction = hooks -> {
            emulated++;
            return hooks.admit(InstructionClass.MEMORY_WRITE) == Reply.DONE
                            && hooks.write(linear, 8, value, false, new Cell()) == Reply.DONE
                    ? EmulationResult.DONE
                    : EmulationResult.UNHANDLEABLE;
        };
        assertTrue(
                resolver.resolve(rig.vcpu, Trap.pageFault(new PageFault(linear, 7, Reason.NOT_WRITABLE, 1, 0, -1, 0))));
    }

    private void begin() {
        store(3, Pte.of(rig.pool[6], P | U));
        store(3, 0);
        assertEquals(1, emulated, "the first store of all is emulated, the second begins a batch");
    }

    private boolean isHooked() {
        return Pte.isPresent(rig.peek(upper, 0));
    }

    @Test
    void theTableIsUnhookedAndWritableUntilTheNextCall() {
        begin();
        assertFalse(isHooked());
        assertTrue(rig.vcpu.paging().translate(MAPPING, Access.WRITE | Access.USER) >= 0);
        assertTrue(rig.vcpu.paging().translate(0, Access.READ | Access.USER) < 0);
        rig.poke(table, 3, Pte.of(rig.pool[7], P | U | W));
        rig.poke(table, 5, 0);
        assertEquals(List.of(), rig.tables.recount().differences(), "the counts know the table of before");
        assertEquals(0, rig.typeCount(rig.pool[7]));
        assertEquals(0, rig.mmuUpdate(rig.pool[8], 0, 0));
        assertTrue(isHooked());
        assertEquals(1, rig.typeCount(rig.pool[7]));
        assertEquals(Pte.of(rig.pool[7], P | U | W), rig.peek(table, 3));
        assertTrue(rig.vcpu.paging().translate(MAPPING, Access.WRITE | Access.USER) < 0);
        assertEquals(List.of(), rig.tables.recount().differences());
        assertEquals(
                2,
                rig.events.stream()
                        .filter(each -> each instanceof MachineEvent.PageTableWrite write
                                && write.origin() == MachineEvent.Origin.BATCHED_STORE)
                        .count());
    }

    @Test
    void aWrongEntryCrashesTheDomainLate() {
        begin();
        rig.poke(table, 3, Pte.of(rig.pool[7], P | U | W));
        rig.poke(table, 4, Pte.of(upper, P | U | W));
        assertTrue(rig.domain.isRunning());
        rig.mmuUpdate(rig.pool[8], 0, 0);
        assertNotNull(rig.domain.shutdown());
        assertEquals(0, rig.peek(table, 4), "what was not validated is as before");
        assertEquals(List.of(), rig.tables.recount().differences());
        rig.tables.memory().relinquish(rig.domain);
        assertEquals(rig.freeAtStart, rig.frames.free());
    }

    @Test
    void anAccessBehindTheTableHooksItInAgain() {
        begin();
        rig.memory.writeU64(rig.pool[5] << 12, 77);
        assertEquals(77, new VcpuMemory(rig.vcpu).readU64(5 << 12), "the hypervisor's own access");
        assertTrue(isHooked());
        assertFalse(rig.tables.batches().reattach(rig.domain, 0));
    }

    @Test
    void aBatchWithoutChangesIsFollowedByOneEmulatedStore() {
        begin();
        rig.tables.batches().sync(rig.domain);
        store(3, 0);
        assertEquals(2, emulated);
        assertTrue(isHooked());
        store(3, 0);
        assertEquals(2, emulated);
        assertFalse(isHooked());
    }

    @Test
    void aTableAtTwoPlacesIsEmulated() {
        assertEquals(0, rig.mmuUpdate(upper, 2, Pte.of(table, TABLE)));
        store(3, 0);
        store(3, 0);
        assertEquals(2, emulated);
        assertTrue(isHooked());
    }

    @Test
    void aDeadDomainGivesEverythingBack() {
        begin();
        rig.poke(table, 3, Pte.of(rig.pool[7], P | U | W));
        rig.tables.memory().relinquish(rig.domain);
        assertEquals(rig.freeAtStart, rig.frames.free());
    }
}
