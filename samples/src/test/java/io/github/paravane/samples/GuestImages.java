package io.github.paravane.samples;

import static org.junit.jupiter.api.Assumptions.abort;

import io.github.paravane.samples.rules.SourceTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Guest kernels that nobody here wrote and that are therefore not in the repository. */
public final class GuestImages {
    private static final String GRUB = "usr/lib/grub-xen/grub-x86_64-xen.bin";

    private GuestImages() {}

    /**
     * Debian's GRUB for PV domains: what the environment variable {@code PARAVANE_GRUB} names, else where package
     * grub-xen-host installs it, else where {@code .ci/run} unpacks it. The test is skipped where there is none.
     */
    public static Path grub() {
        List<Path> candidates = new ArrayList<>();
        String named = System.getenv("PARAVANE_GRUB");
        if (named != null && !named.isEmpty()) {
            candidates.add(Path.of(named));
        }
        candidates.add(Path.of("/").resolve(GRUB));
        candidates.add(SourceTree.root().resolve("target/guests").resolve(GRUB));
        for (Path candidate : candidates) {
            if (Files.isReadable(candidate)) {
                return candidate;
            }
        }
        System.err.println("SKIPPED, NO GRUB IMAGE: install grub-xen-host or set PARAVANE_GRUB");
        return abort("no GRUB image; looked for " + candidates);
    }
}
