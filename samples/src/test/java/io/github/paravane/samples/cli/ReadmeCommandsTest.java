package io.github.paravane.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.paravane.samples.rules.SourceTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The README's examples: every command has one, the command line accepts them, and its Java compiles. */
class ReadmeCommandsTest {

    private static final Pattern JAVA = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern ARGUMENT = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");

    private static String readme() throws IOException {
        return Files.readString(SourceTree.root().resolve("README.md"));
    }

    private static List<String> examples() throws IOException {
        String section = readme().split("## The command\n")[1].split("\n## ")[0];
        return section.lines()
                .filter(line -> line.startsWith("paravane "))
                .map(line -> line.replaceFirst(" +# .*", ""))
                .toList();
    }

    private static String[] arguments(String example) {
        List<String> arguments = new ArrayList<>();
        Matcher words = ARGUMENT.matcher(example.substring("paravane ".length()));
        while (words.find()) {
            arguments.add(
                    words.group(1) != null ? words.group(1) : words.group(2) != null ? words.group(2) : words.group(3));
        }
        return arguments.toArray(new String[0]);
    }

    private static CommandLine last(CommandLine.ParseResult parsed) {
        CommandLine.ParseResult at = parsed;
        while (at.hasSubcommand()) {
            at = at.subcommand();
        }
        return at.commandSpec().commandLine();
    }

    private static void addLeaves(CommandLine command, Set<String> names) {
        if (command.getSubcommands().isEmpty()) {
            names.add(command.getCommandSpec().qualifiedName());
        }
        command.getSubcommands().values().forEach(each -> addLeaves(each, names));
    }

    @TestFactory
    Stream<DynamicTest> theCommandLineAcceptsEveryExample() throws IOException {
        return examples().stream()
                .map(example -> DynamicTest.dynamicTest(
                        example, () -> new CommandLine(new Paravane()).parseArgs(arguments(example))));
    }

    @Test
    void everyCommandHasAnExample() throws IOException {
        Set<String> commands = new TreeSet<>();
        addLeaves(new CommandLine(new Paravane()), commands);
        Set<String> shown = new TreeSet<>();
        for (String example : examples()) {
            shown.add(last(new CommandLine(new Paravane()).parseArgs(arguments(example)))
                    .getCommandSpec()
                    .qualifiedName());
        }
        assertEquals(commands, shown);
    }

    @Test
    void theQuickStartCompiles(@TempDir Path directory) throws IOException {
        Matcher code = JAVA.matcher(readme());
        int found = 0;
        List<String> arguments = new ArrayList<>(List.of(
                "-proc:none", "-nowarn", "-d", directory.toString(), "-cp", System.getProperty("java.class.path")));
        while (code.find()) {
            String name = "Readme" + found++;
            Path file = directory.resolve(name + ".java");
            Files.writeString(
                    file,
                    "import io.github.paravane.api.guest.*;\nimport io.github.paravane.api.observe.*;\n"
                            + "import io.github.paravane.hypervisor.machine.*;\n"
                            + "import io.github.paravane.hypervisor.profiles.*;\n"
                            + "import java.nio.file.*;\nimport java.time.*;\n"
                            + "class " + name + " {\nvoid run() throws Exception {\n" + code.group(1) + "}\n}\n");
            arguments.add(file.toString());
        }
        assertEquals(1, found);
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int status = ToolProvider.getSystemJavaCompiler().run(null, errors, errors, arguments.toArray(new String[0]));
        assertEquals(0, status, () -> errors.toString(StandardCharsets.UTF_8));
    }
}
