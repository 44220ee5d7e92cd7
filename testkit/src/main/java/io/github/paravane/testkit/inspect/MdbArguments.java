package io.github.paravane.testkit.inspect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The arguments of one command: options in the manner of getopt, then operands. Numbers are hexadecimal unless marked. */
final class MdbArguments {

    private final String verb;
    private final Map<Character, String> options = new HashMap<>();
    private final List<String> operands = new ArrayList<>();

    /**
     * @param flags letters of options without a value
     * @param valued letters of options with one
     */
    MdbArguments(String verb, List<String> words, String flags, String valued) {
        this.verb = verb;
        int at = 0;
        for (; at < words.size() && words.get(at).length() > 1 && words.get(at).startsWith("-"); at++) {
            String word = words.get(at);
            for (int n = 1; n < word.length(); n++) {
                char letter = word.charAt(n);
                if (flags.indexOf(letter) >= 0) {
                    options.put(letter, "");
                } else if (valued.indexOf(letter) >= 0 && n + 1 < word.length()) {
                    options.put(letter, word.substring(n + 1));
                    break;
                } else if (valued.indexOf(letter) >= 0 && at + 1 < words.size()) {
                    options.put(letter, words.get(++at));
                } else {
                    throw new MdbException(
                            valued.indexOf(letter) >= 0
                                    ? "option requires an argument -- " + letter
                                    : "illegal option -- " + letter);
                }
            }
        }
        operands.addAll(words.subList(at, words.size()));
    }

    boolean has(char letter) {
        return options.containsKey(letter);
    }

    String value(char letter) {
        return options.getOrDefault(letter, "");
    }

    OptionalLong number(char letter) {
        return has(letter) ? OptionalLong.of(parse(value(letter))) : OptionalLong.empty();
    }

    List<String> operands() {
        return operands;
    }

    void requireNoOperands() {
        if (!operands.isEmpty()) {
            throw new MdbException("usage error: ::" + verb + " does not take '" + operands.get(0) + "'");
        }
    }

    /** A number: hexadecimal, or decimal behind {@code 0t}, octal behind {@code 0o}, binary behind {@code 0i}. */
    static long parse(String text) {
        int radix = 16;
        String digits = text;
        if (text.length() > 2 && text.charAt(0) == '0') {
            int marked = switch (Character.toLowerCase(text.charAt(1))) {
                case 't' -> 10;
                case 'o' -> 8;
                case 'i' -> 2;
                case 'x' -> 16;
                default -> 0;
            };
            if (marked != 0) {
                radix = marked;
                digits = text.substring(2);
            }
        }
        if (digits.isEmpty() || !Character.isLetterOrDigit(digits.charAt(0))) {
            throw new MdbException("syntax error near '" + text + "'");
        }
        try {
            return Long.parseUnsignedLong(digits, radix);
        } catch (NumberFormatException e) {
            throw new MdbException("failed to dereference symbol: unknown symbol name '" + text + "'");
        }
    }
}
