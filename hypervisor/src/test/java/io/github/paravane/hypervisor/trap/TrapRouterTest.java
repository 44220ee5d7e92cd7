package io.github.paravane.hypervisor.trap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.cpu.EmulationHooks;
import io.github.paravane.api.cpu.EmulationHooks.Cell;
import io.github.paravane.api.cpu.EmulationHooks.Reply;
import io.github.paravane.api.cpu.EmulationResult;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.cpu.TrapHandler.Disposition;
import io.github.paravane.api.hypercall.GuestFault;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.paging.PageFault;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

class TrapRouterTest {
    private final EntryRig rig = new EntryRig(AbiProfiles.XEN_4_17);
    private final Registers r = rig.r;

    @Test
    void aHypercallGetsItsArgumentsAndReturnsInRax() {
        rig.custom = context -> HypercallOutcome.completed(context.argument(0) * 100000
                + context.argument(1) * 10000
                + context.argument(2) * 1000
                + context.argument(3) * 100
                + context.argument(4) * 10
                + context.argument(5));
        assertEquals(Disposition.RESUME, rig.hypercall(EntryRig.CUSTOM, 1, 2, 3, 4, 5, 6));
        assertEquals(123456, rig.rax());
        assertEquals(EntryRig.CODE + 2, r.rip());
        assertEquals(EntryRig.CODE + 2, r.gpr(Registers.RCX));
        assertEquals(0x202, r.gpr(Registers.R11));
        MachineEvent.HypercallDone done = (MachineEvent.HypercallDone) rig.events.get(0);
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L), done.arguments());
        assertEquals("custom", done.name());
    }

    @Test
    void aHypercallReturnsToTheFlatSelectors() {
        rig.descriptors.put(0x1008, FlatSegments.CODE_64_DESCRIPTOR);
        r.loadSegment(Registers.CS, 0x100B, FlatSegments.CODE_64_DESCRIPTOR);
        r.loadSegment(Registers.SS, 0x1013, FlatSegments.STACK_DESCRIPTOR);
        rig.hypercall(62);
        assertEquals(0xE033, r.selector(Registers.CS));
        assertEquals(0xE02B, r.selector(Registers.SS));
        rig.descriptors.put(0x1008, FlatSegments.CODE_32_DESCRIPTOR);
        r.loadSegment(Registers.CS, 0x100B, FlatSegments.CODE_32_DESCRIPTOR);
        r.setRip(EntryRig.CODE);
        rig.hypercall(62);
        assertEquals(EntryRig.callback(7), r.rip(), "32-bit code cannot make hypercalls of a 64-bit domain");
    }

    @Test
    void unknownNumbersAndBadPointers() {
        rig.hypercall(62);
        assertEquals(-38, rig.rax());
        rig.hypercall(64);
        assertEquals(-38, rig.rax());
        rig.custom = context -> {
            throw new GuestFault(0);
        };
        rig.hypercall(EntryRig.CUSTOM);
        assertEquals(-14, rig.rax());
    }

    @Test
    void aContinuedCallIsMadeAgainWithItsNewArguments() {
        rig.custom = context -> {
            context.setArgument(1, 77);
            return HypercallOutcome.CONTINUED;
        };
        rig.hypercall(EntryRig.CUSTOM, 5, 6);
        assertEquals(EntryRig.CODE, r.rip());
        assertEquals(EntryRig.CUSTOM, rig.rax());
        assertEquals(5, r.gpr(Registers.RDI));
        assertEquals(77, r.gpr(Registers.RSI));
    }

    @Test
    void aBlockedVcpuStopsItsCore() {
        rig.custom = context -> {
            rig.vcpu.setRunState(Vcpu.RunState.BLOCKED);
            return HypercallOutcome.OK;
        };
        rig.vcpu.setUpcallMask(false);
        rig.memory.writeU8(EntryRig.SHARED_INFO << 12, 1);
        assertEquals(Disposition.STOP, rig.hypercall(EntryRig.CUSTOM));
        assertEquals(EntryRig.CODE + 2, r.rip(), "no event while it does not run");
        rig.vcpu.setRunState(Vcpu.RunState.RUNNING);
        assertEquals(Disposition.RESUME, rig.router.beforeReturn());
        assertEquals(EntryRig.callback(0), r.rip());
    }

    @Test
    void intNChecksTheGuestsDpl() {
        rig.vcpu.trapTable().set(0x90, EntryRig.handler(0x90), 1);
        r.setRflags(0x10202);
        rig.router.trap(Trap.fault(Trap.GP, 0x90 * 8 + 2));
        assertEquals(EntryRig.handler(0x90), r.rip());
        rig.assertFrame(0x2222, 0xCCCC, EntryRig.CODE + 2, 0xE030 | 1L << 32, 0x10002);

        EntryRig user = new EntryRig(AbiProfiles.XEN_4_17).inUserMode();
        user.vcpu.trapTable().set(0x90, EntryRig.handler(0x90), 1);
        user.router.trap(Trap.fault(Trap.GP, 0x90 * 8 + 2));
        assertEquals(EntryRig.handler(Trap.GP), user.r.rip());
        user.assertFrame(0x2222, 0xCCCC, 0x482, EntryRig.CODE);
    }

    @Test
    void intNWithPrefixesByVersion() {
        EntryRig newer = new EntryRig(AbiProfiles.XEN_4_22);
        newer.vcpu.trapTable().set(0x90, EntryRig.handler(0x90), 3);
        newer.core.length = 4;
        newer.router.trap(Trap.fault(Trap.GP, 0x482));
        newer.assertFrame(0x2222, 0xCCCC, EntryRig.CODE + 4);

        rig.vcpu.trapTable().set(0x90, EntryRig.handler(0x90), 3);
        rig.core.length = 4;
        rig.router.trap(Trap.fault(Trap.GP, 0x482));
        rig.assertFrame(0x2222, 0xCCCC, EntryRig.CODE + 2);
    }

    /** INT 3 of two bytes needs no DPL in the guest's table, and saves RF as it is, as on the real 4.17. */
    @Test
    void theGatesOfInt3AndIntoAreOpen() {
        assertTrue(rig.router.mayInterrupt(Trap.OF));
        assertTrue(rig.router.mayInterrupt(Trap.BP));
        r.setRip(EntryRig.CODE + 2);
        rig.router.trap(new Trap(Trap.Kind.SOFTWARE_INTERRUPT, Trap.BP, 0, 0, null));
        assertEquals(EntryRig.handler(Trap.BP), r.rip());
        rig.assertFrame(0x2222, 0xCCCC, EntryRig.CODE + 2, 0xE030 | 1L << 32, 2);
    }

    @Test
    void breakpointAndOverflowHaveOpenGates() {
        for (int vector : new int[] {Trap.BP, Trap.OF}) {
            EntryRig each = new EntryRig(AbiProfiles.XEN_4_17);
            each.vcpu.setUpcallMask(false);
            each.vcpu.trapTable().set(vector, EntryRig.handler(vector), 4); // DPL 0, which nobody asks for
            assertTrue(each.router.mayInterrupt(vector));
            each.router.trap(new Trap(Trap.Kind.SOFTWARE_INTERRUPT, vector, 0, 0, null));
            assertEquals(EntryRig.handler(vector), each.r.rip());
            each.assertFrame(0x2222, 0xCCCC, EntryRig.CODE);
            assertTrue(each.vcpu.upcallMask());
        }
    }

    @Test
    void int80HasAFastGateSince31() {
        assertTrue(rig.router.mayInterrupt(0x80));
        assertFalse(rig.router.mayInterrupt(0x81));
        rig.vcpu.trapTable().set(0x80, 0, 0);
        assertFalse(rig.router.mayInterrupt(0x80));
        assertFalse(new EntryRig(AbiProfiles.XEN_3_0_4).router.mayInterrupt(0x80));

        EntryRig masks = new EntryRig(AbiProfiles.XEN_4_17);
        masks.vcpu.setUpcallMask(false);
        masks.vcpu.trapTable().set(0x80, EntryRig.handler(0x80), 4);
        masks.router.trap(new Trap(Trap.Kind.SOFTWARE_INTERRUPT, 0x80, 0, 0, null));
        assertEquals(EntryRig.handler(0x80), masks.r.rip());
        assertTrue(masks.vcpu.upcallMask());

        EntryRig old = new EntryRig(AbiProfiles.XEN_4_8);
        old.vcpu.setUpcallMask(false);
        old.vcpu.trapTable().set(0x80, EntryRig.handler(0x80), 4);
        old.router.trap(new Trap(Trap.Kind.SOFTWARE_INTERRUPT, 0x80, 0, 0, null));
        assertFalse(old.vcpu.upcallMask());
    }

    @Test
    void forcedCpuidAnswersForTheHypervisor() {
        byte[] code = {0x0F, 0x0B, 'x', 'e', 'n', 0x0F, (byte) 0xA2};
        rig.memory.write(EntryRig.CODE, code, 0, code.length);
        r.setGpr(Registers.RAX, 0xFFFF_FFFF_4000_0000L);
        r.setRflags(0x10202);
        rig.router.trap(Trap.fault(Trap.UD, 0));
        assertEquals(EntryRig.CODE + 7, r.rip());
        assertEquals(0x40000005, rig.rax());
        assertEquals(0x566E6558, r.gpr(Registers.RBX));
        assertEquals(0x65584D4D, r.gpr(Registers.RCX));
        assertEquals(0x4D4D566E, r.gpr(Registers.RDX));
        assertEquals(0x202, r.rflags());
    }

    @Test
    void forcedEmulationOfAnythingElseIsInvalidOpcode() {
        byte[] code = {0x0F, 0x0B, 'x', 'e', 'n', 0x0F, 0x31};
        rig.memory.write(EntryRig.CODE, code, 0, code.length);
        rig.router.trap(Trap.fault(Trap.UD, 0));
        assertEquals(EntryRig.handler(Trap.UD), r.rip());
    }

    @Test
    void theSignatureAcrossAMissingPageIsAPageFault() {
        r.setRip(0x11_000 - 2);
        rig.memory.write(0x11_000 - 2, new byte[] {0x0F, 0x0B}, 0, 2);
        rig.paging.absent[0x11] = true;
        rig.router.trap(Trap.fault(Trap.UD, 0));
        assertEquals(EntryRig.handler(Trap.PF), r.rip());
        assertEquals(0x11_000, rig.vcpu.cr2());
    }

    @Test
    void deviceNotAvailableClearsTs() {
        rig.hypercall(5, 1);
        assertTrue(r.taskSwitched());
        rig.router.trap(Trap.fault(Trap.NM, 0));
        assertFalse(r.taskSwitched());
        assertEquals(EntryRig.handler(Trap.NM), r.rip());
    }

    @Test
    void writeFaultsAreOfferedForRepair() {
        PageFault fault = new PageFault(0x9_0000, 0x7, PageFault.Reason.NOT_WRITABLE, 1, 0, -1, 0);
        rig.resolver = (vcpu, trap) -> true;
        rig.router.trap(Trap.pageFault(fault));
        assertEquals(EntryRig.handler(Trap.PF), r.rip(), "not without the assist");

        EntryRig assisted = new EntryRig(AbiProfiles.XEN_4_17);
        assisted.domain.setAssist(Domain.ASSIST_WRITABLE_PAGETABLES, true);
        assisted.resolver = (vcpu, trap) -> true;
        assisted.router.trap(Trap.pageFault(fault));
        assertEquals(EntryRig.CODE, assisted.r.rip());
        assisted.inUserMode().router.trap(Trap.pageFault(fault));
        assertEquals(EntryRig.handler(Trap.PF), assisted.r.rip(), "not in user mode");
    }

    @Test
    void aFaultWithoutDetailsMayBeSpurious() {
        rig.router.trap(new Trap(Trap.Kind.FAULT, Trap.PF, 4, 0x9_0000, null));
        assertEquals(EntryRig.CODE, r.rip());
        rig.paging.absent[0x90] = true;
        rig.router.trap(new Trap(Trap.Kind.FAULT, Trap.PF, 4, 0x9_0000, null));
        assertEquals(EntryRig.handler(Trap.PF), r.rip());
    }

    @Test
    void theHypervisorsDescriptorWindowIsPresent() {
        long window = 0xFFFF_8200_0000_0000L;
        PageFault fault = new PageFault(window, 4, PageFault.Reason.NOT_PRESENT, 4, 0, -1, 0);
        rig.router.trap(Trap.pageFault(fault));
        rig.assertFrame(0x2222, 0xCCCC, 1, EntryRig.CODE);
        assertEquals(window, rig.vcpu.cr2());
    }

    private Reply last = Reply.UNHANDLEABLE;
    private final Cell cell = new Cell();

    private void privileged(EntryRig on, BiFunction<EmulationHooks, Cell, Reply> access) {
        cell.trap = null;
        on.r.setRip(EntryRig.CODE);
        on.core.instruction = hooks -> {
            last = access.apply(hooks, cell);
            return switch (last) {
                case DONE -> EmulationResult.DONE;
                case UNHANDLEABLE -> EmulationResult.UNHANDLEABLE;
                case TRAP -> EmulationResult.trap(java.util.Objects.requireNonNull(cell.trap));
            };
        };
        on.router.trap(Trap.fault(Trap.GP, 0));
    }

    private long read(BiFunction<EmulationHooks, Cell, Reply> access) {
        privileged(rig, access);
        assertEquals(Reply.DONE, last);
        assertEquals(EntryRig.CODE + 2, r.rip());
        return cell.value;
    }

    @Test
    void controlRegistersOfTheKernel() {
        assertEquals(0x8005_0033L, read((hooks, c) -> hooks.readControl(0, c)));
        read((hooks, c) -> hooks.writeControl(0, 0x8005_003BL, c));
        assertTrue(r.taskSwitched());
        assertEquals(0x8005_003BL, read((hooks, c) -> hooks.readControl(0, c)));
        assertEquals(EntryRig.KERNEL_BASE << 12, read((hooks, c) -> hooks.readControl(3, c)));
        read((hooks, c) -> hooks.writeControl(2, 0x1234, c));
        assertEquals(0x1234, read((hooks, c) -> hooks.readControl(2, c)));
        read((hooks, c) -> hooks.writeControl(4, -1, c));
        assertEquals(0x5066C, read((hooks, c) -> hooks.readControl(4, c)));
        privileged(rig, (hooks, c) -> hooks.writeControl(0, 1, c));
        assertEquals(EntryRig.handler(Trap.GP), r.rip());
    }

    @Test
    void userModeGetsGeneralProtection() {
        EntryRig user = new EntryRig(AbiProfiles.XEN_4_17).inUserMode();
        privileged(user, (hooks, c) -> hooks.readControl(0, c));
        assertEquals(EntryRig.handler(Trap.GP), user.r.rip());
        user.inUserMode();
        privileged(user, (hooks, c) -> hooks.readMsr(0xC000_0080, c));
        assertEquals(Reply.UNHANDLEABLE, last);
        user.inUserMode();
        privileged(user, EmulationHooks::invalidateCaches);
        assertEquals(Reply.UNHANDLEABLE, last, "WBINVD is for the kernel too");
    }

    @Test
    void modelSpecificRegisters() {
        assertEquals(0xD01, read((hooks, c) -> hooks.readMsr(0xC000_0080, c)));
        read((hooks, c) -> hooks.writeMsr(0xC000_0101, 0x5000, c));
        assertEquals(0x5000, r.segmentBase(Registers.GS));
        assertEquals(0x8000, read((hooks, c) -> hooks.readMsr(0xC000_0102, c)));
        assertEquals(0xFEE0_0900L, read((hooks, c) -> hooks.readMsr(0x1B, c)));
        assertEquals(0x0000_0501_0007_0406L, read((hooks, c) -> hooks.readMsr(0x277, c)));
        privileged(rig, (hooks, c) -> hooks.writeMsr(0xC000_0100, 0x8000_0000_0000L, c));
        assertEquals(EntryRig.handler(Trap.GP), r.rip());
        privileged(rig, (hooks, c) -> hooks.readMsr(0x1234_5678, c));
        assertEquals(EntryRig.handler(Trap.GP), r.rip());
        rig.vcpu.trapTable().set(Trap.GP, 0, 0);
        assertEquals(0, read((hooks, c) -> hooks.readMsr(0x1234_5678, c)), "faked before there is a handler");
    }

    @Test
    void unknownRegistersOfOlderVersionsAreIgnored() {
        EntryRig old = new EntryRig(AbiProfiles.XEN_4_14);
        privileged(old, (hooks, c) -> hooks.readMsr(0x1234_5678, c));
        assertEquals(Reply.DONE, last);
        privileged(old, (hooks, c) -> hooks.writeMsr(0x1234_5678, 1, c));
        assertEquals(Reply.DONE, last);
    }

    @Test
    void theHypercallPageIsWrittenOnRequest() {
        read((hooks, c) -> hooks.writeMsr(0x4000_0000, 0x50_000, c));
        assertEquals(List.of(0x50L), rig.filledFrames);
        assertEquals(0x0000_0000_B853_4151L, rig.memory.readU64(0x50_000));
        assertEquals(0xCCCC_C359_5B41_050FL, rig.memory.readU64(0x50_008));
        assertEquals(0x0000_17B8_5053_4151L, rig.memory.readU64(0x50_000 + 23 * 32));
        assertEquals(0xCCCC_CCCC_CC05_0F00L, rig.memory.readU64(0x50_008 + 23 * 32));
        privileged(rig, (hooks, c) -> hooks.writeMsr(0x4000_0000, 0x50_001, c));
        assertEquals(EntryRig.handler(Trap.GP), r.rip());
    }

    @Test
    void portsNeedVirtualIopl() {
        privileged(rig, (hooks, c) -> hooks.readPort(0x80, 1, c));
        assertEquals(EntryRig.handler(Trap.GP), r.rip());
        rig.vcpu.setIopl(1);
        assertEquals(0xFF, read((hooks, c) -> hooks.readPort(0x80, 1, c)));
        assertEquals(0xFFFF_FFFFL, read((hooks, c) -> hooks.readPort(0x80, 4, c)));
        read((hooks, c) -> hooks.setInterruptFlag(false, c));
        rig.inUserMode();
        privileged(rig, (hooks, c) -> hooks.readPort(0x80, 1, c));
        assertEquals(Reply.UNHANDLEABLE, last);
    }

    @Test
    void portsByTheGuestsBitmap() {
        rig.vcpu.setIoBitmap(0x50_FF0, 0x88);
        rig.memory.writeU8(0x50_FFF, 0x7F);
        rig.memory.writeU8(0x51_000, 0xFE);
        assertEquals(0xFFFF, read((hooks, c) -> hooks.readPort(0x7F, 2, c)));
        privileged(rig, (hooks, c) -> hooks.readPort(0x7F, 4, c));
        assertEquals(Reply.UNHANDLEABLE, last);
        privileged(rig, (hooks, c) -> hooks.writePort(0x88, 1, 0, c));
        assertEquals(Reply.UNHANDLEABLE, last, "beyond the bitmap");
        rig.inUserMode();
        privileged(rig, (hooks, c) -> hooks.writePort(0x7F, 1, 0, c));
        assertEquals(Reply.DONE, last, "user mode reads it through the kernel's tables");
        rig.paging.absent[0x51] = true;
        privileged(rig, (hooks, c) -> hooks.readPort(0x7F, 2, c));
        assertEquals(Reply.UNHANDLEABLE, last);
    }

    @Test
    void debugRegistersFollowTheRules() {
        read((hooks, c) -> hooks.writeDebug(7, 0x1, c));
        assertEquals(0x401, read((hooks, c) -> hooks.readDebug(5, c)));
        privileged(rig, (hooks, c) -> hooks.writeDebug(7, 0x2000, c));
        assertEquals(EntryRig.handler(Trap.GP), r.rip());
        rig.vcpu.setCr4(8);
        privileged(rig, (hooks, c) -> hooks.readDebug(5, c));
        assertEquals(EntryRig.handler(Trap.UD), r.rip());
    }

    @Test
    void ioBreakpointsTrapAfterTheAccess() {
        rig.vcpu.setIopl(1);
        rig.vcpu.setCr4(8);
        r.setDebugRegister(1, 0x62);
        read((hooks, c) -> hooks.writeDebug(7, 0x0060_000CL, c));
        read((hooks, c) -> hooks.readPort(0x60, 2, c));
        privileged(rig, (hooks, c) -> hooks.readPort(0x60, 4, c));
        assertEquals(EntryRig.handler(Trap.DB), r.rip());
        assertEquals(0xFFFF_0FF2L, rig.vcpu.debugStatus());
    }

    @Test
    void nestedTaskVanishesOnEveryExitFrom49To412() {
        EntryRig old = new EntryRig(AbiProfiles.XEN_4_12);
        old.r.setRflags(0x4202);
        old.hypercall(62);
        assertEquals(0x202, old.r.rflags());
        r.setRflags(0x4202);
        rig.hypercall(62);
        assertEquals(0x4202, r.rflags());
    }

    @Test
    void singleStepTrapsAfterAnEmulatedInstruction() {
        r.setRflags(0x10302);
        privileged(rig, EmulationHooks::invalidateCaches);
        assertEquals(EntryRig.handler(Trap.DB), r.rip());
        rig.assertFrame(0x2222, 0xCCCC, EntryRig.CODE + 2, 0xE030 | 1L << 32, 0x102);
        assertEquals(1 << 14, rig.vcpu.debugStatus() & 1 << 14);
    }
}
