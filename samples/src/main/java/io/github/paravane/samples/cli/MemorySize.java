package io.github.paravane.samples.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads sizes like {@code 64M}, {@code 1G} and {@code 65536K}; a plain number is MiB. Answers bytes. */
final class MemorySize implements ITypeConverter<Long> {

    private static final Pattern FORM = Pattern.compile("(\\d{1,12})([KMG]?)");

    @Override
    public Long convert(String text) {
        Matcher matcher = FORM.matcher(text.toUpperCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + text + "' is not a size such as 64M");
        }
        int shift = switch (matcher.group(2)) {
            case "K" -> 10;
            case "G" -> 30;
            default -> 20;
        };
        return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << shift);
    }
}
