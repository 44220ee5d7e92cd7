package io.github.paravane.hypervisor.trap;

import static io.github.paravane.hypervisor.pagetable.MemoryRig.P;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.TABLE;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.U;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.W;
import static io.github.paravane.hypervisor.profiles.AbiProfiles.XEN_3_0_2;
import static io.github.paravane.hypervisor.profiles.AbiProfiles.XEN_3_0_3;
import static io.github.paravane.hypervisor.profiles.AbiProfiles.XEN_3_1_1;
import static io.github.paravane.hypervisor.profiles.AbiProfiles.XEN_3_1_2;
import static io.github.paravane.hypervisor.profiles.AbiProfiles.XEN_4_1;
import static io.github.paravane.hypervisor.profiles.AbiProfiles.XEN_4_19;
import static io.github.paravane.hypervisor.profiles.AbiProfiles.XEN_4_2;
import static io.github.paravane.hypervisor.profiles.AbiProfiles.XEN_4_20;
import static io.github.paravane.hypervisor.profiles.AbiProfiles.XEN_4_8;
import static io.github.paravane.hypervisor.profiles.AbiProfiles.XEN_4_9;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

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
import io.github.paravane.api.profile.Knob;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.api.profile.PrivilegedRules;
import io.github.paravane.hypervisor.domain.Domain.Privilege;
import io.github.paravane.hypervisor.pagetable.MemoryRig;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** As {@code MemoryKnobsTest}, for the knobs that a guest notices by storing into its page tables itself. */
public class PageFaultKnobsTest {

    /** The knobs that have a row here. */
    public static final Set<Knob<?>> TESTED = Set.of(
            MmuRules.PTWR_CMPXCHG_ADJUSTS,
            MmuRules.PTWR_WRITERS_ONLY,
            MmuRules.WRITABLE_TABLES,
            PrivilegedRules.TABLE_STORE_STEP,
            MmuRules.READ_ONLY_DEVICE_STORES);

    private static final long SLOT_3 = 0x1000 + 24;

    /** One boundary. */
    private record Row(
            Knob<?> knob,
            AbiProfile before,
            AbiProfile after,
            Function<MemoryRig, Object> action,
            Object older,
            Object newer) {}

    static List<Row> rows() {
        return List.of(
                new Row(
                        MmuRules.PTWR_CMPXCHG_ADJUSTS,
                        XEN_3_1_1,
                        XEN_3_1_2,
                        PageFaultKnobsTest::exchanged,
                        P | W,
                        P | W | U | Pte.GUEST_KERNEL),
                new Row(
                        MmuRules.WRITABLE_TABLES,
                        XEN_3_0_2,
                        XEN_3_0_3,
                        PageFaultKnobsTest::hookedWhileWritten,
                        false,
                        true),
                new Row(
                        PrivilegedRules.TABLE_STORE_STEP,
                        XEN_4_8,
                        XEN_4_9,
                        PageFaultKnobsTest::step,
                        "ffff0ff0",
                        "#1 ffff0ff0"),
                new Row(
                        PrivilegedRules.TABLE_STORE_STEP,
                        XEN_4_19,
                        XEN_4_20,
                        PageFaultKnobsTest::step,
                        "#1 ffff0ff0",
                        "#1 ffff4ff0"),
                new Row(
                        MmuRules.READ_ONLY_DEVICE_STORES,
                        XEN_4_1,
                        XEN_4_2,
                        rig -> ReadOnlyDeviceStoreTest.store(rig.platform.profile(), Privilege.CONTROL),
                        false,
                        true),
                new Row(MmuRules.PTWR_WRITERS_ONLY, XEN_4_8, XEN_4_9, PageFaultKnobsTest::readsToo, true, false));
    }

    private static boolean fault(MemoryRig rig, InstructionClass kind, Function<EmulationHooks, Reply> instruction) {
        return fault(rig, kind, instruction, SLOT_3);
    }

    private static boolean fault(
            MemoryRig rig, InstructionClass kind, Function<EmulationHooks, Reply> instruction, long linear) {
        if (rig.peek(rig.root, 0) == 0) {
            rig.poke(rig.pool[0], 1, Pte.of(rig.pool[0], P | U));
            rig.poke(rig.pool[1], 0, Pte.of(rig.pool[0], TABLE));
            rig.poke(rig.pool[2], 0, Pte.of(rig.pool[1], TABLE));
            rig.mmuUpdate(rig.root, 0, Pte.of(rig.pool[2], TABLE));
            rig.vcpu.setCore(new FakeCore());
        }
        FakeCore core = (FakeCore) rig.vcpu.core();
        core.instruction = hooks -> hooks.admit(kind) == Reply.DONE && instruction.apply(hooks) == Reply.DONE
                ? EmulationResult.DONE
                : EmulationResult.UNHANDLEABLE;
        return new ReadOnlyPageFault(rig.tables, new BounceFrames(rig.platform, new ModeSwitch(rig.platform)))
                .resolve(rig.vcpu, Trap.pageFault(new PageFault(linear, 7, Reason.NOT_WRITABLE, 1, 0, -1, 0)));
    }

    /** Flags that are stored for a kernel mapping by lock cmpxchg. */
    private static Object exchanged(MemoryRig rig) {
        long wanted = Pte.of(rig.pool[5], P | W);
        fault(
                rig,
                InstructionClass.MEMORY_WRITE,
                hooks -> hooks.compareExchange(SLOT_3, 8, 0, wanted, true, new Cell()));
        return rig.peek(rig.pool[0], 3) & ~Pte.FRAME_MASK;
    }

    /** Whether the guest sees its table hooked while it stores into it for the second time. */
    private static Object hookedWhileWritten(MemoryRig rig) {
        rig.poke(rig.pool[3], 0, Pte.of(rig.pool[0], P | U));
        rig.poke(rig.pool[1], 1, Pte.of(rig.pool[3], TABLE));
        for (int time = 0; time < 2; time++) {
            fault(rig, InstructionClass.MEMORY_WRITE, hooks -> hooks.write(1 << 21, 8, 0, false, new Cell()), 1 << 21);
        }
        return Pte.isPresent(rig.peek(rig.pool[1], 0));
    }

    /** What follows an emulated store with TF set: an exception, which ends a domain without a stack, and DR6. */
    private static Object step(MemoryRig rig) {
        readsToo(rig);
        rig.vcpu.trapTable().set(Trap.DB, 0x1000, 0);
        rig.vcpu.registers().setRflags(0x302);
        fault(rig, InstructionClass.MEMORY_WRITE, hooks -> hooks.write(SLOT_3, 8, 0, false, new Cell()));
        String vector = rig.vcpu.domain().isRunning() ? "" : "#1 ";
        return vector + Long.toHexString(rig.vcpu.debugStatus());
    }

    /** Whether an instruction that does more than write memory may store into a page table. */
    private static Object readsToo(MemoryRig rig) {
        return fault(rig, InstructionClass.OTHER, hooks -> hooks.write(SLOT_3, 8, 0, false, new Cell()));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theGuestSeesTheBoundary(Row row) {
        assertNotEquals(row.before.get(row.knob), row.after.get(row.knob));
        assertEquals(row.older, row.action.apply(new MemoryRig(row.before)));
        assertEquals(row.newer, row.action.apply(new MemoryRig(row.after)));
    }
}
