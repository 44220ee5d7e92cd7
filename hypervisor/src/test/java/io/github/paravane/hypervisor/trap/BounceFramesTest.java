package io.github.paravane.hypervisor.trap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.cpu.TrapHandler.Disposition;
import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.paging.PageFault;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.EntryRules;
import io.github.paravane.hypervisor.domain.Callbacks;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BounceFramesTest {
    private static final long MASKED = 1L << 32;
    private final EntryRig rig = new EntryRig(AbiProfiles.XEN_4_17);
    private final Registers r = rig.r;

    static List<AbiProfile> profiles() {
        return AbiProfiles.all();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 5, 16, 19})
    void anExceptionWithoutErrorCodeHasSevenSlots(int vector) {
        r.setRflags(0x10202);
        assertEquals(Disposition.RESUME, rig.router.trap(Trap.fault(vector, 0)));
        assertEquals(0x18_000 - 56, r.gpr(Registers.RSP));
        rig.assertFrame(0x2222, 0xCCCC, EntryRig.CODE, 0xE030 | MASKED, 0x10002, 0x18_008, 0xE02B);
        assertEquals(EntryRig.handler(vector), r.rip());
        assertEquals(EntryRig.handler(vector), r.gpr(Registers.RCX));
        assertEquals(0x202, r.gpr(Registers.R11));
        assertEquals(0x202, r.rflags());
        assertEquals(0x1111, r.gpr(Registers.RAX));
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 11, 12, 17, 21})
    void anExceptionWithErrorCodeHasEight(int vector) {
        rig.router.trap(Trap.fault(vector, 0x8001_0008));
        assertEquals(0x18_000 - 64, r.gpr(Registers.RSP));
        rig.assertFrame(0x2222, 0xCCCC, 0x8001_0008L, EntryRig.CODE, 0xE030 | MASKED, 2, 0x18_008, 0xE02B);
    }

    @Test
    void fromUserTheKernelStackAndTablesAreUsed() {
        rig.inUserMode();
        rig.router.trap(Trap.fault(Trap.DE, 0));
        assertTrue(rig.vcpu.kernelMode());
        assertEquals(List.of(EntryRig.KERNEL_BASE + " NON_GLOBAL"), rig.paging.loads);
        assertEquals(EntryRig.KERNEL_STACK - 56, r.gpr(Registers.RSP));
        assertEquals(0x8000, r.segmentBase(Registers.GS));
        assertEquals(0x7000, rig.vcpu.inactiveGsBase());
        rig.assertFrame(0x2222, 0xCCCC, EntryRig.CODE, 0xE033 | MASKED, 2, 0x18_008, 0xE02B);
        assertTrue(rig.events.contains(new MachineEvent.ModeChanged(1, 0, true, EntryRig.KERNEL_BASE)));
    }

    @Test
    void flagsAreClearedForTheHandlerAndKeptInTheFrame() {
        r.setRflags(0x25_4FD7);
        rig.router.trap(Trap.fault(Trap.DE, 0));
        // TF, NT, RF and AC are gone; ID and the arithmetic flags, DF among them, stay.
        assertEquals(0x20_0ED7, r.rflags());
        assertEquals(0x25_4DD7, rig.memory.readU64(r.gpr(Registers.RSP) + 32));
    }

    @Test
    void alignmentCheckIsClearedSince303() {
        for (AbiProfile profile : profiles()) {
            EntryRig old = new EntryRig(profile);
            old.r.setRflags(0x4_0202);
            old.router.trap(Trap.fault(Trap.DE, 0));
            boolean kept = profile == AbiProfiles.XEN_3_0_2;
            assertEquals(kept ? 0x4_0202 : 0x202, old.r.rflags(), profile.name());
        }
    }

    @Test
    void theSavedMaskAndInterruptFlagFollowTheUpcallMask() {
        rig.vcpu.setUpcallMask(false);
        rig.vcpu.trapTable().set(Trap.DE, EntryRig.handler(0), 4);
        rig.router.trap(Trap.fault(Trap.DE, 0));
        rig.assertFrame(0x2222, 0xCCCC, EntryRig.CODE, 0xE030, 0x202, 0x18_008, 0xE02B);
        assertTrue(rig.vcpu.upcallMask());
    }

    @Test
    void aTrapWithoutTheFlagLeavesTheMaskAlone() {
        rig.vcpu.setUpcallMask(false);
        rig.router.trap(Trap.fault(Trap.DE, 0));
        assertFalse(rig.vcpu.upcallMask());
    }

    @Test
    void pageFaultsStoreTheAddressAndSayWhichModeItWas() {
        PageFault fault = new PageFault(0x9_0123, 0x7, PageFault.Reason.NOT_WRITABLE, 1, 0, -1, 0);
        rig.router.trap(Trap.pageFault(fault));
        assertEquals(0x9_0123, rig.vcpu.cr2());
        assertEquals(0x9_0123, rig.memory.readU64((EntryRig.SHARED_INFO << 12) + 16));
        rig.assertFrame(0x2222, 0xCCCC, 3, EntryRig.CODE);

        EntryRig user = new EntryRig(AbiProfiles.XEN_4_17).inUserMode();
        user.router.trap(Trap.pageFault(fault));
        user.assertFrame(0x2222, 0xCCCC, 7, EntryRig.CODE);
    }

    @Test
    void aUserSyscallEntersTheCallback() {
        rig.inUserMode();
        r.setRflags(0x603);
        r.setGpr(Registers.RAX, 0x12345);
        rig.syscall();
        assertEquals(EntryRig.callback(Callbacks.SYSCALL), r.rip());
        assertEquals(0x12345, rig.rax());
        assertEquals(0x203, r.rflags(), "DF is cleared");
        rig.assertFrame(EntryRig.CODE + 2, 0x603, EntryRig.CODE + 2, 0xE033 | MASKED, 0x403, 0x18_008, 0xE02B);
    }

    @Test
    void theSyscallFrameByVersion() {
        for (AbiProfile profile : profiles()) {
            EntryRig old = new EntryRig(profile).inUserMode();
            old.r.setRflags(0x646);
            old.vcpu.callbacks().set(Callbacks.SYSCALL, EntryRig.callback(2), true);
            old.vcpu.setUpcallMask(false);
            old.syscall();
            long r11 = old.memory.readU64(old.r.gpr(Registers.RSP) + 8);
            boolean text = profile == AbiProfiles.XEN_3_1_1;
            assertEquals(text ? 0xFFFF_828CL : 0, r11 >>> 32, profile.name());
            assertEquals(text, r11 != 0x646, profile.name());
            boolean keepsDf =
                    AbiProfiles.all().indexOf(profile) < AbiProfiles.all().indexOf(AbiProfiles.XEN_3_2);
            assertEquals(keepsDf ? 0x646 : 0x246, old.r.rflags(), profile.name());
            assertEquals(profile != AbiProfiles.XEN_3_0_2, old.vcpu.upcallMask(), profile.name());
        }
    }

    @Test
    void aSyscallWithoutCallbackIsInvalidOpcodeOrACrash() {
        rig.inUserMode();
        rig.vcpu.callbacks().set(Callbacks.SYSCALL, 0, false);
        rig.syscall();
        assertEquals(EntryRig.handler(Trap.UD), r.rip());
        rig.assertFrame(EntryRig.CODE + 2, 0x202, EntryRig.CODE, 0xE033 | MASKED);

        EntryRig old = new EntryRig(AbiProfiles.XEN_4_14).inUserMode();
        old.vcpu.callbacks().set(Callbacks.SYSCALL, 0, false);
        assertEquals(Disposition.STOP, old.syscall());
        assertFalse(old.domain.isRunning());
    }

    @Test
    void compatibilityCodeHasItsOwnCallback() {
        r.loadSegment(Registers.CS, 0xE023, FlatSegments.CODE_32_DESCRIPTOR);
        rig.inUserMode().syscall();
        assertEquals(EntryRig.callback(Callbacks.SYSCALL32), r.rip());
        assertEquals(0xE033, r.selector(Registers.CS));
        rig.assertFrame(EntryRig.CODE + 2, 0x202, EntryRig.CODE + 2, 0xE023 | MASKED);

        EntryRig old = new EntryRig(AbiProfiles.XEN_3_1_0).inUserMode();
        old.r.loadSegment(Registers.CS, 0xE023, FlatSegments.CODE_32_DESCRIPTOR);
        old.syscall();
        assertEquals(EntryRig.callback(Callbacks.SYSCALL), old.r.rip());
    }

    @Test
    void sysenterKeepsNothing() {
        rig.inUserMode();
        r.setRip(EntryRig.CODE + 2);
        rig.router.trap(new Trap(Trap.Kind.SYSENTER, 0, 0, 0, null));
        assertEquals(EntryRig.callback(Callbacks.SYSENTER), r.rip());
        rig.assertFrame(0x2222, 0xCCCC, 0, 3 | MASKED, 2, 0, 0xE02B);

        EntryRig none = new EntryRig(AbiProfiles.XEN_4_17).inUserMode();
        none.vcpu.callbacks().set(Callbacks.SYSENTER, 0, false);
        none.router.trap(new Trap(Trap.Kind.SYSENTER, 0, 0, 0, null));
        none.assertFrame(0x2222, 0xCCCC, 0, 0, 3 | MASKED, 2, 0, 0xE02B);

        EntryRig old = new EntryRig(AbiProfiles.XEN_3_1_0).inUserMode();
        old.r.setRip(EntryRig.CODE + 2);
        old.router.trap(new Trap(Trap.Kind.SYSENTER, 0, 0, 0, null));
        old.assertFrame(0x2222, 0xCCCC, 0, EntryRig.CODE, 0xE033 | MASKED);
    }

    @Test
    void eventsMaskThemselvesAndComeOnTopOfAnException() {
        rig.vcpu.setUpcallMask(false);
        rig.memory.writeU8(EntryRig.SHARED_INFO << 12, 1);
        rig.router.trap(Trap.fault(Trap.DE, 0));
        assertEquals(EntryRig.callback(Callbacks.EVENT), r.rip());
        assertTrue(rig.vcpu.upcallMask());
        assertTrue(rig.vcpu.upcallPending());
        long exceptionFrame = 0x18_000 - 56;
        // RCX and R11 are the guest's own until the last moment.
        rig.assertFrame(0x2222, 0xCCCC, EntryRig.handler(0), 0xE030, 0x202, exceptionFrame, 0xE02B);
        assertEquals((exceptionFrame & -16) - 56, r.gpr(Registers.RSP));
    }

    @Test
    void anNmiComesOnceUntilIret() {
        rig.vcpu.trapTable().set(Trap.NMI, EntryRig.handler(2), 4);
        rig.vcpu.setNmiPending(true);
        rig.router.beforeReturn();
        assertEquals(EntryRig.handler(2), r.rip());
        rig.vcpu.setNmiPending(true);
        long rsp = r.gpr(Registers.RSP);
        rig.router.beforeReturn();
        assertEquals(rsp, r.gpr(Registers.RSP), "masked until iret");
        assertTrue(rig.vcpu.nmiPending());
        rig.iretFrame(0, 0, 0, 0, EntryRig.CODE, 0xE030, 0x2, 0x18_008, 0xE02B);
        rig.hypercall(23);
        assertEquals(EntryRig.handler(2), r.rip());
        assertFalse(rig.vcpu.nmiPending());
    }

    @Test
    void frameAcrossTwoPagesIsWritten() {
        r.setGpr(Registers.RSP, 0x18_010);
        rig.router.trap(Trap.fault(Trap.GP, 0x18));
        rig.assertFrame(0x2222, 0xCCCC, 0x18, EntryRig.CODE, 0xE030 | MASKED, 2, 0x18_010, 0xE02B);
        assertEquals(0x17_FD0, r.gpr(Registers.RSP));
    }

    @Test
    void whatCannotBeWrittenCrashes() {
        r.setGpr(Registers.RSP, 0x18_010);
        rig.paging.readOnly[0x17] = true;
        assertEquals(Disposition.STOP, rig.router.trap(Trap.fault(Trap.GP, 0x18)));
        assertFalse(rig.domain.isRunning());
        assertEquals(Domain.Shutdown.CRASH, rig.domain.shutdown().reason());
    }

    @Test
    void aMissingHandlerCrashes() {
        rig.vcpu.trapTable().set(Trap.DE, 0, 0);
        assertEquals(Disposition.STOP, rig.router.trap(Trap.fault(Trap.DE, 0)));
        assertFalse(rig.domain.isRunning());
    }

    @Test
    void aDoubleFaultCrashes() {
        assertEquals(Disposition.STOP, rig.router.trap(Trap.fault(Trap.DF, 0)));
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void theStackMustKeepClearOfTheHypervisor(AbiProfile profile) {
        long end = 0xFFFF_8800_0000_0000L;
        for (long rsp : new long[] {0xFFFF_8000_0000_0010L, 0xFFFF_8200_0000_0000L, end, end + 0x30}) {
            EntryRig bad = new EntryRig(profile);
            bad.r.setGpr(Registers.RSP, rsp);
            assertEquals(Disposition.STOP, bad.router.trap(Trap.fault(Trap.DE, 0)), Long.toHexString(rsp));
            String detail = bad.domain.shutdown().detail();
            assertTrue(detail.contains("hypervisor's range"), detail);
        }
        int slack = profile.get(EntryRules.STACK_WINDOW_SLACK);
        assertTrue(slack == 60 || slack == 64);
    }

    @Test
    void virtualIoplIsInTheFrame() {
        rig.vcpu.setIopl(3);
        rig.domain.setAssist(Domain.ASSIST_ARCHITECTURAL_IOPL, true);
        rig.router.trap(Trap.fault(Trap.DE, 0));
        assertEquals(0x3002, rig.memory.readU64(r.gpr(Registers.RSP) + 32));
    }
}
