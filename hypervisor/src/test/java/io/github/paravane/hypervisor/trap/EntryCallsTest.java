package io.github.paravane.hypervisor.trap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.hypercall.GuestFault;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.hypervisor.domain.Callbacks;
import io.github.paravane.hypervisor.hypercall.VcpuMemory;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The hypercalls about entry and registers, made through the trap router. */
class EntryCallsTest {
    private static final int SET_TRAP_TABLE = 0;
    private static final int STACK_SWITCH = 3;
    private static final int SET_CALLBACKS = 4;
    private static final int SET_DEBUGREG = 8;
    private static final int GET_DEBUGREG = 9;
    private static final int MULTICALL = 13;
    private static final int SET_SEGMENT_BASE = 25;
    private static final int NMI_OP = 28;
    private static final int CALLBACK_OP = 30;
    private static final long DATA = 0x5_0000;
    private static final int EINVAL = -22;
    private static final int ENOSYS = -38;
    private static final int EFAULT = -14;
    private static final long NON_CANONICAL = 0x8000_0000_0000L;

    private final EntryRig rig = new EntryRig(AbiProfiles.XEN_4_17);

    private long call(int number, long... arguments) {
        return call(rig, number, arguments);
    }

    private static long call(EntryRig on, int number, long... arguments) {
        do {
            on.r.setRip(EntryRig.CODE);
            on.hypercall(number, arguments);
            arguments = new long[] {on.r.gpr(Registers.RDI), on.r.gpr(Registers.RSI), on.r.gpr(Registers.RDX)};
        } while (on.r.rip() == EntryRig.CODE);
        return on.rax();
    }

    private void trapEntry(int index, int vector, int flags, long address) {
        long at = DATA + 16L * index;
        rig.memory.writeU8(at, vector);
        rig.memory.writeU8(at + 1, flags);
        rig.memory.writeU64(at + 8, address);
    }

    @Test
    void trapTableUpToItsEnd() {
        assertEquals(0, call(SET_TRAP_TABLE, 0));
        assertEquals(0, rig.vcpu.trapTable().address(Trap.PF));
        trapEntry(0, 14, 4, 0x1234);
        trapEntry(1, 0x80, 3, 0x5678);
        trapEntry(2, 3, 3, 0);
        assertEquals(0, call(SET_TRAP_TABLE, DATA));
        assertEquals(0x1234, rig.vcpu.trapTable().address(14));
        assertTrue(rig.vcpu.trapTable().masksEvents(14));
        assertEquals(3, rig.vcpu.trapTable().dpl(0x80));
    }

    @Test
    void trapTableStopsAtABadEntry() {
        trapEntry(0, 14, 0, 0x1234);
        trapEntry(1, 15, 0, NON_CANONICAL);
        assertEquals(EINVAL, call(SET_TRAP_TABLE, DATA));
        assertEquals(0x1234, rig.vcpu.trapTable().address(14));
        assertEquals(EFAULT, call(SET_TRAP_TABLE, 0xFFFF_8000_0000_0000L));
    }

    @Test
    void aLongTrapTableEndsAfterContinuations() {
        for (int i = 0; i < 2000; i++) {
            trapEntry(i, i & 0xFF, 0, 0x1000 + i);
        }
        assertEquals(0, call(SET_TRAP_TABLE, DATA));
        assertEquals(0x1000 + 1999, rig.vcpu.trapTable().address(1999 & 0xFF));
    }

    @Test
    void callbacks() {
        assertEquals(0, call(SET_CALLBACKS, 0x111, NON_CANONICAL, 0x333));
        assertEquals(0x111, rig.vcpu.callbacks().address(Callbacks.EVENT));
        assertEquals(EntryRig.callback(1), rig.vcpu.callbacks().address(Callbacks.FAILSAFE));
        assertEquals(0x333, rig.vcpu.callbacks().address(Callbacks.SYSCALL));
        rig.memory.writeU16(DATA, Callbacks.SYSCALL);
        rig.memory.writeU16(DATA + 2, 1);
        rig.memory.writeU64(DATA + 8, 0x444);
        assertEquals(0, call(CALLBACK_OP, 0, DATA));
        assertEquals(0x444, rig.vcpu.callbacks().address(Callbacks.SYSCALL));
        assertTrue(rig.vcpu.callbacks().masksEvents(Callbacks.SYSCALL));
        assertEquals(EINVAL, call(CALLBACK_OP, 1, DATA));
        assertEquals(ENOSYS, call(CALLBACK_OP, 2, DATA));
        rig.memory.writeU16(DATA, 6);
        assertEquals(ENOSYS, call(CALLBACK_OP, 0, DATA));
        assertEquals(ENOSYS, call(CALLBACK_OP, 1, DATA));
        rig.memory.writeU64(DATA + 8, NON_CANONICAL);
        assertEquals(EINVAL, call(CALLBACK_OP, 0, DATA));
        assertEquals(EFAULT, call(CALLBACK_OP, 0, 0x7FFF_FFFF_F000L));
    }

    @Test
    void nmiCallbackIsTrap2() {
        rig.memory.writeU64(DATA, 0x777);
        assertEquals(0, call(NMI_OP, 0, DATA));
        assertEquals(0x777, rig.vcpu.trapTable().address(2));
        assertTrue(rig.vcpu.trapTable().masksEvents(2));
        assertEquals(0, call(NMI_OP, 1, 0));
        assertEquals(0, rig.vcpu.trapTable().address(2));
        assertEquals(ENOSYS, call(NMI_OP, 2, 0));
        assertEquals(EINVAL, call(new EntryRig(AbiProfiles.XEN_3_1_0), NMI_OP, 0, DATA), "dom0 only");
    }

    @Test
    void stackSwitchForcesRing3() {
        assertEquals(0, call(STACK_SWITCH, 0xE028, 0x1234));
        assertEquals(0xE02B, rig.vcpu.kernelSs());
        assertEquals(0x1234, rig.vcpu.kernelSp());
    }

    @Test
    void segmentBases() {
        assertEquals(0, call(SET_SEGMENT_BASE, 0, 0x10));
        assertEquals(0, call(SET_SEGMENT_BASE, 1, 0x20));
        assertEquals(0, call(SET_SEGMENT_BASE, 2, 0x30));
        assertEquals(0x10, rig.r.segmentBase(Registers.FS));
        assertEquals(0x20, rig.vcpu.inactiveGsBase());
        assertEquals(0x30, rig.r.segmentBase(Registers.GS));
        assertEquals(EINVAL, call(SET_SEGMENT_BASE, 2, NON_CANONICAL));
        assertEquals(EINVAL, call(SET_SEGMENT_BASE, 4, 0));
        rig.descriptors.put(0x1008, 0x12CF_F334_5678_FFFFL);
        assertEquals(0, call(SET_SEGMENT_BASE, 3, 0x1008));
        assertEquals(0x100B, rig.r.selector(Registers.GS));
        assertEquals(0x1234_5678, rig.vcpu.inactiveGsBase());
        assertEquals(0x30, rig.r.segmentBase(Registers.GS));
        assertEquals(0, call(SET_SEGMENT_BASE, 3, 0x2008));
        assertEquals(0, rig.r.selector(Registers.GS));
    }

    @Test
    void debugRegisters() {
        assertEquals(0, call(SET_DEBUGREG, 0, 0x1234));
        assertEquals(0x1234, call(GET_DEBUGREG, 0));
        assertEquals(-1, call(SET_DEBUGREG, 1, 0xFFFF_8200_0000_0000L));
        assertEquals(0, call(SET_DEBUGREG, 6, 0));
        assertEquals(0xFFFF_0FF0L, call(GET_DEBUGREG, 4));
        assertEquals(EINVAL, call(SET_DEBUGREG, 6, 1L << 32));
        assertEquals(-1, call(SET_DEBUGREG, 7, 0x2_0001), "I/O breakpoint without DE");
        assertEquals(-19, call(SET_DEBUGREG, 8, 0));
        assertEquals(-19, call(GET_DEBUGREG, 8));
    }

    private void entry(int index, int number, long... arguments) {
        long at = DATA + 64L * index;
        rig.memory.writeU64(at, number);
        for (int i = 0; i < arguments.length; i++) {
            rig.memory.writeU64(at + 16 + 8L * i, arguments[i]);
        }
    }

    private long result(int index) {
        return rig.memory.readU64(DATA + 64L * index + 8);
    }

    @Test
    void multicallAnswersEachEntry() {
        List<Long> seen = new ArrayList<>();
        rig.custom = context -> {
            assertTrue(context.inMulticall());
            seen.add(context.argument(5));
            return HypercallOutcome.completed(context.argument(0));
        };
        entry(0, EntryRig.CUSTOM, 11, 0, 0, 0, 0, 7);
        entry(1, 62);
        entry(2, MULTICALL, DATA, 1);
        entry(3, EntryRig.CUSTOM, 12, 0, 0, 0, 0, 8);
        assertEquals(0, call(MULTICALL, DATA, 4));
        assertEquals(
                List.of(11L, (long) ENOSYS, (long) EINVAL, 12L), List.of(result(0), result(1), result(2), result(3)));
        assertEquals(List.of(7L, 8L), seen);
        assertEquals(EFAULT, call(MULTICALL, 0x7FFF_FFFF_F000L, 1));
    }

    @Test
    void aFaultEndsTheList() {
        rig.custom = context -> HypercallOutcome.completed(5);
        entry(63, EntryRig.CUSTOM);
        entry(64, EntryRig.CUSTOM);
        rig.paging.absent[0x51] = true;
        assertEquals(EFAULT, call(MULTICALL, DATA + 63 * 64, 2));
        assertEquals(5, result(63));
    }

    @Test
    void aContinuedEntryIsResumed() {
        rig.custom = context -> {
            if (context.argument(0) < 3) {
                context.setArgument(0, context.argument(0) + 1);
                return HypercallOutcome.CONTINUED;
            }
            return HypercallOutcome.completed(99);
        };
        entry(0, EntryRig.CUSTOM, 0);
        entry(1, EntryRig.CUSTOM, 3);
        assertEquals(0, call(MULTICALL, DATA, 2));
        assertEquals(99, result(0));
        assertEquals(99, result(1));
    }

    @Test
    void iretInsideEndsTheListForGood() {
        entry(0, 23);
        entry(1, EntryRig.CUSTOM);
        rig.iretFrame(0xA_8765_4321L, 0xB, 0xC, 0, 0x6_0000, 0xE030, 0x2, 0x7_0000, 0xE02B);
        rig.hypercall(MULTICALL, DATA, 2);
        assertEquals(0x6_0000, rig.r.rip());
        assertEquals(0xA_8765_4321L, result(0));
        assertEquals(0xFFFF_FFFF_8765_4321L, rig.rax(), "the result of the batch, an int");
    }

    @Test
    void guestMemoryCrossesPagesAndHonoursProtection() {
        VcpuMemory memory = new VcpuMemory(rig.vcpu);
        memory.writeU64(0x50_FFD, 0x0807_0605_0403_0201L);
        assertEquals(0x0807_0605_0403_0201L, memory.readU64(0x50_FFD));
        assertEquals(0x0403, memory.readU16(0x50_FFF));
        byte[] bytes = new byte[0x2000];
        memory.read(0x50_800, bytes, 0, bytes.length);
        assertEquals(4, bytes[0x800]);
        rig.paging.readOnly[0x51] = true;
        assertEquals(
                0x51_000,
                assertThrows(GuestFault.class, () -> memory.writeU32(0x50_FFE, 0))
                        .linear());
        assertThrows(GuestFault.class, () -> memory.readU8(0xFFFF_8000_0000_0000L));
        assertThrows(GuestFault.class, () -> memory.readU8(NON_CANONICAL));
        assertEquals(false, memory.inGuestRange(0xFFFF_87FF_FFFF_FFFFL, 1, 8));
        assertEquals(true, memory.inGuestRange(0xFFFF_8800_0000_0000L, 1, 8));
    }
}
