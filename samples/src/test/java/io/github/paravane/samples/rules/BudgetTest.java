package io.github.paravane.samples.rules;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.commons.CodeSizeEvaluator;

/** The budgets that keep files readable and hot methods compilable; exemptions are in {@code .config/budgets.txt}. */
class BudgetTest {
    private static final int FILE_LINES = 700;
    private static final int METHOD_LINES = 100;
    private static final int PARAMETERS = 6;
    /** HotSpot never compiles a method of 8,000 bytes or more (DontCompileHugeMethods). */
    private static final int BYTE_CODE = 8_000;

    private static final Set<String> HOT = Set.of("mmu", "cpu", "hypervisor");

    /** What one method costs; {@code code} is an upper bound in bytes, {@code lines} spans its first to last line. */
    private record Method(
            String module,
            String owner,
            String name,
            int access,
            boolean ofRecord,
            int parameters,
            int code,
            int lines) {
        String id() {
            return owner + "." + name;
        }

        boolean isInitializer() {
            return name.startsWith("<");
        }
    }

    @Test
    void noSourceFileIsLongerThanTheHardLimit() throws IOException {
        Path root = SourceTree.root();
        Set<String> exempt = SourceTree.exempt("file");
        List<String> offenders = new ArrayList<>();
        List<Path> sources = SourceTree.javaSources();
        for (Path source : sources) {
            String name = root.relativize(source).toString().replace('\\', '/');
            int lines = Files.readAllLines(source).size();
            if (lines > FILE_LINES && !exempt.contains(name)) {
                offenders.add(name + ": " + lines + " lines");
            }
        }
        assertFalse(sources.isEmpty());
        report("files longer than " + FILE_LINES + " lines", offenders);
    }

    @Test
    void hotModulesHaveNoMethodThatHotSpotRefusesToCompile() throws IOException {
        Set<String> exempt = SourceTree.exempt("code");
        report(
                "methods of " + BYTE_CODE + " or more bytes of byte code",
                methods().stream()
                        .filter(method -> HOT.contains(method.module()))
                        .filter(method ->
                                method.code() >= BYTE_CODE && !method.name().equals("<clinit>"))
                        .filter(method -> !exempt.contains(method.id()))
                        .map(method -> method.id() + ": " + method.code() + " bytes")
                        .toList());
    }

    @Test
    void noMethodIsLongerThanTheHardLimit() throws IOException {
        Set<String> exempt = SourceTree.exempt("method");
        report(
                "methods longer than " + METHOD_LINES + " lines",
                methods().stream()
                        .filter(method -> method.lines() > METHOD_LINES && !method.isInitializer())
                        .filter(method -> !exempt.contains(method.id()))
                        .map(method -> method.id() + ": " + method.lines() + " lines")
                        .toList());
    }

    @Test
    void noPublicMethodTakesMoreThanSixParameters() throws IOException {
        Set<String> exempt = SourceTree.exempt("parameters");
        report(
                "public methods with more than " + PARAMETERS + " parameters",
                methods().stream()
                        .filter(method -> (method.access() & Opcodes.ACC_PUBLIC) != 0)
                        .filter(method -> (method.access() & Opcodes.ACC_SYNTHETIC) == 0)
                        .filter(method -> method.parameters() > PARAMETERS)
                        .filter(method -> !(method.ofRecord() && method.isInitializer()))
                        .filter(method -> !exempt.contains(method.id()))
                        .map(method -> method.id() + ": " + method.parameters() + " parameters")
                        .toList());
    }

    private static List<Method> methods() throws IOException {
        List<Method> methods = new ArrayList<>();
        for (PublishedModule module : PublishedModule.all()) {
            for (Path file : module.classFiles()) {
                try (InputStream in = Files.newInputStream(file)) {
                    new ClassReader(in).accept(new MethodCollector(module.name(), methods), 0);
                }
            }
        }
        assertTrue(methods.size() > 100, "too few methods seen: " + methods.size());
        return methods;
    }

    private static void report(String what, List<String> offenders) {
        assertTrue(offenders.isEmpty(), () -> what + ":\n  " + String.join("\n  ", offenders));
    }

    private static final class MethodCollector extends ClassVisitor {
        private final String module;
        private final List<Method> methods;
        private String owner = "";
        private boolean record;

        MethodCollector(String module, List<Method> methods) {
            super(Opcodes.ASM9);
            this.module = module;
            this.methods = methods;
        }

        @Override
        public void visit(int version, int access, String name, String signature, String parent, String[] interfaces) {
            owner = name.replace('/', '.');
            record = "java/lang/Record".equals(parent);
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] thrown) {
            int parameters = Type.getArgumentCount(descriptor);
            return new CodeSizeEvaluator(null) {
                private int firstLine = Integer.MAX_VALUE;
                private int lastLine;

                @Override
                public void visitLineNumber(int line, Label start) {
                    firstLine = Math.min(firstLine, line);
                    lastLine = Math.max(lastLine, line);
                }

                @Override
                public void visitEnd() {
                    int lines = Math.max(0, lastLine - firstLine + 1);
                    methods.add(new Method(module, owner, name, access, record, parameters, getMaxSize(), lines));
                }
            };
        }
    }
}
