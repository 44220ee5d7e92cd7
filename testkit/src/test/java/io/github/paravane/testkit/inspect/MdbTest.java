package io.github.paravane.testkit.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.guest.KernelHabits;
import io.github.paravane.testkit.guest.KernelObject;
import io.github.paravane.testkit.guest.KernelThread;
import io.github.paravane.testkit.guest.KernelThread.Kind;
import io.github.paravane.testkit.guest.LinuxLikeKernel;
import io.github.paravane.testkit.guest.Mapping;
import io.github.paravane.testkit.guest.ModelKernel;
import io.github.paravane.testkit.guest.ModelMachine;
import io.github.paravane.testkit.guest.SolarisLikeKernel;
import io.github.paravane.testkit.guest.UserProgram;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The verbs on a Solaris that is stopped while a process runs: forms of section D of the guests' reference, scenario S4. */
class MdbTest {

    private static final long THREADS = 0xFFFF_FF01_D6F0_8000L;
    private static final String HEADER = "            ADDR             PROC              LWP CMD/LWPID";

    private SolarisLikeKernel kernel = new SolarisLikeKernel(KernelHabits.newSolaris());
    private Inspector inspector = stopped(AbiProfiles.XEN_3_1_2, kernel);
    private Mdb mdb = new Mdb(inspector);

    @BeforeEach
    void stop() {
        kernel = furnished(new SolarisLikeKernel(KernelHabits.newSolaris()));
        look(AbiProfiles.XEN_3_1_2, kernel);
    }

    private void look(AbiProfile profile, ModelKernel<?> stoppedKernel) {
        inspector = stopped(profile, stoppedKernel);
        mdb = new Mdb(inspector);
    }

    private static Inspector stopped(AbiProfile profile, ModelKernel<?> kernel) {
        kernel.run("spin", UserProgram.spin());
        ModelMachine machine = new ModelMachine(profile, kernel);
        machine.play(20_000);
        return Inspector.of(machine.domain(), GuestKnowledge.of(kernel));
    }

    /** 2 user, 3 kernel, 4 taskq threads, and one that is free. */
    private static SolarisLikeKernel furnished(SolarisLikeKernel kernel) {
        Kind[] kinds = {
            Kind.USER,
            Kind.USER,
            Kind.KERNEL,
            Kind.KERNEL,
            Kind.KERNEL,
            Kind.TASKQ,
            Kind.TASKQ,
            Kind.TASKQ,
            Kind.TASKQ,
            Kind.FREE
        };
        for (int n = 0; n < kinds.length; n++) {
            boolean user = kinds[n] == Kind.USER;
            kernel.thread(new KernelThread(
                    THREADS + 0x400L * n,
                    0xFFFF_FF01_C8C9_1000L,
                    user ? 0xABC : 0,
                    kinds[n],
                    "name" + n,
                    user ? 1 : 0));
        }
        return kernel.allocate(new KernelObject(0xFFFF_FF01_C8C9_83E8L, 0xC0, 0xFFFF_FF01_C8EB_F8D0L, "as_cache"));
    }

    @Test
    void threadlistLeavesFreeThreadsOutAndWithTTaskqThreadsToo() {
        List<String> plain = mdb.execute("::threadlist");
        List<String> without = mdb.execute("::threadlist -t");

        assertEquals(10, plain.size());
        assertEquals(HEADER, plain.get(0));
        assertEquals("ffffff01d6f08000 ffffff01c8c91000              abc  name0/1", plain.get(1));
        assertEquals("ffffff01d6f08800 ffffff01c8c91000                0  name2()", plain.get(3));
        assertEquals("ffffff01d6f09400 ffffff01c8c91000                0  tq:name5", plain.get(6));
        assertEquals(6, without.size());
        assertEquals(plain.subList(0, 6), without);
    }

    @Test
    void threadlistInFullNamesTaskqsUnlessTheyAreSkipped() {
        assertEquals(
                4,
                mdb.execute("::threadlist -v").stream()
                        .filter(line -> line.contains("TASKQ: "))
                        .count());
        assertTrue(mdb.execute("::threadlist -t -v").stream().noneMatch(line -> line.contains("TASKQ: ")));
        assertEquals(mdb.execute("::threadlist -v"), mdb.execute("::threadlist -v 5"));
        assertThrows(MdbException.class, () -> mdb.execute("::threadlist 5"));
    }

    @Test
    void vatopfnPrintsTheStoredEntriesLeafFirst() {
        List<String> lines = mdb.execute("600000::vatopfn");

        assertEquals(5, lines.size());
        for (int level = 0; level < 4; level++) {
            String leaf = level == 0 ? "pte=8000000[0-9a-f]+167" : "pte=[0-9a-f]+[06]27";
            assertTrue(
                    lines.get(level).matches("\tlevel=" + level + " htable=fffffffffb[0-9a-f]{6} " + leaf),
                    lines.get(level));
        }
        assertTrue(lines.get(4).matches("Virtual address 0x600000 maps pfn 0x[0-9a-f]+ \\(mfn 0x[0-9a-f]+\\)"));
        assertEquals(lines, mdb.execute("600000::vatopfn -a spin"));
        assertEquals(List.of("Address 500000 is unmapped."), mdb.execute("500000::vatopfn"));
        assertThrows(MdbException.class, () -> mdb.execute("600000::vatopfn -a nobody"));
    }

    @Test
    void vatopfnShowsTheMissingGlobalBit() {
        look(AbiProfiles.XEN_3_1_1, furnished(new SolarisLikeKernel(KernelHabits.newSolaris())));
        assertTrue(mdb.execute("600000::vatopfn").get(0).endsWith("067"));
    }

    @Test
    void inspectorAgreesWithWhatTheKernelReadsItself() {
        Mapping seen = inspector.vatopfn(UserProgram.DATA).orElseThrow();
        Mapping own = kernel.mappings().get(UserProgram.DATA);
        assertEquals(own, new Mapping(own == null ? 0 : own.linear(), seen.levels(), seen.pfn(), seen.mfn()));
    }

    @Test
    void pteSpellsBitsOut() {
        assertEquals(
                List.of("pte=8000000000123167: noexec mfn=0x123 global mod ref user write"),
                mdb.execute("8000000000123167::pte"));
        assertEquals(
                List.of("pte=10000000123465: mfn=0x123 noconsist mod ref user guest-kernel"),
                mdb.execute("10000000123465::pte"));
        assertEquals(List.of("pte=12307f: mfn=0x123 mod ref user write wrthru uncached"), mdb.execute("12307f::pte"));
        assertEquals(List.of("pte=1230e7: mfn=0x123 largepage mod ref user write"), mdb.execute("1230e7::pte -l 1"));
        assertEquals(List.of("pte=123627: mfn=0x123 foreign ref user write"), mdb.execute("123627::pte"));
        assertEquals(List.of("pte=123066: !VALID"), mdb.execute("123066::pte"));
        assertThrows(MdbException.class, () -> mdb.execute("1::pte -l 4"));
    }

    @Test
    void tablesAndTheirUsers() {
        Mapping mapping = inspector.vatopfn(UserProgram.DATA).orElseThrow();
        long table =
                inspector.vatopfn(mapping.levels().get(0).table()).orElseThrow().mfn();
        List<String> listed = mdb.execute(Long.toHexString(table) + "::ptable -m");
        assertEquals("htable=" + Long.toHexString(mapping.levels().get(0).table()), listed.get(0));
        assertTrue(listed.get(1).matches("\\[  0] va=600000 pte=.*: noexec mfn=0x.* global mod ref user write"));
        assertTrue(listed.get(2).matches("\\[256] va=700000 pte=.*"), listed.get(2));
        assertEquals(
                "Unknown pagetable - assuming level/addr 0",
                mdb.execute(Long.toHexString(mapping.mfn()) + "::ptable -m").get(0));

        String hat = Long.toHexString(mapping.levels().get(3).table());
        assertEquals(List.of(hat), mdb.execute("::htables"));
        List<String> maps = mdb.execute("600000::vatopfn | ::report_maps");
        assertEquals("hat=" + hat + " maps addr=600000", maps.get(0));
        assertTrue(maps.get(1).startsWith("hat=" + hat + " maps addr=fffffffffb"));
        assertTrue(mdb.execute(Long.toHexString(table) + "::report_maps -m")
                .get(0)
                .startsWith("Pagetable for hat=" + hat + " htable="));
    }

    @Test
    void framesHaveTwoNumbers() {
        Mapping mapping = inspector.vatopfn(UserProgram.DATA).orElseThrow();
        assertEquals(List.of(Long.toHexString(mapping.mfn())), mdb.execute("600000::vatopfn | ::pfntomfn"));
        assertEquals(
                List.of(Long.toHexString(mapping.pfn())), mdb.execute(Long.toHexString(mapping.mfn()) + "::mfntopfn"));
        assertThrows(MdbException.class, () -> mdb.execute("fffff::pfntomfn"));
        assertThrows(MdbException.class, () -> mdb.execute("ffffffffff::mfntopfn"));
    }

    @Test
    void whatisNamesWhatTheAllocatorsKnow() {
        assertEquals(
                List.of("ffffff01d6f08410 is ffffff01d6f08400+10, allocated as a thread structure"),
                mdb.execute("ffffff01d6f08410::whatis"));
        assertEquals(
                List.of("ffffff01c8c98438 is ffffff01c8c983e8+50, bufctl ffffff01c8ebf8d0 allocated from as_cache"),
                mdb.execute("ffffff01c8c98438::whatis"));
        assertEquals(List.of("ffffff0100000000 is unknown"), mdb.execute("ffffff0100000000::whatis"));
        assertEquals(List.of("ffffff01d6f08410 is unknown"), mdb.execute("ffffff01d6f08410::whatis -b"));
        assertEquals(2, mdb.execute("ffffff01c8c98438::whatis -av").size());
    }

    @Test
    void whatisAnswersFromTablesWhereNothingIsRegistered() {
        Mapping mapping = inspector.vatopfn(UserProgram.DATA).orElseThrow();
        String table = Long.toHexString(mapping.levels().get(1).table() + 8);
        assertTrue(mdb.execute(table + "::whatis").get(0).contains("+8, page table of level 1 for hat fffffffffb"));
        assertEquals(
                List.of("600010 is 600000+10, a page of the process that is loaded"), mdb.execute("600010::whatis"));
        assertEquals(List.of("ffff800000000000 is in the hypervisor's range"), mdb.execute("ffff800000000000::whatis"));
    }

    @Test
    void symbolsAreNamesAndAnswers() {
        ModelMachine machine = new ModelMachine(AbiProfiles.XEN_4_17, new LinuxLikeKernel(KernelHabits.linux()));
        GuestKnowledge knowledge = GuestKnowledge.ofSymbols(
                "vmlinux",
                Map.of("start", 0xFFFF_FFFF_8000_0000L, "next", 0xFFFF_FFFF_8000_0100L),
                0xFFFF_FFFF_8000_1000L);
        Mdb linux = new Mdb(Inspector.of(machine.domain(), knowledge));

        assertEquals(
                List.of("ffffffff80000010 is start+10 in vmlinux's text segment"), linux.execute("start+10::whatis"));
        assertEquals(
                List.of("ffffffff80000100 is next+0 in vmlinux's text segment"),
                linux.execute("ffffffff80000100::whatis"));
        assertTrue(
                linux.execute("start::vatopfn").get(4).startsWith("Virtual address 0xffffffff80000000 maps pfn 0x0 "));
    }

    @Test
    void wrongCommandsSayWhatMdbWouldSay() {
        assertWrong("invalid command '::x': unknown dcmd name", "1::x");
        assertWrong("syntax error near 'what'", "what");
        assertWrong("::whatis: must specify an address", "::whatis");
        assertWrong("illegal option -- z", "1::whatis -z");
        assertWrong("option requires an argument -- l", "1::pte -l");
        assertWrong("usage error: ::pte does not take 'x'", "1::pte x");
        assertWrong("failed to dereference symbol: unknown symbol name 'nosuch'", "nosuch::whatis");
        assertEquals(List.of(), mdb.execute("  "));
        assertTrue(mdb.execute("::dcmds").contains("threadlist"));
        assertEquals(mdb.execute("10::pte"), mdb.execute("0t16::pte"));
        assertEquals(mdb.execute("10::pte"), mdb.execute("0x10::pte"));
        assertEquals("pte=10: !VALID", new PteInfo(Pte.PCD, 0).line());
    }

    private void assertWrong(String message, String command) {
        assertEquals(
                message,
                assertThrows(MdbException.class, () -> mdb.execute(command)).getMessage());
    }
}
