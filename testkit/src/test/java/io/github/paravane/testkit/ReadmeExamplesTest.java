package io.github.paravane.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * The examples of the README. Those marked {@code run} compile, and print the text that follows them; those marked
 * {@code test} compile, and JUnit and jqwik find tests in them that pass.
 */
class ReadmeExamplesTest {

    private static final Pattern RUN =
            Pattern.compile("<!-- run -->\\n```java\\n(.*?)```\\n\\n```text\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern TEST =
            Pattern.compile("<!-- test -->\\n```java\\n(?s:(class (\\w+) .*?))```", Pattern.DOTALL);
    private static final List<String> IMPORTS = List.of(
            "java.time.*",
            "java.util.*",
            "io.github.paravane.api.guest.*",
            "io.github.paravane.api.memory.*",
            "io.github.paravane.api.paging.*",
            "io.github.paravane.api.profile.*",
            "io.github.paravane.mmu.*",
            "io.github.paravane.mmu.memory.*",
            "io.github.paravane.hypervisor.machine.*",
            "io.github.paravane.hypervisor.profiles.*",
            "io.github.paravane.testkit.advisory.*",
            "io.github.paravane.testkit.asm.*",
            "io.github.paravane.testkit.contract.*",
            "io.github.paravane.testkit.golden.*",
            "io.github.paravane.testkit.inspect.*",
            "io.github.paravane.testkit.paging.*",
            "io.github.paravane.testkit.property.*",
            "static io.github.paravane.testkit.asm.Gpr.*",
            "static org.junit.jupiter.api.Assertions.*");

    /** Of these packages only some classes, because the names of others are ambiguous. */
    private static final String SOME = """
            import io.github.paravane.testkit.guest.KernelFunction;
            import io.github.paravane.testkit.guest.KernelHabits;
            import io.github.paravane.testkit.guest.KernelObject;
            import io.github.paravane.testkit.guest.LinuxLikeKernel;
            import io.github.paravane.testkit.guest.ModelKernel;
            import io.github.paravane.testkit.guest.ModelMachine;
            import io.github.paravane.testkit.guest.ProcessEnd;
            import io.github.paravane.testkit.guest.SolarisLikeKernel;
            import io.github.paravane.testkit.guest.StorySystem;
            import io.github.paravane.testkit.guest.UserProgram;
            import io.github.paravane.testkit.runtime.GuestRuntime;
            import io.github.paravane.testkit.runtime.Hypercalls;
            import net.jqwik.api.Arbitrary;
            import net.jqwik.api.ForAll;
            import net.jqwik.api.Property;
            import net.jqwik.api.Provide;
            """;

    private record Example(String name, String code, String output) {

        String source() {
            StringBuilder source = new StringBuilder(SOME);
            IMPORTS.forEach(name -> source.append("import ").append(name).append(";\n"));
            if (output.isEmpty()) {
                return source.append(code).toString();
            }
            source.append("public class ").append(name);
            return source.append(" {\npublic static void main(String[] args) throws Exception {\n")
                    .append(code)
                    .append("}\n}\n")
                    .toString();
        }
    }

    @TestFactory
    Stream<DynamicTest> examples(@TempDir Path directory) throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        List<Example> examples = new ArrayList<>();
        Matcher run = RUN.matcher(readme);
        while (run.find()) {
            examples.add(new Example("Example" + examples.size(), run.group(1), run.group(2)));
        }
        Matcher test = TEST.matcher(readme);
        while (test.find()) {
            examples.add(new Example(test.group(2), test.group(1), ""));
        }
        long marks = readme.lines()
                .filter(line -> line.matches("<!-- (run|test) -->"))
                .count();
        assertEquals(marks, examples.size(), "a marked example lacks its output");
        assertTrue(marks > 0);
        compile(directory, examples);
        return examples.stream()
                .map(example -> DynamicTest.dynamicTest(
                        example.code.lines().findFirst().orElse(""), () -> check(directory, example)));
    }

    private static void compile(Path directory, List<Example> examples) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "-proc:none", "-nowarn", "-d", directory.toString(), "-cp", System.getProperty("java.class.path")));
        for (Example example : examples) {
            Path file = directory.resolve(example.name + ".java");
            Files.writeString(file, example.source());
            arguments.add(file.toString());
        }
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int status = ToolProvider.getSystemJavaCompiler().run(null, errors, errors, arguments.toArray(new String[0]));
        assertEquals(0, status, () -> errors.toString(StandardCharsets.UTF_8));
    }

    private static void check(Path directory, Example example) throws Exception {
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {directory.toUri().toURL()}, ReadmeExamplesTest.class.getClassLoader())) {
            if (example.output.isEmpty()) {
                checkTests(loader.loadClass(example.name));
            } else {
                assertEquals(example.output.strip(), run(loader, example.name).strip());
            }
        }
    }

    private static String run(URLClassLoader loader, String name) throws Exception {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PrintStream before = System.out;
        try {
            System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
            loader.loadClass(name).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } finally {
            System.setOut(before);
        }
        return output.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    private static void checkTests(Class<?> tests) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(tests))
                                .build(),
                        listener);
        TestExecutionSummary summary = listener.getSummary();
        assertEquals(
                List.of(),
                summary.getFailures().stream()
                        .map(TestExecutionSummary.Failure::getException)
                        .toList());
        assertTrue(summary.getTestsSucceededCount() > 0, "no test was found");
    }
}
