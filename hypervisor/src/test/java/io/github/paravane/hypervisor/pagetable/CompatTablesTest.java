package io.github.paravane.hypervisor.pagetable;

import static io.github.paravane.hypervisor.pagetable.CompatRig.P;
import static io.github.paravane.hypervisor.pagetable.CompatRig.TABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.observe.MachineEvent.Rejected;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.frame.TypeInfo;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Page tables of 32-bit domains: the L3 with four entries, the L2 with slots of the hypervisor, and what is added. */
class CompatTablesTest {

    private static final long EPERM = -1, EINVAL = -22, ERANGE = -34;
    private static final long ADDED = Pte.RW | Pte.USER;
    private static final int FIRST_HYPERVISOR_SLOT = 428;

    private final CompatRig rig = new CompatRig(AbiProfiles.XEN_4_17);

    @AfterEach
    void countsAreRight() {
        assertEquals(List.of(), rig.tables.recount().differences());
        assertEquals(List.of(), rig.tables.forbiddenAccess());
    }

    private Enum<?> lastRule() {
        return rig.events.stream()
                .filter(Rejected.class::isInstance)
                .<Enum<?>>map(each -> ((Rejected) each).rule())
                .reduce((before, after) -> after)
                .orElseThrow();
    }

    @Test
    void entriesOfTheRootGetRightsThatThePaeFormatDoesNotHave() {
        assertEquals(Pte.of(rig.first, P | ADDED), rig.read(rig.root, 0));
        assertEquals(0, rig.mmuUpdate(rig.root, 1, Pte.of(rig.pool[0], P)));
        assertEquals(Pte.of(rig.pool[0], P | ADDED), rig.read(rig.root, 1));
        assertEquals(TypeInfo.L2, TypeInfo.type(rig.frames.typeInfo(rig.pool[0])));
    }

    @Test
    void theyLoseThemWhenTheRootIsNoTableAnyMore() {
        long root = rig.makeRoot(0, 1);
        rig.write(root, 2, Pte.of(rig.pool[2], P));
        assertEquals(0, rig.pin(3, root));
        assertEquals(Pte.of(rig.pool[2], P | ADDED), rig.read(root, 2));
        rig.write(root, 2, rig.read(root, 2) | Pte.ACCESSED);
        assertEquals(0, rig.unpin(root));
        assertEquals(Pte.of(rig.pool[2], P), rig.read(root, 2));
        assertEquals(Pte.of(rig.pool[1], P), rig.read(root, 3));
    }

    @Test
    void theyLoseThemWhenTheRootFails() {
        long root = rig.makeRoot(0, 1);
        rig.write(root, 0, Pte.of(rig.pool[2], P));
        rig.write(root, 1, Pte.of(rig.pool[3], P | Pte.PSE));
        assertEquals(EINVAL, rig.pin(3, root));
        assertEquals(Pte.of(rig.pool[2], P), rig.read(root, 0));
    }

    @Test
    void onlyFourEntriesCountAndTheRestIsCleared() {
        long root = rig.makeRoot(0, 1);
        rig.write(root, 4, -1);
        rig.write(root, 511, 0x1234_5678_9ABC_DEFFL);
        assertEquals(0, rig.pin(3, root));
        assertEquals(0, rig.read(root, 4));
        assertEquals(0, rig.read(root, 511));
        assertEquals(EINVAL, rig.mmuUpdate(root, 4, 0));
        assertEquals(EntryRule.COMPAT_LAST_SLOT, lastRule());
    }

    @Test
    void theLastEntryMustBeThereAndStays() {
        assertEquals(EINVAL, rig.pin(3, rig.pool[0]));
        assertEquals(EntryRule.COMPAT_LAST_SLOT_EMPTY, firstRuleOf(3));
        assertEquals(EINVAL, rig.mmuUpdate(rig.root, 3, 0));
        assertEquals(EntryRule.COMPAT_LAST_SLOT, lastRule());
        assertEquals(EINVAL, rig.mmuUpdate(rig.root, 3, rig.read(rig.root, 3)));
    }

    /** The rule at the place of the mistake: the refusal of the pin follows it. */
    private Enum<?> firstRuleOf(int level) {
        return rig.events.stream()
                .filter(each -> each instanceof Rejected rejected && rejected.level() == level)
                .<Enum<?>>map(each -> ((Rejected) each).rule())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theLastTableIsUsedOnce() {
        long other = rig.pool[0];
        rig.write(other, 3, Pte.of(rig.last, P));
        assertEquals(EINVAL, rig.pin(3, other));
        assertEquals(EntryRule.COMPAT_LAST_SLOT_SHARED, firstRuleOf(3));
        assertEquals(EINVAL, rig.mmuUpdate(rig.root, 1, Pte.of(rig.last, P)));
        assertEquals(EntryRule.TYPE_CONFLICT, lastRule());
        assertEquals(EINVAL, rig.pin(2, rig.last));
    }

    @Test
    void otherTablesMayBeUsedTwice() {
        assertEquals(0, rig.mmuUpdate(rig.root, 1, Pte.of(rig.first, P)));
        assertEquals(0, rig.mmuUpdate(rig.root, 2, Pte.of(rig.first, P)));
        assertEquals(3, TypeInfo.count(rig.frames.typeInfo(rig.first)));
    }

    @Test
    void theHypervisorsSlotsAreFilledAndRefused() {
        assertNotEquals(0, rig.read(rig.last, FIRST_HYPERVISOR_SLOT));
        assertEquals(0, rig.read(rig.last, 511));
        assertEquals(EPERM, rig.mmuUpdate(rig.last, FIRST_HYPERVISOR_SLOT, 0));
        assertEquals(EntryRule.COMPAT_HYPERVISOR_SLOT, lastRule());
        assertEquals(0, rig.mmuUpdate(rig.last, FIRST_HYPERVISOR_SLOT - 1, Pte.of(rig.pool[0], TABLE)));
        assertEquals(0, rig.mmuUpdate(rig.first, FIRST_HYPERVISOR_SLOT, Pte.of(rig.pool[0], TABLE)));
    }

    @Test
    void theMachineToPhysicalTableHasFourBytesForEachFrame() {
        rig.tables.m2p().set(rig.pool[3], 0x1234);
        long m2p = CompatTables.HOLE_START;
        long entry = rig.memory.readU32(rig.vcpu
                .paging()
                .walk(rig.vcpu.hiddenRoot(), m2p + 4 * rig.pool[3])
                .maddr());
        assertEquals(0x1234, entry);
        assertEquals(CompatTables.HOLE_START, 0xF580_0000L);
        long rights = rig.vcpu.paging().walk(rig.vcpu.hiddenRoot(), m2p).rights();
        assertEquals(0, rights & (Pte.RW | Pte.USER), "for ring 1, and read-only");
    }

    @Test
    void entriesOfTheOtherLevelsStayAsTheyAre() {
        assertEquals(0, rig.mmuUpdate(rig.first, 0, Pte.of(rig.pool[0], P)));
        assertEquals(Pte.of(rig.pool[0], P), rig.read(rig.first, 0));
        assertEquals(0, rig.mmuUpdate(rig.pool[0], 0, Pte.of(rig.pool[1], P)));
        assertEquals(Pte.of(rig.pool[1], P), rig.read(rig.pool[0], 0));
        assertEquals(0, rig.mmuUpdate(rig.pool[0], 1, Pte.of(rig.pool[1], P | Pte.USER)));
        assertEquals(Pte.of(rig.pool[1], P | Pte.USER), rig.read(rig.pool[0], 1));
    }

    @Test
    void whatTheProcessorWalksIsTheHiddenTableAboveTheRoot() {
        assertEquals(rig.vcpu.hiddenRoot(), rig.vcpu.paging().base());
        assertEquals(rig.root << 12, rig.vcpu.cr3());
        long root = rig.makeRoot(0, 1);
        assertEquals(0, rig.mmuExt(5, root, 0));
        assertEquals(rig.vcpu.hiddenRoot(), rig.vcpu.paging().base());
        assertEquals(root, Pte.mfn(rig.read(rig.vcpu.hiddenRoot(), 0)));
        assertEquals(root, rig.vcpu.guestRoot());
        assertEquals(EINVAL, rig.mmuExt(5, rig.pool[5], 0), "an L3 without its last entry");
        assertEquals(root, rig.vcpu.guestRoot());
    }

    @Test
    void thereIsNoL4AndNoUserRoot() {
        assertEquals(0, rig.pin(4, rig.pool[0]), "accepted and without effect");
        assertEquals(EINVAL, rig.unpin(rig.pool[0]));
        assertEquals(EINVAL, rig.mmuExt(15, rig.root, 0));
    }

    @Test
    void aRootAbove4GNeedsTheAssist() {
        CompatRig high = new CompatRig(AbiProfiles.XEN_4_20, (1 << 20) + 2048);
        long mfn = high.frames.allocateRun(CompatRig.DOMID, 1, 1 << 20);
        assertEquals(1 << 20, mfn);
        high.write(mfn, 3, Pte.of(high.pool[0], P));
        assertEquals(ERANGE, high.pin(3, mfn));
        high.domain.setAssist(Domain.ASSIST_PAE_EXTENDED_CR3, true);
        assertEquals(0, high.pin(3, mfn));
        assertEquals(0, high.mmuExt(5, mfn, 0));
        assertEquals(1, high.vcpu.cr3(), "bits 31:20 of the frame are bits 11:0 of CR3");
        assertEquals(mfn, high.vcpu.rootOf(high.vcpu.cr3()));
    }

    @Test
    void endingTheDomainGivesEveryFrameBack() {
        rig.domain.crash("test");
        long free = rig.frames.free();
        rig.tables.memory().relinquish(rig.domain);
        assertEquals(0, rig.frames.owned(CompatRig.DOMID));
        assertTrue(rig.frames.free() > free);
    }
}
