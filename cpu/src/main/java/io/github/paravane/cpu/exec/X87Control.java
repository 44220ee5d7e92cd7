package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.softfloat.Formats;
import io.github.paravane.cpu.state.FpuState;

/** Control of the x87: words, environment, state image, stack pointer. */
final class X87Control {
    private static final int ENVIRONMENT_32 = 28;
    private static final int ENVIRONMENT_16 = 14;

    private X87Control() {}

    static void fwait(Core c, Insn i) {
        X87Stack.check(c);
    }

    static void fnop(Core c, Insn i) {
        X87Stack.check(c);
    }

    /** FENI, FDISI, FSETPM of the older coprocessors: ignored, and not waiting. */
    static void ignored(Core c, Insn i) {
        c.requireFpu();
    }

    static void fninit(Core c, Insn i) {
        c.requireFpu();
        c.fpu.initialise();
    }

    static void fnclex(Core c, Insn i) {
        c.requireFpu();
        c.fpu.statusWord &= 0x7F00;
    }

    static void fldcw(Core c, Insn i) {
        X87Stack.check(c);
        X87Stack.setControlWord(c, (int) c.loadOperand(i, 2));
    }

    static void fnstcw(Core c, Insn i) {
        c.requireFpu();
        c.storeOperand(i, 2, c.fpu.controlWord);
    }

    static void fnstsw(Core c, Insn i) {
        c.requireFpu();
        c.storeOperand(i, 2, status(c.fpu));
    }

    static void fnstswAx(Core c, Insn i) {
        c.requireFpu();
        c.setReg(0, 2, status(c.fpu));
    }

    private static int status(FpuState fpu) {
        return fpu.statusWord | fpu.top << 11;
    }

    private static void setStatus(FpuState fpu, int value) {
        fpu.top = value >>> 11 & 7;
        fpu.statusWord = value & ~0x3800;
    }

    static void ffree(Core c, Insn i) {
        X87Stack.begin(c, i);
        X87Stack.free(c, i.modrm & 7);
        X87Stack.setC1(c, false);
    }

    /** FFREEP, not in the manuals: FFREE and pop. */
    static void ffreep(Core c, Insn i) {
        X87Stack.begin(c, i);
        X87Stack.free(c, i.modrm & 7);
        X87Stack.pop(c);
        X87Stack.setC1(c, false);
    }

    static void fincstp(Core c, Insn i) {
        X87Stack.begin(c, i);
        c.fpu.top = c.fpu.top + 1 & 7;
        X87Stack.setC1(c, false);
    }

    static void fdecstp(Core c, Insn i) {
        X87Stack.begin(c, i);
        c.fpu.top = c.fpu.top - 1 & 7;
        X87Stack.setC1(c, false);
    }

    // ---- environment and state ----

    /** The full tag word: 0 valid, 1 zero, 2 special, 3 empty, for each physical register. */
    private static int tagWord(FpuState fpu) {
        int word = 0;
        for (int n = 0; n < 8; n++) {
            int exponent = fpu.signExponent[n] & Formats.EXTENDED_TOP;
            long significand = fpu.significand[n];
            int tag = 0;
            if ((fpu.tags >>> n & 1) == 0) {
                tag = 3;
            } else if (exponent == 0 && significand == 0) {
                tag = 1;
            } else if (exponent == 0 || exponent == Formats.EXTENDED_TOP || significand >= 0) {
                tag = 2;
            }
            word |= tag << (2 * n);
        }
        return word;
    }

    private static void setTagWord(FpuState fpu, int word) {
        fpu.tags = 0;
        for (int n = 0; n < 8; n++) {
            if ((word >>> (2 * n) & 3) != 3) {
                fpu.tags |= 1 << n;
            }
        }
    }

    private static int environmentSize(Insn i) {
        return i.operandSize == 2 ? ENVIRONMENT_16 : ENVIRONMENT_32;
    }

    private static void storeEnvironment(Core c, Insn i, long at) {
        FpuState fpu = c.fpu;
        if (i.operandSize == 2) {
            long[] words = {fpu.controlWord, status(fpu), tagWord(fpu), fpu.instructionPointer, 0, fpu.dataPointer, 0};
            for (int n = 0; n < words.length; n++) {
                c.mem.store2(at + 2 * n, words[n], i.stackSegment);
            }
            return;
        }
        long[] words = {
            fpu.controlWord | 0xFFFF_0000L,
            status(fpu) | 0xFFFF_0000L,
            tagWord(fpu) | 0xFFFF_0000L,
            fpu.instructionPointer,
            (long) fpu.opcode << 16,
            fpu.dataPointer,
            0xFFFF_0000L
        };
        for (int n = 0; n < words.length; n++) {
            c.mem.store4(at + 4 * n, words[n], i.stackSegment);
        }
    }

    private static void loadEnvironment(Core c, Insn i, long at) {
        FpuState fpu = c.fpu;
        int size = i.operandSize == 2 ? 2 : 4;
        long control = c.mem.load(at, size, i.stackSegment);
        long status = c.mem.load(at + size, size, i.stackSegment);
        long tags = c.mem.load(at + 2 * size, size, i.stackSegment);
        long instruction = c.mem.load(at + 3 * size, size, i.stackSegment);
        long selector = c.mem.load(at + 4 * size, size, i.stackSegment);
        long data = c.mem.load(at + 5 * size, size, i.stackSegment);
        c.mem.load(at + 6 * size, size, i.stackSegment);
        setStatus(fpu, (int) status & 0xFFFF);
        setTagWord(fpu, (int) tags);
        fpu.instructionPointer = instruction;
        fpu.opcode = size == 2 ? 0 : (int) (selector >>> 16) & 0x7FF;
        fpu.dataPointer = data;
        X87Stack.setControlWord(c, (int) control & 0xFFFF);
    }

    static void fldenv(Core c, Insn i) {
        X87Stack.check(c);
        loadEnvironment(c, i, c.address(i));
    }

    /** Faults as a store of an image would: aligned as its first words, whose page comes first. */
    private static void probe(Core c, Insn i, long at, int size) {
        int word = environmentSize(i) == ENVIRONMENT_16 ? 2 : 4;
        c.mem.probeAligned(at, word, i.stackSegment);
        c.mem.probeWrite(at + size - word, word, i.stackSegment);
    }

    /** Stores the environment, then masks all exceptions. */
    static void fnstenv(Core c, Insn i) {
        c.requireFpu();
        long at = c.address(i);
        probe(c, i, at, environmentSize(i));
        storeEnvironment(c, i, at);
        X87Stack.setControlWord(c, c.fpu.controlWord | 0x3F);
    }

    static void fnsave(Core c, Insn i) {
        c.requireFpu();
        long at = c.address(i);
        int environment = environmentSize(i);
        probe(c, i, at, environment + 80);
        storeEnvironment(c, i, at);
        for (int n = 0; n < 8; n++) {
            int p = X87Stack.physical(c, n);
            long to = at + environment + 10 * n;
            for (int word = 0; word < 4; word++) {
                c.mem.store2(to + 2 * word, c.fpu.significand[p] >>> (16 * word), i.stackSegment);
            }
            c.mem.store2(to + 8, c.fpu.signExponent[p], i.stackSegment);
        }
        c.fpu.initialise();
    }

    static void frstor(Core c, Insn i) {
        X87Stack.check(c);
        long at = c.address(i);
        int environment = environmentSize(i);
        c.mem.load(at, environment == ENVIRONMENT_16 ? 2 : 4, i.stackSegment);
        // Both ends are read before anything changes; a page fault can only come from one of the two pages.
        c.mem.load2(at + environment + 78, i.stackSegment);
        loadEnvironment(c, i, at);
        for (int n = 0; n < 8; n++) {
            int p = X87Stack.physical(c, n);
            long from = at + environment + 10 * n;
            long significand = 0;
            for (int word = 0; word < 4; word++) {
                significand |= c.mem.load2(from + 2 * word, i.stackSegment) << (16 * word);
            }
            c.fpu.significand[p] = significand;
            c.fpu.signExponent[p] = (int) c.mem.load2(from + 8, i.stackSegment);
        }
    }
}
