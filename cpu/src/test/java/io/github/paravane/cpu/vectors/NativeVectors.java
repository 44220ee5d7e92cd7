package io.github.paravane.cpu.vectors;

import io.github.paravane.cpu.X86Core;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/** Records cases on the host processor, and replays recordings. Commands: see {@code src/test/native/README.md}. */
public final class NativeVectors {
    private static final Map<String, String> LEFT_OUT = Map.ofEntries(
            Map.entry("SystemOps.syscall", "would be a system call of the host"),
            Map.entry("SystemOps.sysenter", "would be a system call of the host"),
            Map.entry("SystemOps.cpuid", "answers by model"),
            Map.entry("SystemOps.rdtsc", "answers by time"),
            Map.entry("SystemOps.rdtscp", "answers by time"),
            Map.entry("SystemOps.sgdt", "UMIP of the host"),
            Map.entry("SystemOps.sidt", "UMIP of the host"),
            Map.entry("SystemOps.sldt", "UMIP of the host"),
            Map.entry("SystemOps.str", "UMIP of the host"),
            Map.entry("Branches.int1", "a host that is a virtual machine reports RIP before ICEBP"),
            Map.entry("SystemOps.smsw", "UMIP of the host"));

    private NativeVectors() {}

    /** The rows that are recorded: all that the core implements but for {@link #LEFT_OUT}. */
    static List<TableRow> rows() {
        return TableRow.all().stream()
                .filter(TableRow::implemented)
                .filter(row -> !LEFT_OUT.containsKey(row.method()))
                .toList();
    }

    /** Records {@code perRow} cases of every row (and opcode byte of a row). */
    static void record(String harness, Path file, long seed, int perRow, List<TableRow> rows) throws IOException {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        try (Harness host = new Harness(harness);
                DataOutputStream out = new DataOutputStream(new BufferedOutputStream(
                        new DeflaterOutputStream(Files.newOutputStream(file), deflater, 1 << 16), 1 << 16))) {
            out.writeInt(Recording.VERSION);
            out.writeLong(seed);
            out.writeInt(rows.size());
            for (TableRow row : rows) {
                record(host, out, seed, perRow * (row.last() - row.first() + 1), row);
            }
        }
        deflater.end();
    }

    private static void record(Harness host, DataOutputStream out, long seed, int count, TableRow row)
            throws IOException {
        out.writeUTF(row.key());
        out.writeInt(count);
        Case base = new Case();
        List<Case> after = new ArrayList<>();
        for (int n = 0; n < Harness.BATCH; n++) {
            after.add(new Case());
        }
        int checksum = 0;
        for (int from = 0; from < count; from += Harness.BATCH) {
            List<Case> before = new ArrayList<>();
            for (int n = from; n < Math.min(count, from + Harness.BATCH); n++) {
                before.add(CaseGenerator.make(row, n, seed));
            }
            host.run(before, after);
            for (int n = 0; n < before.size(); n++) {
                Outcome.baseline(before.get(n), base);
                Recording.write(out, base, after.get(n));
                checksum = Recording.checksum(checksum, before.get(n));
            }
        }
        out.writeInt(checksum);
    }

    /** Replays a recording on a core; rows that it does not hold are not missed here. */
    static Comparison replay(InputStream file, List<String> replayed, X86Core.Translation translation)
            throws IOException {
        Comparison comparison = new Comparison();
        Map<String, TableRow> rows = new TreeMap<>();
        TableRow.all().forEach(row -> rows.put(row.key(), row));
        ReplayMachine machine = new ReplayMachine(translation);
        Case expected = new Case();
        Case actual = new Case();
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(new InflaterInputStream(file), 1 << 16))) {
            if (in.readInt() != Recording.VERSION) {
                throw new IOException("a recording of another version");
            }
            long seed = in.readLong();
            for (int count = in.readInt(); count > 0; count--) {
                String key = in.readUTF();
                TableRow row = rows.get(key);
                if (row == null) {
                    throw new IOException("the table has no row " + key + ": record again");
                }
                replayed.add(key);
                int checksum = 0;
                for (int n = 0, last = in.readInt(); n < last; n++) {
                    Case before = CaseGenerator.make(row, n, seed);
                    Outcome.baseline(before, expected);
                    Recording.read(in, expected);
                    checksum = Recording.checksum(checksum, before);
                    machine.run(before, actual);
                    comparison.compare(row, before, expected, actual);
                }
                if (in.readInt() != checksum) {
                    throw new IOException("the cases of row " + key + " are not those recorded: record again");
                }
            }
        }
        return comparison;
    }

    /** {@code record HARNESS FILE SEED CASES [ROW-PREFIX]} or {@code replay FILE}. */
    public static void main(String[] args) throws IOException {
        Path file = Path.of(args[0].equals("record") ? args[2] : args[1]);
        if (args[0].equals("record")) {
            List<TableRow> rows = rows().stream()
                    .filter(row -> args.length < 6
                            || (row.key() + " " + row.method() + " " + row.feature()).matches(".*(" + args[5] + ").*"))
                    .toList();
            int opcodes =
                    rows.stream().mapToInt(row -> row.last() - row.first() + 1).sum();
            int perRow = (Integer.parseInt(args[4]) + opcodes - 1) / opcodes;
            record(args[1], file, Long.decode(args[3]), perRow, rows);
            System.out.printf(
                    "%d rows, %d opcodes, %d cases each, %d bytes%n", rows.size(), opcodes, perRow, Files.size(file));
            return;
        }
        List<String> replayed = new ArrayList<>();
        long start = System.nanoTime();
        Comparison comparison;
        try (InputStream in = Files.newInputStream(file)) {
            comparison = replay(in, replayed, X86Core.Translation.NEVER);
        }
        System.out.println(comparison.report());
        StringBuilder endings = new StringBuilder();
        long[] counts = comparison.endings();
        for (int n = 0; n < counts.length; n++) {
            if (counts[n] > 0) {
                endings.append(n == 0 ? " completed " : " #" + (n - 1) + " ").append(counts[n]);
            }
        }
        System.out.printf(
                "%d rows, %d cases in %.1f s,%s; different: %d%n",
                replayed.size(),
                comparison.cases(),
                (System.nanoTime() - start) / 1e9,
                endings,
                comparison.different());
        if (comparison.different() > 0) {
            System.exit(1);
        }
    }
}
