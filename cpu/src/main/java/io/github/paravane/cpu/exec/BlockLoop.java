package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.decode.Op;
import io.github.paravane.cpu.fault.FaultSignal;

// Generated from opcodes.txt by src/build/generate_dispatch.py; do not edit.
/** The inner loop: the hot operations in one switch, everything else one call away. */
final class BlockLoop {
    private BlockLoop() {}

    /** Whether {@code op} is a method of its own for one operand form. */
    static boolean isHot(int op) {
        return op >= Op.INTEGER_ARITHMETIC_ADD_RR64 && op <= Op.MOVES_CONVERT_WIDEN;
    }

    /**
     * Executes {@code code[from..to)} until the end, a fault, or {@code attention}. {@code c.position} counts the
     * instructions completed: after a fault, which sets {@code c.faulted}, it is the index of the one that faulted.
     */
    static void run(Core c, Insn[] code, int from, int to) {
        int n = from;
        try {
            do {
                Insn i = code[n];
                switch (i.op) {
                    case Op.INTEGER_ARITHMETIC_ADD_RR64 -> IntegerArithmetic.addRr64(c, i);
                    case Op.INTEGER_ARITHMETIC_ADD_RI64 -> IntegerArithmetic.addRi64(c, i);
                    case Op.INTEGER_ARITHMETIC_ADD_RM64 -> IntegerArithmetic.addRm64(c, i);
                    case Op.INTEGER_ARITHMETIC_ADD_RR32 -> IntegerArithmetic.addRr32(c, i);
                    case Op.INTEGER_ARITHMETIC_ADD_RI32 -> IntegerArithmetic.addRi32(c, i);
                    case Op.INTEGER_ARITHMETIC_SUB_RR64 -> IntegerArithmetic.subRr64(c, i);
                    case Op.INTEGER_ARITHMETIC_SUB_RI64 -> IntegerArithmetic.subRi64(c, i);
                    case Op.INTEGER_ARITHMETIC_SUB_RR32 -> IntegerArithmetic.subRr32(c, i);
                    case Op.INTEGER_ARITHMETIC_SUB_RI32 -> IntegerArithmetic.subRi32(c, i);
                    case Op.INTEGER_ARITHMETIC_CMP_RR64 -> IntegerArithmetic.cmpRr64(c, i);
                    case Op.INTEGER_ARITHMETIC_CMP_RI64 -> IntegerArithmetic.cmpRi64(c, i);
                    case Op.INTEGER_ARITHMETIC_CMP_RM64 -> IntegerArithmetic.cmpRm64(c, i);
                    case Op.INTEGER_ARITHMETIC_CMP_MI64 -> IntegerArithmetic.cmpMi64(c, i);
                    case Op.INTEGER_ARITHMETIC_CMP_RR32 -> IntegerArithmetic.cmpRr32(c, i);
                    case Op.INTEGER_ARITHMETIC_CMP_RI32 -> IntegerArithmetic.cmpRi32(c, i);
                    case Op.INTEGER_ARITHMETIC_CMP_MI32 -> IntegerArithmetic.cmpMi32(c, i);
                    case Op.INTEGER_ARITHMETIC_CMP_MI8 -> IntegerArithmetic.cmpMi8(c, i);
                    case Op.LOGIC_AND_RR64 -> Logic.andRr64(c, i);
                    case Op.LOGIC_AND_RI64 -> Logic.andRi64(c, i);
                    case Op.LOGIC_AND_RR32 -> Logic.andRr32(c, i);
                    case Op.LOGIC_AND_RI32 -> Logic.andRi32(c, i);
                    case Op.LOGIC_OR_RR64 -> Logic.orRr64(c, i);
                    case Op.LOGIC_OR_RR32 -> Logic.orRr32(c, i);
                    case Op.LOGIC_XOR_RR64 -> Logic.xorRr64(c, i);
                    case Op.LOGIC_XOR_RR32 -> Logic.xorRr32(c, i);
                    case Op.LOGIC_TEST_RR64 -> Logic.testRr64(c, i);
                    case Op.LOGIC_TEST_RR32 -> Logic.testRr32(c, i);
                    case Op.LOGIC_TEST_RR8 -> Logic.testRr8(c, i);
                    case Op.LOGIC_TEST_RI8 -> Logic.testRi8(c, i);
                    case Op.LOGIC_TEST_MI8 -> Logic.testMi8(c, i);
                    case Op.MOVES_MOV_RR64 -> Moves.movRr64(c, i);
                    case Op.MOVES_MOV_RR32 -> Moves.movRr32(c, i);
                    case Op.MOVES_MOV_RI64 -> Moves.movRi64(c, i);
                    case Op.MOVES_MOV_RI32 -> Moves.movRi32(c, i);
                    case Op.MOVES_MOV_RM64 -> Moves.movRm64(c, i);
                    case Op.MOVES_MOV_RM32 -> Moves.movRm32(c, i);
                    case Op.MOVES_MOV_MR64 -> Moves.movMr64(c, i);
                    case Op.MOVES_MOV_MR32 -> Moves.movMr32(c, i);
                    case Op.MOVES_MOV_MR8 -> Moves.movMr8(c, i);
                    case Op.MOVES_MOV_MI64 -> Moves.movMi64(c, i);
                    case Op.MOVES_MOV_MI32 -> Moves.movMi32(c, i);
                    case Op.MOVES_LEA64 -> Moves.lea64(c, i);
                    case Op.MOVES_MOVZX_RM -> Moves.movzxRm(c, i);
                    case Op.MOVES_MOVZX -> Moves.movzx(c, i);
                    case Op.MOVES_MOVSX -> Moves.movsx(c, i);
                    case Op.MOVES_CMOV -> Moves.cmov(c, i);
                    case Op.SHIFTS_SHL_RI64 -> Shifts.shlRi64(c, i);
                    case Op.SHIFTS_SHL_RI32 -> Shifts.shlRi32(c, i);
                    case Op.SHIFTS_SHR_RI64 -> Shifts.shrRi64(c, i);
                    case Op.SHIFTS_SHR_RI32 -> Shifts.shrRi32(c, i);
                    case Op.SHIFTS_SAR_RI64 -> Shifts.sarRi64(c, i);
                    case Op.INTEGER_ARITHMETIC_INC -> IntegerArithmetic.inc(c, i);
                    case Op.INTEGER_ARITHMETIC_DEC -> IntegerArithmetic.dec(c, i);
                    case Op.STACK_OPS_PUSH_R64 -> StackOps.pushR64(c, i);
                    case Op.STACK_OPS_POP_R64 -> StackOps.popR64(c, i);
                    case Op.BRANCHES_CALL -> Branches.call(c, i);
                    case Op.BRANCHES_RET -> Branches.ret(c, i);
                    case Op.BRANCHES_JMP -> Branches.jmp(c, i);
                    case Op.BRANCHES_JO -> Branches.jo(c, i);
                    case Op.BRANCHES_JNO -> Branches.jno(c, i);
                    case Op.BRANCHES_JC -> Branches.jc(c, i);
                    case Op.BRANCHES_JNC -> Branches.jnc(c, i);
                    case Op.BRANCHES_JZ -> Branches.jz(c, i);
                    case Op.BRANCHES_JNZ -> Branches.jnz(c, i);
                    case Op.BRANCHES_JNA -> Branches.jna(c, i);
                    case Op.BRANCHES_JA -> Branches.ja(c, i);
                    case Op.BRANCHES_JS -> Branches.js(c, i);
                    case Op.BRANCHES_JNS -> Branches.jns(c, i);
                    case Op.BRANCHES_JP -> Branches.jp(c, i);
                    case Op.BRANCHES_JNP -> Branches.jnp(c, i);
                    case Op.BRANCHES_JL -> Branches.jl(c, i);
                    case Op.BRANCHES_JNL -> Branches.jnl(c, i);
                    case Op.BRANCHES_JNG -> Branches.jng(c, i);
                    case Op.BRANCHES_JG -> Branches.jg(c, i);
                    case Op.INTEGER_ARITHMETIC_ADD_RM32 -> IntegerArithmetic.addRm32(c, i);
                    case Op.INTEGER_ARITHMETIC_ADD_MI64 -> IntegerArithmetic.addMi64(c, i);
                    case Op.INTEGER_ARITHMETIC_ADD_MI32 -> IntegerArithmetic.addMi32(c, i);
                    case Op.INTEGER_ARITHMETIC_SUB_RM64 -> IntegerArithmetic.subRm64(c, i);
                    case Op.INTEGER_ARITHMETIC_CMP_RM32 -> IntegerArithmetic.cmpRm32(c, i);
                    case Op.INTEGER_ARITHMETIC_CMP_MR64 -> IntegerArithmetic.cmpMr64(c, i);
                    case Op.INTEGER_ARITHMETIC_CMP_MR32 -> IntegerArithmetic.cmpMr32(c, i);
                    case Op.SHIFTS_SHL_RC64 -> Shifts.shlRc64(c, i);
                    case Op.SHIFTS_SHR_RC64 -> Shifts.shrRc64(c, i);
                    case Op.MULTIPLY_DIVIDE_IMUL2 -> MultiplyDivide.imul2(c, i);
                    case Op.MOVES_CONVERT_WIDEN -> Moves.convertWiden(c, i);
                    default -> IntegerDispatch.execute(c, i);
                }
                n++;
            } while (n < to && !c.s.attention);
        } catch (FaultSignal signal) {
            c.faulted = true;
        }
        c.position = n;
    }
}
