package io.github.paravane.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.Knob;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class AbiCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    static List<AbiProfile> profiles() {
        return AbiProfiles.all();
    }

    private int run(String... arguments) {
        return new CommandLine(new Paravane())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    @Test
    void listNamesEveryProfile() {
        assertEquals(0, run("abi", "list"));
        assertEquals(AbiProfiles.all().size(), out.toString().lines().count());
        assertTrue(out.toString().lines().anyMatch(line -> line.startsWith("xen-3.1.1   +2 ")), out::toString);
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void showPrintsEveryKnobWithItsMeaning(AbiProfile profile) {
        assertEquals(0, run("abi", "show", profile.name()));
        for (Knob<?> knob : AbiProfiles.knobs()) {
            assertTrue(out.toString().contains("  " + knob.name() + ": " + knob.meaning()), knob.name());
        }
        assertEquals(
                1,
                out.toString()
                        .lines()
                        .filter(line -> line.startsWith("   +") || line.contains("+---"))
                        .map(line -> line.replaceAll(" <- rsp.*", "").length())
                        .distinct()
                        .count(),
                out::toString);
    }

    @Test
    void showDrawsTheFrameOfTheProfile() {
        run("abi", "show", "xen-3.1.1");
        assertTrue(out.toString().contains("+08  | r11    | AN ADDRESS IN THE HYPERVISOR'S TEXT"), out::toString);
        assertTrue(out.toString().contains("Failsafe: the return to the guest faulted: 88 bytes"), out::toString);
        out.getBuffer().setLength(0);
        run("abi", "show", "xen-4.17");
        assertTrue(out.toString().contains("+08  | r11    | user rflags, as SYSCALL left them"), out::toString);
        assertTrue(out.toString().contains("cleared: TF NT RF VM AC DF"), out::toString);
        assertTrue(out.toString().contains("Failsafe: never called"), out::toString);
        assertTrue(out.toString().contains("0x220e0 mmu_pt_update_preserve_ad"), out::toString);
    }

    @Test
    void diffPrintsTheChangesOnly() {
        assertEquals(0, run("abi", "diff", "xen-3.1.0", "xen-3.1.1"));
        String expected = String.join(
                System.lineSeparator(),
                "xen-3.1.0 -> xen-3.1.1: 2 knobs differ",
                "",
                "Entry to the guest kernel and return",
                "",
                "  entry.syscall-r11: what the r11 slot of a syscall bounce frame holds",
                "    - user rflags",
                "    + hypervisor text",
                "",
                "Numbers, names and features",
                "",
                "  version.extra: XENVER_extraversion",
                "    - \".0\"",
                "    + \".1\"",
                "");
        assertEquals(expected, out.toString());
    }

    @Test
    void diffOfHypercallsShowsTheCallsThatChanged() {
        run("abi", "diff", "xen-4.20", "xen-4.22");
        assertTrue(out.toString().contains("    - 31 xenoprof_op"), out::toString);
        assertFalse(out.toString().contains("mmu_update,"), out::toString);
        out.getBuffer().setLength(0);
        run("abi", "diff", "xen-4.17", "xen-4.17");
        assertEquals("xen-4.17 -> xen-4.17: no difference" + System.lineSeparator(), out.toString());
    }

    @Test
    void unknownNamesAreWrongUse() {
        assertEquals(2, run("abi", "show", "4.17"));
        assertTrue(err.toString().startsWith("no ABI is named '4.17'; there are: xen-3.0.2, "), err::toString);
        assertEquals(2, run("abi", "diff", "xen-4.17", "xen-9"));
        assertEquals(2, run("abi", "show"));
        assertEquals(2, run("abi"));
        assertEquals("", out.toString());
    }

    @Test
    void runsOfBitsAreJoined() {
        assertEquals("0-2, 5, 63", KnobValues.numbers(0x8000_0000_0000_0027L));
        assertEquals("0-63", KnobValues.numbers(-1));
    }
}
