package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.decode.Op;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Calls of the methods that take operands one by one instead of an {@link Insn}: in a class of one region they are
 * constants. {@code Family.xyzRr64(Core, Insn)} has such a form beside it, by the suffix of its name.
 */
final class RegionOperations {

    private static final String CORE = "(L" + BlockTranslator.CORE + ";";

    private RegionOperations() {}

    /** Writes an instruction on registers, which cannot fault nor ask for attention; false if it is none. */
    static boolean writePlain(MethodVisitor run, Insn i) {
        if (i.memOperand != 0 || i.endsBlock) {
            return false;
        }
        if ((i.op == Op.INTEGER_ARITHMETIC_INC || i.op == Op.INTEGER_ARITHMETIC_DEC) && i.form == Insn.R) {
            run.visitVarInsn(Opcodes.ALOAD, RegionWriter.CORE);
            push(run, i.dst);
            push(run, i.width);
            call(run, i.op, CORE + "II)V");
            return true;
        }
        String suffix = suffix(i.op);
        if (suffix == null) {
            return false;
        }
        switch (suffix) {
            case "Rr" -> {
                run.visitVarInsn(Opcodes.ALOAD, RegionWriter.CORE);
                push(run, i.dst);
                push(run, i.src);
                call(run, i.op, CORE + "II)V");
            }
            case "Ri" -> {
                run.visitVarInsn(Opcodes.ALOAD, RegionWriter.CORE);
                push(run, i.dst);
                run.visitLdcInsn(i.imm);
                call(run, i.op, CORE + "IJ)V");
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Writes an instruction with a memory operand, in the block {@code distance} bytes after the region's begin. */
    static boolean writeAccess(MethodVisitor run, Insn i, long distance) {
        if (i.op == Op.STACK_OPS_PUSH_R64 || i.op == Op.STACK_OPS_POP_R64) {
            run.visitVarInsn(Opcodes.ALOAD, RegionWriter.CORE);
            push(run, i.dst);
            call(run, i.op, CORE + "I)V");
            return true;
        }
        boolean byteLoad = i.op == Op.MOVES_MOVZX_RM && i.width2 == 1;
        String suffix = byteLoad ? "Rm" : suffix(i.op);
        if (suffix == null || i.memOperand == 0 && i.op != Op.MOVES_LEA64) {
            return false;
        }
        run.visitVarInsn(Opcodes.ALOAD, RegionWriter.CORE);
        switch (suffix) {
            case "lea" -> {
                push(run, i.dst);
                pushOffset(run, i, distance);
                call(run, i.op, CORE + "IJ)V");
            }
            case "Rm" -> {
                push(run, i.dst);
                pushLinear(run, i, distance);
                push(run, i.stackSegment ? 1 : 0);
                call(run, byteLoad ? "Moves.movzxRm1" : Op.name(i.op), CORE + "IJZ)V");
            }
            case "Mr" -> {
                pushLinear(run, i, distance);
                push(run, i.src);
                push(run, i.stackSegment ? 1 : 0);
                call(run, i.op, CORE + "JIZ)V");
            }
            default -> {
                pushLinear(run, i, distance);
                run.visitLdcInsn(i.imm);
                push(run, i.stackSegment ? 1 : 0);
                call(run, i.op, CORE + "JJZ)V");
            }
        }
        return true;
    }

    /** Which operands the other form of a method takes, or null if it has none. */
    private static @Nullable String suffix(int op) {
        if (op == Op.MOVES_LEA64) {
            return "lea";
        }
        String name = BlockLoop.isHot(op) ? Op.name(op) : "";
        int width = name.endsWith("64") || name.endsWith("32") ? 2 : name.endsWith("Mi8") ? 1 : 0;
        if (width == 0 || name.startsWith("IntegerArithmetic.addMi")) {
            return null;
        }
        String suffix = name.substring(name.length() - width - 2, name.length() - width);
        return switch (suffix) {
            case "Rr", "Ri", "Rm", "Mr", "Mi" -> suffix;
            default -> null;
        };
    }

    private static void pushLinear(MethodVisitor run, Insn i, long distance) {
        pushOffset(run, i, distance);
        if (i.segment != Insn.FLAT) {
            run.visitVarInsn(Opcodes.ALOAD, RegionWriter.STATE);
            run.visitFieldInsn(Opcodes.GETFIELD, BlockTranslator.STATE, "segmentBase", "[J");
            push(run, i.segment);
            run.visitInsn(Opcodes.LALOAD);
            run.visitInsn(Opcodes.LADD);
        }
    }

    private static void pushOffset(MethodVisitor run, Insn i, long distance) {
        if (i.base == Insn.BLOCK_RIP) {
            run.visitVarInsn(Opcodes.LLOAD, RegionWriter.BASE);
            run.visitLdcInsn(distance + i.disp);
            run.visitInsn(Opcodes.LADD);
        } else if (i.base == Insn.ZERO) {
            run.visitLdcInsn(i.disp);
        } else {
            pushRegister(run, i.base);
            if (i.disp != 0) {
                run.visitLdcInsn(i.disp);
                run.visitInsn(Opcodes.LADD);
            }
        }
        if (i.index != Insn.ZERO) {
            pushRegister(run, i.index);
            push(run, i.scale);
            run.visitInsn(Opcodes.LSHL);
            run.visitInsn(Opcodes.LADD);
        }
        if (i.addressMask != -1) {
            run.visitLdcInsn(i.addressMask);
            run.visitInsn(Opcodes.LAND);
        }
    }

    private static void pushRegister(MethodVisitor run, int register) {
        run.visitVarInsn(Opcodes.ALOAD, RegionWriter.REGISTERS);
        push(run, register);
        run.visitInsn(Opcodes.LALOAD);
    }

    private static void push(MethodVisitor run, int value) {
        run.visitIntInsn(Opcodes.BIPUSH, value);
    }

    private static void call(MethodVisitor run, int op, String descriptor) {
        call(run, Op.name(op), descriptor);
    }

    private static void call(MethodVisitor run, String name, String descriptor) {
        int dot = name.indexOf('.');
        String family = BlockTranslator.PACKAGE + name.substring(0, dot);
        run.visitMethodInsn(Opcodes.INVOKESTATIC, family, name.substring(dot + 1), descriptor, false);
    }
}
