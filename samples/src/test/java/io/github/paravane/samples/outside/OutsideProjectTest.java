package io.github.paravane.samples.outside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.samples.rules.PublishedModule;
import io.github.paravane.samples.rules.SourceTree;
import io.github.paravane.testkit.advisory.KnownBugs;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.felix.framework.FrameworkFactory;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassWriter;

/**
 * A project outside the repository with the testkit as its only dependency plays every known bug on its own core: on the
 * class path, on the module path and in an OSGi container, each in a JVM of its own.
 */
class OutsideProjectTest {
    private static final Path PROJECTS = SourceTree.root().resolve("samples/src/outside");
    private static final Path SOURCE = PROJECTS.resolve("core/src/main/java/outside/MyCore.java");
    private static final OutsideProject CORE = new OutsideProject(PROJECTS.resolve("core"));
    private static final OutsideProject BUNDLE = new OutsideProject(PROJECTS.resolve("bundle"));
    private static final List<String> PUBLISHED = new ArrayList<>();

    @TempDir
    private static Path directory;

    private static String published;
    private static String core;

    @BeforeAll
    static void pack() throws Exception {
        for (PublishedModule module : PublishedModule.all()) {
            Path jar = directory.resolve("paravane-" + module.name() + ".jar");
            OutsideProject.pack(module.root(), module.manifest(), jar);
            PUBLISHED.add(jar.toString());
        }
        PUBLISHED.add(location(ClassWriter.class));
        published = String.join(File.pathSeparator, PUBLISHED);
        core = CORE.pack(
                        directory.resolve("core.jar"),
                        "-p",
                        published + File.pathSeparator + location(NullMarked.class))
                .toString();
    }

    @Test
    void isShortAndNeedsTheTestkitOnly() throws IOException {
        assertEquals(List.of("paravane-testkit"), CORE.dependencies());
        assertTrue(Files.readAllLines(SOURCE).size() < 40);
    }

    @Test
    void isWhatTheReadmeShows() throws IOException {
        String readme = Files.readString(SourceTree.root().resolve("testkit/README.md"));
        assertTrue(readme.contains("```java\n" + Files.readString(SOURCE) + "```"), "testkit/README.md differs");
    }

    @Test
    void runsOnTheClassPath() throws Exception {
        checkRun("-cp", core + File.pathSeparator + published, "outside.MyCore");
    }

    @Test
    void runsOnTheModulePath() throws Exception {
        checkRun("-p", core + File.pathSeparator + published, "-m", "outside/outside.MyCore");
    }

    @Test
    void runsInAnOsgiContainer() throws Exception {
        String felix = location(FrameworkFactory.class);
        Path bundle = BUNDLE.pack(
                directory.resolve("bundle.jar"), "-cp", String.join(File.pathSeparator, felix, core, published));
        List<String> command = new ArrayList<>(List.of(
                "-cp",
                felix + File.pathSeparator + location(FelixLauncher.class),
                FelixLauncher.class.getName(),
                directory.resolve("felix").toString()));
        command.addAll(PUBLISHED);
        command.addAll(List.of(core, bundle.toString()));
        checkRun(command.toArray(new String[0]));
    }

    private static void checkRun(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g"));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(directory, "run", ".txt");
        Process run = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!run.waitFor(120, TimeUnit.SECONDS)) {
            run.destroyForcibly().waitFor();
        }
        String printed = Files.readString(output, StandardCharsets.UTF_8);
        assertEquals(0, run.exitValue(), printed);
        String right = 2 * KnownBugs.all().size() + " cases as they should be, [1-9][0-9]* runs of my core";
        assertTrue(printed.lines().anyMatch(line -> line.matches(right)), printed);
    }

    private static String location(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }
}
