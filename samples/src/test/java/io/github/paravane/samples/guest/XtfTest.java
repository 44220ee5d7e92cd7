package io.github.paravane.samples.guest;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.paravane.cpu.X86Core;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.samples.GuestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every test of the Xen Test Framework that is found in the folder {@code PARAVANE_XTF}, each in an unprivileged domain of
 * 128 MiB, must end with SUCCESS or with the verdict that is listed here with its reason.
 */
class XtfTest {

    private static final String PREFIX = "test-pv(64|32pae)-";
    private static final String SUCCESS = "Test result: SUCCESS";
    private static final String ERROR = "Test result: ERROR";
    private static final String SKIP = "Test result: SKIP";

    /** Verdicts other than SUCCESS, by test and command line. */
    private static final Map<String, String> OTHERWISE = Map.ofEntries(
            // There is no Argo; CPUID faulting is an Intel feature; no privileged calls: as on the real Xen.
            entry("argo", SKIP),
            entry("cpuid-faulting", SKIP),
            entry("xsa-167", SKIP),
            entry("xsa-444", SKIP),
            // DEBUGCTL is #GP, because Xen from 4.15 on denies registers that it does not know: as on every real Xen of
            // these versions, but for a domain with msr_relaxed, the other variant.
            entry("debug-regs", "PANIC: Unhandled exception"),
            // Wants the symbols that its note BSD_SYMTAB asks for, which our builder does not load.
            entry("xsa-194", ERROR),
            // Needs a second vCPU, with which it runs as well: as on the real Xen.
            entry("xsa-296", ERROR));

    private record Variant(String name, String commandLine, int vcpus, boolean relaxedMsrs) {

        Variant(String name, String commandLine, int vcpus) {
            this(name, commandLine, vcpus, false);
        }

        GuestRun run(Path kernel) {
            DomainConfig domain = GuestRun.config(kernel, commandLine, 128, vcpus);
            return GuestRun.of(
                    relaxedMsrs ? domain.relaxedMsrs() : domain,
                    X86Core.factory(),
                    AbiProfiles.find("xen-4.17").orElseThrow());
        }
    }

    private static List<Variant> variants(String name) {
        return switch (name) {
            case "pv-iopl" ->
                List.of(
                        new Variant(name + " hypercall", "hypercall", 1),
                        new Variant(name + " vmassist", "vmassist", 1));
            case "debug-regs" -> List.of(new Variant(name, "", 1), new Variant(name + " msr_relaxed", "", 1, true));
            case "xsa-296" -> List.of(new Variant(name, "", 1), new Variant(name + " 2 vCPUs", "", 2));
            default -> List.of(new Variant(name, "", 1));
        };
    }

    @TestFactory
    List<DynamicTest> everyTestEndsWithItsVerdict() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        List<Path> kernels;
        try (Stream<Path> files = Files.list(GuestImages.xtf())) {
            kernels = files.filter(file -> name(file).matches(PREFIX + "[a-z0-9-]+"))
                    .sorted()
                    .toList();
        }
        assertFalse(kernels.isEmpty(), "no test in PARAVANE_XTF");
        for (Path kernel : kernels) {
            for (Variant each : variants(name(kernel).replaceFirst(PREFIX, ""))) {
                String name = name(kernel).startsWith("test-pv64") ? each.name : each.name + " pv32pae";
                tests.add(DynamicTest.dynamicTest(name, () -> run(kernel, each)));
            }
        }
        return tests;
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    private static void run(Path kernel, Variant variant) {
        GuestRun run = variant.run(kernel);
        String expected = OTHERWISE.getOrDefault(variant.name, SUCCESS);
        String transcript = String.join("\n", run.lines());
        assertAll(
                () -> assertEquals(
                        1,
                        run.lines().stream()
                                .filter(line -> line.startsWith(expected))
                                .count(),
                        transcript),
                () -> assertEquals(List.of(), run.differences()));
    }
}
