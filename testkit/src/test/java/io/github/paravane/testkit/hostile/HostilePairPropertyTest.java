package io.github.paravane.testkit.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.observe.Observers;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

class HostilePairPropertyTest {

    private static final int OPERATIONS = 4_000;
    private static final int AUDITS = 4;

    @Provide
    Arbitrary<AbiProfile> profiles() {
        return Arbitraries.of(AbiProfiles.all());
    }

    /**
     * Whatever two domains do to their tables and to each other: the counts are what the tables add up to, no frame is
     * writable and a page table, no domain reaches what it may not, and killing both gives every frame back.
     */
    @Property(tries = 16, shrinking = ShrinkingMode.OFF)
    void nothingIsMiscountedReachedOrLost(@ForAll("profiles") AbiProfile profile, @ForAll long seed) {
        HostilePair pair = new HostilePair(profile, seed);
        for (int i = 0; i < AUDITS && pair.isAlive(); i++) {
            pair.run(OPERATIONS / AUDITS);
            assertEquals(List.of(), pair.audit());
        }
        assertEquals(List.of(), pair.end());
    }

    @Example
    void oneSeedGivesOneHistory() {
        assertEquals(history(5), history(5));
    }

    private static String history(long seed) {
        StringBuilder text = new StringBuilder();
        HostilePair pair = new HostilePair(
                AbiProfiles.XEN_4_17,
                seed,
                Observers.forEach(event -> text.append(event.hashCode()).append(' ')));
        pair.run(2_000);
        return text + " " + pair.operations() + " " + pair.faults();
    }

    @Example
    void tablesAreWrittenInBatchesIn302() {
        Set<MachineEvent.Origin> origins = EnumSet.noneOf(MachineEvent.Origin.class);
        HostilePair pair = new HostilePair(AbiProfiles.XEN_3_0_2, 1, Observers.forEach(event -> {
            if (event instanceof MachineEvent.PageTableWrite write) {
                origins.add(write.origin());
            }
        }));
        for (int i = 0; i < 10 && pair.isAlive(); i++) {
            pair.run(1_000);
            assertEquals(List.of(), pair.audit());
        }
        assertTrue(origins.contains(MachineEvent.Origin.BATCHED_STORE), origins::toString);
        assertEquals(List.of(), pair.end());
    }

    @Example
    void theGuestsGetFar() {
        Set<MachineEvent.Origin> origins = EnumSet.noneOf(MachineEvent.Origin.class);
        TreeMap<String, Integer> types = new TreeMap<>();
        TreeMap<String, Integer> rules = new TreeMap<>();
        HostilePair pair = new HostilePair(AbiProfiles.XEN_4_17, 1, Observers.forEach(event -> {
            if (event instanceof MachineEvent.PageTableWrite write) {
                origins.add(write.origin());
                types.merge(write.origin() + " L" + write.level(), 1, Integer::sum);
            } else if (event instanceof MachineEvent.TypeChanged changed) {
                types.merge(changed.to(), 1, Integer::sum);
            } else if (event instanceof MachineEvent.Rejected rejected) {
                rules.merge(rejected.rule().name(), 1, Integer::sum);
            }
        }));
        pair.run(30_000);
        assertTrue(types.keySet().containsAll(Set.of("l1", "l2", "l3", "l4", "writable", "segments")), types::toString);
        assertTrue(rules.size() >= 10, rules::toString);
        origins.remove(MachineEvent.Origin.BATCHED_STORE);
        assertEquals(EnumSet.complementOf(EnumSet.of(MachineEvent.Origin.BATCHED_STORE)), origins);
    }
}
