package io.github.paravane.testkit.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.guest.KernelFunction.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.FieldSource;

/** Solaris of 2007 on the versions of Xen that it met: scenarios S1 to S3 of the guests' reference. */
class SolarisLikeKernelTest {

    private static final long TOUCHED = 0xFFFF_FF01_D6F0_9C00L;
    private static final long UNTOUCHED = 0xFFFF_FF01_D44D_7E80L;
    private static final int USER_FLAGS = 0xCD7;
    private static final int CALLS = 1000;

    static final List<AbiProfile> ALL = AbiProfiles.all();

    private static SolarisLikeKernel kernel(KernelUserBit user, PteWrite write) {
        return new SolarisLikeKernel(new KernelHabits(user, false, write));
    }

    private static SolarisLikeKernel withHeap(SolarisLikeKernel kernel) {
        return kernel.allocate(new KernelObject(TOUCHED, 0x400, 0, "thread structure"))
                .allocate(new KernelObject(UNTOUCHED, 40, UNTOUCHED + 0x1000, "kmem_alloc_40"))
                .calls(new KernelFunction("thread_onproc", TOUCHED, Path.RETURN_TO_USER));
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void everyVersionRunsTheKernelThatKnowsItsVersion(AbiProfile profile) {
        SolarisLikeKernel kernel = withHeap(kernel(KernelUserBit.BY_VERSION, PteWrite.LOCKED_COMPARE_EXCHANGE))
                .run("flags", UserProgram.flagsAcrossSyscall(USER_FLAGS))
                .run("touched", UserProgram.readkern(TOUCHED))
                .run("untouched", UserProgram.readkern(UNTOUCHED));
        Play.toTheEnd(profile, kernel);

        assertNull(kernel.panic());
        assertEquals(List.of(reported(USER_FLAGS)), kernel.ends().get("flags").reported());
        assertFaulted(kernel, "touched", TOUCHED);
        assertFaulted(kernel, "untouched", UNTOUCHED);
    }

    /** IF comes on with the first return; IOPL bits are no user's. */
    private static long reported(int flags) {
        return flags | 0x200;
    }

    private static void assertFaulted(SolarisLikeKernel kernel, String name, long address) {
        assertEquals(
                new ProcessEnd(List.of(), Trap.PF, 4, address, 0x1_0202),
                kernel.ends().get(name));
    }

    @Test
    void missingGlobalBitCostsAFillPerSystemCall() {
        assertEquals(CALLS, userFills(AbiProfiles.XEN_3_1_1, PteWrite.LOCKED_COMPARE_EXCHANGE), 1);
        assertEquals(1, userFills(AbiProfiles.XEN_3_1_2, PteWrite.LOCKED_COMPARE_EXCHANGE));
        assertEquals(1, userFills(AbiProfiles.XEN_4_17, PteWrite.LOCKED_COMPARE_EXCHANGE));
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"LOCKED_COMPARE_EXCHANGE", "EXCHANGE", "LOCKED_AND", "MMU_UPDATE_PRESERVE_AD"})
    void otherWaysOfWritingKeepTheGlobalBit(PteWrite how) {
        assertEquals(1, userFills(AbiProfiles.XEN_3_1_1, how));
    }

    private static long userFills(AbiProfile profile, PteWrite how) {
        SolarisLikeKernel kernel = kernel(KernelUserBit.BY_VERSION, how).run("touch", UserProgram.touchAndCall(CALLS));
        Play play = Play.toTheEnd(profile, kernel);
        assertTrue(kernel.ends().get("touch").exited());
        boolean global = (kernel.mappings().get(UserProgram.DATA).leaf() & Pte.GLOBAL) != 0;
        long fills = play.tlb().fills(UserProgram.DATA);
        assertEquals(global, fills == 1, "global " + global + ", fills " + fills);
        return fills;
    }

    @Test
    void dumpOfAMappingReadsAsMdbPrintsIt() {
        Mapping mapping = new Mapping(
                0x60_0000,
                List.of(new Mapping.Level(0, 0xF000, 0x12B067), new Mapping.Level(1, 0xE000, 0x1067)),
                3,
                0x12B);

        assertEquals(
                List.of(
                        "\tlevel=0 htable=f000 pte=12b067",
                        "\tlevel=1 htable=e000 pte=1067",
                        "Virtual address 0x600000 maps pfn 0x3 (mfn 0x12b)"),
                mapping.vatopfn().lines().toList());
    }

    @Test
    void whatisNamesObjectsAsTheBlogDoes() {
        SolarisLikeKernel kernel = kernel(KernelUserBit.SET, PteWrite.MMU_UPDATE)
                .allocate(new KernelObject(0xFFFF_FF01_D6F0_9C00L, 0x400, 0, "thread structure"))
                .allocate(new KernelObject(0xFFFF_FF01_C8C9_83E8L, 0xC0, 0xFFFF_FF01_C8EB_F8D0L, "as_cache"));

        assertEquals(
                "ffffff01d6f09c00 is ffffff01d6f09c00+0, allocated as a thread structure",
                kernel.whatis(0xFFFF_FF01_D6F0_9C00L));
        assertEquals(
                "ffffff01c8c98438 is ffffff01c8c983e8+50, bufctl ffffff01c8ebf8d0 allocated from as_cache",
                kernel.whatis(0xFFFF_FF01_C8C9_8438L));
        assertEquals("ffffff0100000000 is unknown", kernel.whatis(0xFFFF_FF01_0000_0000L));
    }
}
