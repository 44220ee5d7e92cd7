package io.github.paravane.samples.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** A kernel's command lines as the oracle commands take them, and the kernel's identity. */
final class CommandLines {

    private static final Pattern RANGE = Pattern.compile("\\{(\\d{1,9})\\.\\.(\\d{1,9})}");
    private static final int MOST = 1_000_000;

    private CommandLines() {}

    /**
     * Writes out ranges: {@code seed={1..3}} is three command lines.
     *
     * @throws IllegalArgumentException if a range runs backwards or there are more than a million
     */
    static List<String> expand(List<String> patterns) {
        List<String> expanded = new ArrayList<>();
        for (String pattern : patterns) {
            expand(pattern, expanded);
        }
        return expanded;
    }

    private static void expand(String pattern, List<String> expanded) {
        Matcher matcher = RANGE.matcher(pattern);
        if (!matcher.find()) {
            expanded.add(pattern);
            return;
        }
        int first = Integer.parseInt(matcher.group(1));
        int last = Integer.parseInt(matcher.group(2));
        if (last < first || (long) last - first + expanded.size() >= MOST) {
            throw new IllegalArgumentException("range " + matcher.group() + " is empty or too long");
        }
        for (int i = first; i <= last; i++) {
            expand(pattern.substring(0, matcher.start()) + i + pattern.substring(matcher.end()), expanded);
        }
    }

    /** SHA-256 of the kernel's unpacked file, in hex. */
    static String sha256(Path kernel) throws IOException {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(unpacked(kernel));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The kernel's file, with a gzip wrapping taken off. */
    static byte[] unpacked(Path kernel) throws IOException {
        byte[] file = Files.readAllBytes(kernel);
        if (file.length < 2 || file[0] != 0x1F || file[1] != (byte) 0x8B) {
            return file;
        }
        try (var in = new GZIPInputStream(new ByteArrayInputStream(file))) {
            return in.readNBytes(512 << 20);
        }
    }
}
