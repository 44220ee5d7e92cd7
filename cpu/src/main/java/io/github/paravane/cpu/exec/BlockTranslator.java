package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.decode.Op;
import io.github.paravane.cpu.translate.MethodClass;
import java.lang.invoke.MethodHandles;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a class of the operations of a block that runs often: one call after the other, so that the JVM's compiler sees
 * which they are and does without the switch. Operands stay in the {@link Insn}s, so that blocks with the same operations
 * share a class; there are at most {@link #MOST} of them in a core, whatever a guest does, and they go with it.
 */
final class BlockTranslator {
    /** Classes of one core. */
    static final int MOST = 4096;

    private static final String PACKAGE = "io/github/paravane/cpu/exec/";
    private static final String CORE = PACKAGE + "Core";
    private static final String STATE = "io/github/paravane/cpu/state/CpuState";
    private static final String INSN = "io/github/paravane/cpu/decode/Insn";
    private static final String OPERATION = "(L" + CORE + ";L" + INSN + ";)V";
    private static final String RUN = "(L" + CORE + ";[L" + INSN + ";)V";

    private static final int CHECKED = 1 << 15;

    private final MethodHandles.Lookup lookup = MethodHandles.lookup();
    private final Map<String, TranslatedBlock> known = new HashMap<>();

    /** The class for {@code code}, or null if there are too many. */
    @Nullable
    TranslatedBlock translate(Insn[] code) {
        String key = key(code);
        TranslatedBlock block = known.get(key);
        if (block == null && known.size() < MOST) {
            block = define(code);
            known.put(key, block);
        }
        return block;
    }

    private static String key(Insn[] code) {
        char[] operations = new char[code.length];
        for (int n = 0; n < code.length; n++) {
            operations[n] = (char) (code[n].op | (isPlain(code[n]) ? 0 : CHECKED));
        }
        return new String(operations);
    }

    /** Whether an instruction works on registers only: it cannot fault, and nothing has to be looked at after it. */
    private static boolean isPlain(Insn i) {
        return BlockLoop.isHot(i.op) && i.memOperand == 0 && !i.endsBlock && !usesStack(i.op);
    }

    private static boolean usesStack(int op) {
        return op == Op.STACK_OPS_PUSH_R64 || op == Op.STACK_OPS_POP_R64;
    }

    private TranslatedBlock define(Insn[] code) {
        byte[] bytes = write(code);
        try {
            MethodHandles.Lookup hidden = lookup.defineHiddenClass(bytes, false);
            return (TranslatedBlock)
                    hidden.lookupClass().getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException impossible) {
            throw new LinkageError("translation of " + code.length + " instructions", impossible);
        }
    }

    private static byte[] write(Insn[] code) {
        MethodClass file = new MethodClass(PACKAGE + "Translation", PACKAGE + "TranslatedBlock", "run", RUN, 2);
        for (int n = 0; n < code.length; n++) {
            Insn i = code[n];
            boolean plain = isPlain(i);
            if (!plain) {
                setPosition(file, n);
            }
            file.parameter(1).parameter(2).number(n).element();
            call(file, i.op);
            if (!plain && n + 1 < code.length) {
                file.parameter(1).get(CORE, "s", "L" + STATE + ";").get(STATE, "attention", "Z");
                int skip = file.skipUnless();
                setPosition(file, n + 1);
                file.leave().land(skip);
            }
        }
        setPosition(file, code.length);
        return file.leave().toBytes();
    }

    private static void setPosition(MethodClass file, int value) {
        file.parameter(1).number(value).put(CORE, "position", "I");
    }

    private static void call(MethodClass file, int op) {
        String name = Op.name(op);
        int dot = name.indexOf('.');
        file.call(PACKAGE + (dot < 0 ? "Core" : name.substring(0, dot)), name.substring(dot + 1), OPERATION);
    }
}
