package io.github.paravane.samples.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.samples.GuestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Debian's GRUB, a PV kernel that nobody here wrote, boots to its prompt with the console output that it has on Xen 4.17,
 * and answers what is typed into it until it is told to halt. Virtual time: each run is the same.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GrubTest {

    private static final String PROMPT = "grub> ";

    /** How fast its configuration was read is the one thing in the output that depends on the machine. */
    private static final Pattern SPEED =
            Pattern.compile("\u001b\\[3;\\d+H +\\[ grub.cfg  620B  100%  [0-9.]+(B|KiB|MiB)/s \\]");

    /** As recorded on Xen 4.17, without empty lines. */
    private static final List<String> BANNER = List.of(
            "\u001b[30m\u001b[47mWelcome to GRUB!",
            "\u001b[37m\u001b[40m\u001b[37m\u001b[40m\u001b[37m\u001b[40m(speed)"
                    + "\u001b[3;1Herror: no such device: /boot/xen/pvboot-x86_64.elf.",
            "error: no such device: /xen/pvboot-x86_64.elf.",
            "error: no such device: /boot/grub/grub.cfg.",
            "error: no such device: /grub/grub.cfg.",
            "\u001b[H\u001b[J\u001b[1;1H\u001b[2;24HGNU GRUB  version 2.06-13+deb12u2",
            "\u001b[?25h   Minimal BASH-like line editing is supported. For the first word, TAB   ",
            "   lists possible command completions. Anywhere else TAB lists possible   ",
            "   device or file completions.                                            ",
            PROMPT);

    private final ScriptedConsole console = new ScriptedConsole();
    private @Nullable RunResult result;
    private List<String> answers = List.of();
    private List<String> differences = List.of();

    @BeforeAll
    void typeFiveCommands() throws IOException {
        byte[] kernel = Files.readAllBytes(GuestImages.grub());
        for (String each : List.of("help", "ls", "echo hello", "set", "halt")) {
            console.type(PROMPT, each);
        }
        PvMachine machine = PvMachine.builder(AbiProfiles.find("xen-4.17").orElseThrow())
                .virtualTime()
                .domain(DomainConfig.of(GuestImage.of(kernel)).memory(64L << 20).console(console.port()))
                .build();
        result = machine.run(RunLimits.none().within(Duration.ofMinutes(2)));
        differences = machine.auditFrames();
        answers = List.of(console.output().split(PROMPT, -1));
    }

    @Test
    void bannerIsThatOfTheRealXen() {
        String banner = SPEED.matcher(answers.get(0) + PROMPT).replaceFirst("(speed)");
        assertEquals(
                BANNER,
                banner.replace("\r", "").lines().filter(line -> !line.isEmpty()).toList());
    }

    @Test
    void helpListsTheCommands() {
        List<String> lines = answer(1);
        assertEquals(". FILE                                  [ EXPRESSION ]", lines.get(1));
        assertEquals("boot                                    break [NUM]", lines.get(5));
        assertEquals(70, lines.size());
    }

    @Test
    void lsListsTheDevices() {
        assertEquals(
                List.of("(memdisk) (proc) "), answer(2).subList(1, answer(2).size()));
    }

    @Test
    void echoIsTypedBackAndAnswered() {
        assertEquals(List.of("echo hello", "hello"), answer(3));
    }

    @Test
    void setShowsTheClockAndThePlatform() {
        List<String> lines = answer(4);
        assertTrue(lines.containsAll(List.of("grub_cpu=x86_64", "grub_platform=xen", "root=memdisk")), lines::toString);
        // The wall clock of virtual time starts with the year 2020.
        assertTrue(lines.containsAll(List.of("YEAR=2020", "MONTH=1", "DAY=1", "HOUR=0")), lines::toString);
    }

    @Test
    void haltShutsTheDomainDown() {
        assertEquals(new RunResult(RunResult.Kind.SHUT_DOWN, 0, "", null), result);
        assertEquals(0, console.untyped());
        assertEquals(List.of(), differences);
    }

    /** What came between the prompt before a command and the next one, the typed line first, cursor moves left out. */
    private List<String> answer(int command) {
        String plain = answers.get(command).replaceAll("\u001b\\[[0-9;]*H", "");
        return plain.replace("\r", "").lines().toList();
    }
}
