package io.github.paravane.samples.rules;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The repository that the tests were started from. */
public final class SourceTree {
    private SourceTree() {}

    /** The folder that holds the root pom; the tests run in a module's folder or in the root itself. */
    public static Path root() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("api/pom.xml")) && Files.exists(folder.resolve("samples/pom.xml"))) {
                return folder;
            }
        }
        throw new IllegalStateException(
                "not inside the source tree: " + Path.of("").toAbsolutePath());
    }

    /** Every Java source of every module, main, test and benchmark. */
    static List<Path> javaSources() throws IOException {
        Path root = root();
        Set<Path> found = new HashSet<>();
        for (String module : List.of("api", "mmu", "cpu", "hypervisor", "testkit", "samples")) {
            try (Stream<Path> files = Files.walk(root.resolve(module).resolve("src"))) {
                files.filter(path -> path.toString().endsWith(".java")).forEach(found::add);
            }
        }
        return found.stream().sorted().toList();
    }

    /**
     * The exemptions of one kind in {@code .config/budgets.txt}: lines of {@code kind subject}, everything after a
     * {@code #} being the reason.
     */
    static Set<String> exempt(String kind) throws IOException {
        Set<String> subjects = new HashSet<>();
        for (String line : Files.readAllLines(root().resolve(".config/budgets.txt"))) {
            String[] words = line.replaceFirst("#.*", "").trim().split("\\s+");
            if (words.length == 2 && words[0].equals(kind)) {
                subjects.add(words[1]);
            }
        }
        return subjects;
    }
}
