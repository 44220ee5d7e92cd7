package io.github.paravane.hypervisor.hypercall.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.grant.GrantTable;
import io.github.paravane.hypervisor.pagetable.MemoryRig;
import io.github.paravane.hypervisor.profiles.AbiProfiles;

/** What tests of grants begin with: domain 2 grants by reference 20, domain 1 uses. */
abstract class GrantScene {

    static final int GRANTER = 2, THIRD = 3, REF = 20, MAP = 0, SET_VERSION = 8;
    static final int HOST = 1 << 1, READ_ONLY = 1 << 2, CONTAINS_PTE = 1 << 4;
    static final int PERMIT = 1, GRANT_READ_ONLY = 4;

    final MemoryRig rig = new MemoryRig(AbiProfiles.XEN_4_17);
    final Domain granter = rig.addDomain(GRANTER);
    final Vcpu granterVcpu = granter.vcpus().get(0);
    final GrantTable table = rig.tables.grants().table(granter);
    final long frame = rig.tables.memory().allocate(granter);
    final long at = rig.scratch();

    long entry(GrantTable of, int reference) {
        return (of.frame(0) << 12) + reference * (of.version() == 1 ? 8L : 16L);
    }

    void grant(int flags, int to, long mfn) {
        long entry = entry(table, REF);
        rig.memory.writeU16(entry + 2, to);
        if (table.version() == 1) {
            rig.memory.writeU32(entry + 4, (int) mfn);
        } else {
            rig.memory.writeU64(entry + 8, mfn);
        }
        rig.memory.writeU16(entry, flags);
    }

    int grantFlags() {
        return rig.memory.readU16(entry(table, REF));
    }

    int map(int flags, long host) {
        rig.memory.writeU64(at, host);
        rig.memory.writeU32(at + 8, flags);
        rig.memory.writeU32(at + 12, REF);
        rig.memory.writeU16(at + 16, GRANTER);
        assertEquals(0, rig.call(20, MAP, at, 1).result());
        return (short) rig.memory.readU16(at + 18);
    }

    void version2(Vcpu of) {
        rig.memory.writeU32(at, 2);
        assertEquals(0, rig.callAs(of, 20, SET_VERSION, at, 1).result());
    }
}
