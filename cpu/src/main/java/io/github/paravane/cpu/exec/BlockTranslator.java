package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.decode.Op;
import java.lang.invoke.MethodHandles;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Makes a class of the operations of a block that runs often: one call after the other, so that the JVM's compiler sees
 * which they are and does without the switch. Operands stay in the {@link Insn}s, so that blocks with the same operations
 * share a class; there are at most {@link #MOST} of them in a core, whatever a guest does, and they go with it.
 *
 * <p>What runs very often becomes a {@link Region} with a class of its own, of which there are {@link #MOST_REGIONS}.
 */
final class BlockTranslator {
    /** Classes of one core. */
    static final int MOST = 4096;

    /** Regions of one core. */
    static final int MOST_REGIONS = 2048;

    /** Bytes of a class file: HotSpot compiles no method of more than 8,000 bytes. */
    private static final int LONGEST_REGION = 9000;

    static final String PACKAGE = "io/github/paravane/cpu/exec/";
    static final String CORE = PACKAGE + "Core";
    private static final String SUPER = PACKAGE + "TranslatedBlock";
    static final String STATE = "io/github/paravane/cpu/state/CpuState";
    static final String FAULT = "io/github/paravane/cpu/fault/FaultSignal";
    static final String INSN = "io/github/paravane/cpu/decode/Insn";
    private static final String OPERATION = "(L" + CORE + ";L" + INSN + ";)V";
    private static final String RUN = "(L" + CORE + ";[L" + INSN + ";)V";

    private static final int CHECKED = 1 << 15;

    private final MethodHandles.Lookup lookup = MethodHandles.lookup();
    private final Map<String, TranslatedBlock> known = new HashMap<>();
    private final Map<String, Region> regions = new HashMap<>();

    /** The class for {@code code}, or null if there are too many. */
    @Nullable
    TranslatedBlock translate(Insn[] code) {
        String key = key(code);
        TranslatedBlock block = known.get(key);
        if (block == null && known.size() < MOST) {
            block = (TranslatedBlock) define(write(code));
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

    /** The region that a plan describes, or null if there are too many or it is too long. */
    @Nullable
    Region translate(RegionPlan plan) {
        String key = plan.key();
        Region region = regions.get(key);
        if (region == null && regions.size() < MOST_REGIONS) {
            byte[] file = RegionWriter.write(plan);
            if (file.length > LONGEST_REGION) {
                return null;
            }
            region = new Region(plan, (TranslatedRegion) define(file));
            regions.put(key, region);
        }
        return region;
    }

    private Object define(byte[] file) {
        try {
            MethodHandles.Lookup hidden = lookup.defineHiddenClass(file, false);
            return hidden.lookupClass().getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException impossible) {
            throw new LinkageError("a translation of " + file.length + " bytes", impossible);
        }
    }

    private static byte[] write(Insn[] code) {
        ClassWriter file = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        int flags = Opcodes.ACC_FINAL | Opcodes.ACC_SUPER | Opcodes.ACC_SYNTHETIC;
        file.visit(Opcodes.V17, flags, PACKAGE + "Translation", null, SUPER, null);
        writeConstructor(file, SUPER);
        writeRun(file.visitMethod(0, "run", RUN, null, null), code);
        file.visitEnd();
        return file.toByteArray();
    }

    static void writeConstructor(ClassWriter file, String superName) {
        MethodVisitor constructor = file.visitMethod(0, "<init>", "()V", null, null);
        constructor.visitCode();
        constructor.visitVarInsn(Opcodes.ALOAD, 0);
        constructor.visitMethodInsn(Opcodes.INVOKESPECIAL, superName, "<init>", "()V", false);
        leave(constructor);
    }

    private static void writeRun(MethodVisitor run, Insn[] code) {
        run.visitCode();
        Label start = new Label();
        Label end = new Label();
        Label handler = new Label();
        run.visitTryCatchBlock(start, end, handler, FAULT);
        run.visitLabel(start);
        for (int n = 0; n < code.length; n++) {
            Insn i = code[n];
            boolean plain = isPlain(i);
            if (!plain) {
                setPosition(run, n);
            }
            run.visitVarInsn(Opcodes.ALOAD, 1);
            run.visitVarInsn(Opcodes.ALOAD, 2);
            run.visitIntInsn(Opcodes.SIPUSH, n);
            run.visitInsn(Opcodes.AALOAD);
            call(run, i.op);
            if (!plain && n + 1 < code.length) {
                leaveOnAttention(run, n + 1);
            }
        }
        setPosition(run, code.length);
        run.visitInsn(Opcodes.RETURN);
        run.visitLabel(end);
        run.visitLabel(handler);
        run.visitFrame(Opcodes.F_SAME1, 0, null, 1, new Object[] {FAULT});
        run.visitInsn(Opcodes.POP);
        run.visitVarInsn(Opcodes.ALOAD, 1);
        run.visitInsn(Opcodes.ICONST_1);
        run.visitFieldInsn(Opcodes.PUTFIELD, CORE, "faulted", "Z");
        leave(run);
    }

    private static void leaveOnAttention(MethodVisitor run, int position) {
        Label on = new Label();
        run.visitVarInsn(Opcodes.ALOAD, 1);
        run.visitFieldInsn(Opcodes.GETFIELD, CORE, "s", "L" + STATE + ";");
        run.visitFieldInsn(Opcodes.GETFIELD, STATE, "attention", "Z");
        run.visitJumpInsn(Opcodes.IFEQ, on);
        setPosition(run, position);
        run.visitInsn(Opcodes.RETURN);
        run.visitLabel(on);
        run.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
    }

    private static void setPosition(MethodVisitor run, int value) {
        run.visitVarInsn(Opcodes.ALOAD, 1);
        run.visitIntInsn(Opcodes.SIPUSH, value);
        run.visitFieldInsn(Opcodes.PUTFIELD, CORE, "position", "I");
    }

    /** Calls the method of an operation; its arguments are on the stack. */
    static void call(MethodVisitor run, int op) {
        String name = Op.name(op);
        int dot = name.indexOf('.');
        String family = dot < 0 ? CORE : PACKAGE + name.substring(0, dot);
        run.visitMethodInsn(Opcodes.INVOKESTATIC, family, name.substring(dot + 1), OPERATION, false);
    }

    private static void leave(MethodVisitor method) {
        method.visitInsn(Opcodes.RETURN);
        method.visitMaxs(0, 0);
        method.visitEnd();
    }
}
