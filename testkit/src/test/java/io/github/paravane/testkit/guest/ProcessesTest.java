package io.github.paravane.testkit.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Processes, system calls and context switches of both kernels, on versions from the first that knows callback_op. */
class ProcessesTest {

    private static final List<AbiProfile> PROFILES =
            List.of(AbiProfiles.XEN_3_0_4, AbiProfiles.XEN_3_1_1, AbiProfiles.XEN_3_1_2, AbiProfiles.XEN_4_17);

    /** A check of one kernel on one version. */
    private interface Check {
        void on(AbiProfile profile, ModelKernel<?> kernel);
    }

    private static Stream<DynamicTest> everywhere(Check check) {
        return PROFILES.stream()
                .flatMap(profile -> Stream.<Supplier<ModelKernel<?>>>of(
                                () -> new SolarisLikeKernel(KernelHabits.newSolaris()),
                                () -> new LinuxLikeKernel(linux(profile)))
                        .map(kernel -> DynamicTest.dynamicTest(
                                profile + " " + kernel.get().getClass().getSimpleName(),
                                () -> check.on(profile, kernel.get()))));
    }

    /** MMU_PT_UPDATE_PRESERVE_AD is younger than the first versions. */
    private static KernelHabits linux(AbiProfile profile) {
        return profile == AbiProfiles.XEN_4_17
                ? KernelHabits.linux()
                : KernelHabits.linux().with(PteHabits.linux().with(PteOperation.UPDATE, PteWrite.MMU_UPDATE));
    }

    private static void play(AbiProfile profile, ModelKernel<?> kernel) {
        Play.toTheEnd(profile, kernel);
        assertNull(kernel.panic());
        assertEquals(List.of(), kernel.model().addressSpaces());
    }

    private static ProcessEnd end(ModelKernel<?> kernel, String name) {
        return java.util.Objects.requireNonNull(kernel.ends().get(name), name);
    }

    @TestFactory
    Stream<DynamicTest> processesHaveMemoryOfTheirOwn() {
        return everywhere((profile, kernel) -> {
            for (int n = 1; n <= 3; n++) {
                kernel.run("p" + n, UserProgram.yieldAndLook(n, 5));
            }
            play(profile, kernel);
            for (int n = 1; n <= 3; n++) {
                long number = n;
                assertEquals(
                        Stream.generate(() -> number).limit(5).toList(),
                        end(kernel, "p" + n).reported());
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> pagesAreMappedChangedAndUnmapped() {
        return everywhere((profile, kernel) -> {
            kernel.run("map", UserProgram.mapAndUnmap(0x7000_0000_0000L))
                    .run("near", UserProgram.mapAndUnmap(0x50_0000))
                    .run("protect", UserProgram.writeAfterProtect());
            play(profile, kernel);
            assertEquals(
                    new ProcessEnd(List.of(0x77L, 0x78L), Trap.PF, 4, 0x7000_0000_0000L, 0x1_0202),
                    withoutFlags(end(kernel, "map")));
            assertEquals(List.of(0x77L, 0x78L), end(kernel, "near").reported());
            assertEquals(4, end(kernel, "near").errorCode());
            assertEquals(7, end(kernel, "protect").errorCode());
            assertEquals(UserProgram.DATA, end(kernel, "protect").address());
        });
    }

    private static ProcessEnd withoutFlags(ProcessEnd end) {
        return new ProcessEnd(end.reported(), end.vector(), end.errorCode(), end.address(), 0x1_0202);
    }

    @TestFactory
    Stream<DynamicTest> forkCopiesOnWrite() {
        return everywhere((profile, kernel) -> {
            kernel.run("sh", UserProgram.forkAndLook());
            play(profile, kernel);
            assertEquals(List.of(2L), end(kernel, "sh").reported());
            assertEquals(List.of(1L, 3L), end(kernel, "sh+").reported());
        });
    }

    @TestFactory
    Stream<DynamicTest> floatingPointStateIsAskedForByDeviceNotAvailable() {
        return everywhere((profile, kernel) -> {
            kernel.run("fp", UserProgram.floatingPoint(1234));
            play(profile, kernel);
            assertEquals(List.of(1234L), end(kernel, "fp").reported());
        });
    }

    /** Two processes count without a system call in between; both get on, and neither loses a register. */
    @TestFactory
    Stream<DynamicTest> timerTakesTheProcessorFromProcesses() {
        return everywhere((profile, kernel) -> {
            List<String> order = new ArrayList<>();
            kernel.preempting()
                    .run("long", UserProgram.count(3_000_000))
                    .run("short", UserProgram.count(10))
                    .onMark(order::add);
            play(profile, kernel);
            assertEquals(List.of("long", "short", "short", "long"), order);
            assertEquals(List.of(3_000_000L), end(kernel, "long").reported());
            assertTrue(kernel.model().ticks() > 0);
        });
    }

    @TestFactory
    Stream<DynamicTest> memoryComesBackFromDeadProcesses() {
        return everywhere((profile, kernel) -> {
            for (int n = 0; n < 150; n++) {
                kernel.run("p" + n, UserProgram.touchAndCall(1));
            }
            play(profile, kernel);
            assertEquals(150, kernel.ends().size());
            assertTrue(kernel.ends().values().stream().allMatch(ProcessEnd::exited));
        });
    }

    @TestFactory
    Stream<DynamicTest> readkernPrintsOnlyWhatCanBeRead() {
        return everywhere((profile, kernel) -> {
            kernel.run("own", UserProgram.readkernPrinting("600010"))
                    .run("kernel", UserProgram.readkernPrinting("ffffff01d6f09c00"))
                    .run("scan", UserProgram.readkernScan(0x5F_F000, 0x60_2000, 0x1000));
            play(profile, kernel);
            assertEquals(new ProcessEnd(List.of(), -1, 0, 0, 0, "600010\n", 0), end(kernel, "own"));
            assertEquals(
                    new ProcessEnd(List.of(), Trap.PF, 4, 0xFFFF_FF01_D6F0_9C00L, 0x1_0202),
                    withoutFlags(end(kernel, "kernel")));
            assertEquals(List.of(0x60_0000L), end(kernel, "scan").reported());
        });
    }

    @TestFactory
    Stream<DynamicTest> dataIsNotExecuted() {
        return everywhere((profile, kernel) -> {
            kernel.run("jump", UserProgram.jump(UserProgram.DATA));
            play(profile, kernel);
            assertEquals(0x15, end(kernel, "jump").errorCode());
            assertEquals(UserProgram.DATA, end(kernel, "jump").address());
        });
    }

    @Test
    void programsAndArgumentsThatCannotBeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> UserProgram.readkernPrinting("0x12"));
        assertThrows(IllegalArgumentException.class, () -> UserProgram.readkernPrinting(""));
        assertThrows(
                IllegalArgumentException.class,
                () -> new LinuxLikeKernel(KernelHabits.linux().with(KernelUserBit.BY_VERSION)));
    }
}
