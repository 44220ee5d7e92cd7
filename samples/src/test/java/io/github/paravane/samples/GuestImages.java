package io.github.paravane.samples;

import static org.junit.jupiter.api.Assumptions.abort;

import io.github.paravane.samples.rules.SourceTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

    /**
     * The folder of the Xen Test Framework's {@code test-pv64-*} binaries that {@code PARAVANE_XTF} names. XTF is public
     * and built outside the project; the test is skipped where there is none.
     */
    public static Path xtf() {
        return folder("PARAVANE_XTF", null);
    }

    /**
     * The folder with the probe guests ({@code bin/*.elf}, {@code golden/*.txt}): what {@code PARAVANE_GUESTS} names, else
     * {@code ../shared/guests} beside the checkout. The test is skipped where there is none.
     */
    public static Path probes() {
        return folder(
                "PARAVANE_GUESTS", SourceTree.root().resolveSibling("shared").resolve("guests"));
    }

    private static Path folder(String variable, @Nullable Path otherwise) {
        String named = System.getenv(variable);
        Path folder = named == null || named.isEmpty() ? otherwise : Path.of(named);
        if (folder != null && Files.isDirectory(folder)) {
            return folder;
        }
        System.err.println("SKIPPED, NO GUEST KERNELS: set " + variable);
        return abort("no folder of guest kernels; " + variable + " is " + named);
    }
}
