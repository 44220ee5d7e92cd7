package io.github.paravane.hypervisor.trap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.paravane.api.cpu.CpuidSource.CpuidLeaf;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import org.junit.jupiter.api.Test;

/** The hypervisor's own leaves (abi-reference 4.9), as a real 4.17 fills them. */
class GuestCpuidTest {
    private static final int BASE = 0x4000_0000;

    private final EntryRig rig = new EntryRig(AbiProfiles.XEN_4_17);
    private final GuestCpuid cpuid = new GuestCpuid(
            rig.platform, (leaf, subleaf) -> new CpuidLeaf(leaf < 0 ? 0x8000_0008 : 0xD, 0, 0, leaf < 0 ? 1 << 27 : 0));

    private void check(int leaf, int subleaf, int eax, int ebx, int ecx, int edx) {
        assertEquals(new CpuidLeaf(eax, ebx, ecx, edx), cpuid.cpuid(BASE + leaf, subleaf));
    }

    @Test
    void versionAndCalls() {
        check(1, 0, 4 << 16 | 17, 0, 0, 0);
        check(2, 0, 1, BASE, 1, 0);
        check(4, 0, 0, 0, 0, 0);
        check(6, 0, 0, 0, 0, 0);
        check(0x100, 0, 0, 0, 0, 0);
    }

    @Test
    void theTimeStampCounterCountsNanosecondsInADomainThatWasNeverRestored() {
        check(3, 0, 6, 0, 1_000_000, 1);
        check(3, 1, 0, 0, 1 << 31, 1);
        check(3, 2, 1_000_000, 0, 0, 0);
        check(3, 3, 0, 0, 0, 0);
    }

    @Test
    void theControlDomainIsToldNothingOfACounterOfItsOwn() {
        Domain control = new Domain(rig.platform, 0, Domain.Privilege.CONTROL, EntryRig.SHARED_INFO, EntryRig.PAGES);
        rig.platform.setCurrent(new Vcpu(control, 0, rig.paging));
        check(3, 0, 6, 0, 0, 0);
        check(3, 1, 0, 0, 0, 0);
        check(3, 2, 1_000_000, 0, 0, 0);
    }
}
