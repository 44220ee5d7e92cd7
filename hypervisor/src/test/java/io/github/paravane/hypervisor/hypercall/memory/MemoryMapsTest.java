package io.github.paravane.hypervisor.hypercall.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.E820Entry;
import io.github.paravane.hypervisor.domain.HostOptions;
import io.github.paravane.hypervisor.pagetable.MemoryRig;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryMapsTest {

    private static final long EPERM = -1, ESRCH = -3, EFAULT = -14, EINVAL = -22, ENOSYS = -38;
    private static final int GET = 9, SET = 13;
    private static final int OTHER = 7;

    private static MemoryRig rig(Domain.Privilege privilege) {
        MemoryRig rig = new MemoryRig(AbiProfiles.XEN_4_17, HostOptions.DEFAULT, privilege);
        rig.addDomain(OTHER);
        return rig;
    }

    private static long get(MemoryRig rig, int room, long buffer) {
        rig.memory.writeU32(rig.scratch(), room);
        rig.memory.writeU64(rig.scratch() + 8, buffer);
        return rig.call(12, GET, rig.scratch()).result();
    }

    private static long set(MemoryRig rig, int domid, int entries, long buffer) {
        rig.memory.writeU16(rig.scratch(), domid);
        rig.memory.writeU32(rig.scratch() + 8, entries);
        rig.memory.writeU64(rig.scratch() + 16, buffer);
        return rig.call(12, SET, rig.scratch()).result();
    }

    @Test
    void asManyEntriesAreToldAsThereIsRoomFor() {
        MemoryRig rig = rig(Domain.Privilege.NONE);
        long buffer = rig.scratch() + 64;
        assertEquals(ENOSYS, get(rig, 8, buffer));
        rig.domain.setMemoryMap(List.of(new E820Entry(0, 0x9F000, 1), new E820Entry(1L << 32, 0x4000_0000L, 2)));
        assertEquals(0, get(rig, 8, buffer));
        assertEquals(2, rig.memory.readU32(rig.scratch()));
        assertEquals(0, rig.memory.readU64(buffer));
        assertEquals(0x9F000, rig.memory.readU64(buffer + 8));
        assertEquals(1, rig.memory.readU32(buffer + 16));
        assertEquals(1L << 32, rig.memory.readU64(buffer + 20));
        assertEquals(0x4000_0000L, rig.memory.readU64(buffer + 28));
        assertEquals(2, rig.memory.readU32(buffer + 36));
        assertEquals(0, get(rig, 1, buffer));
        assertEquals(1, rig.memory.readU32(rig.scratch()));
        assertEquals(0, get(rig, 0, 1L << 50));
        assertEquals(EFAULT, get(rig, 2, 1L << 50));
        assertEquals(EFAULT, rig.call(12, GET, 1L << 50).result());
    }

    @Test
    void aDomainMaySetItsOwnMap() {
        MemoryRig rig = rig(Domain.Privilege.NONE);
        long buffer = rig.scratch() + 64;
        rig.memory.writeU64(buffer, 0x1000);
        rig.memory.writeU64(buffer + 8, 0x2000);
        rig.memory.writeU32(buffer + 16, 5);
        assertEquals(0, set(rig, MemoryRig.SELF, 1, buffer));
        assertEquals(List.of(new E820Entry(0x1000, 0x2000, 5)), rig.domain.memoryMap());
        assertEquals(0, set(rig, MemoryRig.DOMID, 0, buffer));
        assertEquals(List.of(), rig.domain.memoryMap());
        assertEquals(EINVAL, set(rig, MemoryRig.SELF, 1025, buffer));
        assertEquals(EINVAL, set(rig, MemoryRig.SELF, -1, buffer));
        assertEquals(EFAULT, set(rig, MemoryRig.SELF, 1, 1L << 50));
        assertEquals(EPERM, set(rig, OTHER, 1, buffer));
        assertEquals(ESRCH, set(rig, 55, 1, buffer));
    }

    @Test
    void theControlDomainMaySetAnyMap() {
        MemoryRig rig = rig(Domain.Privilege.CONTROL);
        assertEquals(0, set(rig, OTHER, 1, rig.scratch() + 64));
        assertEquals(List.of(new E820Entry(0, 0, 0)), rig.platform.domain(OTHER).memoryMap());
    }
}
