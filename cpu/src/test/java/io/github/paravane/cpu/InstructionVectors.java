package io.github.paravane.cpu;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** Runs vectors recorded on a real processor, see {@code src/test/native/record.py}. */
final class InstructionVectors {
    private static final List<String> NAMES = List.of(
            "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14",
            "r15");
    private static final int DATA = 0x2_0100;
    private static final int WORDS = 16;

    private final TestMachine machine = new TestMachine();

    /** The lines of a resource, without comments. */
    static List<String> lines(String resource) {
        try (InputStream in = Objects.requireNonNull(InstructionVectors.class.getResourceAsStream(resource));
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
            return reader.lines().filter(line -> line.charAt(0) != '#').toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** State as a vector describes it. */
    private static final class State {
        final long[] gpr = new long[16];
        final long[] memory = new long[WORDS];
        long flags;
        long defined = -1;
        int vector = -1;

        State() {
            for (int n = 0; n < 16; n++) {
                gpr[n] = n == Registers.RSP ? 0x3FE00 : 0x0101010101010101L * (n + 1);
            }
        }

        void apply(String text) {
            for (String word : text.trim().split(" ")) {
                if (word.startsWith("#")) {
                    vector = Integer.parseInt(word.substring(1));
                    continue;
                }
                String[] pair = word.split("=");
                String[] value = pair[1].split("/");
                long bits = Long.parseUnsignedLong(value[0], 16);
                if (pair[0].equals("flags")) {
                    flags = bits;
                    defined = value.length > 1 ? Long.parseLong(value[1], 16) : -1;
                } else if (NAMES.contains(pair[0])) {
                    gpr[NAMES.indexOf(pair[0])] = bits;
                } else {
                    memory[Integer.parseInt(pair[0].substring(1), 16)] = bits;
                }
            }
        }
    }

    /** What differs after running one vector; empty if nothing does. */
    List<String> run(String line) {
        String[] fields = line.split(";");
        byte[] code = HexFormat.of().parseHex(fields[0].trim());
        String[] states = fields[2].split("=>");
        State expected = new State();
        expected.apply(states[0]);
        load(code, expected);
        machine.run(1_000_000);
        expected.apply(states[1]);
        return differences(expected, code.length);
    }

    private void load(byte[] code, State state) {
        byte[] padded = Arrays.copyOf(code, code.length + 2);
        padded[code.length] = 0x0F;
        padded[code.length + 1] = 0x0B;
        machine.memory.write(TestMachine.CODE, padded, 0, padded.length);
        for (int n = 0; n < WORDS; n++) {
            machine.memory.writeU64(DATA + 8L * n, state.memory[n]);
        }
        for (int n = 0; n < 16; n++) {
            machine.registers.setGpr(n, state.gpr[n]);
        }
        machine.registers.setRip(TestMachine.CODE);
        machine.registers.setRflags(state.flags | 0x202);
        machine.traps.clear();
    }

    private List<String> differences(State expected, int length) {
        List<String> found = new ArrayList<>();
        int vector = expected.vector < 0 ? Trap.UD : expected.vector;
        long rip = TestMachine.CODE + (expected.vector < 0 ? length : 0);
        if (machine.traps.size() != 1 || machine.traps.get(0).vector() != vector) {
            found.add("traps " + machine.traps);
        }
        if (machine.registers.rip() != rip) {
            found.add("rip " + Long.toHexString(machine.registers.rip()));
        }
        for (int n = 0; n < 16; n++) {
            compare(found, NAMES.get(n), expected.gpr[n], machine.registers.gpr(n));
        }
        for (int n = 0; n < WORDS; n++) {
            compare(found, "m" + Integer.toHexString(n), expected.memory[n], machine.memory.readU64(DATA + 8L * n));
        }
        if (expected.vector < 0) {
            long mask = expected.defined;
            compare(found, "flags", expected.flags & mask, machine.registers.rflags() & mask);
        }
        return found;
    }

    private static void compare(List<String> found, String name, long expected, long actual) {
        if (expected != actual) {
            found.add(name + " is " + Long.toHexString(actual) + " not " + Long.toHexString(expected));
        }
    }
}
