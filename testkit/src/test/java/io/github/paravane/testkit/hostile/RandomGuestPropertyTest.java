package io.github.paravane.testkit.hostile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.soak.GuestSoak;
import io.github.paravane.testkit.soak.GuestSoak.Ending;
import io.github.paravane.testkit.soak.HostileGuest;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/**
 * Guests of random bytes, random trap tables and stacks, and mutations of a kernel that works: each ends as a shutdown, a
 * crash or at a limit, its frame counts are right, and its end gives every frame back.
 */
class RandomGuestPropertyTest {

    private static final Set<Ending> ENDS =
            EnumSet.of(Ending.SHUT_DOWN, Ending.CRASHED, Ending.INSTRUCTION_LIMIT, Ending.IDLE, Ending.REFUSED);

    private final GuestSoak soak = new GuestSoak(AbiProfiles.XEN_4_17, List.of(), 20_000);

    @Property(tries = 2000)
    void endsAndGivesEverythingBack(@ForAll @LongRange(min = Long.MIN_VALUE) long seed) {
        Ending ending = soak.run(seed);
        assertTrue(ENDS.contains(ending), ending::toString);
    }

    @Example
    void aSeedIsOneGuest() {
        for (long seed = 0; seed < 50; seed++) {
            HostileGuest first = HostileGuest.of(seed, List.of());
            HostileGuest second = HostileGuest.of(seed, List.of());
            assertEquals(first.kind(), second.kind());
            assertArrayEquals(first.file(), second.file());
        }
    }

    @Example
    void everyKindAndMostEndsOccurInAHundredSeeds() {
        Set<HostileGuest.Kind> kinds = LongStream.range(0, 100)
                .mapToObj(seed -> HostileGuest.of(seed, List.of()).kind())
                .collect(Collectors.toSet());
        assertEquals(EnumSet.allOf(HostileGuest.Kind.class), kinds);
        Set<Ending> ends = LongStream.range(0, 100).mapToObj(soak::run).collect(Collectors.toSet());
        assertTrue(ends.containsAll(EnumSet.of(Ending.SHUT_DOWN, Ending.CRASHED, Ending.REFUSED)), ends::toString);
    }
}
