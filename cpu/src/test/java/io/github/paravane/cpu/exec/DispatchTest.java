package io.github.paravane.cpu.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.decode.Op;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table, the ids, the generated dispatch and the family methods are one list. */
class DispatchTest {
    private static final Path SOURCES = Path.of("src/main/java/io/github/paravane/cpu/exec");

    private static TreeSet<String> tableMethods() throws IOException {
        TreeSet<String> methods = new TreeSet<>();
        try (InputStream in = Objects.requireNonNull(Op.class.getResourceAsStream("opcodes.txt"))) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.US_ASCII).split("\n")) {
                String[] cells = line.trim().split("\\s+");
                if (!line.isBlank() && line.charAt(0) != '#') {
                    methods.add(cells[0].equals("hot") ? cells[4] : cells[2]);
                }
            }
        }
        methods.add("undefined");
        methods.add("unimplemented");
        methods.add("tooLong");
        return methods;
    }

    private static String constant(String method) {
        return method.replace('.', '_')
                .replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_")
                .toUpperCase(Locale.ROOT);
    }

    /** Constant name to the call in its case, over all generated classes. */
    private static Map<String, String> cases() throws IOException {
        Map<String, String> calls = new HashMap<>();
        Pattern pattern = Pattern.compile("case Op\\.(\\w+) ->\\s+([\\w.]+)\\(c, i\\);");
        for (Path path : Files.list(SOURCES).toList()) {
            if (path.getFileName().toString().matches("(\\w+Dispatch\\d*|BlockLoop)\\.java")) {
                Matcher matcher = pattern.matcher(Files.readString(path));
                while (matcher.find()) {
                    assertEquals(
                            calls.getOrDefault(matcher.group(1), matcher.group(2)), matcher.group(2), "two meanings");
                    calls.put(matcher.group(1), matcher.group(2));
                }
            }
        }
        return calls;
    }

    @Test
    void idsAreTheTablesMethods() throws Exception {
        TreeSet<String> names = new TreeSet<>();
        for (int op = 0; op < Op.COUNT; op++) {
            names.add(Op.name(op));
            assertEquals(op, Op.class.getField(constant(Op.name(op))).getInt(null));
        }
        assertEquals(tableMethods(), names);
        long constants = Arrays.stream(Op.class.getFields())
                .filter(field -> field.getType() == int.class)
                .map(Field::getName)
                .filter(name -> !name.equals("COUNT"))
                .count();
        assertEquals(Op.COUNT, constants);
    }

    @Test
    void everyIdRunsTheMethodOfItsName() throws Exception {
        Map<String, String> calls = cases();
        for (int op = 0; op < Op.COUNT; op++) {
            String name = Op.name(op);
            String expected = name.contains(".") ? name : "Core." + name;
            if (!Files.exists(SOURCES.resolve(expected.split("\\.")[0] + ".java"))) {
                assertNull(calls.get(constant(name)), name + " has a case and no family");
                continue; // a structured error when executed
            }
            assertEquals(expected, calls.get(constant(name)), name + " has no case or a wrong one");
            String[] parts = expected.split("\\.");
            Class<?> family = Class.forName("io.github.paravane.cpu.exec." + parts[0]);
            int modifiers =
                    family.getDeclaredMethod(parts[1], Core.class, Insn.class).getModifiers();
            assertTrue(Modifier.isStatic(modifiers), name);
        }
    }
}
