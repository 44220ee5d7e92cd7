package io.github.paravane.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

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

/** The examples of the README that are marked to be run: each compiles, and prints the text that follows it. */
class ReadmeExamplesTest {

    private static final Pattern EXAMPLE =
            Pattern.compile("<!-- run -->\\n```java\\n(.*?)```\\n\\n```text\\n(.*?)```", Pattern.DOTALL);
    private static final List<String> PACKAGES =
            List.of("testkit.guest", "testkit.inspect", "testkit.paging", "hypervisor.machine", "hypervisor.profiles");

    private record Example(String code, String output) {}

    @TestFactory
    Stream<DynamicTest> examples(@TempDir Path directory) throws IOException {
        List<Example> examples = new ArrayList<>();
        Matcher matcher = EXAMPLE.matcher(Files.readString(Path.of("README.md")));
        while (matcher.find()) {
            examples.add(new Example(matcher.group(1), matcher.group(2)));
        }
        assertFalse(examples.isEmpty());
        compile(directory, examples);
        return examples.stream()
                .map(example -> DynamicTest.dynamicTest(
                        example.code.lines().findFirst().orElse(""),
                        () -> assertEquals(
                                example.output.strip(),
                                run(directory, examples.indexOf(example)).strip())));
    }

    private static void compile(Path directory, List<Example> examples) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("-proc:none", "-d", directory.toString(), "-cp", System.getProperty("java.class.path")));
        for (int n = 0; n < examples.size(); n++) {
            StringBuilder source = new StringBuilder();
            PACKAGES.forEach(name ->
                    source.append("import io.github.paravane.").append(name).append(".*;\n"));
            source.append("public class Example").append(n).append(" {\npublic static void main(String[] args) {\n");
            source.append(examples.get(n).code).append("}\n}\n");
            Path file = directory.resolve("Example" + n + ".java");
            Files.writeString(file, source);
            arguments.add(file.toString());
        }
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int status = ToolProvider.getSystemJavaCompiler().run(null, errors, errors, arguments.toArray(new String[0]));
        assertEquals(0, status, () -> errors.toString(StandardCharsets.UTF_8));
    }

    private static String run(Path directory, int number) throws Exception {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PrintStream before = System.out;
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {directory.toUri().toURL()}, ReadmeExamplesTest.class.getClassLoader())) {
            System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
            loader.loadClass("Example" + number)
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) new String[0]);
        } finally {
            System.setOut(before);
        }
        return output.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
