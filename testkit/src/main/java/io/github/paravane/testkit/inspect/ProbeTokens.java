package io.github.paravane.testkit.inspect;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words and signs of a probe script, in order. */
final class ProbeTokens {

    private static final Pattern SPACE = Pattern.compile("\\s*");
    private static final Pattern PROBE = Pattern.compile("[A-Za-z0-9_*?:-]+");
    private static final Pattern WORD = Pattern.compile("`?[A-Za-z0-9_]+");
    private static final Pattern OPERATOR = Pattern.compile(">=|<=|==|!=|>|<");
    private static final Pattern STRING = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final String text;
    private int at;

    ProbeTokens(String text) {
        this.text = text;
        skip();
    }

    private void skip() {
        Matcher space = SPACE.matcher(text).region(at, text.length());
        if (space.lookingAt()) {
            at = space.end();
        }
    }

    private String take(Pattern pattern, String what) {
        Matcher matcher = pattern.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            throw wrong(what);
        }
        at = matcher.end();
        String found = matcher.groupCount() > 0 ? matcher.group(1) : matcher.group();
        skip();
        return found;
    }

    String probe() {
        return take(PROBE, "a probe description");
    }

    String word() {
        return take(WORD, "a value");
    }

    String operator() {
        return take(OPERATOR, "a comparison");
    }

    /** A string in quotes, its escapes resolved. */
    String string() {
        return take(STRING, "a string")
                .replace("\\n", "\n")
                .replace("\\t", "\t")
                .replace("\\\"", "\"");
    }

    boolean isNext(String sign) {
        return text.startsWith(sign, at);
    }

    boolean accept(String sign) {
        if (!isNext(sign)) {
            return false;
        }
        at += sign.length();
        skip();
        return true;
    }

    void expect(String sign) {
        if (!accept(sign)) {
            throw wrong(sign);
        }
    }

    void expectEnd() {
        if (at < text.length()) {
            throw wrong("the end");
        }
    }

    IllegalArgumentException wrong(String expected) {
        return new IllegalArgumentException("syntax error at '" + text.substring(at) + "': expected " + expected);
    }

    /** A decimal number, or a hexadecimal one behind 0x. */
    static long number(String word) {
        try {
            return word.startsWith("0x")
                    ? Long.parseUnsignedLong(word.substring(2), 16)
                    : Long.parseUnsignedLong(word, 10);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("failed to resolve " + word + ": unknown name");
        }
    }
}
