package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.decode.Op;

// Generated from opcodes.txt by src/build/generate_dispatch.py; do not edit.
/** Operations of the integer and system families. */
final class IntegerDispatch {
    private IntegerDispatch() {}

    static void execute(Core c, Insn i) {
        switch (i.op) {
            case Op.UNDEFINED:
                Core.undefined(c, i);
                break;
            case Op.UNIMPLEMENTED:
                Core.unimplemented(c, i);
                break;
            case Op.TOO_LONG:
                Core.tooLong(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_ADD_RR64:
                IntegerArithmetic.addRr64(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_ADD_RI64:
                IntegerArithmetic.addRi64(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_ADD_RM64:
                IntegerArithmetic.addRm64(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_ADD_RR32:
                IntegerArithmetic.addRr32(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_ADD_RI32:
                IntegerArithmetic.addRi32(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_SUB_RR64:
                IntegerArithmetic.subRr64(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_SUB_RI64:
                IntegerArithmetic.subRi64(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_SUB_RR32:
                IntegerArithmetic.subRr32(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_SUB_RI32:
                IntegerArithmetic.subRi32(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_CMP_RR64:
                IntegerArithmetic.cmpRr64(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_CMP_RI64:
                IntegerArithmetic.cmpRi64(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_CMP_RM64:
                IntegerArithmetic.cmpRm64(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_CMP_MI64:
                IntegerArithmetic.cmpMi64(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_CMP_RR32:
                IntegerArithmetic.cmpRr32(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_CMP_RI32:
                IntegerArithmetic.cmpRi32(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_CMP_MI32:
                IntegerArithmetic.cmpMi32(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_CMP_MI8:
                IntegerArithmetic.cmpMi8(c, i);
                break;
            case Op.LOGIC_AND_RR64:
                Logic.andRr64(c, i);
                break;
            case Op.LOGIC_AND_RI64:
                Logic.andRi64(c, i);
                break;
            case Op.LOGIC_AND_RR32:
                Logic.andRr32(c, i);
                break;
            case Op.LOGIC_AND_RI32:
                Logic.andRi32(c, i);
                break;
            case Op.LOGIC_OR_RR64:
                Logic.orRr64(c, i);
                break;
            case Op.LOGIC_OR_RR32:
                Logic.orRr32(c, i);
                break;
            case Op.LOGIC_XOR_RR64:
                Logic.xorRr64(c, i);
                break;
            case Op.LOGIC_XOR_RR32:
                Logic.xorRr32(c, i);
                break;
            case Op.LOGIC_TEST_RR64:
                Logic.testRr64(c, i);
                break;
            case Op.LOGIC_TEST_RR32:
                Logic.testRr32(c, i);
                break;
            case Op.LOGIC_TEST_RR8:
                Logic.testRr8(c, i);
                break;
            case Op.LOGIC_TEST_RI8:
                Logic.testRi8(c, i);
                break;
            case Op.LOGIC_TEST_MI8:
                Logic.testMi8(c, i);
                break;
            case Op.MOVES_MOV_RR64:
                Moves.movRr64(c, i);
                break;
            case Op.MOVES_MOV_RR32:
                Moves.movRr32(c, i);
                break;
            case Op.MOVES_MOV_RI64:
                Moves.movRi64(c, i);
                break;
            case Op.MOVES_MOV_RI32:
                Moves.movRi32(c, i);
                break;
            case Op.MOVES_MOV_RM64:
                Moves.movRm64(c, i);
                break;
            case Op.MOVES_MOV_RM32:
                Moves.movRm32(c, i);
                break;
            case Op.MOVES_MOV_MR64:
                Moves.movMr64(c, i);
                break;
            case Op.MOVES_MOV_MR32:
                Moves.movMr32(c, i);
                break;
            case Op.MOVES_MOV_MR8:
                Moves.movMr8(c, i);
                break;
            case Op.MOVES_MOV_MI64:
                Moves.movMi64(c, i);
                break;
            case Op.MOVES_MOV_MI32:
                Moves.movMi32(c, i);
                break;
            case Op.MOVES_LEA64:
                Moves.lea64(c, i);
                break;
            case Op.MOVES_MOVZX_RM:
                Moves.movzxRm(c, i);
                break;
            case Op.MOVES_MOVZX:
                Moves.movzx(c, i);
                break;
            case Op.MOVES_MOVSX:
                Moves.movsx(c, i);
                break;
            case Op.MOVES_CMOV:
                Moves.cmov(c, i);
                break;
            case Op.SHIFTS_SHL_RI64:
                Shifts.shlRi64(c, i);
                break;
            case Op.SHIFTS_SHL_RI32:
                Shifts.shlRi32(c, i);
                break;
            case Op.SHIFTS_SHR_RI64:
                Shifts.shrRi64(c, i);
                break;
            case Op.SHIFTS_SHR_RI32:
                Shifts.shrRi32(c, i);
                break;
            case Op.SHIFTS_SAR_RI64:
                Shifts.sarRi64(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_INC:
                IntegerArithmetic.inc(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_DEC:
                IntegerArithmetic.dec(c, i);
                break;
            case Op.STACK_OPS_PUSH_R64:
                StackOps.pushR64(c, i);
                break;
            case Op.STACK_OPS_POP_R64:
                StackOps.popR64(c, i);
                break;
            case Op.BRANCHES_CALL:
                Branches.call(c, i);
                break;
            case Op.BRANCHES_RET:
                Branches.ret(c, i);
                break;
            case Op.BRANCHES_JMP:
                Branches.jmp(c, i);
                break;
            case Op.BRANCHES_JO:
                Branches.jo(c, i);
                break;
            case Op.BRANCHES_JNO:
                Branches.jno(c, i);
                break;
            case Op.BRANCHES_JC:
                Branches.jc(c, i);
                break;
            case Op.BRANCHES_JNC:
                Branches.jnc(c, i);
                break;
            case Op.BRANCHES_JZ:
                Branches.jz(c, i);
                break;
            case Op.BRANCHES_JNZ:
                Branches.jnz(c, i);
                break;
            case Op.BRANCHES_JNA:
                Branches.jna(c, i);
                break;
            case Op.BRANCHES_JA:
                Branches.ja(c, i);
                break;
            case Op.BRANCHES_JS:
                Branches.js(c, i);
                break;
            case Op.BRANCHES_JNS:
                Branches.jns(c, i);
                break;
            case Op.BRANCHES_JP:
                Branches.jp(c, i);
                break;
            case Op.BRANCHES_JNP:
                Branches.jnp(c, i);
                break;
            case Op.BRANCHES_JL:
                Branches.jl(c, i);
                break;
            case Op.BRANCHES_JNL:
                Branches.jnl(c, i);
                break;
            case Op.BRANCHES_JNG:
                Branches.jng(c, i);
                break;
            case Op.BRANCHES_JG:
                Branches.jg(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_ADD_RM32:
                IntegerArithmetic.addRm32(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_ADD_MI64:
                IntegerArithmetic.addMi64(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_ADD_MI32:
                IntegerArithmetic.addMi32(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_SUB_RM64:
                IntegerArithmetic.subRm64(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_CMP_RM32:
                IntegerArithmetic.cmpRm32(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_CMP_MR64:
                IntegerArithmetic.cmpMr64(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_CMP_MR32:
                IntegerArithmetic.cmpMr32(c, i);
                break;
            case Op.SHIFTS_SHL_RC64:
                Shifts.shlRc64(c, i);
                break;
            case Op.SHIFTS_SHR_RC64:
                Shifts.shrRc64(c, i);
                break;
            case Op.MULTIPLY_DIVIDE_IMUL2:
                MultiplyDivide.imul2(c, i);
                break;
            case Op.MOVES_CONVERT_WIDEN:
                Moves.convertWiden(c, i);
                break;
            case Op.BIT_OPS_BT:
                BitOps.bt(c, i);
                break;
            case Op.BIT_OPS_BTS:
                BitOps.bts(c, i);
                break;
            case Op.BIT_OPS_BTR:
                BitOps.btr(c, i);
                break;
            case Op.BIT_OPS_POPCNT:
                BitOps.popcnt(c, i);
                break;
            case Op.BIT_OPS_BTC:
                BitOps.btc(c, i);
                break;
            case Op.BIT_OPS_BSF:
                BitOps.bsf(c, i);
                break;
            case Op.BIT_OPS_TZCNT:
                BitOps.tzcnt(c, i);
                break;
            case Op.BIT_OPS_BSR:
                BitOps.bsr(c, i);
                break;
            case Op.BIT_OPS_LZCNT:
                BitOps.lzcnt(c, i);
                break;
            case Op.BIT_OPS_CRC32:
                BitOps.crc32(c, i);
                break;
            case Op.BMI_ADCX:
                Bmi.adcx(c, i);
                break;
            case Op.BMI_ADOX:
                Bmi.adox(c, i);
                break;
            case Op.BMI_ANDN:
                Bmi.andn(c, i);
                break;
            case Op.BMI_BLSR:
                Bmi.blsr(c, i);
                break;
            case Op.BMI_BLSMSK:
                Bmi.blsmsk(c, i);
                break;
            case Op.BMI_BLSI:
                Bmi.blsi(c, i);
                break;
            case Op.BMI_BZHI:
                Bmi.bzhi(c, i);
                break;
            case Op.BMI_PEXT:
                Bmi.pext(c, i);
                break;
            case Op.BMI_PDEP:
                Bmi.pdep(c, i);
                break;
            case Op.BMI_MULX:
                Bmi.mulx(c, i);
                break;
            case Op.BMI_BEXTR:
                Bmi.bextr(c, i);
                break;
            case Op.BMI_SARX:
                Bmi.sarx(c, i);
                break;
            case Op.BMI_SHLX:
                Bmi.shlx(c, i);
                break;
            case Op.BMI_SHRX:
                Bmi.shrx(c, i);
                break;
            case Op.BMI_RORX:
                Bmi.rorx(c, i);
                break;
            case Op.BRANCHES_INT3:
                Branches.int3(c, i);
                break;
            case Op.BRANCHES_INT_N:
                Branches.intN(c, i);
                break;
            case Op.BRANCHES_INTO:
                Branches.into(c, i);
                break;
            case Op.BRANCHES_LOOPNE:
                Branches.loopne(c, i);
                break;
            case Op.BRANCHES_LOOPE:
                Branches.loope(c, i);
                break;
            case Op.BRANCHES_LOOP:
                Branches.loop(c, i);
                break;
            case Op.BRANCHES_JRCXZ:
                Branches.jrcxz(c, i);
                break;
            case Op.BRANCHES_INT1:
                Branches.int1(c, i);
                break;
            case Op.BRANCHES_CALL_INDIRECT:
                Branches.callIndirect(c, i);
                break;
            case Op.BRANCHES_JMP_INDIRECT:
                Branches.jmpIndirect(c, i);
                break;
            case Op.FLAG_OPS_PAUSE:
                FlagOps.pause(c, i);
                break;
            case Op.FLAG_OPS_SAHF:
                FlagOps.sahf(c, i);
                break;
            case Op.FLAG_OPS_LAHF:
                FlagOps.lahf(c, i);
                break;
            case Op.FLAG_OPS_CMC:
                FlagOps.cmc(c, i);
                break;
            case Op.FLAG_OPS_CLC:
                FlagOps.clc(c, i);
                break;
            case Op.FLAG_OPS_STC:
                FlagOps.stc(c, i);
                break;
            case Op.FLAG_OPS_CLD:
                FlagOps.cld(c, i);
                break;
            case Op.FLAG_OPS_STD:
                FlagOps.std(c, i);
                break;
            case Op.FLAG_OPS_NOP:
                FlagOps.nop(c, i);
                break;
            case Op.FLAG_OPS_FENCE:
                FlagOps.fence(c, i);
                break;
            case Op.FLAG_OPS_CLFLUSH:
                FlagOps.clflush(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_ADD:
                IntegerArithmetic.add(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_ADC:
                IntegerArithmetic.adc(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_SBB:
                IntegerArithmetic.sbb(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_DAA:
                IntegerArithmetic.daa(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_SUB:
                IntegerArithmetic.sub(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_DAS:
                IntegerArithmetic.das(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_AAA:
                IntegerArithmetic.aaa(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_CMP:
                IntegerArithmetic.cmp(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_AAS:
                IntegerArithmetic.aas(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_NEG:
                IntegerArithmetic.neg(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_CMPXCHG:
                IntegerArithmetic.cmpxchg(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_XADD:
                IntegerArithmetic.xadd(c, i);
                break;
            case Op.INTEGER_ARITHMETIC_CMPXCHG_WIDE:
                IntegerArithmetic.cmpxchgWide(c, i);
                break;
            case Op.LOGIC_OR:
                Logic.or(c, i);
                break;
            case Op.LOGIC_AND:
                Logic.and(c, i);
                break;
            case Op.LOGIC_XOR:
                Logic.xor(c, i);
                break;
            case Op.LOGIC_TEST:
                Logic.test(c, i);
                break;
            case Op.LOGIC_NOT:
                Logic.not(c, i);
                break;
            case Op.MOVES_XCHG:
                Moves.xchg(c, i);
                break;
            case Op.MOVES_MOV:
                Moves.mov(c, i);
                break;
            case Op.MOVES_LEA:
                Moves.lea(c, i);
                break;
            case Op.MOVES_XCHG_ACCUMULATOR:
                Moves.xchgAccumulator(c, i);
                break;
            case Op.MOVES_CONVERT_DOUBLE:
                Moves.convertDouble(c, i);
                break;
            case Op.MOVES_XLAT:
                Moves.xlat(c, i);
                break;
            case Op.MOVES_SETCC:
                Moves.setcc(c, i);
                break;
            case Op.MOVES_BSWAP:
                Moves.bswap(c, i);
                break;
            case Op.MOVES_MOVBE:
                Moves.movbe(c, i);
                break;
            case Op.MULTIPLY_DIVIDE_IMUL3:
                MultiplyDivide.imul3(c, i);
                break;
            case Op.MULTIPLY_DIVIDE_AAM:
                MultiplyDivide.aam(c, i);
                break;
            case Op.MULTIPLY_DIVIDE_AAD:
                MultiplyDivide.aad(c, i);
                break;
            case Op.MULTIPLY_DIVIDE_MUL:
                MultiplyDivide.mul(c, i);
                break;
            case Op.MULTIPLY_DIVIDE_IMUL1:
                MultiplyDivide.imul1(c, i);
                break;
            case Op.MULTIPLY_DIVIDE_DIV:
                MultiplyDivide.div(c, i);
                break;
            case Op.MULTIPLY_DIVIDE_IDIV:
                MultiplyDivide.idiv(c, i);
                break;
            case Op.SEGMENT_OPS_PUSH_SEGMENT:
                SegmentOps.pushSegment(c, i);
                break;
            case Op.SEGMENT_OPS_POP_SEGMENT:
                SegmentOps.popSegment(c, i);
                break;
            case Op.SEGMENT_OPS_MOV_FROM_SEGMENT:
                SegmentOps.movFromSegment(c, i);
                break;
            case Op.SEGMENT_OPS_MOV_TO_SEGMENT:
                SegmentOps.movToSegment(c, i);
                break;
            case Op.SEGMENT_OPS_CALL_FAR_POINTER:
                SegmentOps.callFarPointer(c, i);
                break;
            case Op.SEGMENT_OPS_LOAD_FAR_POINTER:
                SegmentOps.loadFarPointer(c, i);
                break;
            case Op.SEGMENT_OPS_RET_FAR:
                SegmentOps.retFar(c, i);
                break;
            case Op.SEGMENT_OPS_IRET:
                SegmentOps.iret(c, i);
                break;
            case Op.SEGMENT_OPS_JMP_FAR_POINTER:
                SegmentOps.jmpFarPointer(c, i);
                break;
            case Op.SEGMENT_OPS_CALL_FAR_MEMORY:
                SegmentOps.callFarMemory(c, i);
                break;
            case Op.SEGMENT_OPS_JMP_FAR_MEMORY:
                SegmentOps.jmpFarMemory(c, i);
                break;
            case Op.SEGMENT_OPS_RDFSBASE:
                SegmentOps.rdfsbase(c, i);
                break;
            case Op.SEGMENT_OPS_RDGSBASE:
                SegmentOps.rdgsbase(c, i);
                break;
            case Op.SEGMENT_OPS_WRFSBASE:
                SegmentOps.wrfsbase(c, i);
                break;
            case Op.SEGMENT_OPS_WRGSBASE:
                SegmentOps.wrgsbase(c, i);
                break;
            case Op.SHIFTS_ROL:
                Shifts.rol(c, i);
                break;
            case Op.SHIFTS_ROR:
                Shifts.ror(c, i);
                break;
            case Op.SHIFTS_RCL:
                Shifts.rcl(c, i);
                break;
            case Op.SHIFTS_RCR:
                Shifts.rcr(c, i);
                break;
            case Op.SHIFTS_SHL:
                Shifts.shl(c, i);
                break;
            case Op.SHIFTS_SHR:
                Shifts.shr(c, i);
                break;
            case Op.SHIFTS_SAR:
                Shifts.sar(c, i);
                break;
            case Op.SHIFTS_SHLD:
                Shifts.shld(c, i);
                break;
            case Op.SHIFTS_SHRD:
                Shifts.shrd(c, i);
                break;
            case Op.STACK_OPS_PUSH:
                StackOps.push(c, i);
                break;
            case Op.STACK_OPS_POP:
                StackOps.pop(c, i);
                break;
            case Op.STACK_OPS_PUSHA:
                StackOps.pusha(c, i);
                break;
            case Op.STACK_OPS_POPA:
                StackOps.popa(c, i);
                break;
            case Op.STACK_OPS_PUSHF:
                StackOps.pushf(c, i);
                break;
            case Op.STACK_OPS_POPF:
                StackOps.popf(c, i);
                break;
            case Op.STACK_OPS_ENTER:
                StackOps.enter(c, i);
                break;
            case Op.STACK_OPS_LEAVE:
                StackOps.leave(c, i);
                break;
            case Op.STRING_OPS_INS:
                StringOps.ins(c, i);
                break;
            case Op.STRING_OPS_OUTS:
                StringOps.outs(c, i);
                break;
            case Op.STRING_OPS_MOVS:
                StringOps.movs(c, i);
                break;
            case Op.STRING_OPS_CMPS:
                StringOps.cmps(c, i);
                break;
            case Op.STRING_OPS_STOS:
                StringOps.stos(c, i);
                break;
            case Op.STRING_OPS_LODS:
                StringOps.lods(c, i);
                break;
            case Op.STRING_OPS_SCAS:
                StringOps.scas(c, i);
                break;
            case Op.SYSTEM_OPS_BOUND:
                SystemOps.bound(c, i);
                break;
            case Op.SYSTEM_OPS_ARPL:
                SystemOps.arpl(c, i);
                break;
            case Op.SYSTEM_OPS_IN:
                SystemOps.in(c, i);
                break;
            case Op.SYSTEM_OPS_OUT:
                SystemOps.out(c, i);
                break;
            case Op.SYSTEM_OPS_HLT:
                SystemOps.hlt(c, i);
                break;
            case Op.SYSTEM_OPS_CLI:
                SystemOps.cli(c, i);
                break;
            case Op.SYSTEM_OPS_STI:
                SystemOps.sti(c, i);
                break;
            case Op.SYSTEM_OPS_SLDT:
                SystemOps.sldt(c, i);
                break;
            case Op.SYSTEM_OPS_STR:
                SystemOps.str(c, i);
                break;
            case Op.SYSTEM_OPS_LLDT:
                SystemOps.lldt(c, i);
                break;
            case Op.SYSTEM_OPS_LTR:
                SystemOps.ltr(c, i);
                break;
            case Op.SYSTEM_OPS_VERR:
                SystemOps.verr(c, i);
                break;
            case Op.SYSTEM_OPS_VERW:
                SystemOps.verw(c, i);
                break;
            case Op.SYSTEM_OPS_SGDT:
                SystemOps.sgdt(c, i);
                break;
            case Op.SYSTEM_OPS_SIDT:
                SystemOps.sidt(c, i);
                break;
            case Op.SYSTEM_OPS_LGDT:
                SystemOps.lgdt(c, i);
                break;
            case Op.SYSTEM_OPS_LIDT:
                SystemOps.lidt(c, i);
                break;
            case Op.SYSTEM_OPS_SMSW:
                SystemOps.smsw(c, i);
                break;
            case Op.SYSTEM_OPS_LMSW:
                SystemOps.lmsw(c, i);
                break;
            case Op.SYSTEM_OPS_INVLPG:
                SystemOps.invlpg(c, i);
                break;
            case Op.SYSTEM_OPS_XSETBV:
                SystemOps.xsetbv(c, i);
                break;
            case Op.SYSTEM_OPS_SWAPGS:
                SystemOps.swapgs(c, i);
                break;
            case Op.SYSTEM_OPS_LAR:
                SystemOps.lar(c, i);
                break;
            case Op.SYSTEM_OPS_LSL:
                SystemOps.lsl(c, i);
                break;
            case Op.SYSTEM_OPS_SYSCALL:
                SystemOps.syscall(c, i);
                break;
            case Op.SYSTEM_OPS_CLTS:
                SystemOps.clts(c, i);
                break;
            case Op.SYSTEM_OPS_SYSRET:
                SystemOps.sysret(c, i);
                break;
            case Op.SYSTEM_OPS_INVD:
                SystemOps.invd(c, i);
                break;
            case Op.SYSTEM_OPS_WBINVD:
                SystemOps.wbinvd(c, i);
                break;
            case Op.SYSTEM_OPS_UD:
                SystemOps.ud(c, i);
                break;
            case Op.SYSTEM_OPS_MOV_FROM_CONTROL:
                SystemOps.movFromControl(c, i);
                break;
            case Op.SYSTEM_OPS_MOV_FROM_DEBUG:
                SystemOps.movFromDebug(c, i);
                break;
            case Op.SYSTEM_OPS_MOV_TO_CONTROL:
                SystemOps.movToControl(c, i);
                break;
            case Op.SYSTEM_OPS_MOV_TO_DEBUG:
                SystemOps.movToDebug(c, i);
                break;
            case Op.SYSTEM_OPS_WRMSR:
                SystemOps.wrmsr(c, i);
                break;
            case Op.SYSTEM_OPS_RDTSC:
                SystemOps.rdtsc(c, i);
                break;
            case Op.SYSTEM_OPS_RDMSR:
                SystemOps.rdmsr(c, i);
                break;
            case Op.SYSTEM_OPS_RDPMC:
                SystemOps.rdpmc(c, i);
                break;
            case Op.SYSTEM_OPS_SYSENTER:
                SystemOps.sysenter(c, i);
                break;
            case Op.SYSTEM_OPS_SYSEXIT:
                SystemOps.sysexit(c, i);
                break;
            case Op.SYSTEM_OPS_CPUID:
                SystemOps.cpuid(c, i);
                break;
            case Op.SYSTEM_OPS_RSM:
                SystemOps.rsm(c, i);
                break;
            default:
                FloatDispatch1.execute(c, i);
                break;
        }
    }
}
