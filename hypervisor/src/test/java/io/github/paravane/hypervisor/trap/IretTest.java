package io.github.paravane.hypervisor.trap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.cpu.TrapHandler.Disposition;
import io.github.paravane.hypervisor.domain.Callbacks;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.util.List;
import org.junit.jupiter.api.Test;

class IretTest {
    private static final int IRET = 23;
    private static final long MASKED = 1L << 32;
    private final EntryRig rig = new EntryRig(AbiProfiles.XEN_4_17);
    private final Registers r = rig.r;

    @Test
    void toUserModeWithAllRegisters() {
        rig.iretFrame(0xA, 0xB, 0xC, 0, 0x5_0000, 0xE033, 0x46, 0x6_0000, 0xE02B);
        assertEquals(Disposition.RESUME, rig.hypercall(IRET));
        assertFalse(rig.vcpu.kernelMode());
        assertEquals(List.of(EntryRig.USER_BASE + " NON_GLOBAL"), rig.paging.loads);
        assertEquals(0xA, rig.rax());
        assertEquals(0xB, r.gpr(Registers.R11));
        assertEquals(0xC, r.gpr(Registers.RCX));
        assertEquals(0x5_0000, r.rip());
        assertEquals(0x6_0000, r.gpr(Registers.RSP));
        assertEquals(0x246, r.rflags());
        assertEquals(0x8000, r.segmentBase(Registers.GS));
        assertTrue(rig.vcpu.upcallMask());
    }

    @Test
    void rpl0StaysInTheKernel() {
        rig.iretFrame(0xA, 0xB, 0xC, 0, 0x5_0000, 0xE030, 0x246, 0x6_0000, 0xE028);
        rig.hypercall(IRET);
        assertTrue(rig.vcpu.kernelMode());
        assertEquals(List.of(), rig.paging.loads);
        assertEquals(0xE033, r.selector(Registers.CS));
        assertEquals(0xE02B, r.selector(Registers.SS));
        assertFalse(rig.vcpu.upcallMask());
    }

    @Test
    void inSyscallLeavesBySysret() {
        rig.iretFrame(0xA, 0xB, 0xC, 0x100, 0x5_0000, 0x1003, 0x1_0246, 0x6_0000, 0x77);
        rig.hypercall(IRET);
        assertEquals(0x5_0000, r.gpr(Registers.RCX));
        assertEquals(0x1_0246, r.gpr(Registers.R11));
        assertEquals(0x246, r.rflags(), "SYSRET clears RF");
        assertEquals(0xE033, r.selector(Registers.CS));
        assertEquals(0xE02B, r.selector(Registers.SS));
    }

    @Test
    void inSyscallTo32BitCode() {
        rig.iretFrame(0xA, 0xB, 0xC, 0x100, 0x5_0000, 0xE023, 0x202, 0x6_0000, 0xE02B);
        rig.hypercall(IRET);
        assertEquals(0xE023, r.selector(Registers.CS));
    }

    @Test
    void privilegedFlagsAreDropped() {
        rig.iretFrame(0, 0, 0, 0, 0x5_0000, 0xE033, 0x3F_FFFFL, 0x6_0000, 0xE02B);
        rig.hypercall(IRET);
        assertEquals(0x25_4FD7, r.rflags());
    }

    @Test
    void nestedTaskIsClearedFrom49To414() {
        EntryRig old = new EntryRig(AbiProfiles.XEN_4_9);
        old.iretFrame(0, 0, 0, 0, 0x5_0000, 0xE033, 0x4202, 0x6_0000, 0xE02B);
        old.hypercall(IRET);
        assertEquals(0x202, old.r.rflags());
    }

    @Test
    void architecturalIoplIsTakenFromTheFrame() {
        rig.domain.setAssist(Domain.ASSIST_ARCHITECTURAL_IOPL, true);
        rig.iretFrame(0, 0, 0, 0, 0x5_0000, 0xE033, 0x3202, 0x6_0000, 0xE02B);
        rig.hypercall(IRET);
        assertEquals(3, rig.vcpu.iopl());
        assertEquals(0x202, r.rflags());
    }

    @Test
    void anUnreadableFrameCrashes() {
        r.setGpr(Registers.RSP, 0x18_FF0);
        rig.paging.absent[0x19] = true;
        assertEquals(Disposition.STOP, rig.hypercall(IRET));
        assertFalse(rig.domain.isRunning());
    }

    @Test
    void withoutUserTablesItCrashesOrFails() {
        rig.vcpu.setUserBase(0);
        rig.iretFrame(0, 0, 0, 0, 0x5_0000, 0xE033, 0x202, 0x6_0000, 0xE02B);
        assertEquals(Disposition.STOP, rig.hypercall(IRET));

        EntryRig old = new EntryRig(AbiProfiles.XEN_3_0_2);
        old.vcpu.setUserBase(0);
        old.iretFrame(0, 0, 0, 0, 0x5_0000, 0xE033, 0x202, 0x6_0000, 0xE02B);
        assertEquals(Disposition.RESUME, old.hypercall(IRET));
        assertEquals(-14, old.rax());
        assertEquals(EntryRig.CODE + 2, old.r.rip());
    }

    @Test
    void aBadSelectorIsAnExceptionAtTheTarget() {
        rig.iretFrame(0xA, 0xB, 0xC, 0, 0x5_0000, 0x1003, 0x202, 0x6_0000, 0xE02B);
        rig.hypercall(IRET);
        assertTrue(rig.vcpu.kernelMode());
        assertEquals(EntryRig.handler(Trap.GP), r.rip());
        assertEquals(EntryRig.KERNEL_STACK - 64, r.gpr(Registers.RSP));
        rig.assertFrame(0xC, 0xB, 0x1000, 0x5_0000, 0x1003, 0x202, 0x6_0000, 0xE02B);
    }

    @Test
    void aMissingSegmentIsNotPresent() {
        rig.descriptors.put(0x1000, FlatSegments.CODE_64_DESCRIPTOR & ~Descriptor.PRESENT);
        rig.iretFrame(0xA, 0xB, 0xC, 0, 0x5_0000, 0x1003, 0x2, 0x6_0000, 0xE02B);
        rig.hypercall(IRET);
        assertEquals(EntryRig.handler(Trap.NP), r.rip());
        rig.assertFrame(0xC, 0xB, 0x1000, 0x5_0000, 0x1003 | MASKED);
    }

    @Test
    void aBadStackSegment() {
        rig.iretFrame(0xA, 0xB, 0xC, 0, 0x5_0000, 0xE033, 0x2, 0x6_0000, 0);
        rig.hypercall(IRET);
        assertEquals(EntryRig.handler(Trap.GP), r.rip());
        rig.assertFrame(0xC, 0xB, 0, 0x5_0000, 0xE033 | MASKED, 2, 0x6_0000, 3);

        EntryRig absent = new EntryRig(AbiProfiles.XEN_4_17);
        absent.descriptors.put(0x1008, FlatSegments.STACK_DESCRIPTOR & ~Descriptor.PRESENT);
        absent.iretFrame(0xA, 0xB, 0xC, 0, 0x5_0000, 0xE033, 0x2, 0x6_0000, 0x1008);
        absent.hypercall(IRET);
        assertEquals(EntryRig.handler(Trap.SS), absent.r.rip());
        absent.assertFrame(0xC, 0xB, 0x1008, 0x5_0000);
    }

    @Test
    void olderVersionsEnterTheFailsafeCallback() {
        EntryRig old = new EntryRig(AbiProfiles.XEN_4_6);
        old.r.loadSegment(Registers.DS, 0x11, 0);
        old.r.loadSegment(Registers.ES, 0x22, 0);
        old.r.loadSegment(Registers.FS, 0x33, 0);
        old.r.loadSegment(Registers.GS, 0x44, 0);
        old.iretFrame(0xA, 0xB, 0xC, 0, 0x5_0000, 0x1003, 0x202, 0x6_0000, 0xE02B);
        old.hypercall(IRET);
        assertEquals(EntryRig.callback(Callbacks.FAILSAFE), old.r.rip());
        assertEquals(EntryRig.KERNEL_STACK - 88, old.r.gpr(Registers.RSP));
        old.assertFrame(0xC, 0xB, 0x11, 0x22, 0x33, 0x44, 0x5_0000, 0x1003, 0x202, 0x6_0000, 0xE02B);
    }

    @Test
    void aNonCanonicalRipIsGeneralProtection() {
        rig.iretFrame(0xA, 0xB, 0xC, 0x100, 0x8000_0000_0000L, 0xE033, 0x202, 0x6_0000, 0xE02B);
        rig.hypercall(IRET);
        assertEquals(EntryRig.handler(Trap.GP), r.rip());
        rig.assertFrame(0x8000_0000_0000L, 0x202, 0, 0x8000_0000_0000L, 0xE033, 0x202, 0x6_0000, 0xE02B);
    }

    @Test
    void pendingEventsAreSeenAtOnce() {
        rig.memory.writeU8(EntryRig.SHARED_INFO << 12, 1);
        rig.iretFrame(0xA, 0xB, 0xC, 0, 0x5_0000, 0xE033, 0x202, 0x6_0000, 0xE02B);
        rig.hypercall(IRET);
        assertEquals(EntryRig.callback(Callbacks.EVENT), r.rip());
        rig.assertFrame(0xC, 0xB, 0x5_0000, 0xE033, 0x202, 0x6_0000, 0xE02B);
    }
}
