package io.github.paravane.cpu.exec;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.cpu.decode.Insn;

/** Operands of the SSE families: #NM first, then the alignment check, then the access. */
final class SseOperands {
    private SseOperands() {}

    /** Address of a 16-byte operand that must be aligned, else #GP(0). */
    static long aligned(Core c, Insn i) {
        long address = c.address(i);
        if ((address & 15) != 0) {
            throw c.fault.generalProtection(0);
        }
        return address;
    }

    /** Second operand of 16 bytes, aligned if in memory; leaves it in {@code c.mem.lo} and {@code hi}. */
    static void source(Core c, Insn i) {
        c.requireFpu();
        if (i.memOperand == 2) {
            c.mem.load16(aligned(c, i), i.stackSegment);
        } else {
            c.mem.lo = c.xmm[2 * i.src];
            c.mem.hi = c.xmm[2 * i.src + 1];
        }
    }

    /** As {@link #source}, at any alignment. */
    static void unalignedSource(Core c, Insn i) {
        c.requireFpu();
        if (i.memOperand == 2) {
            c.mem.load16(c.address(i), i.stackSegment);
        } else {
            c.mem.lo = c.xmm[2 * i.src];
            c.mem.hi = c.xmm[2 * i.src + 1];
        }
    }

    /** Low 8 bytes of the second operand. */
    static long quad(Core c, Insn i) {
        c.requireFpu();
        return i.memOperand == 2 ? c.mem.load8(c.address(i), i.stackSegment) : c.xmm[2 * i.src];
    }

    /** Low 4 bytes of the second operand. */
    static int dword(Core c, Insn i) {
        c.requireFpu();
        return (int) (i.memOperand == 2 ? c.mem.load4(c.address(i), i.stackSegment) : c.xmm[2 * i.src]);
    }

    static void set(Core c, Insn i, long low, long high) {
        c.xmm[2 * i.dst] = low;
        c.xmm[2 * i.dst + 1] = high;
    }

    /** Sets the low 4 bytes of the destination. */
    static void setDword(Core c, Insn i, int value) {
        c.xmm[2 * i.dst] = (c.xmm[2 * i.dst] & 0xFFFF_FFFF_0000_0000L) | (value & 0xFFFF_FFFFL);
    }

    /** Begins an operation that may raise SIMD floating-point exceptions. */
    static void begin(Core c) {
        c.soft.beginSse(c.fpu.mxcsr);
    }

    /**
     * Ends it: sets the exception flags, and raises #XM if one is not masked. Exceptions found after the computation do
     * not arise where one found before it is not masked (Intel SDM vol 1, 11.5.3).
     */
    static void finish(Core c) {
        int pre = c.soft.pre;
        int flags = pre | c.soft.post;
        if (flags == 0) {
            return;
        }
        int unmasked = ~(c.fpu.mxcsr >>> 7) & 0x3F;
        if ((pre & unmasked) != 0) {
            flags = pre;
        }
        c.fpu.mxcsr |= flags;
        if ((flags & unmasked) != 0) {
            throw c.fault.vector(Trap.XM, 0);
        }
    }
}
