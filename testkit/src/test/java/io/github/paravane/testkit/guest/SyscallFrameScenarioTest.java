package io.github.paravane.testkit.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.api.guest.KernelEntry;
import io.github.paravane.api.guest.KernelPort;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Scenario S1 of the guests' reference: what lies in the R11 slot of a syscall frame, and who believes it. */
class SyscallFrameScenarioTest {

    private static final int CALLS = 1000;
    private static final int[] PATTERNS = {0x202, 0x203, 0x206, 0x212, 0x242, 0x282, 0xA02, 0xED7};
    private static final int USER_FLAGS = 0x2D7;

    /** What POPF could have left of an address: implemented flags without IOPL and VM. */
    private static final long IMPLEMENTED = 0x25_4FD5L & ~0x200L;

    static final List<AbiProfile> ALL = AbiProfiles.all().stream()
            .filter(profile -> profile != AbiProfiles.XEN_3_0_2)
            .toList();

    private static ProcessEnd end(ModelKernel<?> kernel, String name) {
        return Objects.requireNonNull(kernel.ends().get(name), name);
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void frameSlots(AbiProfile profile) {
        Entries kernel = new Entries();
        Play.toTheEnd(profile, kernel);

        assertEquals(
                2,
                end(kernel, "a").reported().size() + end(kernel, "b").reported().size());
        assertEquals(USER_FLAGS, kernel.frames().get(0).rflags());
        long clobber = kernel.frames().get(0).r11();
        for (SyscallFrame frame : kernel.frames()) {
            assertEquals(frame.rip(), frame.rcx());
            assertEquals(UserProgram.CODE, frame.rip() & ~0xFFFL);
            assertEquals(UserProgram.STACK + 4096, frame.rsp());
            assertEquals(0xE02B, frame.ss());
            if (profile == AbiProfiles.XEN_3_1_1) {
                assertEquals(clobber, frame.r11());
                assertTrue(Long.compareUnsigned(frame.r11(), 0xFFFF_8000_0000_0000L) >= 0);
            } else {
                assertEquals(frame.rflags(), frame.r11());
            }
        }
        // SYSRET leaves them so in every version: a kernel that uses the registers is wrong on each.
        assertEquals(kernel.handler, kernel.rcxAtEntry);
        assertEquals(kernel.rflagsAtEntry, kernel.r11AtEntry);
    }

    /** Looks at the registers at entry. */
    private static final class Entries implements ModelKernel<Entries> {

        private final SolarisLikeKernel kernel = new SolarisLikeKernel(KernelHabits.newSolaris())
                .run("a", UserProgram.flagsAcrossSyscall(USER_FLAGS))
                .run("b", UserProgram.flagsAcrossSyscall(USER_FLAGS));
        private long handler;
        private long rcxAtEntry;
        private long r11AtEntry;
        private long rflagsAtEntry;

        @Override
        public KernelModel model() {
            return kernel.model();
        }

        @Override
        public Entries self() {
            return this;
        }

        @Override
        public GuestImage image() {
            return kernel.image();
        }

        @Override
        public void boot(KernelPort port) {
            handler = port.handlerAddress(ProcessRunner.SYSCALL);
            kernel.boot(port);
        }

        @Override
        public void entered(KernelPort port, KernelEntry entry) {
            rcxAtEntry = port.registers().gpr(Registers.RCX);
            r11AtEntry = port.registers().gpr(Registers.R11);
            rflagsAtEntry = port.registers().rflags();
            kernel.entered(port, entry);
        }
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void oldSolarisLivesOnlyWhereR11IsPassedOn(AbiProfile profile) {
        SolarisLikeKernel kernel =
                new SolarisLikeKernel(KernelHabits.oldSolaris()).run("ls", UserProgram.flagsAcrossSyscall(USER_FLAGS));
        Play.toTheEnd(profile, kernel);

        ProcessEnd end = end(kernel, "ls");
        if (profile != AbiProfiles.XEN_3_1_1) {
            assertEquals(new ProcessEnd(List.of((long) USER_FLAGS), -1, 0, 0, 0), end);
            return;
        }
        long address = kernel.frames().get(0).r11();
        assertNotEquals(USER_FLAGS, end.rflags());
        assertEquals(address & IMPLEMENTED & ~0x3000 | 0x202, end.rflags() & ~0x1_0000L);
        assertTrue(List.of(Trap.DB, Trap.AC, Trap.GP, Trap.PF).contains(end.vector()), () -> "vector " + end.vector());
    }

    @Test
    void kernelsThatReadTheFrameKeepEveryFlagThroughAThousandCalls() {
        for (AbiProfile profile : List.of(AbiProfiles.XEN_3_1_1, AbiProfiles.XEN_4_17)) {
            keepsFlags(profile, new SolarisLikeKernel(KernelHabits.newSolaris()));
            keepsFlags(profile, new LinuxLikeKernel(KernelHabits.linux()));
        }
    }

    private static void keepsFlags(AbiProfile profile, ModelKernel<?> kernel) {
        for (int flags : PATTERNS) {
            kernel.run(Integer.toHexString(flags), UserProgram.flagsAcrossSyscalls(flags, CALLS));
        }
        Play.toTheEnd(profile, kernel);
        for (int flags : PATTERNS) {
            assertEquals(
                    new ProcessEnd(List.of((long) flags), -1, 0, 0, 0),
                    end(kernel, Integer.toHexString(flags)),
                    profile + " " + kernel);
        }
    }
}
