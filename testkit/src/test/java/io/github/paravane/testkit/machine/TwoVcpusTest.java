package io.github.paravane.testkit.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.hypervisor.machine.ConsolePort;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** vCPUs of one domain: brought up, interrupting each other, waiting, going down. */
class TwoVcpusTest {

    private final List<String> lines = run();

    private static List<String> run() {
        ByteArrayOutputStream console = new ByteArrayOutputStream();
        PvMachine machine = machine(PvMachine.builder(AbiProfiles.XEN_4_17).virtualTime(), console);
        RunResult result = machine.run(RunLimits.none().within(Duration.ofSeconds(30)));
        String text = console.toString(StandardCharsets.US_ASCII).replace("\r", "");
        assertEquals(RunResult.Kind.SHUT_DOWN, result.kind(), () -> result + text);
        assertEquals(List.of(), machine.auditFrames());
        return text.lines().toList();
    }

    static PvMachine machine(PvMachine.Builder builder, OutputStream console) {
        return builder.domain(DomainConfig.of(GuestImage.of(TwoVcpuGuest.elf()))
                        .memory(16 << 20)
                        .vcpus(2)
                        .console(ConsolePort.output(console)))
                .build();
    }

    @Test
    void theSecondComesUpOnce() {
        assertEquals(
                List.of("is_up before 0x0", "initialise 0x0", "up 0x0", "initialise twice 0xffffffffffffffef"),
                lines.subList(0, 4));
    }

    @Test
    void theyInterruptEachOtherInTurn() {
        List<Long> times = lines.stream()
                .filter(line -> line.startsWith("tsc"))
                .map(line -> Long.parseLong(line.substring(6), 16))
                .toList();
        assertEquals(20, times.size());
        for (int i = 1; i < times.size(); i++) {
            assertTrue(times.get(i) > times.get(i - 1), "round " + i);
        }
        long last = Long.parseLong(lines.get(26).substring("rounds 0x14 tsc 0x".length()), 16);
        assertTrue(last > times.get(18) && last < times.get(19), lines::toString);
    }

    @Test
    void flushesOfBothAreAccepted() {
        assertEquals(List.of("flush 0x0", "invlpg 0x0"), lines.subList(24, 26));
    }

    @Test
    void theSecondGoesDown() {
        assertTrue(lines.get(27).startsWith("state 0x3 ran 0x"), lines::toString);
    }

    @Test
    void aPollEndsWhenItsTimeHasCome() {
        assertEquals("singleshot 0x0", lines.get(28));
        assertEquals("slept 0x1e8480 base 0x0", lines.get(29), "2 ms to the nanosecond");
    }

    @Test
    void timePassesBetweenTwoInstructions() {
        assertEquals("between 0x14", lines.get(30), "RDTSC and MOV are 10 ns each");
    }

    /** 0xE008 is the hypervisor's own code segment, of ring 0. */
    @Test
    void theSecondIsEnteredByAReturnThatChecksItsCodeSegment() {
        PvMachine machine = PvMachine.builder(AbiProfiles.XEN_4_17)
                .virtualTime()
                .domain(DomainConfig.of(GuestImage.of(TwoVcpuGuest.elf(0xE008)))
                        .memory(16 << 20)
                        .vcpus(2))
                .build();
        RunResult result = machine.run(RunLimits.none().within(Duration.ofSeconds(30)));
        assertEquals(RunResult.Kind.CRASHED, result.kind());
        assertTrue(result.detail().contains("vCPU 1: no handler for trap 13"), result::detail);
    }
}
