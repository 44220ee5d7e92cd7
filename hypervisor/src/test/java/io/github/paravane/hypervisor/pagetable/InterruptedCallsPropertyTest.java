package io.github.paravane.hypervisor.pagetable;

import static io.github.paravane.hypervisor.pagetable.MemoryRig.TABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.HypercallOutcome.Kind;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.PteRules;
import io.github.paravane.hypervisor.domain.Preemption;
import io.github.paravane.hypervisor.frame.TypeInfo;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Hypercalls that are interrupted: they end as others do, and a guest that does not go on with them gains nothing. */
class InterruptedCallsPropertyTest {

    private static final int MMU_UPDATE = 1, MMUEXT_OP = 26;
    private static final int PIN_L2 = 1, PIN_L3 = 2, UNPIN = 4;
    private static final long PREEMPTED = 0x8000_0000L;

    /** 3.4 without XSA-148 and XSA-182, with which a guest spoils counts. */
    private static final AbiProfile REPAIRED_3_4 = AbiProfiles.XEN_3_4.toBuilder("xen-3.4-repaired")
            .set(PteRules.UPPER_FAST_PATH, AbiProfiles.XEN_4_8.get(PteRules.UPPER_FAST_PATH))
            .build();

    /** Interrupts where a random number says so. */
    private record Sometimes(Random random) implements Preemption {

        @Override
        public boolean isDue(long mfn, int level, int slot) {
            return random.nextInt(4) == 0;
        }

        @Override
        public boolean isDueInRelease(long mfn, int level, int slot) {
            return random.nextInt(4) == 0;
        }

        @Override
        public boolean isDueBetween(int done) {
            return random.nextInt(4) == 0;
        }
    }

    @Property(tries = 40)
    void anInterruptedCallEndsAsAnotherOne(@ForAll("profiles") AbiProfile profile, @ForAll long seed) {
        MemoryRig plain = new MemoryRig(profile);
        MemoryRig interrupted = new MemoryRig(profile);
        interrupted.platform.setPreemption(Preemption.ALWAYS);
        plain.persistent = true;
        interrupted.persistent = true;
        Random first = new Random(seed);
        Random second = new Random(seed);
        for (int i = 0; i < 200; i++) {
            ReferenceCountPropertyTest.step(plain, first);
            ReferenceCountPropertyTest.step(interrupted, second);
            assertEquals(first.nextLong(), second.nextLong());
            for (long mfn = 0; mfn < plain.frames.frames(); mfn++) {
                assertEquals(plain.frames.typeInfo(mfn), interrupted.frames.typeInfo(mfn));
                assertEquals(plain.frames.count(mfn), interrupted.frames.count(mfn));
            }
        }
        assertEquals(List.of(), interrupted.tables.recount().differences());
    }

    @Property(tries = 60)
    void countsStayRightWhenCallsAreNotGoneOnWith(@ForAll("profiles") AbiProfile profile, @ForAll long seed) {
        MemoryRig rig = new MemoryRig(profile);
        Random random = new Random(seed);
        rig.platform.setPreemption(new Sometimes(new Random(seed + 1)));
        for (int i = 0; i < 400; i++) {
            rig.persistent = random.nextInt(3) != 0;
            ReferenceCountPropertyTest.step(rig, random);
            if (i % 20 == 0) {
                assertEquals(List.of(), rig.tables.recount().differences());
            }
        }
        rig.tables.memory().relinquish(rig.domain);
        assertEquals(0, rig.frames.owned(MemoryRig.DOMID));
        assertEquals(rig.freeAtStart, rig.frames.free());
    }

    @Provide
    Arbitrary<AbiProfile> profiles() {
        return Arbitraries.of(AbiProfiles.XEN_3_1_2, REPAIRED_3_4, AbiProfiles.XEN_4_9, AbiProfiles.XEN_4_17);
    }

    private static MemoryRig rig() {
        MemoryRig rig = new MemoryRig(AbiProfiles.XEN_4_17);
        for (int slot = 0; slot < 3; slot++) {
            rig.poke(rig.pool[3], slot, Pte.of(rig.pool[slot], TABLE));
        }
        return rig;
    }

    private static HypercallOutcome ext(MemoryRig rig, int command, long mfn) {
        rig.memory.writeU64(rig.scratch(), command);
        rig.memory.writeU64(rig.scratch() + 8, mfn);
        return rig.call(MMUEXT_OP, rig.scratch(), 1, rig.scratch() + 2048, MemoryRig.SELF);
    }

    private static HypercallOutcome again(MemoryRig rig, int number) {
        return rig.call(number, rig.argument(0), rig.argument(1), rig.argument(2), rig.argument(3));
    }

    @Test
    void aTableIsPartialUntilThePinGoesOn() {
        MemoryRig rig = rig();
        long table = rig.pool[3];
        rig.platform.setPreemption((mfn, level, slot) -> mfn == table && slot == 2);
        assertEquals(Kind.CONTINUED, ext(rig, PIN_L2, table).kind());
        assertEquals(rig.scratch(), rig.argument(0));
        assertEquals(PREEMPTED | 1, rig.argument(1));
        assertNotEquals(0, rig.frames.typeInfo(table) & TypeInfo.PARTIAL);
        assertEquals(1, rig.typeCount(table));
        assertEquals(1, rig.typeCount(rig.pool[1]));
        assertEquals(0, rig.typeCount(rig.pool[2]));
        assertEquals(List.of(), rig.tables.recount().differences());

        // Not a table yet, and not plain memory any more.
        assertEquals(-22, rig.mmuUpdate(table, 9, 0));
        assertEquals(-22, rig.pin(1, table));

        // Whoever needs it goes on with it: here a table above.
        rig.poke(rig.pool[4], 0, Pte.of(table, TABLE));
        assertEquals(HypercallOutcome.OK, ext(rig, PIN_L3, rig.pool[4]));
        assertEquals(1, rig.typeCount(rig.pool[2]));
        assertEquals(HypercallOutcome.OK, ext(rig, PIN_L2, table));
        assertEquals(2, rig.typeCount(table));
        assertEquals(List.of(), rig.tables.recount().differences());
    }

    @Test
    void aRefusalAfterAnInterruptionDropsAll() {
        MemoryRig rig = rig();
        long table = rig.pool[3];
        rig.poke(table, 5, Pte.of(rig.root, TABLE));
        rig.platform.setPreemption((mfn, level, slot) -> mfn == table && slot == 4);
        assertEquals(Kind.CONTINUED, ext(rig, PIN_L2, table).kind());
        assertEquals(-22, again(rig, MMUEXT_OP).result());
        assertEquals(0, rig.typeCount(rig.pool[0]));
        assertEquals(1, rig.frames.count(table));
        assertEquals(List.of(), rig.tables.recount().differences());
    }

    @Test
    void whatIsLeftToDropIsDroppedByACallWithoutRequests() {
        MemoryRig rig = rig();
        long table = rig.pool[3];
        assertEquals(HypercallOutcome.OK, ext(rig, PIN_L2, table));
        rig.platform.setPreemption(Preemption.ALWAYS);
        assertEquals(Kind.CONTINUED, ext(rig, UNPIN, table).kind());
        assertEquals(0, rig.argument(0));
        assertEquals(PREEMPTED, rig.argument(1));
        assertEquals(1, rig.memory.readU32(rig.scratch() + 2048));
        assertEquals(1, rig.typeCount(rig.pool[0]));
        assertEquals(List.of(), rig.tables.recount().differences());
        int calls = 1;
        HypercallOutcome outcome = again(rig, MMUEXT_OP);
        while (outcome.kind() == Kind.CONTINUED) {
            calls++;
            outcome = again(rig, MMUEXT_OP);
        }
        assertEquals(HypercallOutcome.OK, outcome);
        assertEquals(511, calls);
        assertEquals(0, rig.typeCount(rig.pool[0]));
        assertEquals(1, rig.frames.count(table));
    }

    @Test
    void anEventThatIsNotMaskedInterruptsABatch() {
        MemoryRig rig = rig();
        long at = rig.scratch();
        rig.pin(1, rig.pool[0]);
        for (int n = 0; n < 3; n++) {
            rig.memory.writeU64(at + 16L * n, (rig.pool[0] << 12) + 8L * n);
            rig.memory.writeU64(at + 16L * n + 8, Pte.of(rig.pool[8], TABLE));
        }
        rig.memory.writeU16(rig.vcpu.infoMaddr(), 0x101);
        assertEquals(HypercallOutcome.OK, rig.call(MMU_UPDATE, at, 3, at + 2048, MemoryRig.SELF));
        rig.memory.writeU16(rig.vcpu.infoMaddr(), 1);
        assertEquals(
                Kind.CONTINUED,
                rig.call(MMU_UPDATE, at, 3, at + 2048, MemoryRig.SELF).kind());
        assertEquals(at + 16, rig.argument(0));
        assertEquals(PREEMPTED | 2, rig.argument(1));
        rig.memory.writeU16(rig.vcpu.infoMaddr(), 0);
        assertEquals(HypercallOutcome.OK, again(rig, MMU_UPDATE));
        assertEquals(3, rig.memory.readU32(at + 2048));
    }

    @Test
    void whatIsDueInterruptsNothingInOldVersions() {
        MemoryRig rig = new MemoryRig(AbiProfiles.XEN_3_3);
        rig.platform.setPreemption((mfn, level, slot) -> true);
        rig.poke(rig.pool[3], 0, Pte.of(rig.pool[0], TABLE));
        rig.calls = 0;
        assertEquals(0, rig.pin(2, rig.pool[3]));
        assertEquals(1, rig.calls);
        assertTrue(TypeInfo.isTable(rig.frames.typeInfo(rig.pool[3])));
    }
}
