package io.github.paravane.testkit.inspect;

import io.github.paravane.testkit.guest.KernelFunction;
import io.github.paravane.testkit.guest.SolarisLikeKernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A function-entry probe in the language of DTrace, as far as the story needs it: {@code fbt:MODULE:FUNCTION:entry /PREDICATE/
 * { printf("FORMAT", VALUE, ...); }}. Module and function may be empty or have {@code *} and {@code ?}. A predicate joins
 * unsigned comparisons by {@code &&} and {@code ||}; values are {@code arg0}, numbers, {@code `kernelbase}, and in an action
 * also {@code probefunc} and {@code probemod}. Formats have {@code %p %x %d %u %s %%} and {@code \n \t}. Without an action a
 * probe prints nothing.
 *
 * <pre>{@code
 * ProbeScript script = ProbeScript.parse("fbt:genunix::entry /arg0 > `kernelbase/ { printf(\"%p \", arg0); }");
 * kernel.onEntry(function -> out.append(script.fire(function)));
 * }</pre>
 */
public final class ProbeScript {

    private final Predicate<KernelFunction> probe;
    private final Predicate<KernelFunction> condition;
    private final List<Print> prints;

    /** A value of a language with two types. */
    interface Value {
        Object of(KernelFunction function);
    }

    private record Print(String format, List<Value> values) {}

    private ProbeScript(Predicate<KernelFunction> probe, Predicate<KernelFunction> condition, List<Print> prints) {
        this.probe = probe;
        this.condition = condition;
        this.prints = List.copyOf(prints);
    }

    /** Reads a script; {@link IllegalArgumentException} says what is wrong with it and where. */
    public static ProbeScript parse(String text) {
        return new Parser(new ProbeTokens(Objects.requireNonNull(text, "text"))).script();
    }

    /** What the script prints for a function that was entered; empty if it does not apply to it. */
    public String fire(KernelFunction function) {
        if (!probe.test(function) || !condition.test(function)) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        prints.forEach(print -> text.append(format(print, function)));
        return text.toString();
    }

    private static String format(Print print, KernelFunction function) {
        StringBuilder text = new StringBuilder();
        int next = 0;
        for (int at = 0; at < print.format.length(); at++) {
            char letter = print.format.charAt(at);
            if (letter != '%') {
                text.append(letter);
                continue;
            }
            char conversion = print.format.charAt(++at);
            if (conversion == '%') {
                text.append('%');
            } else {
                Object value = print.values.get(next++).of(function);
                text.append(converted(conversion, value));
            }
        }
        return text.toString();
    }

    private static String converted(char conversion, Object value) {
        if (!(value instanceof Long number)) {
            return value.toString();
        }
        return switch (conversion) {
            case 'd' -> Long.toString(number);
            case 'u' -> Long.toUnsignedString(number);
            default -> Long.toHexString(number);
        };
    }

    /** Recursive descent over the tokens. */
    private static final class Parser {

        private static final long KERNEL_BASE = SolarisLikeKernel.KERNEL_BASE;

        private final ProbeTokens tokens;

        Parser(ProbeTokens tokens) {
            this.tokens = tokens;
        }

        ProbeScript script() {
            Predicate<KernelFunction> probe = probe(tokens.probe());
            Predicate<KernelFunction> condition = function -> true;
            if (tokens.accept("/")) {
                condition = either();
                tokens.expect("/");
            }
            List<Print> prints = new ArrayList<>();
            if (tokens.accept("{")) {
                while (!tokens.accept("}")) {
                    prints.add(print());
                    if (!tokens.accept(";") && !tokens.isNext("}")) {
                        throw tokens.wrong("; or }");
                    }
                }
            }
            tokens.expectEnd();
            return new ProbeScript(probe, condition, prints);
        }

        private Predicate<KernelFunction> probe(String description) {
            String[] parts = description.split(":", -1);
            if (parts.length != 4 || !parts[0].equals("fbt") || !parts[3].equals("entry")) {
                throw new IllegalArgumentException("probe description " + description
                        + " does not match any probes: only fbt:MODULE:FUNCTION:entry");
            }
            Pattern module = glob(parts[1]);
            Pattern name = glob(parts[2]);
            return function -> module.matcher(function.module()).matches()
                    && name.matcher(function.name()).matches();
        }

        private static Pattern glob(String text) {
            StringBuilder pattern = new StringBuilder();
            for (char letter : (text.isEmpty() ? "*" : text).toCharArray()) {
                pattern.append(letter == '*' ? ".*" : letter == '?' ? "." : Pattern.quote(String.valueOf(letter)));
            }
            return Pattern.compile(pattern.toString());
        }

        private Predicate<KernelFunction> either() {
            Predicate<KernelFunction> left = both();
            while (tokens.accept("||")) {
                left = left.or(both());
            }
            return left;
        }

        private Predicate<KernelFunction> both() {
            Predicate<KernelFunction> left = comparison();
            while (tokens.accept("&&")) {
                left = left.and(comparison());
            }
            return left;
        }

        private Predicate<KernelFunction> comparison() {
            Value left = number();
            String operator = tokens.operator();
            Value right = number();
            return function -> {
                int order = Long.compareUnsigned((Long) left.of(function), (Long) right.of(function));
                return switch (operator) {
                    case ">" -> order > 0;
                    case "<" -> order < 0;
                    case ">=" -> order >= 0;
                    case "<=" -> order <= 0;
                    case "==" -> order == 0;
                    default -> order != 0;
                };
            };
        }

        private Value number() {
            Value value = value();
            if (!(value.of(new KernelFunction("", "", 0, KernelFunction.Path.SYSCALL)) instanceof Long)) {
                throw tokens.wrong("a number");
            }
            return value;
        }

        private Value value() {
            String word = tokens.word();
            return switch (word) {
                case "arg0" -> KernelFunction::arg0;
                case "probefunc" -> KernelFunction::name;
                case "probemod" -> KernelFunction::module;
                case "`kernelbase" -> function -> KERNEL_BASE;
                default -> {
                    long number = ProbeTokens.number(word);
                    yield function -> number;
                }
            };
        }

        private Print print() {
            tokens.expect("printf");
            tokens.expect("(");
            String format = tokens.string();
            List<Value> values = new ArrayList<>();
            while (tokens.accept(",")) {
                values.add(value());
            }
            tokens.expect(")");
            check(format, values.size());
            return new Print(format, values);
        }

        private static void check(String format, int values) {
            int wanted = 0;
            for (int at = 0; at < format.length(); at++) {
                if (format.charAt(at) == '%') {
                    at++;
                    if (at == format.length() || "pxdus%".indexOf(format.charAt(at)) < 0) {
                        throw new IllegalArgumentException(
                                "printf( ) has a conversion that is not %p %x %d %u %s or %%");
                    }
                    wanted += format.charAt(at) == '%' ? 0 : 1;
                }
            }
            if (wanted != values) {
                throw new IllegalArgumentException(
                        "printf( ) prototype mismatch: " + wanted + " conversions, " + values + " values");
            }
        }
    }
}
