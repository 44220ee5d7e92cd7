package io.github.paravane.hypervisor.hypercall.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.hypercall.GuestFault;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Vcpu.RunState;
import io.github.paravane.hypervisor.event.Virq;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.util.List;
import org.junit.jupiter.api.Test;

/** abi-reference 3.17 and 3.20. */
final class VcpuCallTest {
    private static final String OP = "vcpu_op";
    private static final long ARG = ServiceRig.ARG;

    private final ServiceRig rig = new ServiceRig(2);

    @Test
    void existence() {
        assertEquals(1, rig.call(OP, 3, 0, 0));
        assertEquals(0, rig.call(OP, 3, 1, 0));
        assertEquals(-2, rig.call(OP, 3, 2, 0));
        assertEquals(-2, rig.call(OP, 99, 2, 0), "the vCPU is looked up first");
        assertEquals(-38, rig.call(OP, 99, 0, 0));
        assertEquals(-38, rig.call(OP, -1, 0, 0));
        assertEquals(-22, rig.call(OP, 12, 0, ARG));
    }

    @Test
    void upAndDown() {
        assertEquals(-22, rig.call(OP, 1, 1, 0), "not initialised");
        rig.vcpu(1).setInitialised();
        assertEquals(0, rig.call(OP, 1, 1, 0));
        assertEquals(RunState.RUNNABLE, rig.vcpu(1).runState());
        assertEquals(0, rig.call(OP, 2, 1, 0));
        assertEquals(RunState.OFFLINE, rig.vcpu(1).runState());
        assertTrue(rig.domain.isRunning());
        rig.call(OP, 2, 0, 0);
        assertFalse(rig.domain.isRunning(), "the last one takes the domain with it");
    }

    @Test
    void aWaitGoesOnWhileAVcpuIsDown() {
        rig.vcpu(1).setInitialised();
        rig.vcpu(1).setRunState(RunState.BLOCKED);
        assertEquals(0, rig.call(OP, 2, 1, 0));
        assertEquals(0, rig.call(OP, 3, 1, 0));
        assertEquals(0, rig.call(OP, 1, 1, 0));
        assertEquals(1, rig.call(OP, 3, 1, 0));
        assertEquals(RunState.BLOCKED, rig.vcpu(1).runState(), "no event came");

        assertEquals(0, rig.call(OP, 2, 1, 0));
        rig.domain.events().waits().wake(rig.vcpu(1));
        assertEquals(RunState.OFFLINE, rig.vcpu(1).runState(), "it waits no more, but is down");
        assertEquals(0, rig.call(OP, 1, 1, 0));
        assertEquals(RunState.RUNNABLE, rig.vcpu(1).runState());
    }

    @Test
    void theLongestPeriodIs62Bits() {
        rig.memory.writeU64(ARG, (1L << 62) - 1);
        assertEquals(0, rig.call(OP, 6, 0, ARG));
        rig.memory.writeU64(ARG, 1L << 62);
        assertEquals(-22, rig.call(OP, 6, 0, ARG));
    }

    @Test
    void theAreaOfAnotherVcpuTellsTheTimeUntilNow() {
        rig.vcpu(1).setRunState(RunState.BLOCKED);
        rig.clock.advance(300);
        rig.memory.writeU64(ARG, ServiceRig.AREA);
        assertEquals(0, rig.call(OP, 5, 1, ARG));
        assertEquals(300, rig.memory.readU64(ServiceRig.AREA + 16 + 8 * RunState.BLOCKED.ordinal()));
        assertEquals(0, rig.call(OP, 5, 0, ARG));
        assertEquals(0, rig.memory.readU64(ServiceRig.AREA + 16 + 8 * RunState.RUNNING.ordinal()));
    }

    @Test
    void timers() {
        assertEquals(0, rig.callWith("event_channel_op", 1, Virq.TIMER, 0));
        int port = rig.result(8);
        rig.memory.writeU64(ARG, 999_999);
        assertEquals(-22, rig.call(OP, 6, 0, ARG));
        rig.memory.writeU64(ARG, -1);
        assertEquals(-22, rig.call(OP, 6, 0, ARG));
        rig.memory.writeU64(ARG, 2_000_000);
        assertEquals(0, rig.call(OP, 6, 0, ARG));
        assertEquals(2_000_000, rig.timers.nextDeadline());
        assertEquals(0, rig.call(OP, 7, 0, 0));
        rig.clock.advance(100);
        rig.memory.writeU64(ARG, 50);
        rig.memory.writeU32(ARG + 8, 1);
        assertEquals(-22, rig.call(OP, 8, 1, ARG), "only one's own");
        assertEquals(-22, rig.call(OP, 9, 1, 0));
        assertFalse(rig.pending(port));
        assertEquals(0, rig.call(OP, 8, 0, ARG), "a time that has passed");
        assertTrue(rig.pending(port), "is no error any more");
        rig.memory.writeU64(ARG, 500);
        assertEquals(0, rig.call(OP, 8, 0, ARG));
        assertEquals(500, rig.timers.nextDeadline());
        assertEquals(0, rig.call(OP, 9, 0, 0));
        assertEquals(Long.MAX_VALUE, rig.timers.nextDeadline());
    }

    @Test
    void runStateInfo() {
        rig.clock.advance(1_000);
        rig.vcpu(0).setRunState(RunState.BLOCKED);
        rig.clock.advance(300);
        rig.vcpu(0).setRunState(RunState.RUNNING);
        rig.clock.advance(50);
        assertEquals(0, rig.call(OP, 4, 0, ServiceRig.AREA));
        assertEquals(0, rig.memory.readU32(ServiceRig.AREA));
        assertEquals(1_300, rig.memory.readU64(ServiceRig.AREA + 8));
        assertEquals(1_050, rig.memory.readU64(ServiceRig.AREA + 16), "running, up to now");
        assertEquals(0, rig.memory.readU64(ServiceRig.AREA + 24));
        assertEquals(300, rig.memory.readU64(ServiceRig.AREA + 32), "blocked");
    }

    @Test
    void runStateArea() {
        rig.domain.setAssist(Domain.ASSIST_RUNSTATE_UPDATE_FLAG, true);
        rig.memory.writeU64(ARG, ServiceRig.AREA + 0xFF0);
        assertEquals(0, rig.call(OP, 5, 0, ARG));
        rig.clock.advance(700);
        rig.vcpu(0).setRunState(RunState.BLOCKED);
        rig.timePages.scheduledOut(rig.vcpu(0));
        assertEquals(2, rig.memory.readU32(ServiceRig.AREA + 0xFF0));
        assertEquals(700, rig.memory.readU64(ServiceRig.AREA + 0xFF8), "the update flag is gone");
        assertEquals(700, rig.memory.readU64(ServiceRig.AREA + 0x1000), "across the page boundary");
        rig.memory.writeU64(ARG, -1);
        assertThrows(GuestFault.class, () -> rig.call(OP, 5, 0, ARG));
    }

    @Test
    void areasAtMachineAddressesSince418() {
        assertEquals(-38, rig.call(OP, 14, 0, ARG), "4.17");
        ServiceRig newer = new ServiceRig(2, AbiProfiles.XEN_4_20);
        newer.memory.writeU64(ARG, 0x7_000);
        assertEquals(0, newer.call(OP, 14, 0, ARG));
        newer.memory.writeU64(ARG, 0x8_040);
        assertEquals(0, newer.call(OP, 15, 0, ARG));
        assertEquals(0, newer.memory.readU32(0x8_040) & 1, "not being updated");
        assertTrue(newer.memory.readU32(0x8_058) != 0, "multiplier");
        newer.clock.advance(700);
        newer.vcpu(0).setRunState(RunState.BLOCKED);
        newer.timePages.scheduledOut(newer.vcpu(0));
        assertEquals(2, newer.memory.readU32(0x7_000));
        assertEquals(700, newer.memory.readU64(0x7_008));
        newer.memory.writeU64(ARG, -1);
        assertEquals(0, newer.call(OP, 14, 0, ARG));
        assertEquals(List.of(7L), newer.dropped);
        newer.clock.advance(100);
        newer.vcpu(0).setRunState(RunState.RUNNING);
        newer.timePages.scheduledIn(newer.vcpu(0));
        assertEquals(2, newer.memory.readU32(0x7_000), "no longer written");
    }

    @Test
    void areasAtMachineAddressesMustFitAndBeWritable() {
        ServiceRig newer = new ServiceRig(1, AbiProfiles.XEN_4_20);
        for (long bad : new long[] {0x7_FE8, 0x7_004}) {
            newer.memory.writeU64(ARG, bad);
            assertEquals(-6, newer.call(OP, 15, 0, ARG), Long.toHexString(bad));
        }
        newer.memory.writeU64(ARG, ServiceRig.UNMAPPED);
        assertEquals(-22, newer.call(OP, 15, 0, ARG), "nobody's frame");
        assertEquals(List.of(), newer.dropped);
    }

    @Test
    void anAreaThatIsNoLongerWritableIsLeftAlone() {
        rig.memory.writeU64(ARG, ServiceRig.AREA);
        assertEquals(0, rig.call(OP, 5, 0, ARG));
        long entry = (43L << 12) + 8 * 6;
        rig.memory.writeU64(entry, rig.memory.readU64(entry) & ~2L);
        long before = rig.memory.readU64(ServiceRig.AREA + 8);
        rig.clock.advance(9_000);
        rig.vcpu(0).setRunState(RunState.BLOCKED);
        rig.timePages.scheduledOut(rig.vcpu(0));
        assertEquals(before, rig.memory.readU64(ServiceRig.AREA + 8));
    }

    @Test
    void vcpuInfoMovesOnceAndIsMarkedPending() {
        rig.memory.writeU64(rig.vcpu(0).infoMaddr() + 16, 0xC2C2);
        rig.vcpu(0).setUpcallMask(true);
        assertEquals(-6, register(0, 6, 4036));
        assertEquals(-6, register(0, 6, 4));
        assertEquals(-22, register(0, ServiceRig.FRAMES, 64));
        assertEquals(0, register(0, 6, 64));
        assertEquals((6L << 12) + 64, rig.vcpu(0).infoMaddr());
        assertEquals(0xC2C2, rig.memory.readU64(rig.vcpu(0).infoMaddr() + 16));
        assertTrue(rig.vcpu(0).upcallMask());
        assertTrue(rig.vcpu(0).upcallPending());
        assertEquals(-1, rig.memory.readU64(rig.vcpu(0).infoMaddr() + 8));
        assertEquals(-22, register(0, 6, 128), "once only");
        rig.vcpu(1).setRunState(RunState.RUNNABLE);
        assertEquals(-22, register(1, 6, 128), "another vCPU only while it is down");
    }

    private long register(int vcpu, long mfn, int offset) {
        rig.memory.writeU64(ARG, mfn);
        rig.memory.writeU32(ARG + 8, offset);
        return rig.call(OP, 10, vcpu, ARG);
    }

    @Test
    void registeringVcpuInfoIsNewerThanXen31() {
        ServiceRig old = new ServiceRig(1, AbiProfiles.XEN_3_1_0);
        assertEquals(-38, old.call(OP, 10, 0, ARG));
    }

    @Test
    void nmi() {
        rig.vcpu(1).setRunState(RunState.BLOCKED);
        assertEquals(-22, rig.call(OP, 11, 1, ARG));
        assertFalse(rig.vcpu(1).nmiPending());
        assertEquals(0, rig.call(OP, 11, 1, 0));
        assertTrue(rig.vcpu(1).nmiPending());
        assertEquals(RunState.RUNNABLE, rig.vcpu(1).runState());
    }

    @Test
    void timeInfo() {
        rig.clock.advance(12_345);
        rig.timePages.scheduledIn(rig.vcpu(0));
        long time = rig.vcpu(0).infoMaddr() + 32;
        assertEquals(2, rig.memory.readU32(time));
        assertEquals(12_345, rig.memory.readU64(time + 8));
        assertEquals(12_345, rig.memory.readU64(time + 16));
        assertEquals(Integer.MIN_VALUE, rig.memory.readU32(time + 24), "multiplier 2^31");
        assertEquals(1, rig.memory.readU8(time + 28), "shift");
        rig.timePages.scheduledIn(rig.vcpu(0));
        assertEquals(2, rig.memory.readU32(time), "not renewed at once");
        rig.clock.advance(1_000_000_000);
        rig.timePages.scheduledIn(rig.vcpu(0));
        assertEquals(4, rig.memory.readU32(time));
        rig.memory.writeU64(ARG, ServiceRig.AREA);
        assertEquals(0, rig.call(OP, 13, 0, ARG));
        assertEquals(1_000_012_345L, rig.memory.readU64(ServiceRig.AREA + 16));
        assertEquals(0, rig.memory.readU32(ServiceRig.AREA) & 1);
    }

    @Test
    void wallClock() {
        long shared = ServiceRig.SHARED_INFO << 12;
        rig.timePages.writeWallClock(rig.domain);
        assertEquals(2, rig.memory.readU32(shared + 3072));
        assertEquals(1_600_000_000, rig.memory.readU32(shared + 3076));
        assertEquals(123_456_789, rig.memory.readU32(shared + 3080));
    }

    @Test
    void initialiseChecksTheContext() {
        rig.memory.writeU64(0x8000 + 512, 4);
        rig.memory.writeU64(0x8000 + 520 + 128, 0x8000_0000_0000_0000L);
        assertEquals(-22, rig.call(OP, 0, 1, 0x8000), "RIP is not canonical");
        rig.memory.writeU64(0x8000 + 520 + 128, 0x1000);
        rig.memory.writeU64(0x8000 + 4960, 7169);
        assertEquals(-22, rig.call(OP, 0, 1, 0x8000), "GDT too long");
        rig.memory.writeU64(0x8000 + 4960, 0);
        rig.memory.writeU64(0x8000 + 4816, 0xFFFF_8000_0000_0000L);
        assertEquals(-22, rig.call(OP, 0, 1, 0x8000), "LDT in the hypervisor's range");
        rig.memory.writeU64(0x8000 + 4816, 0);
        rig.memory.writeU64(0x8000 + 512, 0);
        assertEquals(-22, rig.call(OP, 0, 1, 0x8000), "user mode without user tables");
        rig.memory.writeU64(0x8000 + 512, 4);
        rig.referenceResult = -22;
        assertEquals(-22, rig.call(OP, 0, 1, 0x8000), "no valid root table");
        assertFalse(rig.vcpu(1).initialised());
        assertEquals(-17, rig.call(OP, 0, 0, 0x8000), "initialised already");
    }
}
