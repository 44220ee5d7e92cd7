package io.github.paravane.samples.guest;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.domain.HostOptions;
import io.github.paravane.hypervisor.machine.ConsolePort;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.samples.GuestImages;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.KnownBugs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The proofs of concept of the Xen Test Framework agree with the known bugs: on the faulty profile each finds its bug, on
 * the fixed one it says SUCCESS. They are unmodified files from the folder {@code PARAVANE_XTF}.
 */
class XtfKnownBugsTest {

    private static final String SUCCESS = "SHUT_DOWN Test result: SUCCESS";
    private static final String FOUND = "SHUT_DOWN Test result: FAILURE";
    private static final String HYPERVISOR_DIES = "HYPERVISOR_CRASHED";

    /** What each says of its faulty profile; those that take the hypervisor down cannot say anything. */
    private static final Map<String, String> FAULTY = Map.ofEntries(
            entry("xsa-7", "CRASHED"),
            entry("xsa-44", HYPERVISOR_DIES),
            entry("xsa-122", FOUND),
            entry("xsa-167", HYPERVISOR_DIES),
            entry("xsa-182", FOUND),
            entry("xsa-193", HYPERVISOR_DIES),
            entry("xsa-212", HYPERVISOR_DIES),
            entry("xsa-213", FOUND),
            entry("xsa-224", FOUND),
            entry("xsa-227", FOUND),
            entry("xsa-231", HYPERVISOR_DIES),
            entry("xsa-232", HYPERVISOR_DIES),
            entry("xsa-234", FOUND),
            entry("xsa-255", FOUND),
            entry("xsa-259", HYPERVISOR_DIES),
            entry("xsa-260", HYPERVISOR_DIES),
            entry("xsa-279", HYPERVISOR_DIES),
            entry("xsa-286", FOUND),
            entry("xsa-296", HYPERVISOR_DIES),
            entry("xsa-298", FOUND),
            entry("xsa-316", FOUND),
            entry("xsa-333", HYPERVISOR_DIES),
            entry("xsa-339", FOUND));

    /** Fixed profiles on which the proof of concept itself cannot succeed, and the one that it is run on instead. */
    private static final Map<String, AbiProfile> FIXED = Map.of(
            // It lets the fault of SYSRET's IRETQ go to its #GP handler, which only 4.7 and later do.
            "xsa-7", AbiProfiles.find("xen-4.7").orElseThrow());

    /** A test of the framework that cannot find its bug here: it needs a feature that our CPUID does not offer (DBEXT). */
    private static final List<String> CANNOT_FIND = List.of("xsa-444");

    /**
     * Tests with another name than the bug that they find, and those whose bug is one of 32-bit guests. That of XSA-339 is
     * both: as a 64-bit guest it dies of XSA-44 first.
     */
    private static final Map<String, String> NAMES = Map.of(
            "xsa-44", "test-pv64-xsa-339",
            "xsa-298", "test-pv32pae-xsa-298",
            "xsa-339", "test-pv32pae-xsa-339");

    private static KnownBug bug(String id) {
        return KnownBugs.all().stream()
                .filter(bug -> bug.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static Path kernel(String id) {
        return GuestImages.xtf().resolve(NAMES.getOrDefault(id, "test-pv64-" + id));
    }

    @Test
    void tableHasEveryBugThatTheFrameworkTests() {
        List<String> both = KnownBugs.all().stream()
                .map(KnownBug::id)
                .filter(id -> Files.exists(kernel(id)) && !CANNOT_FIND.contains(id))
                .sorted()
                .toList();
        assertEquals(new ArrayList<>(new TreeSet<>(FAULTY.keySet())), both);
    }

    @TestFactory
    Stream<DynamicTest> frameworkAgrees() {
        return FAULTY.keySet().stream()
                .sorted()
                .map(id -> DynamicTest.dynamicTest(id, () -> {
                    KnownBug bug = bug(id);
                    Path kernel = kernel(id);
                    int vcpus = bug.guest().map(GuestTrial::vcpus).orElse(1);
                    assertAll(
                            () -> assertEquals(FAULTY.get(id), verdict(kernel, bug.faulty(), vcpus), "faulty"),
                            () -> assertEquals(
                                    SUCCESS, verdict(kernel, FIXED.getOrDefault(id, bug.fixed()), vcpus), "fixed"));
                }));
    }

    /** How the run ended and, if the guest came so far, its own verdict. */
    private static String verdict(Path kernel, AbiProfile profile, int vcpus) throws IOException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        GuestImage image = GuestImage.of(Files.readAllBytes(kernel));
        PvMachine machine = PvMachine.builder(profile)
                .virtualTime()
                .options(HostOptions.DEFAULT.withSuperpages(true))
                .domain(DomainConfig.of(image)
                        .memory(128L << 20)
                        .vcpus(vcpus)
                        .console(new ConsolePort(output, OutputStream.nullOutputStream(), () -> ConsolePort.Input.END)))
                .build();
        RunResult result = machine.run(RunLimits.none().within(Duration.ofSeconds(60)));
        String said = output.toString(StandardCharsets.ISO_8859_1)
                .lines()
                .filter(line -> line.startsWith("Test result:"))
                .map(String::trim)
                .collect(Collectors.joining(" "));
        return (result.kind() + " " + said).trim();
    }
}
