package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.decode.Op;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Writes the class of a region: what its blocks do in a row, and the jumps between them as jumps. */
final class RegionWriter {

    private static final String SUPER = BlockTranslator.PACKAGE + "TranslatedRegion";
    private static final String RUN = "(L" + BlockTranslator.CORE + ";[L" + BlockTranslator.INSN + ";JI)V";

    // Local variables of the method.
    static final int CORE = 1;
    private static final int CODE = 2;
    static final int BASE = 3;
    private static final int MOST = 5;
    static final int REGISTERS = 6;
    static final int STATE = 7;
    private static final int DONE = 8;

    private final RegionPlan plan;
    private final MethodVisitor run;
    private final Label[] blocks;
    /** Control leaves, and RIP is set. */
    private final Label leave = new Label();

    private RegionWriter(RegionPlan plan, MethodVisitor run) {
        this.plan = plan;
        this.run = run;
        blocks = new Label[plan.size()];
        for (int n = 0; n < blocks.length; n++) {
            blocks[n] = new Label();
        }
    }

    /** The class file of a region. */
    static byte[] write(RegionPlan plan) {
        ClassWriter file = new ClassWriter(ClassWriter.COMPUTE_FRAMES) {
            @Override
            protected String getCommonSuperClass(String one, String other) {
                return "java/lang/Object";
            }
        };
        int flags = Opcodes.ACC_FINAL | Opcodes.ACC_SUPER | Opcodes.ACC_SYNTHETIC;
        file.visit(Opcodes.V17, flags, BlockTranslator.PACKAGE + "RegionTranslation", null, SUPER, null);
        BlockTranslator.writeConstructor(file, SUPER);
        new RegionWriter(plan, file.visitMethod(0, "run", RUN, null, null)).write();
        file.visitEnd();
        return file.toByteArray();
    }

    private void write() {
        Label start = new Label();
        Label end = new Label();
        Label faulted = new Label();
        run.visitCode();
        run.visitTryCatchBlock(start, end, faulted, BlockTranslator.FAULT);
        run.visitVarInsn(Opcodes.ALOAD, CORE);
        run.visitFieldInsn(Opcodes.GETFIELD, BlockTranslator.CORE, "r", "[J");
        run.visitVarInsn(Opcodes.ASTORE, REGISTERS);
        run.visitVarInsn(Opcodes.ALOAD, CORE);
        run.visitFieldInsn(Opcodes.GETFIELD, BlockTranslator.CORE, "s", "L" + BlockTranslator.STATE + ";");
        run.visitVarInsn(Opcodes.ASTORE, STATE);
        run.visitInsn(Opcodes.ICONST_0);
        run.visitVarInsn(Opcodes.ISTORE, DONE);
        run.visitLabel(start);
        int first = 0;
        for (int n = 0; n < plan.size(); n++) {
            writeBlock(n, first);
            first += plan.code(n).length;
        }
        run.visitLabel(end);
        run.visitLabel(faulted);
        run.visitInsn(Opcodes.POP);
        run.visitVarInsn(Opcodes.ALOAD, CORE);
        run.visitInsn(Opcodes.ICONST_1);
        run.visitFieldInsn(Opcodes.PUTFIELD, BlockTranslator.CORE, "faulted", "Z");
        run.visitLabel(leave);
        run.visitVarInsn(Opcodes.ALOAD, CORE);
        run.visitVarInsn(Opcodes.ILOAD, DONE);
        run.visitFieldInsn(Opcodes.PUTFIELD, BlockTranslator.CORE, "done", "I");
        run.visitInsn(Opcodes.RETURN);
        run.visitMaxs(0, 0);
        run.visitEnd();
    }

    /** @param first index of its first instruction in the region's code */
    private void writeBlock(int block, int first) {
        Insn[] code = plan.code(block);
        long distance = plan.distance(block);
        run.visitLabel(blocks[block]);
        run.visitVarInsn(Opcodes.ALOAD, REGISTERS);
        run.visitIntInsn(Opcodes.BIPUSH, Insn.BLOCK_RIP);
        pushRip(distance);
        run.visitInsn(Opcodes.LASTORE);
        int last = code.length - 1;
        for (int n = 0; n < last; n++) {
            if (!RegionOperations.writePlain(run, code[n])) {
                writeCall(code[n], first + n, distance);
                leaveOnAttention(n + 1, distance + code[n].end);
            }
        }
        writeLast(block, code[last], first, last);
    }

    private void writeLast(int block, Insn last, int first, int before) {
        long next = plan.distance(block) + last.end;
        int target = plan.target(block);
        boolean conditional = RegionPlan.isConditional(last);
        if (conditional && target != RegionPlan.NOWHERE) {
            countAll(before);
            Label otherwise = new Label();
            writeCondition(last, otherwise);
            go(target, next + last.imm);
            run.visitLabel(otherwise);
            go(plan.fallThrough(block), next);
        } else if (conditional) {
            Label otherwise = new Label();
            writeCondition(last, otherwise);
            setRip(next);
            writeCall(last, first + before, plan.distance(block));
            countAll(before);
            run.visitJumpInsn(Opcodes.GOTO, leave);
            run.visitLabel(otherwise);
            countAll(before);
            go(plan.fallThrough(block), next);
        } else if (RegionPlan.isDirect(last, Op.BRANCHES_JMP) && target != RegionPlan.NOWHERE) {
            countAll(before);
            go(target, next + last.imm);
        } else if (!last.endsBlock && RegionOperations.writePlain(run, last)) {
            countAll(before);
            go(plan.fallThrough(block), next);
        } else {
            setRip(next);
            writeCall(last, first + before, plan.distance(block));
            countAll(before);
            run.visitVarInsn(Opcodes.ALOAD, STATE);
            run.visitFieldInsn(Opcodes.GETFIELD, BlockTranslator.STATE, "attention", "Z");
            run.visitJumpInsn(Opcodes.IFNE, leave);
            follow(block, last, target);
        }
    }

    /** Goes on after an instruction that has set RIP. */
    private void follow(int block, Insn last, int target) {
        if (!last.endsBlock) {
            goIfIn(plan.find(plan.fallThrough(block)));
        } else if (last.op == Op.BRANCHES_CALL) {
            goIfIn(plan.find(target));
        } else if (last.op == Op.BRANCHES_RET) {
            for (int to : plan.returns()) {
                Label other = new Label();
                run.visitVarInsn(Opcodes.ALOAD, STATE);
                run.visitFieldInsn(Opcodes.GETFIELD, BlockTranslator.STATE, "rip", "J");
                pushRip(plan.distance(to));
                run.visitInsn(Opcodes.LCMP);
                run.visitJumpInsn(Opcodes.IFNE, other);
                goIfIn(to);
                run.visitLabel(other);
            }
            run.visitJumpInsn(Opcodes.GOTO, leave);
        } else {
            run.visitJumpInsn(Opcodes.GOTO, leave);
        }
    }

    /** Jumps to a block of the region unless enough is done; RIP is set. */
    private void goIfIn(int block) {
        if (block != RegionPlan.NOWHERE) {
            run.visitVarInsn(Opcodes.ILOAD, DONE);
            run.visitVarInsn(Opcodes.ILOAD, MOST);
            run.visitJumpInsn(Opcodes.IF_ICMPLT, blocks[block]);
        }
        run.visitJumpInsn(Opcodes.GOTO, leave);
    }

    /** Goes to an offset in the page, {@code distance} from the region's begin. */
    private void go(int offset, long distance) {
        int block = plan.find(offset);
        if (block != RegionPlan.NOWHERE) {
            run.visitVarInsn(Opcodes.ILOAD, DONE);
            run.visitVarInsn(Opcodes.ILOAD, MOST);
            run.visitJumpInsn(Opcodes.IF_ICMPLT, blocks[block]);
        }
        setRip(distance);
        run.visitJumpInsn(Opcodes.GOTO, leave);
    }

    private void writeCondition(Insn jump, Label ifNot) {
        run.visitVarInsn(Opcodes.ALOAD, CORE);
        run.visitIntInsn(Opcodes.BIPUSH, jump.cond);
        run.visitMethodInsn(
                Opcodes.INVOKESTATIC,
                BlockTranslator.PACKAGE + "Branches",
                "holds",
                "(L" + BlockTranslator.CORE + ";I)Z",
                false);
        run.visitJumpInsn(Opcodes.IFEQ, ifNot);
    }

    /** Counts the instructions of a block, {@code before} of them before the last. */
    private void countAll(int before) {
        run.visitIincInsn(DONE, before + 1);
    }

    private void writeCall(Insn insn, int position, long distance) {
        run.visitVarInsn(Opcodes.ALOAD, CORE);
        run.visitIntInsn(Opcodes.SIPUSH, position);
        run.visitFieldInsn(Opcodes.PUTFIELD, BlockTranslator.CORE, "position", "I");
        if (!RegionOperations.writeAccess(run, insn, distance)) {
            run.visitVarInsn(Opcodes.ALOAD, CORE);
            run.visitVarInsn(Opcodes.ALOAD, CODE);
            run.visitIntInsn(Opcodes.SIPUSH, position);
            run.visitInsn(Opcodes.AALOAD);
            BlockTranslator.call(run, insn.op);
        }
    }

    private void leaveOnAttention(int completed, long next) {
        Label on = new Label();
        run.visitVarInsn(Opcodes.ALOAD, STATE);
        run.visitFieldInsn(Opcodes.GETFIELD, BlockTranslator.STATE, "attention", "Z");
        run.visitJumpInsn(Opcodes.IFEQ, on);
        run.visitIincInsn(DONE, completed);
        setRip(next);
        run.visitJumpInsn(Opcodes.GOTO, leave);
        run.visitLabel(on);
    }

    private void setRip(long distance) {
        run.visitVarInsn(Opcodes.ALOAD, STATE);
        pushRip(distance);
        run.visitFieldInsn(Opcodes.PUTFIELD, BlockTranslator.STATE, "rip", "J");
    }

    private void pushRip(long distance) {
        run.visitVarInsn(Opcodes.LLOAD, BASE);
        if (distance != 0) {
            run.visitLdcInsn(distance);
            run.visitInsn(Opcodes.LADD);
        }
    }
}
