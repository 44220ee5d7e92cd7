package io.github.paravane.hypervisor.hypercall.memory;

import static io.github.paravane.hypervisor.pagetable.MemoryRig.DOMID;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.P;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.SELF;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.U;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.W;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.domain.Domain.Privilege;
import io.github.paravane.hypervisor.domain.HostOptions;
import io.github.paravane.hypervisor.pagetable.MemoryRig;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import org.junit.jupiter.api.Test;

/**
 * Frames of DOMID_IO and DOMID_XEN as targets of mmu_update; the results for 4.14, 4.17 and 4.20 are those of the real Xen
 * (the control domain on all three, a plain domain on 4.17).
 */
class ForeignFramesTest {

    private static final int IO = 0x7FF1, XEN = 0x7FF2;
    private static final long EPERM = -1, ESRCH = -3, EACCES = -13, EBUSY = -16, EINVAL = -22;

    private static MemoryRig control(AbiProfile profile) {
        MemoryRig rig = new MemoryRig(profile, HostOptions.DEFAULT, Privilege.CONTROL);
        KnobActions.hook(rig);
        return rig;
    }

    private static long map(MemoryRig rig, long mfn, long flags, int target) {
        return rig.mmuRequest(rig.pool[0] << 12, Pte.of(mfn, flags), target);
    }

    private static long tell(MemoryRig rig, long mfn, int target) {
        return rig.mmuRequest(mfn << 12 | 1, 7, target);
    }

    @Test
    void theControlDomainReadsTheM2pThroughEntriesOfItsOwn() {
        for (AbiProfile profile : AbiProfiles.all()) {
            MemoryRig rig = control(profile);
            long m2p = rig.tables.m2p().firstMfn();
            boolean precise =
                    AbiProfiles.all().indexOf(profile) >= AbiProfiles.all().indexOf(AbiProfiles.XEN_4_2);
            assertEquals(0, map(rig, m2p, P | U, XEN), profile.name());
            assertEquals(precise ? EBUSY : EINVAL, map(rig, m2p, P | U | W, XEN), profile.name());
            assertEquals(
                    precise ? EBUSY : EINVAL,
                    rig.mmuRequest(rig.pool[0] << 12 | 8, Pte.of(m2p, P | U), SELF),
                    profile.name());
            assertEquals(m2p, Pte.mfn(rig.peek(rig.pool[0], 0)));
            assertEquals(0, map(rig, rig.pool[5], P | U, SELF));
            assertEquals(0, rig.tables.recount().compare().size());
            assertTrue(rig.tables.forbiddenAccess().isEmpty());
        }
    }

    @Test
    void theCachingOfTheM2pStays() {
        MemoryRig rig = control(AbiProfiles.XEN_4_17);
        assertEquals(EACCES, map(rig, rig.tables.m2p().firstMfn(), P | U | Pte.PCD, XEN));
    }

    @Test
    void framesOfOthersAreReachedInTheRightOfTheTarget() {
        MemoryRig rig = control(AbiProfiles.XEN_4_17);
        assertEquals(EBUSY, map(rig, rig.pool[5], P | U, IO));
        assertEquals(EBUSY, map(rig, rig.pool[5], P | U, XEN));
        long other = rig.tables.memory().allocate(rig.addDomain(2));
        assertEquals(EBUSY, map(rig, other, P | U, SELF));
        assertEquals(EBUSY, map(rig, rig.pool[5], P | U, 2));
        assertEquals(0, map(rig, other, P | U, 2));
    }

    @Test
    void machphysUpdatesOfFramesThatAreNotTheTargets() {
        for (AbiProfile profile : AbiProfiles.all()) {
            MemoryRig rig = new MemoryRig(profile);
            assertEquals(EINVAL, tell(rig, rig.pool[5], IO), profile.name());
            assertEquals(EINVAL, tell(control(profile), rig.pool[5], XEN), profile.name());
        }
        assertEquals(EPERM, tell(new MemoryRig(AbiProfiles.XEN_4_17), 3, XEN));
    }

    @Test
    void tablesOfOnesOwnByNumberAreHiddenInOldVersions() {
        for (AbiProfile profile : AbiProfiles.all()) {
            MemoryRig rig = new MemoryRig(profile);
            KnobActions.hook(rig);
            int index = AbiProfiles.all().indexOf(profile);
            boolean hidden = index >= AbiProfiles.all().indexOf(AbiProfiles.XEN_4_0)
                    && index <= AbiProfiles.all().indexOf(AbiProfiles.XEN_4_2);
            assertEquals(
                    hidden ? ESRCH : 0,
                    rig.mmuRequest(rig.pool[0] << 12, Pte.of(rig.pool[5], P | U), DOMID + 1 << 16 | SELF),
                    profile.name());
        }
    }

    /** There is a control domain, even where the host stands in for it. */
    @Test
    void tablesOfTheControlDomain() {
        MemoryRig rig = new MemoryRig(AbiProfiles.XEN_4_17);
        KnobActions.hook(rig);
        assertEquals(EPERM, rig.mmuRequest(rig.pool[0] << 12, Pte.of(rig.pool[5], P | U), 1 << 16 | SELF));
        assertEquals(ESRCH, rig.mmuRequest(rig.pool[0] << 12, Pte.of(rig.pool[5], P | U), 78 << 16 | SELF));
    }

    @Test
    void cachesOfOthersAreNotFlushed() {
        MemoryRig old = control(AbiProfiles.XEN_4_2);
        MemoryRig current = control(AbiProfiles.XEN_4_17);
        old.addDomain(2);
        assertEquals(EINVAL, KnobActions.foreignExt(old, 18, 0));
        assertEquals(EPERM, KnobActions.foreignExt(current, 18, 0));
    }
}
