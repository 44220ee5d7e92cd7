package io.github.paravane.testkit.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.hypervisor.machine.ConsolePort;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.hypervisor.time.VirtualClock;
import io.github.paravane.testkit.machine.TwoVcpuGuest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/**
 * Two runs in virtual time are one: every event at the same nanosecond. The constant compares hosts and Java versions;
 * it changes when what a guest can notice changes, or when events do, and then the new one is in the message.
 */
class RepeatableRunTest {

    private static final String ENTRY_PROBE = "c50dea50276a7ae503aa4759bc7da9381e26031891bcb9ecd3dc1a0010871d52";

    @Test
    void twoVcpus() {
        String first = digest(TwoVcpuGuest.elf(), 2, VirtualClock.DEFAULT_INSTRUCTION_TIME);
        assertEquals(first, digest(TwoVcpuGuest.elf(), 2, VirtualClock.DEFAULT_INSTRUCTION_TIME));
        assertNotEquals(first, digest(TwoVcpuGuest.elf(), 2, VirtualClock.DEFAULT_INSTRUCTION_TIME + 1));
    }

    @Test
    void theProbeOfEntries() throws IOException {
        assertEquals(ENTRY_PROBE, digest(entryProbe(), 1, VirtualClock.DEFAULT_INSTRUCTION_TIME));
        assertEquals(ENTRY_PROBE, digest(entryProbe(), 1, VirtualClock.DEFAULT_INSTRUCTION_TIME));
    }

    private static String digest(byte[] kernel, int vcpus, long instructionTime) {
        VirtualClock clock = new VirtualClock(instructionTime, VirtualClock.DEFAULT_WALL_CLOCK);
        RunDigest digest = new RunDigest(clock::systemTime);
        ByteArrayOutputStream console = new ByteArrayOutputStream();
        PvMachine machine = PvMachine.builder(AbiProfiles.XEN_4_17)
                .clock(clock)
                .observer(digest.observer())
                .domain(DomainConfig.of(GuestImage.of(kernel))
                        .memory(64 << 20)
                        .vcpus(vcpus)
                        .console(ConsolePort.output(console)))
                .build();
        String end = machine.run(RunLimits.none().within(Duration.ofMinutes(1))).toString();
        return digest.add(end)
                .add(console.toString(StandardCharsets.ISO_8859_1))
                .add(String.valueOf(machine.instructions()))
                .hex();
    }

    private static byte[] entryProbe() throws IOException {
        try (InputStream in = RepeatableRunTest.class.getResourceAsStream("entry.elf.gz")) {
            byte[] packed = Objects.requireNonNull(in, "entry.elf.gz").readAllBytes();
            return new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes();
        }
    }
}
