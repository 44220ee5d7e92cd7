package io.github.paravane.hypervisor.pagetable;

import static io.github.paravane.hypervisor.pagetable.MemoryRig.A;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.D;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.P;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.TABLE;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.U;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.W;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.hypervisor.frame.TypeInfo;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.util.List;
import org.junit.jupiter.api.Test;

class EntryUpdateTest {

    private static final long EPERM = -1, EFAULT = -14, EBUSY = -16, EINVAL = -22, ENOSYS = -38, ESRCH = -3;

    private final MemoryRig rig = new MemoryRig(AbiProfiles.XEN_4_17);
    private final long l1 = rig.pool[0];
    private final long l2 = rig.pool[1];
    private final long l3 = rig.pool[2];
    private final long data = rig.pool[3];

    private void hook() {
        rig.poke(l2, 0, Pte.of(l1, TABLE));
        rig.poke(l3, 0, Pte.of(l2, TABLE));
        assertEquals(0, rig.mmuUpdate(rig.root, 0, Pte.of(l3, TABLE)));
    }

    @Test
    void hookingATablePromotesTheTreeBelow() {
        hook();
        assertEquals(TypeInfo.L1, rig.type(l1));
        assertEquals(TypeInfo.L2, rig.type(l2));
        assertEquals(TypeInfo.L3, rig.type(l3));
        assertEquals(1, rig.typeCount(l1));
        assertEquals(0, rig.mmuUpdate(rig.root, 0, 0));
        assertEquals(0, rig.typeCount(l1) + rig.typeCount(l2) + rig.typeCount(l3));
        assertEquals(List.of(), rig.tables.recount().differences());
    }

    @Test
    void aKernelEntryGetsUserAndBit52AndAUserEntryGlobal() {
        hook();
        assertEquals(0, rig.mmuUpdate(l1, 0, Pte.of(data, P | W)));
        assertEquals(Pte.of(data, P | W | U | Pte.GUEST_KERNEL), rig.peek(l1, 0));
        assertEquals(0, rig.mmuUpdate(l1, 1, Pte.of(data, P | W | U)));
        assertEquals(Pte.of(data, P | W | U | Pte.GLOBAL), rig.peek(l1, 1));
        assertEquals(0, rig.mmuUpdate(l1, 2, Pte.of(data, Pte.GUEST_KERNEL | P)));
        assertEquals(Pte.of(data, P | U | Pte.GUEST_KERNEL), rig.peek(l1, 2));
        assertEquals(0, rig.mmuUpdate(l1, 3, 0xABCD_EF00_1234_5678L & ~1));
        assertEquals(0xABCD_EF00_1234_5678L, rig.peek(l1, 3));
    }

    @Test
    void errnosTellWhy() {
        hook();
        long foreign = rig.domain.sharedInfoMfn();
        assertEquals(EINVAL, rig.mmuUpdate(l1, 0, Pte.of(data, P | Pte.PAT)));
        assertEquals(EntryRule.DISALLOWED_BITS, rig.refusal());
        assertEquals(EBUSY, rig.mmuUpdate(l1, 0, Pte.of(l2, P | W)));
        assertEquals(EntryRule.FRAME_NOT_WRITABLE, rig.refusal());
        assertEquals(EBUSY, rig.mmuUpdate(l1, 0, Pte.of(rig.tables.m2p().firstMfn(), P)));
        assertEquals(EntryRule.FRAME_NOT_OWNED, rig.refusal());
        assertEquals(EPERM, rig.mmuUpdate(l1, 0, Pte.of(0xABCDE, P)));
        assertEquals(EPERM, rig.mmuUpdate(l1, 0, Pte.of(0, P)), "frame 0 belongs to devices");
        assertEquals(EINVAL, rig.mmuUpdate(l1, 0, Pte.FRAME_MASK | P));
        assertEquals(EntryRule.INVALID_FRAME, rig.refusal());
        assertEquals(0, rig.mmuUpdate(l1, 0, Pte.of(foreign, P | W)), "shared_info may be mapped");
        assertEquals(EINVAL, rig.mmuUpdate(l2, 1, Pte.of(l2, TABLE)), "a linear entry must be read-only");
        assertEquals(EntryRule.LINEAR_WRITABLE, rig.refusal());
        assertEquals(EINVAL, rig.mmuUpdate(rig.root, 256, 0));
        assertEquals(EntryRule.HYPERVISOR_SLOT, rig.refusal());
        assertEquals(List.of(), rig.tables.recount().differences());
    }

    @Test
    void olderVersionsAnswerEinvalToEverything() {
        MemoryRig old = new MemoryRig(AbiProfiles.XEN_3_1_2);
        assertEquals(0, old.pin(1, old.pool[0]));
        assertEquals(EINVAL, old.mmuUpdate(old.pool[0], 0, Pte.of(0xABCDE, P)));
        assertEquals(EINVAL, old.mmuUpdate(old.pool[0], 0, Pte.of(old.pool[0], P | W)));
    }

    @Test
    void anUntypedFrameIsWrittenUnchecked() {
        assertEquals(0, rig.mmuUpdate(data, 7, Pte.of(0xABCDE, P | Pte.PAT)));
        assertEquals(Pte.of(0xABCDE, P | Pte.PAT), rig.peek(data, 7));
        assertEquals(0, rig.typeCount(data));
        assertEquals(EINVAL, rig.mmuUpdate(rig.domain.sharedInfoMfn() + 1000, 0, 0));
    }

    @Test
    void preserveKeepsAccessedAndDirty() {
        hook();
        assertEquals(0, rig.mmuUpdate(l1, 0, Pte.of(data, P | U | A | D)));
        long pointer = l1 << 12 | 2;
        assertEquals(0, rig.mmuRequest(pointer, Pte.of(data, P | U), MemoryRig.SELF));
        assertEquals(A | D, rig.peek(l1, 0) & (A | D));
    }

    @Test
    void theFastPathIgnoresHarmlessBitsOnly() {
        hook();
        assertEquals(0, rig.mmuUpdate(l2, 0, Pte.of(l1, P | U)));
        assertEquals(1, rig.typeCount(l1));
        assertEquals(0, rig.mmuUpdate(l2, 0, Pte.of(l1, P | Pte.NX)), "R/W is the same, NX is free");
        assertEquals(Pte.of(l1, P | U | Pte.NX), rig.peek(l2, 0));
        assertEquals(List.of(), rig.tables.recount().differences());
    }

    @Test
    void aFailedAuditLeavesAdjustedEntriesAndNoReferences() {
        rig.poke(l1, 0, Pte.of(data, P | W));
        rig.poke(l1, 1, Pte.of(l1, P | W));
        assertEquals(EBUSY, rig.pin(1, l1));
        assertEquals(Pte.of(data, P | W | U | Pte.GUEST_KERNEL), rig.peek(l1, 0));
        assertEquals(0, rig.typeCount(data));
        assertEquals(0, rig.typeCount(l1));
        assertEquals(List.of(), rig.tables.recount().differences());
    }

    @Test
    void linearEntriesOfDepthOne() {
        long other = rig.pool[4];
        long third = rig.pool[5];
        assertEquals(0, rig.pin(4, other));
        assertEquals(0, rig.pin(4, third));
        assertEquals(0, rig.mmuUpdate(other, 300, Pte.of(other, P)), "a self map takes nothing");
        assertEquals(1, rig.typeCount(other));
        assertEquals(0, rig.mmuUpdate(other, 301, Pte.of(third, P)));
        assertEquals(2, rig.typeCount(third));
        assertEquals(EINVAL, rig.mmuUpdate(third, 300, Pte.of(other, P)));
        assertEquals(EntryRule.LINEAR_DEPTH, rig.refusal());
        assertEquals(0, rig.unpin(third));
        assertEquals(0, rig.unpin(other));
        assertEquals(0, rig.typeCount(third));
        assertEquals(List.of(), rig.tables.recount().differences());
    }

    @Test
    void doneCountsFinishedRequests() {
        hook();
        long at = rig.scratch();
        rig.memory.writeU64(at, l1 << 12);
        rig.memory.writeU64(at + 8, Pte.of(data, P));
        rig.memory.writeU64(at + 16, l1 << 12 | 8);
        rig.memory.writeU64(at + 24, Pte.of(data, P | Pte.PAT));
        assertEquals(EINVAL, rig.call(1, at, 2, at + 2048, MemoryRig.SELF).result());
        assertEquals(1, rig.memory.readU32(at + 2048));
        assertEquals(
                EFAULT,
                rig.call(1, 0xFFFF_8000_0000_0000L, 1, 0, MemoryRig.SELF).result());
        assertEquals(ESRCH, rig.call(1, at, 1, 0, 77).result());
        assertEquals(ESRCH, rig.call(1, at, 1, 0, MemoryRig.DOMID).result(), "its own number is refused");
        assertEquals(ENOSYS, rig.mmuRequest(l1 << 12 | 5, 0, MemoryRig.SELF));
        assertEquals(0, rig.call(1, 0, 0, at + 2048, MemoryRig.SELF).result());
        assertEquals(0, rig.memory.readU32(at + 2048));
        assertEquals(-7, rig.call(1, 0, 0x8000_0000L, 0, -7 & 0xFFFF_FFFFL).result(), "a bare continuation");
    }

    @Test
    void machphysUpdateNeedsTheFrame() {
        assertEquals(0, rig.mmuRequest(data << 12 | 1, 0x1234, MemoryRig.SELF));
        assertEquals(0x1234, rig.tables.m2p().get(data));
        assertEquals(EINVAL, rig.mmuRequest(1L << 12 | 1, 5, MemoryRig.SELF));
    }

    @Test
    void upperUpdatesFlushAndTellObservers() {
        rig.events.clear();
        hook();
        assertTrue(rig.events.stream()
                .anyMatch(e -> e instanceof MachineEvent.Flushed f && f.reason().equals("upper-update")));
        assertTrue(rig.events.stream()
                .anyMatch(e -> e instanceof MachineEvent.TypeChanged t && t.mfn() == l1 && t.to().equals("l1")));
        assertTrue(rig.events.stream()
                .anyMatch(e -> e instanceof MachineEvent.PageTableWrite w && w.level() == 4 && w.old() == 0));
    }

    @Test
    void vaMappingGoesThroughTheLoadedTables() {
        hook();
        assertEquals(0, rig.call(14, 0x3000, Pte.of(data, P | W), 2).result());
        assertEquals(Pte.of(data, P | W | U | Pte.GUEST_KERNEL), rig.peek(l1, 3));
        assertEquals(EINVAL, rig.call(14, 1L << 40, Pte.of(data, P), 0).result());
        assertEquals(EntryRule.NO_L1_TABLE, rig.refusal());
        assertEquals(EINVAL, rig.call(14, 0xFFFF_8000_0000_0000L, 0, 0).result());
        assertEquals(EFAULT, rig.call(14, 0x3000, 0, 0x7FFF_FFFF_F000L | 1).result(), "the bitmap faults");
        assertEquals(0, rig.peek(l1, 3));
    }
}
