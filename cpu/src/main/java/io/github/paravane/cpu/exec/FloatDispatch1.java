package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.decode.Op;

// Generated from opcodes.txt by src/build/generate_dispatch.py; do not edit.
/** Operations of the x87, MMX and SSE families. */
final class FloatDispatch1 {
    private FloatDispatch1() {}

    static void execute(Core c, Insn i) {
        switch (i.op) {
            case Op.MMX_UNPACK_LOW:
                Mmx.unpackLow(c, i);
                break;
            case Op.MMX_UNPACK_HIGH:
                Mmx.unpackHigh(c, i);
                break;
            case Op.MMX_PACK:
                Mmx.pack(c, i);
                break;
            case Op.MMX_PACKED:
                Mmx.packed(c, i);
                break;
            case Op.MMX_AND:
                Mmx.and(c, i);
                break;
            case Op.MMX_AND_NOT:
                Mmx.andNot(c, i);
                break;
            case Op.MMX_OR:
                Mmx.or(c, i);
                break;
            case Op.MMX_XOR:
                Mmx.xor(c, i);
                break;
            case Op.MMX_SHIFT:
                Mmx.shift(c, i);
                break;
            case Op.MMX_SHIFT_IMMEDIATE:
                Mmx.shiftImmediate(c, i);
                break;
            case Op.MMX_FROM_GENERAL:
                Mmx.fromGeneral(c, i);
                break;
            case Op.MMX_TO_GENERAL:
                Mmx.toGeneral(c, i);
                break;
            case Op.MMX_LOAD:
                Mmx.load(c, i);
                break;
            case Op.MMX_STORE:
                Mmx.store(c, i);
                break;
            case Op.MMX_PSHUFW:
                Mmx.pshufw(c, i);
                break;
            case Op.MMX_PINSRW:
                Mmx.pinsrw(c, i);
                break;
            case Op.MMX_PEXTRW:
                Mmx.pextrw(c, i);
                break;
            case Op.MMX_PMOVMSKB:
                Mmx.pmovmskb(c, i);
                break;
            case Op.MMX_MASKMOVQ:
                Mmx.maskmovq(c, i);
                break;
            case Op.MMX_EMMS:
                Mmx.emms(c, i);
                break;
            case Op.SSE_ARITHMETIC_ADDSD:
                SseArithmetic.addsd(c, i);
                break;
            case Op.SSE_ARITHMETIC_MULSD:
                SseArithmetic.mulsd(c, i);
                break;
            case Op.SSE_ARITHMETIC_SUBSD:
                SseArithmetic.subsd(c, i);
                break;
            case Op.SSE_ARITHMETIC_DIVSD:
                SseArithmetic.divsd(c, i);
                break;
            case Op.SSE_ARITHMETIC_SCALAR_DOUBLE:
                SseArithmetic.scalarDouble(c, i);
                break;
            case Op.SSE_ARITHMETIC_SCALAR_SINGLE:
                SseArithmetic.scalarSingle(c, i);
                break;
            case Op.SSE_ARITHMETIC_PACKED_SINGLE:
                SseArithmetic.packedSingle(c, i);
                break;
            case Op.SSE_ARITHMETIC_PACKED_DOUBLE:
                SseArithmetic.packedDouble(c, i);
                break;
            case Op.SSE_ARITHMETIC_SQRTPS:
                SseArithmetic.sqrtps(c, i);
                break;
            case Op.SSE_ARITHMETIC_SQRTPD:
                SseArithmetic.sqrtpd(c, i);
                break;
            case Op.SSE_ARITHMETIC_SQRTSS:
                SseArithmetic.sqrtss(c, i);
                break;
            case Op.SSE_ARITHMETIC_SQRTSD:
                SseArithmetic.sqrtsd(c, i);
                break;
            case Op.SSE_ARITHMETIC_APPROXIMATE_PACKED:
                SseArithmetic.approximatePacked(c, i);
                break;
            case Op.SSE_ARITHMETIC_APPROXIMATE_SCALAR:
                SseArithmetic.approximateScalar(c, i);
                break;
            case Op.SSE_COMPARE_COMISS:
                SseCompare.comiss(c, i);
                break;
            case Op.SSE_COMPARE_COMISD:
                SseCompare.comisd(c, i);
                break;
            case Op.SSE_COMPARE_CMPPS:
                SseCompare.cmpps(c, i);
                break;
            case Op.SSE_COMPARE_CMPPD:
                SseCompare.cmppd(c, i);
                break;
            case Op.SSE_COMPARE_CMPSS:
                SseCompare.cmpss(c, i);
                break;
            case Op.SSE_COMPARE_CMPSD:
                SseCompare.cmpsd(c, i);
                break;
            case Op.SSE_CONVERT_CVTPS2PD:
                SseConvert.cvtps2pd(c, i);
                break;
            case Op.SSE_CONVERT_CVTPD2PS:
                SseConvert.cvtpd2ps(c, i);
                break;
            case Op.SSE_CONVERT_CVTSS2SD:
                SseConvert.cvtss2sd(c, i);
                break;
            case Op.SSE_CONVERT_CVTSD2SS:
                SseConvert.cvtsd2ss(c, i);
                break;
            case Op.SSE_CONVERT_CVTDQ2PS:
                SseConvert.cvtdq2ps(c, i);
                break;
            case Op.SSE_CONVERT_CVTPS2DQ:
                SseConvert.cvtps2dq(c, i);
                break;
            case Op.SSE_CONVERT_CVTDQ2PD:
                SseConvert.cvtdq2pd(c, i);
                break;
            case Op.SSE_CONVERT_CVTPD2DQ:
                SseConvert.cvtpd2dq(c, i);
                break;
            case Op.SSE_CONVERT_CVTSI2SS:
                SseConvert.cvtsi2ss(c, i);
                break;
            case Op.SSE_CONVERT_CVTSI2SD:
                SseConvert.cvtsi2sd(c, i);
                break;
            case Op.SSE_CONVERT_CVTSS2SI:
                SseConvert.cvtss2si(c, i);
                break;
            case Op.SSE_CONVERT_CVTSD2SI:
                SseConvert.cvtsd2si(c, i);
                break;
            case Op.SSE_CONVERT_CVTPI2PS:
                SseConvert.cvtpi2ps(c, i);
                break;
            case Op.SSE_CONVERT_CVTPI2PD:
                SseConvert.cvtpi2pd(c, i);
                break;
            case Op.SSE_CONVERT_CVTPS2PI:
                SseConvert.cvtps2pi(c, i);
                break;
            case Op.SSE_CONVERT_CVTPD2PI:
                SseConvert.cvtpd2pi(c, i);
                break;
            case Op.SSE_INTEGER_UNPACK_LOW:
                SseInteger.unpackLow(c, i);
                break;
            case Op.SSE_INTEGER_UNPACK_HIGH:
                SseInteger.unpackHigh(c, i);
                break;
            case Op.SSE_INTEGER_PACK:
                SseInteger.pack(c, i);
                break;
            case Op.SSE_INTEGER_PACKED:
                SseInteger.packed(c, i);
                break;
            case Op.SSE_INTEGER_SHIFT:
                SseInteger.shift(c, i);
                break;
            case Op.SSE_INTEGER_SHIFT_IMMEDIATE:
                SseInteger.shiftImmediate(c, i);
                break;
            case Op.SSE_INTEGER_PSRLDQ:
                SseInteger.psrldq(c, i);
                break;
            case Op.SSE_INTEGER_PSLLDQ:
                SseInteger.pslldq(c, i);
                break;
            case Op.SSE_LOGIC_AND:
                SseLogic.and(c, i);
                break;
            case Op.SSE_LOGIC_AND_NOT:
                SseLogic.andNot(c, i);
                break;
            case Op.SSE_LOGIC_OR:
                SseLogic.or(c, i);
                break;
            case Op.SSE_LOGIC_XOR:
                SseLogic.xor(c, i);
                break;
            case Op.SSE_MOVES_LOAD:
                SseMoves.load(c, i);
                break;
            case Op.SSE_MOVES_STORE:
                SseMoves.store(c, i);
                break;
            case Op.SSE_MOVES_LOAD_LOW:
                SseMoves.loadLow(c, i);
                break;
            case Op.SSE_MOVES_STORE_LOW:
                SseMoves.storeLow(c, i);
                break;
            case Op.SSE_MOVES_LOAD_HIGH:
                SseMoves.loadHigh(c, i);
                break;
            case Op.SSE_MOVES_STORE_HIGH:
                SseMoves.storeHigh(c, i);
                break;
            case Op.SSE_MOVES_LOAD_ALIGNED:
                SseMoves.loadAligned(c, i);
                break;
            case Op.SSE_MOVES_STORE_ALIGNED:
                SseMoves.storeAligned(c, i);
                break;
            case Op.SSE_MOVES_LOAD_SINGLE:
                SseMoves.loadSingle(c, i);
                break;
            case Op.SSE_MOVES_STORE_SINGLE:
                SseMoves.storeSingle(c, i);
                break;
            case Op.SSE_MOVES_LOAD_DOUBLE:
                SseMoves.loadDouble(c, i);
                break;
            case Op.SSE_MOVES_MOVHLPS:
                SseMoves.movhlps(c, i);
                break;
            case Op.SSE_MOVES_UNPCKLPS:
                SseMoves.unpcklps(c, i);
                break;
            case Op.SSE_MOVES_UNPCKHPS:
                SseMoves.unpckhps(c, i);
                break;
            case Op.SSE_MOVES_UNPCKLPD:
                SseMoves.unpcklpd(c, i);
                break;
            case Op.SSE_MOVES_UNPCKHPD:
                SseMoves.unpckhpd(c, i);
                break;
            case Op.SSE_MOVES_MOVMSKPS:
                SseMoves.movmskps(c, i);
                break;
            case Op.SSE_MOVES_MOVMSKPD:
                SseMoves.movmskpd(c, i);
                break;
            case Op.SSE_MOVES_FROM_GENERAL:
                SseMoves.fromGeneral(c, i);
                break;
            case Op.SSE_MOVES_TO_GENERAL:
                SseMoves.toGeneral(c, i);
                break;
            case Op.SSE_MOVES_MOVQ:
                SseMoves.movq(c, i);
                break;
            case Op.SSE_MOVES_STORE_MOVQ:
                SseMoves.storeMovq(c, i);
                break;
            case Op.SSE_MOVES_MASKMOVDQU:
                SseMoves.maskmovdqu(c, i);
                break;
            case Op.SSE_MOVES_SHUFPS:
                SseMoves.shufps(c, i);
                break;
            case Op.SSE_MOVES_SHUFPD:
                SseMoves.shufpd(c, i);
                break;
            case Op.SSE_MOVES_PSHUFD:
                SseMoves.pshufd(c, i);
                break;
            case Op.SSE_MOVES_PSHUFLW:
                SseMoves.pshuflw(c, i);
                break;
            case Op.SSE_MOVES_PSHUFHW:
                SseMoves.pshufhw(c, i);
                break;
            case Op.SSE_MOVES_PINSRW:
                SseMoves.pinsrw(c, i);
                break;
            case Op.SSE_MOVES_PEXTRW:
                SseMoves.pextrw(c, i);
                break;
            case Op.SSE_MOVES_PMOVMSKB:
                SseMoves.pmovmskb(c, i);
                break;
            case Op.SSE_MOVES_MOVDQ2Q:
                SseMoves.movdq2q(c, i);
                break;
            case Op.SSE_MOVES_MOVQ2DQ:
                SseMoves.movq2dq(c, i);
                break;
            case Op.SSE_STATE_FXSAVE:
                SseState.fxsave(c, i);
                break;
            case Op.SSE_STATE_FXRSTOR:
                SseState.fxrstor(c, i);
                break;
            case Op.SSE_STATE_LDMXCSR:
                SseState.ldmxcsr(c, i);
                break;
            case Op.SSE_STATE_STMXCSR:
                SseState.stmxcsr(c, i);
                break;
            case Op.X87_ARITHMETIC_SINGLE:
                X87Arithmetic.single(c, i);
                break;
            case Op.X87_ARITHMETIC_OF_DOUBLE:
                X87Arithmetic.ofDouble(c, i);
                break;
            case Op.X87_ARITHMETIC_INT32:
                X87Arithmetic.int32(c, i);
                break;
            case Op.X87_ARITHMETIC_INT16:
                X87Arithmetic.int16(c, i);
                break;
            case Op.X87_ARITHMETIC_TO_TOP:
                X87Arithmetic.toTop(c, i);
                break;
            case Op.X87_ARITHMETIC_TO_REGISTER:
                X87Arithmetic.toRegister(c, i);
                break;
            case Op.X87_ARITHMETIC_TO_REGISTER_POP:
                X87Arithmetic.toRegisterPop(c, i);
                break;
            case Op.X87_ARITHMETIC_FCHS:
                X87Arithmetic.fchs(c, i);
                break;
            case Op.X87_ARITHMETIC_FABS:
                X87Arithmetic.fabs(c, i);
                break;
            case Op.X87_ARITHMETIC_FXTRACT:
                X87Arithmetic.fxtract(c, i);
                break;
            case Op.X87_ARITHMETIC_FPREM1:
                X87Arithmetic.fprem1(c, i);
                break;
            case Op.X87_ARITHMETIC_FPREM:
                X87Arithmetic.fprem(c, i);
                break;
            case Op.X87_ARITHMETIC_FSQRT:
                X87Arithmetic.fsqrt(c, i);
                break;
            case Op.X87_ARITHMETIC_FRNDINT:
                X87Arithmetic.frndint(c, i);
                break;
            case Op.X87_ARITHMETIC_FSCALE:
                X87Arithmetic.fscale(c, i);
                break;
            case Op.X87_COMPARE_SINGLE:
                X87Compare.single(c, i);
                break;
            case Op.X87_COMPARE_OF_DOUBLE:
                X87Compare.ofDouble(c, i);
                break;
            case Op.X87_COMPARE_INT32:
                X87Compare.int32(c, i);
                break;
            case Op.X87_COMPARE_INT16:
                X87Compare.int16(c, i);
                break;
            case Op.X87_COMPARE_FCOM:
                X87Compare.fcom(c, i);
                break;
            case Op.X87_COMPARE_FCOMP:
                X87Compare.fcomp(c, i);
                break;
            case Op.X87_COMPARE_FCOMPP:
                X87Compare.fcompp(c, i);
                break;
            case Op.X87_COMPARE_FTST:
                X87Compare.ftst(c, i);
                break;
            case Op.X87_COMPARE_FXAM:
                X87Compare.fxam(c, i);
                break;
            case Op.X87_COMPARE_FUCOMPP:
                X87Compare.fucompp(c, i);
                break;
            case Op.X87_COMPARE_FUCOMI:
                X87Compare.fucomi(c, i);
                break;
            case Op.X87_COMPARE_FCOMI:
                X87Compare.fcomi(c, i);
                break;
            case Op.X87_COMPARE_FUCOM:
                X87Compare.fucom(c, i);
                break;
            case Op.X87_COMPARE_FUCOMP:
                X87Compare.fucomp(c, i);
                break;
            case Op.X87_COMPARE_FUCOMIP:
                X87Compare.fucomip(c, i);
                break;
            case Op.X87_COMPARE_FCOMIP:
                X87Compare.fcomip(c, i);
                break;
            case Op.X87_CONTROL_FWAIT:
                X87Control.fwait(c, i);
                break;
            case Op.X87_CONTROL_FLDENV:
                X87Control.fldenv(c, i);
                break;
            case Op.X87_CONTROL_FLDCW:
                X87Control.fldcw(c, i);
                break;
            case Op.X87_CONTROL_FNSTENV:
                X87Control.fnstenv(c, i);
                break;
            case Op.X87_CONTROL_FNSTCW:
                X87Control.fnstcw(c, i);
                break;
            case Op.X87_CONTROL_FNOP:
                X87Control.fnop(c, i);
                break;
            case Op.X87_CONTROL_FDECSTP:
                X87Control.fdecstp(c, i);
                break;
            case Op.X87_CONTROL_FINCSTP:
                X87Control.fincstp(c, i);
                break;
            case Op.X87_CONTROL_IGNORED:
                X87Control.ignored(c, i);
                break;
            case Op.X87_CONTROL_FNCLEX:
                X87Control.fnclex(c, i);
                break;
            case Op.X87_CONTROL_FNINIT:
                X87Control.fninit(c, i);
                break;
            case Op.X87_CONTROL_FRSTOR:
                X87Control.frstor(c, i);
                break;
            case Op.X87_CONTROL_FNSAVE:
                X87Control.fnsave(c, i);
                break;
            case Op.X87_CONTROL_FNSTSW:
                X87Control.fnstsw(c, i);
                break;
            case Op.X87_CONTROL_FFREE:
                X87Control.ffree(c, i);
                break;
            case Op.X87_CONTROL_FFREEP:
                X87Control.ffreep(c, i);
                break;
            case Op.X87_CONTROL_FNSTSW_AX:
                X87Control.fnstswAx(c, i);
                break;
            case Op.X87_DATA_FLD_SINGLE:
                X87Data.fldSingle(c, i);
                break;
            case Op.X87_DATA_FST_SINGLE:
                X87Data.fstSingle(c, i);
                break;
            case Op.X87_DATA_FLD_REGISTER:
                X87Data.fldRegister(c, i);
                break;
            case Op.X87_DATA_FXCH:
                X87Data.fxch(c, i);
                break;
            case Op.X87_DATA_FSTPNCE:
                X87Data.fstpnce(c, i);
                break;
            case Op.X87_DATA_CONSTANT:
                X87Data.constant(c, i);
                break;
            case Op.X87_DATA_FCMOV:
                X87Data.fcmov(c, i);
                break;
            case Op.X87_DATA_FILD32:
                X87Data.fild32(c, i);
                break;
            case Op.X87_DATA_FIST32:
                X87Data.fist32(c, i);
                break;
            case Op.X87_DATA_FLD_EXTENDED:
                X87Data.fldExtended(c, i);
                break;
            case Op.X87_DATA_FSTP_EXTENDED:
                X87Data.fstpExtended(c, i);
                break;
            case Op.X87_DATA_FLD_DOUBLE:
                X87Data.fldDouble(c, i);
                break;
            case Op.X87_DATA_FST_DOUBLE:
                X87Data.fstDouble(c, i);
                break;
            case Op.X87_DATA_FST_REGISTER:
                X87Data.fstRegister(c, i);
                break;
            case Op.X87_DATA_FSTP_REGISTER:
                X87Data.fstpRegister(c, i);
                break;
            case Op.X87_DATA_FILD16:
                X87Data.fild16(c, i);
                break;
            case Op.X87_DATA_FIST16:
                X87Data.fist16(c, i);
                break;
            case Op.X87_DATA_FBLD:
                X87Data.fbld(c, i);
                break;
            case Op.X87_DATA_FILD64:
                X87Data.fild64(c, i);
                break;
            case Op.X87_DATA_FBSTP:
                X87Data.fbstp(c, i);
                break;
            case Op.X87_DATA_FISTP64:
                X87Data.fistp64(c, i);
                break;
            case Op.X87_TRANSCENDENTAL_F2XM1:
                X87Transcendental.f2xm1(c, i);
                break;
            case Op.X87_TRANSCENDENTAL_FYL2X:
                X87Transcendental.fyl2x(c, i);
                break;
            case Op.X87_TRANSCENDENTAL_FPTAN:
                X87Transcendental.fptan(c, i);
                break;
            case Op.X87_TRANSCENDENTAL_FPATAN:
                X87Transcendental.fpatan(c, i);
                break;
            case Op.X87_TRANSCENDENTAL_FYL2XP1:
                X87Transcendental.fyl2xp1(c, i);
                break;
            case Op.X87_TRANSCENDENTAL_FSINCOS:
                X87Transcendental.fsincos(c, i);
                break;
            case Op.X87_TRANSCENDENTAL_FSIN:
                X87Transcendental.fsin(c, i);
                break;
            case Op.X87_TRANSCENDENTAL_FCOS:
                X87Transcendental.fcos(c, i);
                break;
            default:
                Core.unimplemented(c, i);
                break;
        }
    }
}
