package io.github.paravane.testkit.paging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.guest.GuestKernel;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.observe.MachineObserver;
import io.github.paravane.api.observe.Observers;
import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.FlushScope;
import io.github.paravane.api.paging.PagingMode;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.paging.Tlb;
import io.github.paravane.api.paging.TlbInspection;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.api.profile.MmuRules.TlbContract;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.mmu.Mmu;
import io.github.paravane.mmu.TlbCostModel;
import io.github.paravane.mmu.memory.LazyMemory;
import io.github.paravane.testkit.guest.KernelHabits;
import io.github.paravane.testkit.guest.KernelUserBit;
import io.github.paravane.testkit.guest.PteWrite;
import io.github.paravane.testkit.guest.SolarisLikeKernel;
import io.github.paravane.testkit.guest.UserProgram;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A TLB looked into, scripted, and costed. */
class TlbModelTest {

    private static final int READ = Access.USER;
    private static final int WRITE = Access.USER | Access.WRITE;
    private static final long PAGE = 0x7000;

    private final LazyMemory memory = new LazyMemory(64);
    private final ScriptedTlb tlb = new ScriptedTlb(Mmu.directMappedTlb(64));
    private final Mmu mmu = Mmu.builder(memory, PagingMode.FOUR_LEVEL).tlb(tlb).build();

    private long map() {
        memory.writeU64(0x1000, Pte.of(2, 0x67));
        memory.writeU64(0x2000, Pte.of(3, 0x67));
        memory.writeU64(0x3000, Pte.of(4, 0x67));
        long entry = 0x4000 + 8 * (PAGE >>> 12);
        memory.writeU64(entry, Pte.of(9, 0x67));
        mmu.loadBase(1, FlushScope.ALL);
        return entry;
    }

    @Test
    void aStaleEntryIsShownBesideItsWalk() {
        long entry = map();
        assertEquals(0x9000, mmu.translate(PAGE, WRITE));
        assertTrue(TlbInspection.of(mmu).stream().noneMatch(TlbInspection::isStale));
        memory.writeU64(entry, Pte.of(9, 0x65));
        List<TlbInspection> all = TlbInspection.of(mmu);
        assertEquals(
                1,
                all.stream().filter(TlbInspection::isStale).count(),
                "the entry for writing; reading is granted still");
        assertEquals(entry, all.get(0).walk().steps().get(3).entryMaddr());
        assertEquals(0x9000, mmu.translate(PAGE, WRITE), "stale, and valid until a flush");
        mmu.flushPage(PAGE);
        assertTrue(mmu.translate(PAGE, WRITE) < 0);
        memory.writeU64(entry, Pte.of(10, 0x67));
        mmu.translate(PAGE, READ);
        memory.writeU64(entry, Pte.of(11, 0x67));
        assertTrue(TlbInspection.of(mmu).stream().allMatch(TlbInspection::isStale), "another frame");
    }

    @Test
    void aScriptForgetsAndKeeps() {
        long entry = map();
        tlb.recording().afterFill(1, each -> each.flush(FlushScope.ALL)).losingFlushes(1);
        mmu.translate(PAGE, READ);
        assertEquals(List.of(), tlb.entries(), "the first fill is forgotten at once");
        mmu.translate(PAGE, READ);
        memory.writeU64(entry, 0);
        mmu.flushPage(PAGE);
        assertEquals(0x9000, mmu.translate(PAGE, READ), "the flush was lost");
        mmu.flush(FlushScope.NON_GLOBAL);
        assertTrue(mmu.translate(PAGE, READ) < 0);
        assertEquals(
                List.of("fill 0x7000 -> 9", "fill 0x7000 -> 9", "invlpg 0x7000 lost", "flush NON_GLOBAL"),
                tlb.history());
        assertEquals(2, tlb.fills());
    }

    /** One access before and one after a hypercall, and a switch to user mode and back. */
    private static long[] misses(TlbContract contract, boolean global) {
        TlbCostModel model = new TlbCostModel(contract);
        Tlb costed = model.wrap(Mmu.directMappedTlb(64));
        MachineObserver observer = model.observer();
        long leaf = Pte.of(9, global ? 0x167 : 0x67);
        long[] found = new long[3];
        access(costed, leaf);
        found[0] = model.misses();
        observer.hypercall(new MachineEvent.HypercallDone(1, 0, 17, "xen_version", List.of(), HypercallOutcome.OK));
        access(costed, leaf);
        found[1] = model.misses();
        for (boolean kernel : new boolean[] {false, true}) {
            costed.flush(FlushScope.NON_GLOBAL);
            observer.modeChanged(new MachineEvent.ModeChanged(1, 0, kernel, 1));
        }
        access(costed, leaf);
        found[2] = model.misses();
        return found;
    }

    private static void access(Tlb tlb, long leaf) {
        if (tlb.lookup(PAGE, READ) == Tlb.MISS) {
            tlb.insert(PAGE, 0x9000, READ, leaf, 12);
        }
    }

    @Test
    void contractsDifferInMissesOnly() {
        assertEquals(List.of(1L, 1L, 1L), list(misses(TlbContract.NATIVE, true)), "a user page is global");
        assertEquals(List.of(1L, 1L, 2L), list(misses(TlbContract.NATIVE, false)), "a kernel page is not");
        assertEquals(List.of(1L, 2L, 3L), list(misses(TlbContract.XPTI, true)), "nothing survives");
        assertEquals(List.of(1L, 1L, 1L), list(misses(TlbContract.XPTI_PCID, false)), "tables have their own entries");
    }

    private static List<Long> list(long[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    @Test
    void theKnobSaysSinceWhen() {
        assertEquals(TlbContract.NATIVE, AbiProfiles.XEN_4_10.get(MmuRules.TLB_CONTRACT));
        assertEquals(TlbContract.XPTI_PCID, AbiProfiles.XEN_4_11.get(MmuRules.TLB_CONTRACT));
    }

    /** The same history of a machine, whatever it would have cost. */
    @Test
    void isolationCostsMissesAndChangesNoValue() {
        List<String> histories = new ArrayList<>();
        List<Long> misses = new ArrayList<>();
        for (TlbContract contract : TlbContract.values()) {
            TlbCostModel model = new TlbCostModel(contract);
            StringBuilder history = new StringBuilder();
            PvMachine machine = PvMachine.builder(AbiProfiles.XEN_4_17)
                    .domain(DomainConfig.of(guest()).memory(8 << 20))
                    .tlbs(() -> model.wrap(Mmu.directMappedTlb(Mmu.DEFAULT_TLB_SIZE)))
                    .observer(model.observer())
                    .observer(Observers.forEach(history::append))
                    .virtualTime()
                    .build();
            assertEquals(
                    RunResult.Kind.SHUT_DOWN,
                    machine.run(RunLimits.none().within(Duration.ofSeconds(30))).kind());
            histories.add(history + " " + machine.instructions());
            misses.add(model.misses());
            assertTrue(model.crossings() > 0);
        }
        assertEquals(1, histories.stream().distinct().count());
        assertTrue(misses.get(1) > misses.get(0), misses::toString);
        assertTrue(misses.get(2) <= misses.get(0), misses::toString);
        assertFalse(misses.contains(0L));
    }

    /** A kernel with a user process that makes system calls. */
    private static GuestKernel guest() {
        return new SolarisLikeKernel(new KernelHabits(KernelUserBit.CLEAR, false, PteWrite.MMU_UPDATE))
                .run("call", UserProgram.touchAndCall(20));
    }
}
