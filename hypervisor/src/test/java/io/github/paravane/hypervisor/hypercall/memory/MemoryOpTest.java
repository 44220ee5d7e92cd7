package io.github.paravane.hypervisor.hypercall.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.pagetable.M2p;
import io.github.paravane.hypervisor.pagetable.MemoryRig;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryOpTest {

    private static final long EFAULT = -14, EINVAL = -22, ENOSYS = -38, EPERM = -1, ESRCH = -3;
    private static final int INCREASE = 0, DECREASE = 1, POPULATE = 6, EXCHANGE = 11;

    private final MemoryRig rig = new MemoryRig(AbiProfiles.XEN_4_17);
    private final long at = rig.scratch();
    private final long list = at + 1024;

    private void reservation(long where, long count, int order, int domid, long extents) {
        rig.memory.writeU64(where, extents);
        rig.memory.writeU64(where + 8, count);
        rig.memory.writeU32(where + 16, order);
        rig.memory.writeU32(where + 20, 0);
        rig.memory.writeU64(where + 24, domid);
    }

    private long memoryOp(int command) {
        return rig.call(12, command, at).result();
    }

    private long owned() {
        return rig.frames.owned(MemoryRig.DOMID);
    }

    @Test
    void populateAllocatesUpToTheLimitAndSetsTheM2p() {
        long before = owned();
        for (int i = 0; i < 64; i++) {
            rig.memory.writeU64(list + 8L * i, 0x9000 + i);
        }
        reservation(at, 64, 0, MemoryRig.SELF, list);
        assertEquals(64 - before, memoryOp(POPULATE));
        assertEquals(64, owned());
        long mfn = rig.memory.readU64(list + 8);
        assertEquals(0x9001, rig.tables.m2p().get(mfn));
        assertEquals(0, rig.peek(mfn, 0));
        rig.memory.writeU16(at, MemoryRig.SELF);
        assertEquals(64, memoryOp(3));
        assertEquals(64, memoryOp(4));
        assertEquals(0, memoryOp(14));
        assertEquals(1024, memoryOp(2));
    }

    @Test
    void problemsGiveZeroExtents() {
        reservation(at, 1, 10, MemoryRig.SELF, list);
        assertEquals(0, memoryOp(POPULATE));
        reservation(at, 1, 0, 0x7FF4, list);
        assertEquals(0, memoryOp(INCREASE));
        assertEquals(0, rig.call(12, POPULATE, 1L << 50).result());
        assertEquals(EFAULT, rig.call(12, 3, 1L << 50).result());
        rig.memory.writeU16(at, 5);
        assertEquals(ESRCH, memoryOp(3));
        assertEquals(ENOSYS, memoryOp(40));
        assertEquals(EPERM, memoryOp(10));
    }

    @Test
    void aReleasedFrameLivesUntilItsLastReference() {
        long mfn = rig.pool[0];
        long l1 = rig.pool[1];
        rig.tables.m2p().set(mfn, 0x777);
        rig.poke(l1, 0, Pte.of(mfn, MemoryRig.P));
        assertEquals(0, rig.pin(1, l1));
        long before = owned();
        rig.memory.writeU64(list, mfn);
        reservation(at, 1, 0, MemoryRig.SELF, list);
        assertEquals(1, memoryOp(DECREASE));
        assertEquals(before, owned(), "it is mapped");
        assertEquals(0x777, rig.tables.m2p().get(mfn));
        assertEquals(1, memoryOp(DECREASE), "a second time changes nothing");
        assertEquals(0, rig.mmuUpdate(l1, 0, 0));
        assertEquals(before - 1, owned());
        assertEquals(FrameTable.FREE, rig.frames.owner(mfn));
        assertEquals(M2p.INVALID, rig.tables.m2p().get(mfn));
        assertEquals(0, memoryOp(DECREASE), "it is nobody's now");
        assertEquals(List.of(), rig.tables.recount().differences());
    }

    @Test
    void pinnedFramesStayPinnedFrom411On() {
        assertEquals(0, rig.pin(1, rig.pool[0]));
        rig.memory.writeU64(list, rig.pool[0]);
        reservation(at, 1, 0, MemoryRig.SELF, list);
        assertEquals(1, memoryOp(DECREASE));
        assertEquals(MemoryRig.DOMID, rig.frames.owner(rig.pool[0]));
        MemoryRig old = new MemoryRig(AbiProfiles.XEN_4_1);
        assertEquals(0, old.pin(1, old.pool[0]));
        long where = old.scratch();
        old.memory.writeU64(where + 1024, old.pool[0]);
        old.memory.writeU64(where, where + 1024);
        old.memory.writeU64(where + 8, 1);
        old.memory.writeU64(where + 24, MemoryRig.SELF);
        assertEquals(1, old.call(12, DECREASE, where).result());
        assertEquals(FrameTable.FREE, old.frames.owner(old.pool[0]));
    }

    @Test
    void exchangeGivesAndTakes() {
        long given = rig.pool[0];
        reservation(at, 1, 0, MemoryRig.SELF, list);
        reservation(at + 32, 1, 0, MemoryRig.SELF, list + 512);
        rig.memory.writeU64(at + 64, 0);
        rig.memory.writeU64(list, given);
        rig.memory.writeU64(list + 512, 0x4242);
        long before = owned();
        assertEquals(0, memoryOp(EXCHANGE));
        assertEquals(1, rig.memory.readU64(at + 64));
        long taken = rig.memory.readU64(list + 512);
        assertNotEquals(given, taken);
        assertEquals(0x4242, rig.tables.m2p().get(taken));
        assertEquals(before, owned());
        assertEquals(FrameTable.FREE, rig.frames.owner(given));
        rig.memory.writeU64(at + 64, 0);
        assertEquals(EINVAL, memoryOp(EXCHANGE), "the frame is gone");
        rig.memory.writeU64(at + 32 + 8, 2);
        assertEquals(EINVAL, memoryOp(EXCHANGE), "sizes differ");
        rig.memory.writeU32(at + 16, 10);
        assertEquals(EPERM, memoryOp(EXCHANGE));
    }

    @Test
    void theM2pTellsWhereItIs() {
        assertEquals(0, memoryOp(12));
        assertEquals(0xFFFF_8000_0000_0000L, rig.memory.readU64(at));
        assertEquals(0xFFFF_8040_0000_0000L, rig.memory.readU64(at + 8));
        assertEquals(0x7_FFFF_FFFFL, rig.memory.readU64(at + 16));
        rig.memory.writeU32(at, 4);
        rig.memory.writeU64(at + 8, list);
        assertEquals(0, memoryOp(5));
        assertEquals(1, rig.memory.readU32(at + 16));
        assertEquals(rig.tables.m2p().firstMfn(), rig.memory.readU64(list));
    }

    @Test
    void assistsAreSwitchedByType() {
        assertEquals(ENOSYS, rig.call(21, 2, 2).result());
        assertEquals(EINVAL, rig.call(21, 0, 6).result());
        assertEquals(0, rig.call(21, 0, 2).result());
        assertEquals(true, rig.domain.assists(2));
        assertEquals(0, rig.call(21, 1, 2).result());
        assertEquals(false, rig.domain.assists(2));
    }

    @Test
    void grantTablesGrowAndAreMappable() {
        rig.memory.writeU32(at, MemoryRig.SELF);
        rig.memory.writeU32(at + 4, 2);
        rig.memory.writeU64(at + 16, list);
        assertEquals(0, rig.call(20, 2, at, 1).result());
        assertEquals(0, rig.memory.readU16(at + 8));
        long frame = rig.memory.readU64(list + 8);
        assertEquals(rig.tables.grants().table(rig.domain).frame(1), frame);
        assertEquals(0, rig.pin(1, rig.pool[0]));
        assertEquals(0, rig.mmuUpdate(rig.pool[0], 0, Pte.of(frame, MemoryRig.P | MemoryRig.W)));
        rig.memory.writeU32(at, MemoryRig.SELF);
        rig.memory.writeU32(at + 4, 65);
        assertEquals(0, rig.call(20, 2, at, 1).result());
        assertEquals(0xFFFF, rig.memory.readU16(at + 8));
        assertEquals(EINVAL, rig.call(20, 2, at, 2).result());
        rig.memory.writeU32(at, 5);
        assertEquals(0, rig.call(20, 2, at, 1).result());
        rig.memory.writeU32(at, MemoryRig.SELF);
        assertEquals(0, rig.call(20, 6, at, 1).result());
        assertEquals(2, rig.memory.readU32(at + 4));
        assertEquals(64, rig.memory.readU32(at + 8));
        rig.memory.writeU32(at, 2);
        assertEquals(0, rig.call(20, 8, at, 1).result());
        rig.memory.writeU32(at, 3);
        assertEquals(EINVAL, rig.call(20, 8, at, 1).result());
        assertEquals(2, rig.memory.readU32(at));
        assertEquals(List.of(), rig.tables.recount().differences());
    }

    /** A second domain with one frame and, once asked for, a grant table. */
    private Domain other() {
        Domain other = new Domain(
                rig.platform, 2, Domain.Privilege.NONE, rig.tables.memory().allocateShared(2), 8);
        rig.platform.add(other);
        return other;
    }

    private long grantOp(int command, long... words) {
        for (int i = 0; i < words.length; i++) {
            rig.memory.writeU64(at + 8L * i, words[i]);
        }
        return rig.call(20, command, at, 1).result();
    }

    @Test
    void grantsAreMappedAndUnmapped() {
        Domain other = other();
        long frame = rig.tables.memory().allocate(other);
        rig.tables.grants().table(other).permit(9, MemoryRig.DOMID, frame);
        long l1 = rig.pool[0];
        assertEquals(0, rig.pin(1, l1));
        long pte = l1 << 12 | 40;
        assertEquals(0, grantOp(0, pte, 2 | 16 | 9L << 32, 2, 0));
        assertEquals(0, rig.memory.readU16(at + 18));
        assertEquals(frame << 12, rig.memory.readU64(at + 24));
        long stored = rig.peek(l1, 5);
        assertEquals(Pte.of(frame, 0x67 | Pte.NX | Pte.GUEST_KERNEL), stored);
        assertEquals(2, rig.frames.count(frame));
        long entry = (rig.tables.grants().table(other).frame(0) << 12) + 72;
        assertEquals(1 | 8 | 16, rig.memory.readU16(entry));
        assertEquals(List.of(), rig.tables.recount().differences());
        assertEquals(0, grantOp(1, pte + 8, 0, 0));
        assertEquals(0xFFFF, rig.memory.readU16(at + 20), "it is not mapped there");
        assertEquals(0, grantOp(1, pte, 0, 0));
        assertEquals(0, rig.memory.readU16(at + 20));
        assertEquals(0, rig.peek(l1, 5));
        assertEquals(1, rig.memory.readU16(entry));
        assertEquals(1, rig.frames.count(frame));
        assertEquals(0, grantOp(1, pte, 0, 0));
        assertEquals(0xFFFC, rig.memory.readU16(at + 20), "no such handle");
        assertEquals(0, grantOp(0, pte, 2 | 16 | 3L << 32, 2, 0));
        assertEquals(0xFFFF, rig.memory.readU16(at + 18), "nothing is granted by entry 3");
        assertEquals(0, grantOp(0, pte, 2 | 16 | 9L << 32, 77, 0));
        assertEquals(0xFFFE, rig.memory.readU16(at + 18));
    }

    @Test
    void aMappedFrameOutlivesItsDomain() {
        Domain other = other();
        long frame = rig.tables.memory().allocate(other);
        rig.tables.grants().table(other).permit(9, MemoryRig.DOMID, frame);
        long l1 = rig.pool[0];
        assertEquals(0, rig.pin(1, l1));
        assertEquals(0, grantOp(0, l1 << 12, 2 | 16 | 9L << 32, 2, 0));
        rig.tables.memory().relinquish(other);
        assertEquals(1, rig.frames.owned(2));
        assertEquals(0, grantOp(1, l1 << 12, 0, 0));
        assertEquals(0, rig.memory.readU16(at + 20));
        assertEquals(0, rig.frames.owned(2));
        rig.tables.memory().relinquish(rig.domain);
        assertEquals(rig.freeAtStart, rig.frames.free());
    }

    @Test
    void grantCopyChecksBothSides() {
        Domain other = other();
        long frame = rig.tables.memory().allocate(other);
        rig.tables.grants().table(other).permit(9, MemoryRig.DOMID, frame);
        rig.poke(frame, 1, 0x1122);
        assertEquals(0, grantOp(5, 9, 2 | 8L << 16, rig.pool[3], MemoryRig.SELF | 16L << 16, 8 | 1L << 16));
        assertEquals(0, rig.memory.readU16(at + 36));
        assertEquals(0x1122, rig.peek(rig.pool[3], 2));
        assertEquals(0, grantOp(5, 9, 2 | 8L << 16, rig.pool[3], MemoryRig.SELF | 4090L << 16, 8 | 1L << 16));
        assertEquals(0xFFF6, rig.memory.readU16(at + 36));
        assertEquals(0, grantOp(5, frame, 2, rig.pool[3], MemoryRig.SELF, 8));
        assertEquals(0xFFF8, rig.memory.readU16(at + 36));
        assertEquals(0, rig.pin(1, rig.pool[3]));
        assertEquals(0, grantOp(5, 9, 2, rig.pool[3], MemoryRig.SELF, 8 | 1L << 16));
        assertEquals(0xFFFF, rig.memory.readU16(at + 36), "a page table is no target");
        assertEquals(List.of(), rig.tables.recount().differences());
    }
}
