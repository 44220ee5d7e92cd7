package io.github.paravane.testkit.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.paravane.api.guest.KernelPort;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.machine.RunResult;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Which TLB entries a guest's commands drop: scenario S6 of the guests' reference. */
class FlushesTest {

    /** Pages that share no slot of a direct-mapped TLB with those that the script itself needs. */
    private static final long GLOBAL_PAGE = 0xFFFF_FF01_0013_3000L;

    private static final long PRIVATE_PAGE = 0xFFFF_FF01_0015_5000L;
    private static final int UPDATE_VA_MAPPING = 14;
    private static final int MMUEXT_OP = 26;
    private static final long SELF = 0x7FF0;

    static final List<AbiProfile> PROFILES =
            List.of(AbiProfiles.XEN_3_0_3, AbiProfiles.XEN_3_1_1, AbiProfiles.XEN_3_1_2, AbiProfiles.XEN_4_17);

    /** The root, for commands that name a frame. */
    private static final long ROOT = -1;

    @ParameterizedTest
    @FieldSource("PROFILES")
    void commandsDropWhatTheirNamesSay(AbiProfile profile) {
        assertEquals("", left(profile, 5, ROOT), "NEW_BASEPTR");
        assertEquals("GP", left(profile, 15, ROOT), "NEW_USER_BASEPTR");
        assertEquals("", left(profile, 6, 0), "TLB_FLUSH_LOCAL");
        assertEquals("P", left(profile, 7, GLOBAL_PAGE), "INVLPG_LOCAL");
        assertEquals("G", left(profile, 7, PRIVATE_PAGE), "INVLPG_LOCAL");
        assertEquals("", left(profile, 10, 0), "TLB_FLUSH_ALL");
        assertEquals("P", left(profile, 11, GLOBAL_PAGE), "INVLPG_ALL");
    }

    @ParameterizedTest
    @FieldSource("PROFILES")
    void vaMappingDropsWhatItsFlagsSay(AbiProfile profile) {
        assertEquals("GP", leftByVaMapping(profile, 0));
        assertEquals("", leftByVaMapping(profile, 1));
        assertEquals("P", leftByVaMapping(profile, 2));
    }

    /** The switch to user mode and back: a plain CR3 load each way. */
    @ParameterizedTest
    @FieldSource("PROFILES")
    void modeToggleKeepsGlobalEntriesOnly(AbiProfile profile) {
        List<String> found = new ArrayList<>();
        AtomicReference<Play> play = new AtomicReference<>();
        SolarisLikeKernel kernel = new SolarisLikeKernel(
                        new KernelHabits(KernelUserBit.CLEAR, false, PteWrite.MMU_UPDATE))
                .mapKernelPage(GLOBAL_PAGE, PteWrite.MMU_UPDATE, Pte.USER)
                .mapKernelPage(PRIVATE_PAGE)
                .calls(new KernelFunction("touch", GLOBAL_PAGE, KernelFunction.Path.RETURN_TO_USER))
                .calls(new KernelFunction("touch", PRIVATE_PAGE, KernelFunction.Path.RETURN_TO_USER))
                .calls(new KernelFunction("look", GLOBAL_PAGE, KernelFunction.Path.SYSCALL))
                .beforeReturn((port, space) -> found.add(cached(play.get())))
                .onEntry(function -> {
                    if (function.name().equals("look")) {
                        found.add(cached(play.get()));
                    }
                })
                .run("call", UserProgram.touchAndCall(1));
        play.set(Play.of(profile, kernel));
        assertEquals(RunResult.Kind.SHUT_DOWN, play.get().run().kind());
        assertEquals(List.of("GP", "G", "G"), found);
    }

    private static String left(AbiProfile profile, int command, long argument) {
        return leftBy(profile, (port, space) -> {
            long request = space.requestPage();
            port.store(request, 8, command);
            port.store(request + 8, 8, argument == ROOT ? space.mfn(space.root()) : argument);
            KernelSpace.check("mmuext_op", port.hypercall(MMUEXT_OP, request, 1, 0, SELF));
        });
    }

    private static String leftByVaMapping(AbiProfile profile, int flags) {
        return leftBy(profile, (port, space) -> {
            long entry = space.entry(space.leafTable(space.root(), GLOBAL_PAGE), GLOBAL_PAGE);
            KernelSpace.check("va", port.hypercall(UPDATE_VA_MAPPING, GLOBAL_PAGE, entry & ~Pte.DIRTY, flags));
        });
    }

    /** Caches a global page G and another P, does something, and tells which are cached still. */
    private static String leftBy(AbiProfile profile, BiConsumer<KernelPort, KernelSpace> action) {
        AtomicReference<Play> play = new AtomicReference<>();
        List<String> left = new ArrayList<>();
        play.set(Play.of(profile, new BootScript((port, space) -> {
            long table = space.leafTable(space.root(), GLOBAL_PAGE);
            space.write(table, GLOBAL_PAGE, Pte.of(space.mfn(space.allocate()), 0x065), PteWrite.MMU_UPDATE);
            space.write(table, PRIVATE_PAGE, Pte.of(space.mfn(space.allocate()), 0x061), PteWrite.MMU_UPDATE);
            port.load(GLOBAL_PAGE, 8);
            port.load(PRIVATE_PAGE, 8);
            left.add(cached(play.get()));
            action.accept(port, space);
            left.add(cached(play.get()));
        })));
        assertEquals(RunResult.Kind.SHUT_DOWN, play.get().run().kind());
        assertEquals("GP", left.get(0));
        return left.get(1);
    }

    private static String cached(Play play) {
        return (isCached(play, GLOBAL_PAGE) ? "G" : "") + (isCached(play, PRIVATE_PAGE) ? "P" : "");
    }

    private static boolean isCached(Play play, long page) {
        return play.tlb().entries().stream().anyMatch(entry -> entry.linear() == page);
    }
}
