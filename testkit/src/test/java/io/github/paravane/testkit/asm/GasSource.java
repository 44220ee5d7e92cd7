package io.github.paravane.testkit.asm;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one line of Intel-syntax source and makes the call on an {@link Assembler} that stands for it. */
final class GasSource {
    private static final Map<Character, Integer> STRING_WIDTHS = Map.of('b', 8, 'w', 16, 'd', 32, 'q', 64);
    private static final Pattern STRING = Pattern.compile("(movs|cmps|stos|lods|scas|ins|outs)([bwdq])");
    private static final Pattern CONDITIONAL = Pattern.compile("(cmov|set)([a-z]+)");
    private static final Pattern MEMORY = Pattern.compile("(?:(\\w+) ptr )?(?:(\\w\\w):)?\\[(.*)]");

    private GasSource() {}

    static byte[] assemble(String line) {
        Assembler asm = new Assembler(0);
        String rest = line;
        for (String prefix : List.of("lock", "repne", "repe", "rep")) {
            if (rest.startsWith(prefix + " ")) {
                rest = rest.substring(prefix.length() + 1);
                call(asm, prefix.equals("repe") ? "rep" : prefix, List.of());
                break;
            }
        }
        int space = rest.indexOf(' ');
        String mnemonic = space < 0 ? rest : rest.substring(0, space);
        List<Object> operands = new ArrayList<>();
        Matcher string = STRING.matcher(mnemonic);
        Matcher conditional = CONDITIONAL.matcher(mnemonic);
        if (string.matches()) {
            mnemonic = string.group(1);
            operands.add(STRING_WIDTHS.get(string.group(2).charAt(0)));
        } else if (conditional.matches()) {
            mnemonic = conditional.group(1);
            operands.add(Condition.valueOf(conditional.group(2).toUpperCase(Locale.ROOT)));
        } else if (mnemonic.equals("int")) {
            mnemonic = "interrupt";
        }
        if (space >= 0) {
            for (String operand : rest.substring(space + 1).split(", ")) {
                operands.add(operand(operand));
            }
        }
        call(asm, mnemonic, operands);
        return asm.assemble().bytes();
    }

    private static Object operand(String text) {
        Matcher memory = MEMORY.matcher(text);
        if (memory.matches()) {
            return memory(memory);
        }
        if (text.matches("-?0x[0-9a-f]+|[0-9]+")) {
            return number(text);
        }
        String name = text.toUpperCase(Locale.ROOT);
        for (Class<? extends Enum<?>> type :
                List.of(Gpr.class, SegmentRegister.class, ControlRegister.class, DebugRegister.class)) {
            for (Enum<?> constant : type.getEnumConstants()) {
                if (constant.name().equals(name)) {
                    return constant;
                }
            }
        }
        throw new IllegalArgumentException("no operand: " + text);
    }

    private static Memory memory(Matcher text) {
        Gpr base = null;
        Gpr index = null;
        int scale = 1;
        int disp = 0;
        for (String term : text.group(3).replace("-", "+-").split("\\+")) {
            if (term.contains("*")) {
                index = Gpr.valueOf(term.substring(0, term.indexOf('*')).toUpperCase(Locale.ROOT));
                scale = Integer.parseInt(term.substring(term.indexOf('*') + 1));
            } else if (term.matches("-?0x.*")) {
                disp = (int) number(term);
            } else {
                base = Gpr.valueOf(term.toUpperCase(Locale.ROOT));
            }
        }
        Memory place = base != null && index != null
                ? Memory.ptr(base, index, scale, disp)
                : base != null
                        ? Memory.ptr(base, disp)
                        : index != null ? Memory.scaled(index, scale, disp) : Memory.absolute(disp);
        if (text.group(2) != null) {
            place = place.in(SegmentRegister.valueOf(text.group(2).toUpperCase(Locale.ROOT)));
        }
        if (text.group(1) == null) {
            return place;
        }
        return switch (text.group(1)) {
            case "byte" -> Memory.bytePtr(place);
            case "word" -> Memory.word(place);
            case "dword" -> Memory.dword(place);
            case "qword" -> Memory.qword(place);
            default -> throw new IllegalArgumentException(text.group());
        };
    }

    private static long number(String text) {
        boolean negative = text.startsWith("-");
        String digits = negative ? text.substring(1) : text;
        long value = digits.startsWith("0x") ? Long.parseUnsignedLong(digits.substring(2), 16) : Long.parseLong(digits);
        return negative ? -value : value;
    }

    private static void call(Assembler asm, String name, List<Object> operands) {
        for (Method method : Assembler.class.getMethods()) {
            Object[] arguments = method.getName().equals(name) ? arguments(method, operands) : null;
            if (arguments != null) {
                try {
                    method.invoke(asm, arguments);
                } catch (IllegalAccessException | InvocationTargetException e) {
                    throw new IllegalStateException(e);
                }
                return;
            }
        }
        throw new IllegalArgumentException("no method " + name + operands);
    }

    private static Object[] arguments(Method method, List<Object> operands) {
        Class<?>[] types = method.getParameterTypes();
        if (types.length != operands.size()) {
            return null;
        }
        Object[] arguments = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            Object operand = operands.get(i);
            if (operand instanceof Number number && types[i] == long.class) {
                arguments[i] = number.longValue();
            } else if (operand instanceof Number number && types[i] == int.class) {
                arguments[i] = number.intValue();
            } else if (types[i].isInstance(operand)) {
                arguments[i] = operand;
            } else {
                return null;
            }
        }
        return arguments;
    }
}
