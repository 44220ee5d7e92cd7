package io.github.paravane.hypervisor.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

final class ClocksTest {

    @Test
    void virtualTimeMovesWithInstructionsAndJumpsWhenIdle() {
        VirtualClock clock = new VirtualClock(10, 0);
        clock.advance(7);
        assertEquals(70, clock.systemTime());
        assertEquals(70, clock.timeStamp());
        clock.idleUntil(1_000);
        assertEquals(1_000, clock.systemTime());
        clock.idleUntil(500);
        assertEquals(1_000, clock.systemTime(), "never backwards");
        assertThrows(IllegalArgumentException.class, () -> new VirtualClock(0, 0));
    }

    @Test
    void virtualTimeWithoutTimersWaitsForAWake() {
        VirtualClock clock = new VirtualClock();
        clock.wake();
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> clock.idleUntil(Long.MAX_VALUE));
        assertEquals(0, clock.systemTime());
    }

    @Test
    void realTimeMovesByItselfAndAWakeEndsAWait() {
        RealClock clock = new RealClock();
        long start = clock.systemTime();
        clock.idleUntil(start + 2_000_000);
        assertTrue(clock.systemTime() >= start + 2_000_000);
        clock.wake();
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> clock.idleUntil(Long.MAX_VALUE));
    }

    @Property(tries = 300)
    void scalesTicksAsGuestsDo(
            @ForAll @LongRange(min = 1, max = 10_000_000) long kilohertz,
            @ForAll @LongRange(min = 0, max = 1L << 50) long ticks) {
        TimeScale scale = TimeScale.of(kilohertz);
        BigInteger shifted = scale.shift() >= 0
                ? BigInteger.valueOf(ticks).shiftLeft(scale.shift())
                : BigInteger.valueOf(ticks).shiftRight(-scale.shift());
        // A guest's shift drops what leaves 64 bits.
        shifted = shifted.and(BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE));
        BigInteger expected = shifted.multiply(BigInteger.valueOf(Integer.toUnsignedLong(scale.multiplier())))
                .shiftRight(32);
        assertEquals(expected.longValue(), scale.nanoseconds(ticks));
    }

    @Property(tries = 300)
    void aSecondIsASecond(@ForAll @LongRange(min = 1, max = 10_000_000) long kilohertz) {
        long second = TimeScale.of(kilohertz).nanoseconds(kilohertz * 1000);
        assertTrue(Math.abs(second - 1_000_000_000L) <= 2, second + " ns");
    }
}
