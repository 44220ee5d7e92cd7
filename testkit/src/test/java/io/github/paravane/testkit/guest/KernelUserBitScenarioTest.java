package io.github.paravane.testkit.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.machine.RunResult;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.guest.KernelFunction.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Scenario S2 of the guests' reference, every cell: who sets U/S, how the entry is written, what the version stores. */
class KernelUserBitScenarioTest {

    private static final long TOUCHED = 0xFFFF_FF01_D6F0_9C00L;
    private static final long UNTOUCHED = 0xFFFF_FF01_D44D_7E80L;
    private static final long USER_AND_GLOBAL = 0x167;
    private static final long USER = 0x067;
    private static final long GUEST_KERNEL = Pte.GUEST_KERNEL | 0x067;
    private static final long NEITHER = 0x063;

    private static final List<PteWrite> WAYS = List.of(
            PteWrite.LOCKED_COMPARE_EXCHANGE,
            PteWrite.COMPARE_EXCHANGE,
            PteWrite.STORE,
            PteWrite.MMU_UPDATE,
            PteWrite.VA_MAPPING,
            PteWrite.EXCHANGE);

    /** Locked instructions reach the path that stored the entry as given. */
    private static final Set<PteWrite> LOCKED = Set.of(PteWrite.LOCKED_COMPARE_EXCHANGE, PteWrite.EXCHANGE);

    private static final List<AbiProfile> PROFILES = List.of(
            AbiProfiles.XEN_3_0_3,
            AbiProfiles.XEN_3_0_4,
            AbiProfiles.XEN_3_1_0,
            AbiProfiles.XEN_3_1_1,
            AbiProfiles.XEN_3_1_2,
            AbiProfiles.XEN_4_17);

    private static boolean isRaw(AbiProfile profile, PteWrite way) {
        return LOCKED.contains(way) && PROFILES.indexOf(profile) < PROFILES.indexOf(AbiProfiles.XEN_3_1_2);
    }

    private static SolarisLikeKernel kernel(KernelUserBit user, PteWrite way) {
        return new SolarisLikeKernel(new KernelHabits(user, false, way))
                .allocate(new KernelObject(TOUCHED, 0x400, 0, "thread structure"))
                .allocate(new KernelObject(UNTOUCHED, 40, UNTOUCHED + 0x1000, "kmem_alloc_40"))
                .calls(new KernelFunction("thread_onproc", TOUCHED, Path.RETURN_TO_USER));
    }

    private static ProcessEnd end(ModelKernel<?> kernel, String name) {
        return Objects.requireNonNull(kernel.ends().get(name), name);
    }

    private static void assertFaulted(ProcessEnd end, long address) {
        assertEquals(new ProcessEnd(List.of(), Trap.PF, 4, address, 0x1_0202), end);
    }

    private static long stored(ModelKernel<?> kernel) {
        Mapping mapping = Objects.requireNonNull(kernel.mappings().get(TOUCHED & ~0xFFFL), "mapping");
        return Pte.flags(mapping.leaf());
    }

    @TestFactory
    Stream<DynamicTest> everyCell() {
        return PROFILES.stream()
                .flatMap(profile -> WAYS.stream()
                        .flatMap(way -> Stream.of(KernelUserBit.SET, KernelUserBit.CLEAR)
                                .map(user -> DynamicTest.dynamicTest(
                                        profile + " " + user + " " + way, () -> checkCell(profile, user, way)))));
    }

    private static void checkCell(AbiProfile profile, KernelUserBit user, PteWrite way) {
        SolarisLikeKernel kernel = kernel(user, way)
                .run("touched", UserProgram.readkern(TOUCHED))
                .run("untouched", UserProgram.readkern(UNTOUCHED))
                .run("fiddle", UserProgram.writekern(TOUCHED, 0x1234))
                .run("seen", UserProgram.readkern(TOUCHED))
                .run("jump", UserProgram.jump(TOUCHED));
        RunResult result = Play.of(profile, kernel).run();
        boolean raw = isRaw(profile, way);
        if (user == KernelUserBit.CLEAR && raw) {
            assertEquals(NEITHER, stored(kernel) | Pte.ACCESSED | Pte.DIRTY);
            assertEquals(RunResult.Kind.CRASHED, result.kind());
            // The first store to the object; Xen takes U/S out of the code of a fault in guest-kernel mode.
            assertEquals("vector 14, error code 3, address " + Long.toHexString(TOUCHED), kernel.panic());
            return;
        }
        assertEquals(RunResult.Kind.SHUT_DOWN, result.kind());
        boolean leaks = user == KernelUserBit.SET && !raw;
        assertEquals(leaks ? USER_AND_GLOBAL : raw ? USER : GUEST_KERNEL, stored(kernel));
        assertFaulted(end(kernel, "untouched"), UNTOUCHED);
        if (leaks) {
            assertEquals(List.of(TOUCHED), end(kernel, "touched").reported());
            assertTrue(end(kernel, "fiddle").exited());
            assertEquals(List.of(0x1234L), end(kernel, "seen").reported());
        } else {
            assertFaulted(end(kernel, "touched"), TOUCHED);
            assertFaulted(end(kernel, "seen"), TOUCHED);
            assertEquals(6, end(kernel, "fiddle").errorCode());
        }
    }

    @Test
    void invalidationAndFullFlushEndTheLeak() {
        leakIsEndedBy((port, space) ->
                new HypervisorCalls(port, space.requestPage()).extended(HypervisorCalls.INVLPG_LOCAL, TOUCHED));
        leakIsEndedBy((port, space) -> new HypervisorCalls(port, space.requestPage())
                .extended(HypervisorCalls.NEW_BASEPTR, space.mfn(space.root())));
    }

    private static void leakIsEndedBy(BiConsumer<io.github.paravane.api.guest.KernelPort, KernelSpace> action) {
        SolarisLikeKernel kernel = kernel(KernelUserBit.SET, PteWrite.MMU_UPDATE)
                .beforeReturn(action)
                .run("touched", UserProgram.readkern(TOUCHED));
        Play.toTheEnd(AbiProfiles.XEN_4_17, kernel);
        assertFaulted(end(kernel, "touched"), TOUCHED);
    }

    @Test
    void noExecuteHoldsInALeakedPageToo() {
        SolarisLikeKernel kernel = new SolarisLikeKernel(
                        new KernelHabits(KernelUserBit.SET, false, PteWrite.MMU_UPDATE))
                .mapKernelPage(TOUCHED, PteWrite.MMU_UPDATE, Pte.NX)
                .calls(new KernelFunction("thread_onproc", TOUCHED, Path.RETURN_TO_USER))
                .run("read", UserProgram.readkern(TOUCHED))
                .run("jump", UserProgram.jump(TOUCHED));
        Play.toTheEnd(AbiProfiles.XEN_4_17, kernel);

        assertEquals(Pte.NX | USER_AND_GLOBAL, stored(kernel));
        assertTrue(end(kernel, "read").exited());
        assertEquals(Trap.PF, end(kernel, "jump").vector());
        assertEquals(TOUCHED, end(kernel, "jump").address());
    }

    @Test
    void globalThatTheGuestAsksForStaysAndKeepsPagesThroughTheToggle() {
        PteHabits habits = PteHabits.all(PteWrite.MMU_UPDATE).withGlobal();
        SolarisLikeKernel kernel = new SolarisLikeKernel(new KernelHabits(KernelUserBit.CLEAR, false, habits))
                .allocate(new KernelObject(TOUCHED, 0x400, 0, "thread structure"))
                .calls(new KernelFunction("thread_onproc", TOUCHED, Path.RETURN_TO_USER))
                .run("touched", UserProgram.readkern(TOUCHED));
        Play.toTheEnd(AbiProfiles.XEN_3_1_2, kernel);

        assertEquals(Pte.GUEST_KERNEL | USER_AND_GLOBAL, stored(kernel));
        assertEquals(List.of(TOUCHED), end(kernel, "touched").reported());
    }

    @Test
    void presetsOfTheReference() {
        assertEquals(
                List.of(TOUCHED),
                played(AbiProfiles.XEN_3_1_1, PteWrite.MMU_UPDATE).reported());
        assertFaulted(played(AbiProfiles.XEN_3_1_1, PteWrite.LOCKED_COMPARE_EXCHANGE), TOUCHED);
        assertEquals(
                List.of(TOUCHED),
                played(AbiProfiles.XEN_3_1_2, PteWrite.LOCKED_COMPARE_EXCHANGE).reported());
    }

    private static ProcessEnd played(AbiProfile profile, PteWrite way) {
        SolarisLikeKernel kernel = kernel(KernelUserBit.SET, way).run("touched", UserProgram.readkern(TOUCHED));
        Play.toTheEnd(profile, kernel);
        return end(kernel, "touched");
    }

    @TestFactory
    Stream<DynamicTest> linuxNeverLeaks() {
        return PROFILES.stream()
                .map(profile -> DynamicTest.dynamicTest(profile.name(), () -> {
                    LinuxLikeKernel kernel = new LinuxLikeKernel(KernelHabits.linux())
                            .allocate(new KernelObject(TOUCHED, 0x400, 0, "task_struct"))
                            .calls(new KernelFunction("vmlinux", "finish_task_switch", TOUCHED, Path.RETURN_TO_USER))
                            .run("touched", UserProgram.readkern(TOUCHED))
                            .run("protect", UserProgram.writeAfterProtect());
                    Play.toTheEnd(profile, kernel);
                    assertEquals(GUEST_KERNEL, stored(kernel));
                    assertFaulted(end(kernel, "touched"), TOUCHED);
                    assertEquals(7, end(kernel, "protect").errorCode());
                }));
    }

    /** LOCK AND of a present user entry: what it reads is adjusted already, so that G stays even where it stores raw. */
    @Test
    void lockedAndKeepsGlobal() {
        for (AbiProfile profile : List.of(AbiProfiles.XEN_3_1_1, AbiProfiles.XEN_4_17)) {
            long[] found = new long[2];
            Play.toTheEnd(profile, new BootScript((port, space) -> {
                long linear = UserProgram.DATA;
                long table = space.leafTable(space.root(), linear);
                space.write(table, linear, Pte.of(space.mfn(space.allocate()), USER), PteWrite.MMU_UPDATE);
                space.change(table, linear, entry -> entry & ~Pte.RW, PteWrite.LOCKED_AND);
                found[0] = Pte.flags(space.entry(table, linear));
                space.write(table, linear, 0, PteWrite.EXCHANGE);
                found[1] = space.entry(table, linear);
            }));
            assertEquals(0x165, found[0], profile.name());
            assertEquals(0, found[1], profile.name());
        }
    }
}
