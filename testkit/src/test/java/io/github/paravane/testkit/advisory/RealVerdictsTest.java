package io.github.paravane.testkit.advisory;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What the guests of known bugs said on a real Xen: the same files must say the same on the profile of that version. A
 * transcript begins with its provenance, in lines with {@code #}; then comes {@code == ID} and the console, bug by bug.
 */
class RealVerdictsTest {

    private static final String CRASHED = "domain crashed";
    private static final String NO_SYSENTER = "QEMU's processor, like AMD's, has no SYSENTER in 64-bit mode";
    private static final String NO_FAILSAFE = "a bad frame for iret has been an exception since 4.7";

    /** Fixtures without a recording, by transcript, and why. */
    private static final Map<String, Map<String, String>> NOT_RECORDED = Map.of(
            "verdicts-4.20-dom0.txt",
            Map.of(
                    "a934a600c4",
                    "this build carries a back-port of the repair: neither the old result nor the new one"));

    /** What a 4.17 has still, and since when it is repaired. */
    private static final Map<String, String> UNREPAIRED_IN_4_17 = Map.of(
            "15987cb03f", "4.18",
            "8a6c495d72", "4.20",
            "a934a600c4", "4.22",
            "bbaea9878b", "4.21");

    /** What a 4.17 under QEMU's processor cannot show, and why. */
    private static final Map<String, String> SKIPPED_IN_4_17 = Map.ofEntries(
            entry("08286e1a3c", "every 64-bit processor of today has NX"),
            entry("3bddff4a58", "every 64-bit processor of today has NX"),
            entry("61d4a04349", NO_SYSENTER),
            entry("cbcaccb5e9", NO_FAILSAFE),
            entry("cd395b1d69", "there is no option for superpages since 4.9"),
            entry("f61c54967f", "a release build takes no notice of implicit unmaps"),
            entry("xsa-200", "QEMU's processor takes CMPXCHG8B with prefix 66h for another instruction"),
            entry("xsa-215", NO_FAILSAFE),
            entry("xsa-260", "QEMU's processor raises the #DB of MOV SS at once"),
            entry("xsa-333", "QEMU's processor has MISC_ENABLE, which AMD's have not"),
            entry("xsa-44", NO_SYSENTER),
            entry("xsa-8", NO_SYSENTER));

    private record Recording(String name, AbiProfile profile) {

        boolean controlDomain() {
            return name.contains("dom0");
        }
    }

    private static final Recording DOMU_4_17 = new Recording("verdicts-4.17-domu.txt", AbiProfiles.XEN_4_17);
    private static final Recording DOM0_4_17 = new Recording("verdicts-4.17-dom0.txt", AbiProfiles.XEN_4_17);

    private static Stream<Recording> recordings() {
        return Stream.of(
                new Recording("verdicts-4.14-dom0.txt", AbiProfiles.XEN_4_14),
                DOM0_4_17,
                DOMU_4_17,
                new Recording("verdicts-4.20-dom0.txt", AbiProfiles.XEN_4_20));
    }

    @TestFactory
    Stream<DynamicTest> saysWhatItSaidOnTheRealXen() {
        return recordings()
                .flatMap(recording -> read(recording).entrySet().stream()
                        .map(each -> DynamicTest.dynamicTest(
                                recording.name() + " " + each.getKey(),
                                () -> compare(recording, each.getKey(), each.getValue()))));
    }

    private static void compare(Recording recording, String id, String console) {
        KnownBug bug = KnownBugs.find(id).orElseThrow();
        if (recording.controlDomain()) {
            Trial inControlDomain = bug.guest().orElseThrow().inControlDomain();
            bug = new KnownBug(bug.advisory(), bug.faulty(), bug.fixed(), inControlDomain);
        }
        Finding real = GuestTrial.parse(console);
        if (real.outcome() == Outcome.SKIP) {
            // The real host has something that the bug needs to be without, such as a processor with NX, or lacks what
            // it needs.
            return;
        }
        Replay.Result ours = Replay.of(bug).on(recording.profile()).play();
        if (console.contains(CRASHED)) {
            assertTrue(ours.finding().summary().startsWith("the domain crashed"), ours::toString);
            return;
        }
        assertNotEquals(Outcome.ERROR, real.outcome(), id);
        assertEquals(real.outcome(), ours.outcome(), () -> ours + "\non the real one:\n" + console);
    }

    /** The real ones that were asked are built without 32-bit domains. */
    private static boolean isRecordable(KnownBug bug) {
        return bug.guest().isPresent() && !bug.guest().get().isCompat();
    }

    @TestFactory
    Stream<DynamicTest> everyGuestWasRunOnTheRealXen() {
        return recordings()
                .map(recording -> DynamicTest.dynamicTest(recording.name(), () -> {
                    Set<String> missing = new TreeSet<>();
                    for (KnownBug bug : KnownBugs.all()) {
                        // What needs the rights of the control domain is tried there only.
                        if (isRecordable(bug)
                                && (recording.controlDomain()
                                        || !bug.guest().get().isPrivileged())) {
                            missing.add(bug.id());
                        }
                    }
                    missing.removeAll(read(recording).keySet());
                    assertEquals(
                            NOT_RECORDED
                                    .getOrDefault(recording.name(), Map.of())
                                    .keySet(),
                            missing);
                }));
    }

    @Test
    void everyOtherBugIsRepairedIn417() {
        Map<String, String> consoles = new LinkedHashMap<>(read(DOMU_4_17));
        Map<String, String> control = read(DOM0_4_17);
        KnownBugs.all().stream()
                .filter(bug -> isRecordable(bug) && bug.guest().get().isPrivileged())
                .forEach(bug -> consoles.put(bug.id(), Objects.requireNonNull(control.get(bug.id()), bug.id())));
        Map<Outcome, Set<String>> outcomes = new TreeMap<>();
        consoles.forEach((id, console) -> outcomes.computeIfAbsent(
                        GuestTrial.parse(console).outcome(), unused -> new TreeSet<>())
                .add(id));
        assertEquals(Set.of(Outcome.SUCCESS, Outcome.SKIP, Outcome.FAILURE), outcomes.keySet());
        assertEquals(UNREPAIRED_IN_4_17.keySet(), outcomes.get(Outcome.FAILURE));
        assertEquals(SKIPPED_IN_4_17.keySet(), outcomes.get(Outcome.SKIP));
        assertEquals(
                KnownBugs.all().stream().filter(RealVerdictsTest::isRecordable).count()
                        - UNREPAIRED_IN_4_17.size()
                        - SKIPPED_IN_4_17.size(),
                outcomes.get(Outcome.SUCCESS).size());
    }

    private static Map<String, String> read(Recording recording) {
        Map<String, StringBuilder> consoles = new LinkedHashMap<>();
        try (InputStream file = RealVerdictsTest.class.getResourceAsStream(recording.name())) {
            String text = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
            StringBuilder console = new StringBuilder();
            for (String line : text.split("\n")) {
                if (line.startsWith("== ")) {
                    console = new StringBuilder();
                    consoles.put(line.substring(3), console);
                } else if (!line.startsWith("#")) {
                    console.append(line).append('\n');
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(recording.name(), e);
        }
        return consoles.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> each.getValue().toString(), (a, b) -> a, LinkedHashMap::new));
    }
}
