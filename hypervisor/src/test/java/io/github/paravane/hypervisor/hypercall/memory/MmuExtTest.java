package io.github.paravane.hypervisor.hypercall.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.cpu.DescriptorTables.SystemRegister;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.hypervisor.descriptor.VcpuDescriptors;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.frame.TypeInfo;
import io.github.paravane.hypervisor.pagetable.EntryRule;
import io.github.paravane.hypervisor.pagetable.MemoryRig;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.util.List;
import org.junit.jupiter.api.Test;

class MmuExtTest {

    private static final long EFAULT = -14, EINVAL = -22, ENOSYS = -38, EOPNOTSUPP = -95, EACCES = -13;
    private static final int NEW_BASEPTR = 5, SET_LDT = 13, NEW_USER_BASEPTR = 15, CLEAR_PAGE = 16, COPY_PAGE = 17;

    private final MemoryRig rig = new MemoryRig(AbiProfiles.XEN_4_17);

    @Test
    void pinsAreTakenOnce() {
        long mfn = rig.pool[0];
        assertEquals(0, rig.pin(2, mfn));
        assertEquals(EINVAL, rig.pin(2, mfn));
        assertEquals(EntryRule.PINNED_ALREADY, rig.refusal());
        assertEquals(EINVAL, rig.pin(1, mfn));
        assertEquals(0, rig.unpin(mfn));
        assertEquals(EINVAL, rig.unpin(mfn));
        assertEquals(EntryRule.NOT_PINNED, rig.refusal());
        assertEquals(EINVAL, rig.pin(1, 1L << 40));
        assertEquals(0, rig.typeCount(mfn));
    }

    @Test
    void oldVersionsPinL2AndL3InNameOnly() {
        MemoryRig old = new MemoryRig(AbiProfiles.XEN_3_0_2);
        assertEquals(0, old.pin(2, old.pool[0]));
        assertEquals(0, old.typeCount(old.pool[0]));
        assertEquals(EINVAL, old.unpin(old.pool[0]));
        assertEquals(0, old.pin(1, old.pool[0]));
        assertEquals(1, old.typeCount(old.pool[0]));
    }

    @Test
    void aNewBaseIsLoadedShowsTheM2pAndFreesTheOld() {
        long next = rig.pool[0];
        assertEquals(0, rig.mmuExt(NEW_BASEPTR, next, 0));
        assertEquals(next, rig.vcpu.kernelBase());
        assertEquals(next, rig.vcpu.paging().base());
        assertTrue(Pte.isPresent(rig.peek(next, 256)));
        assertEquals(Pte.of(next, Pte.NX | 0x63), rig.peek(next, 258));
        assertEquals(1, rig.typeCount(rig.root), "the pin is left");
        assertEquals(EINVAL, rig.mmuExt(NEW_BASEPTR, 1, 0));
        assertEquals(next, rig.vcpu.kernelBase());
        assertEquals(0, rig.mmuExt(NEW_USER_BASEPTR, rig.root, 0));
        assertEquals(0, rig.mmuExt(NEW_USER_BASEPTR, 0, 0));
        assertEquals(0, rig.vcpu.userBase());
        assertEquals(List.of(), rig.tables.recount().differences());
    }

    @Test
    void strictM2pShowsItBeforeTheLoadAndHidesItFromUserTables() {
        long plain = rig.pool[0];
        assertEquals(0, rig.pin(4, plain));
        assertEquals(0, rig.peek(plain, 256));
        assertEquals(0, rig.call(21, 0, Domain.ASSIST_M2P_STRICT).result());
        long strict = rig.pool[1];
        assertEquals(0, rig.pin(4, strict));
        assertTrue(Pte.isPresent(rig.peek(strict, 256)));
        assertEquals(0, rig.mmuExt(NEW_USER_BASEPTR, strict, 0));
        assertEquals(0, rig.peek(strict, 256));
    }

    @Test
    void aRefusedBaseCrashedTheOldVersions() {
        MemoryRig old = new MemoryRig(AbiProfiles.XEN_3_0_4);
        assertFalse(AbiProfiles.XEN_3_0_4.get(MmuRules.FAILED_BASE_KEEPS_OLD));
        old.memory.writeU64(old.scratch(), NEW_BASEPTR);
        old.memory.writeU64(old.scratch() + 8, 1);
        HypercallOutcome outcome = old.call(26, old.scratch(), 1, 0, MemoryRig.SELF);
        assertEquals(HypercallOutcome.Kind.NO_RETURN, outcome.kind());
        assertNotNull(old.domain.shutdown());
    }

    @Test
    void unknownAndRefusedCommands() {
        assertEquals(ENOSYS, rig.mmuExt(14, 0, 0));
        assertEquals(ENOSYS, rig.mmuExt(99, 0, 0));
        assertEquals(EOPNOTSUPP, rig.mmuExt(19, 0, 0));
        assertEquals(EACCES, rig.mmuExt(12, 0, 0));
        assertEquals(EINVAL, rig.mmuExt(18, 0, 0));
        assertEquals(EINVAL, rig.mmuExt(8, 0, 1L << 50), "the bitmap faults");
        assertEquals(0, rig.mmuExt(10, 0, 0));
        assertEquals(0, rig.mmuExt(11, 0xFFFF_8000_0000_0000L, 0));
    }

    @Test
    void longBatchesAreContinued() {
        long at = rig.pool[0] << 12;
        for (int i = 0; i < 600; i++) {
            rig.memory.writeU64(at + 24L * i, 6);
        }
        HypercallOutcome first = rig.call(26, at, 600, rig.scratch(), MemoryRig.SELF);
        assertEquals(HypercallOutcome.Kind.CONTINUED, first.kind());
        assertEquals(at + 512 * 24, rig.argument(0));
        assertEquals(88 | 1L << 31, rig.argument(1));
        long[] rest = {rig.argument(0), rig.argument(1), rig.argument(2), rig.argument(3)};
        assertEquals(HypercallOutcome.OK, rig.call(26, rest));
        assertEquals(600, rig.memory.readU32(rig.scratch()));
    }

    @Test
    void clearAndCopyNeedAWritableFrame() {
        long mfn = rig.pool[0];
        rig.poke(mfn, 5, 77);
        assertEquals(0, rig.mmuExt(COPY_PAGE, rig.pool[1], mfn));
        assertEquals(77, rig.peek(rig.pool[1], 5));
        assertEquals(0, rig.mmuExt(CLEAR_PAGE, mfn, 0));
        assertEquals(0, rig.peek(mfn, 5));
        assertEquals(0, rig.pin(1, mfn));
        assertEquals(EINVAL, rig.mmuExt(CLEAR_PAGE, mfn, 0));
        assertEquals(EINVAL, rig.mmuExt(COPY_PAGE, mfn, rig.pool[1]));
    }

    @Test
    void gdtFramesAreAuditedReferencedAndRead() {
        long mfn = rig.pool[0];
        rig.poke(mfn, 3, 0x00CF_9300_0000_FFFFL);
        long at = rig.scratch();
        rig.memory.writeU64(at, mfn);
        assertEquals(0, rig.call(2, at, 512).result());
        assertEquals(TypeInfo.SEGMENTS, rig.type(mfn));
        VcpuDescriptors descriptors = new VcpuDescriptors(rig.vcpu);
        assertEquals(0x00CF_F300_0000_FFFFL, descriptors.descriptor(3 << 3));
        rig.poke(mfn, 3, 0x00CF_F200_0000_FFFFL);
        descriptors.accessed(3 << 3);
        assertEquals(0x00CF_F300_0000_FFFFL, rig.peek(mfn, 3), "a load sets the accessed bit");
        descriptors.accessed(0xE033);
        assertEquals(0, descriptors.descriptor(600 << 3));
        assertEquals(0x00AF_FB00_0000_FFFFL, descriptors.descriptor(0xE033));
        assertEquals(0xEFFF, descriptors.systemRegister(SystemRegister.GDT_LIMIT));
        assertEquals(0, rig.call(10, mfn << 12 | 8, 0x00CF_9300_0000_FFFFL).result());
        assertEquals(0x00CF_F300_0000_FFFFL, rig.peek(mfn, 1));
        assertEquals(EINVAL, rig.call(10, mfn << 12 | 4, 0).result());
        assertEquals(EINVAL, rig.call(10, mfn << 12, 1L << 47 | 9L << 40).result());
        assertEquals(EINVAL, rig.mmuUpdate(mfn, 0, 0), "descriptors are not written as entries");
        rig.memory.writeU64(at, 1);
        assertEquals(EINVAL, rig.call(2, at, 512).result());
        assertEquals(mfn, rig.vcpu.segments().gdtFrame(0), "the old one stays");
        assertEquals(EINVAL, rig.call(2, at, 7169).result());
        assertEquals(EFAULT, rig.call(2, 1L << 50, 1).result());
        assertEquals(0, rig.call(2, at, 0).result());
        assertEquals(0, rig.typeCount(mfn));
    }

    @Test
    void ldtPagesAreTakenAtTheirFirstUse() {
        long l1 = rig.pool[0];
        long segments = rig.pool[3];
        rig.poke(segments, 1, 0x00CF_F300_0000_FFFFL);
        rig.poke(l1, 0, Pte.of(segments, MemoryRig.P));
        rig.poke(rig.pool[1], 0, Pte.of(l1, MemoryRig.TABLE));
        rig.poke(rig.pool[2], 0, Pte.of(rig.pool[1], MemoryRig.TABLE));
        assertEquals(0, rig.mmuUpdate(rig.root, 0, Pte.of(rig.pool[2], MemoryRig.TABLE)));
        assertEquals(EINVAL, rig.mmuExt(SET_LDT, 0x10, 1));
        assertEquals(EINVAL, rig.mmuExt(SET_LDT, 0, 8193));
        assertEquals(0, rig.mmuExt(SET_LDT, 0, 1024));
        VcpuDescriptors descriptors = new VcpuDescriptors(rig.vcpu);
        assertEquals(0x00CF_F300_0000_FFFFL, descriptors.descriptor(0xF));
        assertEquals(TypeInfo.SEGMENTS, rig.type(segments));
        assertEquals(0, descriptors.descriptor(513 << 3 | 7));
        assertEquals(
                513L << 3, java.util.Objects.requireNonNull(descriptors.fault()).linear());
        assertEquals(0, descriptors.descriptor(1024 << 3 | 7));
        assertEquals(null, descriptors.fault());
        assertEquals(List.of(), rig.tables.recount().differences());
        assertEquals(0, rig.mmuExt(SET_LDT, 0, 0));
        assertEquals(0, rig.typeCount(segments));
    }
}
