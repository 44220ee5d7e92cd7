package io.github.paravane.hypervisor.hypercall.memory;

import static io.github.paravane.hypervisor.pagetable.MemoryRig.SELF;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.HostOptions;
import io.github.paravane.hypervisor.pagetable.MemoryRig;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands of memory_op that are not for PV guests, or not for plain ones. */
class MemoryRefusalsTest {

    private static final long EPERM = -1, ESRCH = -3, EINVAL = -22, ENOSYS = -38, EOPNOTSUPP = -95;
    private static final int OTHER = 2, NOBODY = 77;

    private final MemoryRig rig = new MemoryRig(AbiProfiles.XEN_4_17);
    private final long at = rig.scratch();

    private long op(int command) {
        return rig.call(12, command, at).result();
    }

    private void domain(int offset, int domid) {
        rig.memory.zeroFrame(at >>> 12);
        rig.memory.writeU16(at + offset, domid);
    }

    /** Command, where the domid is, and the results for oneself, another domain and nobody. */
    @ParameterizedTest
    @CsvSource({
        "7, 0, -13, -13, -3",
        "15, 0, -13, -13, -3",
        "23, 0, -13, -13, -3",
        "16, 32, -22, -22, -3",
        "17, 32, -22, -22, -3",
        "21, 2, -3, -22, -3",
        "24, 24, -22, -1, -22",
        "26, 0, -95, -1, -3",
        "28, 0, -3, -1, -3"
    })
    void commandsForOthersAnswerByDomain(int command, int offset, long self, long other, long nobody) {
        rig.addDomain(OTHER);
        domain(offset, SELF);
        assertEquals(self, op(command));
        domain(offset, OTHER);
        assertEquals(other, op(command));
        domain(offset, NOBODY);
        assertEquals(nobody, op(command));
    }

    @Test
    void whatIsNotThereIsEmptyOrUnknown() {
        assertEquals(0, op(18));
        assertEquals(0, op(19));
        assertEquals(EOPNOTSUPP, op(25));
        domain(0, 0);
        rig.memory.writeU32(at + 4, 5);
        assertEquals(0, op(27));
        assertEquals(0, rig.memory.readU32(at + 4), "no reserved memory");
        rig.memory.writeU32(at, 2);
        assertEquals(EINVAL, op(27));
        assertEquals(ENOSYS, op(8), "translate_gpfn_list is history");
        assertEquals(ENOSYS, op(20), "paging is an option of the build");
        assertEquals(ENOSYS, op(22), "and so is sharing");
        assertEquals(ENOSYS, op(63));
    }

    @Test
    void theControlDomainAcquiresGrantFrames() {
        MemoryRig dom0 = new MemoryRig(AbiProfiles.XEN_4_17, HostOptions.DEFAULT, Domain.Privilege.CONTROL);
        Domain other = dom0.addDomain(OTHER);
        long list = dom0.scratch() + 64;
        assertEquals(0, acquire(dom0, OTHER, 0, 0, 0));
        assertEquals(64, dom0.memory.readU32(dom0.scratch() + 8));
        assertEquals(0, acquire(dom0, OTHER, 0, 2, list));
        assertEquals(dom0.tables.grants().table(other).frame(1), dom0.memory.readU64(list + 8));
        assertEquals(EINVAL, acquire(dom0, OTHER, 1, 1, list), "no status before version 2");
        assertEquals(EINVAL, acquire(dom0, OTHER, 0, 65, list));
        assertEquals(ESRCH, acquire(dom0, NOBODY, 0, 1, list));
        assertEquals(ESRCH, acquire(dom0, SELF, 0, 1, list));
        assertEquals(EPERM, acquire(dom0, MemoryRig.DOMID, 0, 1, list));
    }

    private static long acquire(MemoryRig rig, int domid, int id, int frames, long list) {
        long at = rig.scratch();
        rig.memory.writeU16(at, domid);
        rig.memory.writeU16(at + 2, 1);
        rig.memory.writeU32(at + 4, id);
        rig.memory.writeU32(at + 8, frames);
        rig.memory.writeU32(at + 12, 0);
        rig.memory.writeU64(at + 16, 0);
        rig.memory.writeU64(at + 24, list);
        return rig.call(12, 28, at).result();
    }

    /** The first version says what is wrong; later ones say how much was done. */
    @Test
    void reservationsOfTheFirstVersion() {
        MemoryRig old = new MemoryRig(AbiProfiles.XEN_3_0_2);
        assertEquals(EPERM, reserve(old, 1, 0, NOBODY));
        assertEquals(EINVAL, reserve(old, -1, 0, SELF));
        assertEquals(-12, reserve(old, 1, 20, SELF));
        assertEquals(1, reserve(old, 1, 0, SELF));
        MemoryRig next = new MemoryRig(AbiProfiles.XEN_3_0_3);
        assertEquals(0, reserve(next, 1, 0, NOBODY));
        assertEquals(0, reserve(next, -1, 0, SELF));
    }

    private static long reserve(MemoryRig rig, long count, int bits, int domid) {
        long at = rig.scratch();
        rig.memory.writeU64(at, 0);
        rig.memory.writeU64(at + 8, count);
        rig.memory.writeU32(at + 16, 0);
        rig.memory.writeU32(at + 20, bits);
        rig.memory.writeU16(at + 24, domid);
        return rig.call(12, 0, at).result();
    }
}
