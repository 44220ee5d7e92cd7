package io.github.paravane.hypervisor.hypercall.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.hypercall.GuestFault;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.domain.Vcpu.RunState;
import io.github.paravane.hypervisor.event.Virq;
import io.github.paravane.hypervisor.time.Timers;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** abi-reference 3.12 and 3.19. */
final class SchedulerCallTest {
    private static final String OP = "sched_op";
    private static final long PORTS = 0x7000;

    private final ServiceRig rig = new ServiceRig(2);
    private final Vcpu vcpu = rig.vcpu(0);

    private int bindTimer() {
        assertEquals(0, rig.callWith("event_channel_op", 1, Virq.TIMER, 0));
        return rig.result(8);
    }

    private int bindIpi() {
        assertEquals(0, rig.callWith("event_channel_op", 7, 0));
        return rig.result(4);
    }

    private long poll(long timeout, int... ports) {
        for (int i = 0; i < ports.length; i++) {
            rig.memory.writeU32(PORTS + 4L * i, ports[i]);
        }
        rig.memory.writeU64(ServiceRig.ARG, PORTS);
        rig.memory.writeU32(ServiceRig.ARG + 8, ports.length);
        rig.memory.writeU64(ServiceRig.ARG + 16, timeout);
        return rig.call(OP, 3, ServiceRig.ARG);
    }

    /** SCHEDOP_shutdown_code: the reason is told of every end, also of a crash. */
    @Test
    void theShutdownCodeGoesBeforeTheReasonOfTheEnd() {
        assertEquals(0, rig.callWith("sched_op", 5, 0x101));
        assertEquals(0, rig.callWith("sched_op", 5, 2));
        rig.domain.crash("by the guest");
        assertEquals(1, rig.domain.shutdown().reason());
    }

    @Test
    void blockUnmasksAndWaitsForAnEvent() {
        int port = bindIpi();
        vcpu.setUpcallMask(true);
        assertEquals(0, rig.call(OP, 1, 0));
        assertFalse(vcpu.upcallMask());
        assertEquals(RunState.BLOCKED, vcpu.runState());
        rig.domain.events().send(port);
        assertEquals(RunState.RUNNABLE, vcpu.runState());
        assertEquals(0, rig.call(OP, 1, 0));
        assertEquals(RunState.RUNNABLE, vcpu.runState(), "does not wait while an event is deliverable");
    }

    @Test
    void pollWaitsForItsPortEvenIfMasked() {
        int port = bindIpi();
        int other = bindIpi();
        rig.setMask(port);
        rig.setMask(other);
        vcpu.setUpcallMask(true);
        assertEquals(0, poll(0, port));
        assertEquals(RunState.BLOCKED, vcpu.runState());
        rig.domain.events().send(other);
        assertEquals(RunState.BLOCKED, vcpu.runState());
        rig.domain.events().send(port);
        assertEquals(RunState.RUNNABLE, vcpu.runState());
        assertEquals(0, poll(0, other, port), "pending already");
        assertEquals(RunState.RUNNABLE, vcpu.runState());
    }

    @Test
    void pollEndsAtItsTime() {
        int port = bindIpi();
        assertEquals(0, poll(5_000, port));
        assertEquals(5_000, rig.timers.nextDeadline());
        rig.timers.expire(4_999);
        assertEquals(RunState.BLOCKED, vcpu.runState());
        rig.timers.expire(5_000);
        assertEquals(RunState.RUNNABLE, vcpu.runState());
        rig.run(0);
        assertEquals(0, poll(0, port));
        rig.timers.expire(Long.MAX_VALUE - 1);
        assertEquals(RunState.BLOCKED, vcpu.runState(), "the old limit is gone");
    }

    @Test
    void pollChecksItsArguments() {
        assertEquals(-22, poll(0, new int[129]));
        assertEquals(-22, poll(0, 9));
        assertEquals(-22, poll(0, 99_999));
        assertEquals(-22, poll(0, -1));
        assertEquals(0, poll(0));
        assertEquals(RunState.BLOCKED, vcpu.runState(), "no ports: waits for any event");
        rig.run(0);
        rig.memory.writeU64(ServiceRig.ARG, ServiceRig.UNMAPPED);
        rig.memory.writeU32(ServiceRig.ARG + 8, 1);
        assertThrows(GuestFault.class, () -> rig.call(OP, 3, ServiceRig.ARG));
        assertEquals(RunState.RUNNING, vcpu.runState());
    }

    @ParameterizedTest
    @CsvSource({"0, poweroff", "1, reboot", "2, suspend", "3, crash", "0x1FF, 255"})
    void shutdown(String reason, String name) {
        rig.put(Integer.decode(reason));
        assertEquals(
                HypercallOutcome.Kind.NO_RETURN,
                rig.outcome(OP, 2, ServiceRig.ARG).kind());
        assertEquals(name, end().name());
    }

    private Domain.Shutdown end() {
        return Objects.requireNonNull(rig.domain.shutdown());
    }

    @Test
    void shutdownCodeWins() {
        assertEquals(0, rig.callWith(OP, 5, 1));
        assertNull(rig.domain.shutdown());
        rig.callWith(OP, 2, 0);
        assertEquals("reboot", end().name());
    }

    @Test
    void compatShutdownTakesAValue() {
        rig.call("sched_op_compat", 2, 1);
        assertEquals(1, end().reason());
    }

    @Test
    void privilegedAndUnknownOperations() {
        rig.put(0, 0);
        assertEquals(-1, rig.call(OP, 4, ServiceRig.ARG));
        rig.put(42, 0);
        assertEquals(-3, rig.call(OP, 4, ServiceRig.ARG));
        assertEquals(-1, rig.callWith(OP, 7, 0));
        assertEquals(-38, rig.call(OP, 8, 0));
        assertEquals(-38, rig.call("sched_op_compat", 3, 0));
    }

    @Test
    void watchdogs() {
        assertEquals(1, rig.callWith(OP, 6, 0, 10));
        assertEquals(2, rig.callWith(OP, 6, 0, 20));
        assertEquals(-28, rig.callWith(OP, 6, 0, 20));
        assertEquals(-22, rig.callWith(OP, 6, 3, 20));
        assertEquals(10_000_000_000L, rig.timers.nextDeadline());
        assertEquals(0, rig.callWith(OP, 6, 1, 0));
        assertEquals(-22, rig.callWith(OP, 6, 1, 0));
        rig.timers.expire(20_000_000_000L);
        assertEquals("watchdog", end().name());
    }

    @Test
    void timerOnce() {
        int port = bindTimer();
        rig.call("vcpu_op", 7, 0, 0);
        assertEquals(0, rig.call("set_timer_op", 1_000));
        assertEquals(1_000, rig.timers.nextDeadline());
        rig.timers.expire(999);
        assertFalse(rig.pending(port));
        rig.timers.expire(1_000);
        assertTrue(rig.pending(port));
        assertEquals(Timers.NEVER, rig.timers.nextDeadline());
    }

    @Test
    void timerInThePastRaisesAtOnce() {
        int port = bindTimer();
        rig.clock.advance(5_000);
        rig.call("set_timer_op", 4_000);
        assertTrue(rig.pending(port));
    }

    @ParameterizedTest
    @CsvSource({"-1", "9223372036854775807", "1125899906843000"})
    void absurdTimerMeansSoon(long deadline) {
        bindTimer();
        rig.call("vcpu_op", 7, 0, 0);
        rig.call("set_timer_op", deadline);
        assertEquals(100_000_000, rig.timers.nextDeadline());
        rig.call("set_timer_op", 0);
        assertEquals(Timers.NEVER, rig.timers.nextDeadline());
    }

    @Test
    void tickRunsUntilStoppedAndNotWhileBlocked() {
        assertEquals(Timers.NEVER, rig.timers.nextDeadline(), "nobody would notice");
        int port = bindTimer();
        assertEquals(10_000_000, rig.timers.nextDeadline());
        rig.timers.expire(10_000_000);
        assertTrue(rig.pending(port));
        assertEquals(20_000_000, rig.timers.nextDeadline());
        vcpu.setRunState(RunState.BLOCKED);
        assertEquals(Timers.NEVER, rig.timers.nextDeadline());
        vcpu.setRunState(RunState.RUNNING);
        rig.call("vcpu_op", 7, 0, 0);
        assertEquals(Timers.NEVER, rig.timers.nextDeadline());
    }
}
