package io.github.paravane.testkit.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.machine.ConsolePort;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/**
 * Every way into a guest kernel, word by word: the probe guest {@code src/test/guests/entry.c} prints what it finds, and
 * must print what it printed on a real Xen. The real Xen ran in QEMU, whose processor differs from a real one in four of
 * the instructions probed; {@link #onARealProcessor} says how.
 */
class EntryTranscriptTest {

    private static final int LINES = 175;

    @Test
    void xen417Domain() throws IOException {
        assertTranscript("entry-4.17-domu.txt", AbiProfiles.XEN_4_17, false);
    }

    @Test
    void xen414ControlDomain() throws IOException {
        assertTranscript("entry-4.14-dom0.txt", AbiProfiles.XEN_4_14, true);
    }

    @Test
    void xen420ControlDomain() throws IOException {
        assertTranscript("entry-4.20-dom0.txt", AbiProfiles.XEN_4_20, true);
    }

    private static void assertTranscript(String transcript, AbiProfile profile, boolean privileged) throws IOException {
        List<String> expected = new String(resource(transcript), StandardCharsets.US_ASCII)
                .lines()
                .toList();
        assertEquals(LINES, expected.size());
        List<String> found = run(profile, privileged);
        for (int i = 0; i < Math.min(expected.size(), found.size()); i++) {
            assertEquals(onARealProcessor(expected.get(i)), found.get(i), "line " + (i + 1));
        }
        assertEquals(expected.size(), found.size());
    }

    private static List<String> run(AbiProfile profile, boolean privileged) throws IOException {
        ByteArrayOutputStream console = new ByteArrayOutputStream();
        GuestImage image;
        try (InputStream elf = new GZIPInputStream(new java.io.ByteArrayInputStream(resource("entry.elf.gz")))) {
            image = GuestImage.of(elf.readAllBytes());
        }
        DomainConfig domain = DomainConfig.of(image).console(ConsolePort.output(console));
        PvMachine machine = PvMachine.builder(profile)
                .domain(privileged ? domain.privileged() : domain)
                .virtualTime()
                .build();
        RunResult result = machine.run(new RunLimits(200_000_000, Duration.ofMinutes(2)));
        assertEquals(RunResult.Kind.SHUT_DOWN, result.kind());
        assertEquals(List.of(), machine.auditFrames());
        return console.toString(StandardCharsets.US_ASCII).lines().toList();
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = EntryTranscriptTest.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }

    /** What the line is on a processor as the manuals describe it. */
    private static String onARealProcessor(String line) {
        String label = line.substring(0, Math.max(0, line.indexOf(':')));
        return switch (label) {
            // A non-canonical address on the stack is #SS, not #GP (Intel SDM vol 3, 6.15).
            case "U noncanss", "K noncanss" -> line.replace("vec=d ", "vec=c ").replace("rcx=100089", "rcx=100080");
            // A near jump checks its target before it is made (Intel SDM vol 2, JMP).
            case "U jmpnc", "K jmpnc" -> line.replace("rip=800000000000", "rip=c+a");
            // INTO does not exist in 64-bit mode (Intel SDM vol 2, INT n).
            case "U into", "K into" -> line.replace("rip=c+1", "rip=c+0");
            // CR0.AM is set, so that EFLAGS.AC checks alignment (Intel SDM vol 3, 6.15).
            case "U ac", "K ac" ->
                line.replace("vec=6 ", "vec=11 ")
                        .replace("rip=c+11", "rip=c+e")
                        .replace("rcx=10004a", "rcx=1000ad")
                        .replaceFirst("rax=[0-9a-f]+", "rax=1111")
                        .replace("frame@i-38", "frame@i-40")
                        .replace("frame@i-138", "frame@i-140");
            // WBINVD is privileged; QEMU executes it in any ring (Intel SDM vol 2, WBINVD).
            case "U wbinvd" ->
                line.replace("vec=6 ", "vec=d ")
                        .replace("rip=c+2", "rip=c+0")
                        .replace("rcx=10004a", "rcx=100089")
                        .replace("frame@i-38", "frame@i-40");
            // The timer of this run came between IRET and INT, and left RF.
            case "U int80" -> line.replace("rfl=10002", "rfl=2");
            default -> line;
        };
    }
}
