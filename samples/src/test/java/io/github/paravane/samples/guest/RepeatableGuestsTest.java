package io.github.paravane.samples.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.hypervisor.machine.ConsolePort;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.hypervisor.time.VirtualClock;
import io.github.paravane.samples.GuestImages;
import io.github.paravane.testkit.golden.RunDigest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Runs of other people's kernels in virtual time, twice, event by event. For images that are known the digest is a
 * constant too, so that hosts and Java versions are compared; it changes when what a guest can notice changes.
 */
class RepeatableGuestsTest {

    private static final String PROMPT = "grub> ";
    private static final int MIB = 1 << 20;

    /** Digest of the run by digest of the images. */
    private static final Map<String, String> KNOWN = Map.of(
            "e19e1927c83cedbbe73641ac7fcfbf1c288b3c5b1dddbaf7bb3a65c990094859",
            "eb77a37938d787bce0452ea3222fb319098bb74af24f756375203cccc95d7664",
            "d0b9eff79574e74f17041f79b03d546c0d47acecfa872c96c2e7622eee675bea",
            "928e145a4c0124ec7e87c22d608ca8b4eed81a6ee910226d310b8e21c30bc071");

    @Test
    void grub() throws IOException {
        byte[] kernel = Files.readAllBytes(GuestImages.grub());
        String image = new RunDigest(() -> 0)
                .add(new String(kernel, StandardCharsets.ISO_8859_1))
                .hex();
        assertRepeatable(image, grubSession(kernel), grubSession(kernel));
    }

    @Test
    void xtf() throws IOException {
        List<Path> kernels;
        try (Stream<Path> files = Files.list(GuestImages.xtf())) {
            kernels = files.filter(file -> file.getFileName().toString().matches("test-pv64-[a-z0-9-]+"))
                    .sorted()
                    .toList();
        }
        assertFalse(kernels.isEmpty(), "no test-pv64-* in PARAVANE_XTF");
        RunDigest images = new RunDigest(() -> 0);
        RunDigest first = new RunDigest(() -> 0);
        RunDigest second = new RunDigest(() -> 0);
        for (Path each : kernels) {
            byte[] kernel = Files.readAllBytes(each);
            images.add(new String(kernel, StandardCharsets.ISO_8859_1));
            first.add(xtfRun(kernel));
            second.add(xtfRun(kernel));
        }
        assertRepeatable(images.hex(), first.hex(), second.hex());
    }

    private static void assertRepeatable(String image, String first, String second) {
        assertEquals(first, second);
        assertEquals(KNOWN.getOrDefault(image, first), first, () -> "images " + image);
    }

    private static String grubSession(byte[] kernel) {
        ScriptedConsole console = new ScriptedConsole();
        for (String each : List.of("help", "ls", "echo hello", "set", "halt")) {
            console.type(PROMPT, each);
        }
        return run(kernel, 64, console.port(), console::output);
    }

    private static String xtfRun(byte[] kernel) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ConsolePort port = new ConsolePort(output, OutputStream.nullOutputStream(), () -> ConsolePort.Input.END);
        return run(kernel, 128, port, () -> output.toString(StandardCharsets.ISO_8859_1));
    }

    private static String run(byte[] kernel, long mebibytes, ConsolePort console, Supplier<String> output) {
        VirtualClock clock = new VirtualClock();
        RunDigest digest = new RunDigest(clock::systemTime);
        PvMachine machine = PvMachine.builder(AbiProfiles.XEN_4_17)
                .clock(clock)
                .observer(digest.observer())
                .domain(DomainConfig.of(GuestImage.of(kernel))
                        .memory(mebibytes * MIB)
                        .console(console))
                .build();
        String end = machine.run(RunLimits.none().within(Duration.ofMinutes(5))).toString();
        return digest.add(end).add(output.get()).hex();
    }
}
