package io.github.paravane.cpu.exec;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.state.Flags;

/** SSE4.2: PCMPESTRM, PCMPESTRI, PCMPISTRM, PCMPISTRI (Intel SDM vol 2, 4.1). */
final class SseString {
    private static final int ANY = 0;
    private static final int RANGES = 1;
    private static final int EACH = 2;

    private SseString() {}

    /** 60 ESTRM, 61 ESTRI, 62 ISTRM, 63 ISTRI; the first operand is the pattern, the second the text. */
    static void compare(Core c, Insn i) {
        SseOperands.unalignedSource(c, i);
        int control = (int) i.imm;
        int count = (control & 1) != 0 ? 8 : 16;
        int[] pattern = elements(c.xmm[2 * i.dst], c.xmm[2 * i.dst + 1], control);
        int[] text = elements(c.mem.lo, c.mem.hi, control);
        boolean explicit = i.opcode < 0x62;
        int patternLength = explicit ? explicitLength(c, i, Registers.RAX, count) : implicitLength(pattern);
        int textLength = explicit ? explicitLength(c, i, Registers.RDX, count) : implicitLength(text);
        int result = aggregate(control >>> 2 & 3, pattern, patternLength, text, textLength);
        int all = (1 << count) - 1;
        if ((control & 0x10) != 0) {
            result ^= (control & 0x20) != 0 ? (1 << textLength) - 1 : all;
        }
        if ((i.opcode & 1) != 0) {
            c.r[Registers.RCX] = index(result, (control & 0x40) != 0, count);
        } else {
            setMask(c, result, (control & 0x40) != 0, count);
        }
        c.f.setArithmetic((result != 0 ? Flags.CF : 0)
                | (textLength < count ? Flags.ZF : 0)
                | (patternLength < count ? Flags.SF : 0)
                | ((result & 1) != 0 ? Flags.OF : 0));
    }

    private static int[] elements(long low, long high, int control) {
        boolean words = (control & 1) != 0;
        boolean signed = (control & 2) != 0;
        int[] out = new int[words ? 8 : 16];
        int bits = words ? 16 : 8;
        for (int n = 0; n < out.length; n++) {
            int at = n * bits;
            int top = (int) ((at < 64 ? low : high) >>> (at & 63)) << (32 - bits);
            out[n] = signed ? top >> (32 - bits) : top >>> (32 - bits);
        }
        return out;
    }

    /** The absolute value of EAX or EDX (RAX or RDX with REX.W), at most {@code count}. */
    private static int explicitLength(Core c, Insn i, int register, int count) {
        long value = i.operandSize == 8 ? c.r[register] : (int) c.r[register];
        return value > count || value < -count ? count : (int) Math.abs(value);
    }

    private static int implicitLength(int[] elements) {
        int n = 0;
        while (n < elements.length && elements[n] != 0) {
            n++;
        }
        return n;
    }

    private static int aggregate(int kind, int[] pattern, int patternLength, int[] text, int textLength) {
        int result = 0;
        for (int j = 0; j < text.length; j++) {
            boolean holds = switch (kind) {
                case ANY -> j < textLength && contains(pattern, patternLength, text[j]);
                case RANGES -> j < textLength && inRange(pattern, patternLength, text[j]);
                case EACH ->
                    j < patternLength && j < textLength ? pattern[j] == text[j] : j >= patternLength && j >= textLength;
                default -> begins(pattern, patternLength, text, textLength, j);
            };
            result |= holds ? 1 << j : 0;
        }
        return result;
    }

    private static boolean contains(int[] pattern, int length, int value) {
        for (int n = 0; n < length; n++) {
            if (pattern[n] == value) {
                return true;
            }
        }
        return false;
    }

    private static boolean inRange(int[] pattern, int length, int value) {
        for (int n = 0; n + 1 < length; n += 2) {
            if (pattern[n] <= value && value <= pattern[n + 1]) {
                return true;
            }
        }
        return false;
    }

    /** Whether the pattern stands in the text at {@code at}, as far as the register reaches. */
    private static boolean begins(int[] pattern, int length, int[] text, int textLength, int at) {
        for (int n = 0; n < length && at + n < text.length; n++) {
            if (at + n >= textLength || pattern[n] != text[at + n]) {
                return false;
            }
        }
        return true;
    }

    private static long index(int result, boolean last, int count) {
        if (result == 0) {
            return count;
        }
        return last ? 31 - Integer.numberOfLeadingZeros(result) : Integer.numberOfTrailingZeros(result);
    }

    private static void setMask(Core c, int result, boolean spread, int count) {
        if (!spread) {
            c.xmm[0] = result;
            c.xmm[1] = 0;
            return;
        }
        int bits = 128 / count;
        long lane = -1L >>> (64 - bits);
        long[] halves = new long[2];
        for (int n = 0; n < count; n++) {
            int at = n * bits;
            halves[at >>> 6] |= (result >>> n & 1) != 0 ? lane << (at & 63) : 0;
        }
        c.xmm[0] = halves[0];
        c.xmm[1] = halves[1];
    }
}
