package io.github.paravane.cpu.vectors;

import io.github.paravane.cpu.X86Cpuid;
import io.github.paravane.cpu.decode.Op;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A row of {@code opcodes.txt}, parsed apart from the decoder's own reader.
 *
 * @param key opcode and operand columns: names the row in recordings
 * @param map 0 one byte, 1 0F, 2 0F38, 3 0F3A, 4 VEX 0F38, 5 VEX 0F3A
 * @param prefix mandatory prefix: -1 any, 0 none, else 0x66, 0xF3 or 0xF2
 * @param family {@code Family} of the method
 * @param mod 0 any, 'm' memory, 'r' register
 */
record TableRow(
        String key,
        int map,
        int prefix,
        int first,
        int last,
        int digit,
        int mod,
        int rm,
        List<String> operands,
        String method,
        List<String> attributes,
        String feature,
        String family) {
    private static final List<String> MAPS = List.of("", "0F", "0F38", "0F3A", "VEX38", "VEX3A");

    /** All rows, in the order of the file. */
    static List<TableRow> all() {
        List<TableRow> rows = new ArrayList<>();
        try (InputStream in = Objects.requireNonNull(Op.class.getResourceAsStream("opcodes.txt"));
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.isBlank() && line.charAt(0) != '#' && !line.startsWith("hot ")) {
                    rows.add(parse(line.trim().split("\\s+")));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }

    private static TableRow parse(String[] cells) {
        String[] parts = cells[0].split("\\.");
        int at = 0;
        int prefix = -1;
        if (parts.length > 1) {
            prefix = switch (parts[0]) {
                case "NP" -> 0;
                case "66" -> 0x66;
                case "F3" -> 0xF3;
                case "F2" -> 0xF2;
                default -> -1;
            };
            at = prefix >= 0 ? 1 : 0;
        }
        int map = Math.max(0, MAPS.indexOf(parts[at]));
        String bytes = parts[map > 0 ? ++at : at];
        int first = Integer.parseInt(bytes.substring(0, 2), 16);
        int last = bytes.length() > 2 ? Integer.parseInt(bytes.substring(3), 16) : first;
        int digit = -1;
        int mod = 0;
        int rm = -1;
        for (at++; at < parts.length; at++) {
            if (parts[at].charAt(0) == '/') {
                digit = parts[at].charAt(1) - '0';
            } else if (parts[at].startsWith("rm=")) {
                rm = parts[at].charAt(3) - '0';
            } else if (!parts[at].equals("L0")) {
                mod = parts[at].charAt(0);
            }
        }
        List<String> operands = cells[1].equals("-") ? List.of() : List.of(cells[1].split(","));
        String key = cells[0] + " " + cells[1];
        return new TableRow(
                key,
                map,
                prefix,
                first,
                last,
                digit,
                mod,
                rm,
                operands,
                cells[2],
                List.of(cells[4].split(",")),
                cells[5],
                cells[2].substring(0, Math.max(0, cells[2].indexOf('.'))));
    }

    boolean has(String attribute) {
        return attributes.contains(attribute);
    }

    /** Whether the core executes it: neither undefined, nor without its feature, nor left out. */
    boolean implemented() {
        return method.contains(".") && (feature.equals("-") || X86Cpuid.offers(feature));
    }

    boolean hasModrm() {
        return digit >= 0 || mod != 0 || rm >= 0 || uses("EMGRSCDVWUPQNH");
    }

    /** Whether REX.W or the operand size changes an operand. */
    boolean sized() {
        for (int n = 0; n < operands.size(); n++) {
            if (operands.get(n).length() == 2 && "vyz".indexOf(operands.get(n).charAt(1)) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether an operand has one of the letters. */
    boolean uses(String letters) {
        for (int n = 0; n < operands.size(); n++) {
            String o = operands.get(n);
            boolean named = o.equals("AL") || o.equals("CL") || o.equals("DX");
            if (o.length() == 2 && !named && letters.indexOf(o.charAt(0)) >= 0) {
                return true;
            }
        }
        return false;
    }

    boolean isVex() {
        return map >= 4;
    }
}
