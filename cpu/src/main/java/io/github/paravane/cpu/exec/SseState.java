package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.state.FpuState;

/** MXCSR, FXSAVE and FXRSTOR (Intel SDM vol 1, 10.5). */
final class SseState {
    private static final int IMAGE_SIZE = 512;
    private static final int REGISTERS = 32;
    private static final int XMM = 160;

    private SseState() {}

    static void ldmxcsr(Core c, Insn i) {
        c.requireFpu();
        long value = c.mem.load4(c.address(i), i.stackSegment);
        if ((value & ~FpuState.MXCSR_MASK) != 0) {
            throw c.fault.generalProtection(0);
        }
        c.fpu.mxcsr = (int) value;
    }

    static void stmxcsr(Core c, Insn i) {
        c.requireFpu();
        c.mem.store4(c.address(i), c.fpu.mxcsr, i.stackSegment);
    }

    /** Address of an FXSAVE image: #AC where that is on and 4 bytes are not aligned, else #GP(0) unless 16 are. */
    private static long image(Core c, Insn i) {
        c.mem.checkAlignment(c.address(i), 4, i.stackSegment);
        return SseOperands.aligned(c, i);
    }

    /** FXSAVE, FXSAVE64. */
    static void fxsave(Core c, Insn i) {
        c.requireFpu();
        long at = image(c, i);
        c.mem.probeWrite(at + IMAGE_SIZE - 1, 1, i.stackSegment);
        c.mem.probeWrite(at, IMAGE_SIZE, i.stackSegment);
        FpuState fpu = c.fpu;
        boolean wide = i.operandSize == 8;
        long pointerMask = wide ? -1L : 0xFFFF_FFFFL;
        long words = fpu.controlWord & 0xFFFFL
                | (long) (fpu.statusWord | fpu.top << 11) << 16
                | (long) fpu.tags << 32
                | (long) fpu.opcode << 48;
        store(c, i, at, words);
        store(c, i, at + 8, fpu.instructionPointer & pointerMask);
        store(c, i, at + 16, fpu.dataPointer & pointerMask);
        store(c, i, at + 24, fpu.mxcsr & 0xFFFF_FFFFL | (long) FpuState.MXCSR_MASK << 32);
        for (int n = 0; n < 8; n++) {
            int physical = fpu.top + n & 7;
            store(c, i, at + REGISTERS + 16 * n, fpu.significand[physical]);
            store(c, i, at + REGISTERS + 16 * n + 8, fpu.signExponent[physical] & 0xFFFFL);
        }
        for (int n = 0; n < (i.long64 ? 32 : 16); n++) {
            store(c, i, at + XMM + 8 * n, fpu.xmm[n]);
        }
    }

    private static void store(Core c, Insn i, long address, long value) {
        c.mem.store8(address, value, i.stackSegment);
    }

    /** FXRSTOR, FXRSTOR64. All reads that can fault come before the first change. */
    static void fxrstor(Core c, Insn i) {
        c.requireFpu();
        long at = image(c, i);
        c.mem.load1(at + IMAGE_SIZE - 1, i.stackSegment);
        long mxcsr = c.mem.load4(at + 24, i.stackSegment);
        if ((mxcsr & ~FpuState.MXCSR_MASK) != 0) {
            throw c.fault.generalProtection(0);
        }
        boolean wide = i.operandSize == 8;
        long pointerMask = wide ? -1L : 0xFFFF_FFFFL;
        FpuState fpu = c.fpu;
        long words = load(c, i, at);
        int status = (int) (words >>> 16) & 0xFFFF;
        fpu.top = status >>> 11 & 7;
        fpu.statusWord = status & ~0x3800;
        fpu.tags = (int) (words >>> 32) & 0xFF;
        fpu.opcode = (int) (words >>> 48) & 0x7FF;
        fpu.instructionPointer = load(c, i, at + 8) & pointerMask;
        fpu.dataPointer = load(c, i, at + 16) & pointerMask;
        fpu.mxcsr = (int) mxcsr;
        for (int n = 0; n < 8; n++) {
            int physical = fpu.top + n & 7;
            fpu.significand[physical] = load(c, i, at + REGISTERS + 16 * n);
            fpu.signExponent[physical] = (int) load(c, i, at + REGISTERS + 16 * n + 8) & 0xFFFF;
        }
        for (int n = 0; n < (i.long64 ? 32 : 16); n++) {
            fpu.xmm[n] = load(c, i, at + XMM + 8 * n);
        }
        X87Stack.setControlWord(c, (int) words & 0xFFFF);
    }

    private static long load(Core c, Insn i, long address) {
        return c.mem.load8(address, i.stackSegment);
    }
}
