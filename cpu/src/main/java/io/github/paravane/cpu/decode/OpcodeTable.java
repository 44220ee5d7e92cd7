package io.github.paravane.cpu.decode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The instruction table in the form that {@link Decoder} indexes: read once from {@code opcodes.txt}, immutable.
 *
 * <p>Per mode there are {@value #MAPS} maps of 256 slots. A slot holds a row number, {@link #UNDEFINED}, or (below
 * {@link #UNDEFINED}) the complement-coded number of a group: {@value #GROUP_SIZE} rows, chosen by mandatory prefix and
 * ModRM.
 */
public final class OpcodeTable {
    static final int MAPS = 6;
    static final int UNDEFINED = -1;
    /** Per prefix: 8 memory rows by modrm.reg, then 64 register rows by reg and rm. */
    static final int GROUP_PREFIX_SIZE = 72;

    static final int GROUP_SIZE = 4 * GROUP_PREFIX_SIZE;

    private static final OpcodeTable STANDARD = load(CpuFeatures.OFFERED);

    private final OpcodeRow[] rows;
    private final short[][] slots;
    private final short[] groups;
    private final boolean[] groupReadsModrm;
    private final short[] hot;

    private OpcodeTable(OpcodeRow[] rows, short[][] slots, short[] groups, boolean[] groupReadsModrm, short[] hot) {
        this.rows = rows;
        this.slots = slots;
        this.groups = groups;
        this.groupReadsModrm = groupReadsModrm;
        this.hot = hot;
    }

    /** The table for exactly the features that {@link CpuFeatures#OFFERED} names. */
    public static OpcodeTable standard() {
        return STANDARD;
    }

    OpcodeRow row(int number) {
        return rows[number];
    }

    /** {@code Family.method} of a row; not the specialised one. */
    public String methodOf(int number) {
        return Op.name(rows[number].op());
    }

    /** Number of rows. */
    public int size() {
        return rows.length;
    }

    /** Whether a row is marked as privileged. */
    public boolean isPrivileged(int number) {
        return rows[number].has(OpcodeRow.ATTR_CPL0);
    }

    /** All rows, in the order of the file. */
    List<OpcodeRow> rows() {
        return Collections.unmodifiableList(Arrays.asList(rows));
    }

    /** The slot of an opcode: a row number, {@link #UNDEFINED}, or {@code -2 - group}. */
    int slot(boolean long64, int map, int opcode) {
        return slots[long64 ? 1 : 0][map * 256 + opcode];
    }

    /** The row that a group gives for a prefix class and ModRM byte, or {@link #UNDEFINED}. */
    int groupRow(int slot, int prefix, int modrm) {
        int at = (-2 - slot) * GROUP_SIZE + prefix * GROUP_PREFIX_SIZE;
        return groups[modrm < 0xC0 ? at + ((modrm >>> 3) & 7) : at + 8 + (modrm & 63)];
    }

    /** Whether a group needs the ModRM byte to choose; without one any byte of at least 0xC0 does. */
    boolean groupReadsModrm(int slot) {
        return groupReadsModrm[-2 - slot];
    }

    /** The operation for a width and form: the specialised one where the table has one, else {@code op} itself. */
    int specialised(int op, int width, int form) {
        int log = 31 - Integer.numberOfLeadingZeros(width);
        return log > 3 ? op : hot[(op * 4 + log) * Insn.FORMS + form];
    }

    private static OpcodeTable load(Set<String> features) {
        Map<String, Integer> ops = new HashMap<>();
        for (int op = 0; op < Op.COUNT; op++) {
            ops.put(Op.name(op), op);
        }
        List<OpcodeRow> rows = new ArrayList<>();
        short[] hot = new short[Op.COUNT * 4 * Insn.FORMS];
        for (int n = 0; n < hot.length; n++) {
            hot[n] = (short) (n / (4 * Insn.FORMS));
        }
        for (String line : lines()) {
            String[] cells = line.trim().split("\\s+");
            if (cells[0].equals("hot")) {
                int width = 31 - Integer.numberOfLeadingZeros(Integer.parseInt(cells[2]));
                int at = (opOf(ops, cells[1]) * 4 + width) * Insn.FORMS + formOf(cells[3]);
                hot[at] = (short) opOf(ops, cells[4]);
            } else {
                rows.add(parse(cells, ops, features));
            }
        }
        return index(rows.toArray(new OpcodeRow[0]), hot);
    }

    private static List<String> lines() {
        try (InputStream in = OpcodeTable.class.getResourceAsStream("opcodes.txt")) {
            if (in == null) {
                throw new IllegalStateException("the instruction table is missing from the module");
            }
            BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
            return reader.lines()
                    .filter(line -> !line.isBlank() && line.charAt(0) != '#')
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int opOf(Map<String, Integer> ops, String name) {
        Integer op = ops.get(name);
        if (op == null) {
            throw new IllegalStateException("instruction table names an unknown method: " + name);
        }
        return op;
    }

    private static int formOf(String name) {
        return Arrays.asList("NONE", "R", "M", "RR", "RM", "MR", "RI", "MI", "I")
                .indexOf(name);
    }

    private static OpcodeRow parse(String[] cells, Map<String, Integer> ops, Set<String> features) {
        if (cells.length != 6) {
            throw new IllegalStateException("malformed row in the instruction table: " + Arrays.toString(cells));
        }
        int map = 0;
        int first = -1;
        int last = -1;
        int prefix = -1;
        int digit = -1;
        int mod = -1;
        int rm = -1;
        String[] parts = cells[0].split("\\.");
        for (int n = 0; n < parts.length; n++) {
            String part = parts[n];
            // Once a map is named, the next byte is the opcode, also where it looks like a prefix.
            boolean lastByte = n == parts.length - 1 || !isMapOrPrefix(part) || map > 0;
            switch (part) {
                case "NP" -> prefix = 0;
                case "VEX38" -> map = 4;
                case "VEX3A" -> map = 5;
                case "0F38" -> map = 2;
                case "0F3A" -> map = 3;
                case "mem" -> mod = 0;
                case "reg" -> mod = 1;
                case "L0" -> {
                    /* every VEX row of the table is L0: the decoder checks it for all */
                }
                default -> {
                    if (part.charAt(0) == '/') {
                        digit = part.charAt(1) - '0';
                    } else if (part.startsWith("rm=")) {
                        rm = part.charAt(3) - '0';
                    } else if (!lastByte && part.equals("0F")) {
                        map = 1;
                    } else if (!lastByte) {
                        prefix = part.equals("66") ? 1 : part.equals("F3") ? 2 : 3;
                    } else {
                        first = Integer.parseInt(part.substring(0, 2), 16);
                        last = part.length() > 2 ? Integer.parseInt(part.substring(3), 16) : first;
                    }
                }
            }
        }
        List<String> operands = cells[1].equals("-") ? List.of() : List.of(cells[1].split(","));
        int attributes = attributes(cells[4]);
        if (digit >= 0 || mod >= 0 || rm >= 0 || operands.stream().anyMatch(OpcodeTable::readsModrm)) {
            attributes |= OpcodeRow.ATTR_MODRM;
        }
        if (mod < 0 && operands.stream().anyMatch(o -> o.charAt(0) == 'R')) {
            attributes |= OpcodeRow.ATTR_RM_REGISTER;
        }
        boolean offered = cells[5].equals("-") || features.contains(cells[5]);
        int op = offered ? opOf(ops, cells[2]) : Op.UNDEFINED;
        return new OpcodeRow(map, first, last, prefix, digit, mod, rm, operands, op, cells[3], attributes, cells[5]);
    }

    private static boolean isMapOrPrefix(String part) {
        return part.equals("0F") || part.equals("66") || part.equals("F3") || part.equals("F2");
    }

    private static boolean readsModrm(String operand) {
        return !operand.equals("AL")
                && !operand.equals("CL")
                && !operand.equals("DX")
                && !operand.equals("rAX")
                && "EMGRSCDVWUPQNH".indexOf(operand.charAt(0)) >= 0;
    }

    private static int attributes(String text) {
        int attributes = 0;
        for (String word : text.toLowerCase(Locale.ROOT).split(",")) {
            attributes |= switch (word) {
                case "-" -> 0;
                case "lock" -> OpcodeRow.ATTR_LOCK;
                case "i64" -> OpcodeRow.ATTR_NOT_64;
                case "o64" -> OpcodeRow.ATTR_ONLY_64;
                case "d64" -> OpcodeRow.ATTR_DEFAULT_64;
                case "f64" -> OpcodeRow.ATTR_FORCE_64;
                case "end" -> OpcodeRow.ATTR_END;
                case "cpl0" -> OpcodeRow.ATTR_CPL0;
                default -> throw new IllegalStateException("unknown attribute in the instruction table: " + word);
            };
        }
        return attributes;
    }

    private static OpcodeTable index(OpcodeRow[] rows, short[] hot) {
        short[][] slots = new short[2][MAPS * 256];
        List<short[]> groups = new ArrayList<>();
        for (int mode = 0; mode < 2; mode++) {
            int excluded = mode == 0 ? OpcodeRow.ATTR_ONLY_64 : OpcodeRow.ATTR_NOT_64;
            List<List<Integer>> bySlot = new ArrayList<>();
            for (int n = 0; n < MAPS * 256; n++) {
                bySlot.add(new ArrayList<>());
            }
            for (int number = 0; number < rows.length; number++) {
                OpcodeRow row = rows[number];
                for (int opcode = row.first(); opcode <= row.last() && !row.has(excluded); opcode++) {
                    bySlot.get(row.map() * 256 + opcode).add(number);
                }
            }
            for (int slot = 0; slot < MAPS * 256; slot++) {
                slots[mode][slot] = slotOf(bySlot.get(slot), rows, groups);
            }
        }
        short[] flat = new short[groups.size() * GROUP_SIZE];
        boolean[] readsModrm = new boolean[groups.size()];
        for (int n = 0; n < groups.size(); n++) {
            System.arraycopy(groups.get(n), 0, flat, n * GROUP_SIZE, GROUP_SIZE);
            for (short row : groups.get(n)) {
                readsModrm[n] |= row >= 0 && rows[row].has(OpcodeRow.ATTR_MODRM);
            }
        }
        return new OpcodeTable(rows, slots, flat, readsModrm, hot);
    }

    private static short slotOf(List<Integer> numbers, OpcodeRow[] rows, List<short[]> groups) {
        if (numbers.isEmpty()) {
            return UNDEFINED;
        }
        // Least precise first, so that precise rows overwrite; of equals the first row of the file wins.
        List<Integer> ordered = new ArrayList<>(numbers);
        Collections.reverse(ordered);
        ordered.sort(Comparator.comparingInt((Integer n) -> rows[n].precision()));
        boolean modrm = numbers.stream().anyMatch(n -> rows[n].precision() > 0 && rows[n].precision() != 8);
        boolean prefixed = numbers.stream().anyMatch(n -> rows[n].prefix() >= 0);
        if (!modrm && !prefixed) {
            return numbers.get(0).shortValue();
        }
        short[] group = new short[GROUP_SIZE];
        Arrays.fill(group, (short) UNDEFINED);
        for (int number : ordered) {
            fill(group, rows[number], number);
        }
        groups.add(group);
        return (short) (-1 - groups.size());
    }

    private static void fill(short[] group, OpcodeRow row, int number) {
        for (int prefix = 0; prefix < 4; prefix++) {
            if (row.prefix() >= 0 && row.prefix() != prefix) {
                continue;
            }
            for (int reg = 0; reg < 8; reg++) {
                if (row.digit() >= 0 && row.digit() != reg) {
                    continue;
                }
                int at = prefix * GROUP_PREFIX_SIZE;
                if (row.mod() != 1) {
                    group[at + reg] = (short) number;
                }
                for (int rm = 0; rm < 8 && row.mod() != 0; rm++) {
                    if (row.rm() < 0 || row.rm() == rm) {
                        group[at + 8 + reg * 8 + rm] = (short) number;
                    }
                }
            }
        }
    }
}
