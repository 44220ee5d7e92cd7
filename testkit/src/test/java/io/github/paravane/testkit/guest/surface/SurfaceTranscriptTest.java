package io.github.paravane.testkit.guest.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.hypervisor.machine.ConsolePort;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The whole surface of hypercalls, model-specific registers, privileged instructions, debug registers and memory, as
 * the real Xen shows it: 4.17.7 to an unprivileged domain, 4.14.6, 4.17.7 and 4.20.3 to the control domain. Left out
 * of the guests is what belongs to QEMU's processor: instructions that it gets wrong, its MISC_ENABLE, its devices.
 * The hypervisor's own messages are taken out of transcripts of the control domain, whose console they share.
 */
class SurfaceTranscriptTest {

    private static final Map<String, Supplier<byte[]>> GUESTS = Map.of(
            "calls",
            CallSurface::elf,
            "registers",
            RegisterSurface::elf,
            "instructions",
            InstructionSurface::elf,
            "debug",
            DebugSurface::elf,
            "registrations",
            RegistrationSurface::elf,
            "events",
            EventSurface::elf,
            "memory",
            MemorySurface::elf,
            "foreign",
            ForeignSurface::elf);

    @ParameterizedTest
    @CsvSource({
        "calls, xen-4.17, false",
        "registers, xen-4.17, false",
        "instructions, xen-4.17, false",
        "debug, xen-4.17, false",
        "registrations, xen-4.17, false",
        "events, xen-4.17, false",
        "instructions, xen-4.14, true",
        "instructions, xen-4.20, true",
        "registrations, xen-4.14, true",
        "registrations, xen-4.20, true",
        "debug, xen-4.14, true",
        "debug, xen-4.20, true",
        "memory, xen-4.17, false",
        "foreign, xen-4.17, false",
        "foreign, xen-4.14, true",
        "foreign, xen-4.17, true",
        "foreign, xen-4.20, true"
    })
    void isThatOfTheRealXen(String guest, String version, boolean control) throws IOException {
        String file = guest + "-" + version.substring(4) + (control ? "-dom0" : "-domu") + ".txt.gz";
        assertEquals(recorded(file), printed(guest, version, control));
    }

    static List<String> printed(String guest, String version, boolean control) {
        ByteArrayOutputStream console = new ByteArrayOutputStream();
        DomainConfig domain = DomainConfig.of(GuestImage.of(GUESTS.get(guest).get()))
                .memory(64L << 20)
                .vcpus(guest.equals("events") ? 2 : 1)
                .consoleIo(control)
                .console(ConsolePort.output(console));
        PvMachine.builder(AbiProfiles.find(version).orElseThrow())
                .domain(control ? domain.privileged() : domain)
                .virtualTime()
                .build()
                .run(RunLimits.none().instructions(400_000_000));
        return lines(console.toByteArray());
    }

    private static List<String> recorded(String file) throws IOException {
        try (InputStream in = SurfaceTranscriptTest.class.getResourceAsStream(file)) {
            return lines(new GZIPInputStream(Objects.requireNonNull(in, file)).readAllBytes());
        }
    }

    private static List<String> lines(byte[] text) {
        return new String(text, StandardCharsets.ISO_8859_1)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }
}
