package io.github.paravane.testkit.advisory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each known bug is found where it is and not found where it is not: no trial says the same on both. */
class KnownBugsTest {

    @EveryKnownBug
    void isToldApart(BugCase bug) {
        bug.check(bug.replay());
    }

    @Test
    void idsAreUnique() {
        Set<String> ids = new HashSet<>();
        KnownBugs.all().forEach(bug -> assertTrue(ids.add(bug.id()), bug.id()));
    }

    @Test
    void faultyAndFixedProfilesDiffer() {
        for (KnownBug bug : KnownBugs.all()) {
            assertFalse(bug.faulty().differences(bug.fixed()).isEmpty(), bug.id());
        }
    }

    @Test
    void everyBugCanBeFoundByItsId() {
        for (KnownBug bug : KnownBugs.all()) {
            assertEquals(bug, KnownBugs.find(bug.id()).orElseThrow());
            assertNotEquals("", bug.advisory().link(), bug.id());
        }
    }
}
