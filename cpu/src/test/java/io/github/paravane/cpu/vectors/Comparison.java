package io.github.paravane.cpu.vectors;

import java.util.Map;
import java.util.TreeMap;

/** Compares outcomes, forgives what the manuals leave open, and collects the rest by row. */
final class Comparison {
    private static final int SHOWN = 3;

    private final Map<String, StringBuilder> texts = new TreeMap<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private long cases;
    private long different;
    private final long[] vectors = new long[256];

    void compare(TableRow row, Case before, Case expected, Case actual) {
        cases++;
        vectors[(int) expected.word(Case.VECTOR) & 0xFF]++;
        Undefined.forgive(row, before, expected, actual);
        StringBuilder text = null;
        for (int n = 0; n < Case.WORDS; n++) {
            if (expected.word(n) != actual.word(n)) {
                text = text == null ? new StringBuilder() : text;
                text.append(String.format(
                        "%n      %s is %x, not %x (was %x)",
                        name(n), actual.word(n), expected.word(n), before.word(n)));
            }
        }
        if (text != null) {
            different++;
            int count = counts.merge(row.key() + " " + row.method(), 1, Integer::sum);
            if (count <= SHOWN) {
                texts.computeIfAbsent(row.key() + " " + row.method(), key -> new StringBuilder())
                        .append(String.format("%n    %s", before.text()))
                        .append(text)
                        .append(stack(row, before));
            }
        }
    }

    private static String stack(TableRow row, Case before) {
        StringBuilder out = new StringBuilder();
        if (row.family().equals("SegmentOps")) {
            out.append(String.format("%n      rsp %x, stack", before.gpr(Case.RSP)));
            for (int n = 0; n < 40; n++) {
                int at = Case.place(before.gpr(Case.RSP) + n);
                out.append(at < 0 ? " --" : String.format(" %02x", before.bytes[at]));
            }
        }
        return out.toString();
    }

    private static String name(int n) {
        String[] names = {"vector+1", "error", "cr2", "rip"};
        if (n < Case.GPR) {
            return names[n];
        }
        if (n < Case.RFLAGS) {
            return "gpr" + (n - Case.GPR);
        }
        if (n < Case.FX) {
            return new String[] {"rflags", "fs base", "gs base", "cs ss ds es", "fs gs"}[n - Case.RFLAGS];
        }
        if (n < Case.DATA) {
            return "fx+" + Integer.toHexString(8 * (n - Case.FX));
        }
        long base = n < Case.STACK
                ? ReplayMachine.DATA_WINDOW + 8L * (n - Case.DATA)
                : n < Case.EDGE
                        ? ReplayMachine.STACK_WINDOW + 8L * (n - Case.STACK)
                        : ReplayMachine.EDGE_WINDOW + 8L * (n - Case.EDGE);
        return "[" + Long.toHexString(base) + "]";
    }

    long cases() {
        return cases;
    }

    long different() {
        return different;
    }

    /** How the cases ended, by vector: {@code [0]} completed, {@code [v + 1]} vector v. */
    long[] endings() {
        return vectors.clone();
    }

    String report() {
        StringBuilder out = new StringBuilder();
        texts.forEach((key, text) -> out.append(String.format("%n  %s: %d different%s", key, counts.get(key), text)));
        return out.toString();
    }
}
