package io.github.paravane.cpu.vectors;

import java.util.Arrays;

/** What an instruction did, in the form in which recordings and replays are compared. */
final class Outcome {
    private static final int RF = 1 << 16;
    private static final int INT3 = 3;
    private static final int PAGE_FAULT = 14;
    private static final int FETCH = 16;
    private static final long LINUX_TASK_SIZE = 0x7FFF_FFFF_F000L;

    private Outcome() {}

    /** Sets the words that say how the instruction ended; {@code vector} -1 = it completed. */
    static void set(Case after, int vector, long error, long cr2, long rip) {
        after.word(Case.VECTOR, vector + 1L);
        after.word(Case.ERROR, error);
        after.word(Case.CR2, cr2);
        after.word(Case.RIP, rip);
    }

    /**
     * Clears what is not compared: RF, which depends on how the instruction after it is stopped, and of the FXSAVE image
     * the instruction and data pointers (AMD processors store them only with a pending exception: AMD APM vol 2, 11.4.4)
     * and unused bytes.
     */
    static void normalise(Case after) {
        after.word(Case.RFLAGS, after.word(Case.RFLAGS) & ~RF);
        int fx = 8 * Case.FX;
        Arrays.fill(after.bytes, fx + 5, fx + 24, (byte) 0);
        Arrays.fill(after.bytes, fx + 28, fx + 32, (byte) 0);
        for (int n = 0; n < 8; n++) {
            Arrays.fill(after.bytes, fx + 32 + 16 * n + 10, fx + 32 + 16 * n + 16, (byte) 0);
        }
        Arrays.fill(after.bytes, fx + 416, fx + 512, (byte) 0);
        for (int n = Case.DS; n <= Case.GS; n++) {
            if (after.selector(n) < 4) {
                after.selector(n, 0); // the host's IRET out of its handler makes every NUL selector 0
            }
        }
        after.word(Case.SELECTORS + 1, after.word(Case.SELECTORS + 1) & 0xFFFF_FFFFL);
    }

    /** Brings what the harness answered into the common form. */
    static void fromHarness(Case before, Case after) {
        after.start = before.start;
        after.length = before.length;
        after.compatibility = before.compatibility;
        normalise(after);
        int vector = (int) after.word(Case.VECTOR);
        long error = after.word(Case.ERROR);
        long cr2 = after.word(Case.CR2);
        long rip = after.word(Case.RIP);
        long end = before.start + before.length;
        boolean outside = rip < before.start || rip >= end;
        if (vector == INT3 && (rip - 1 < before.start || rip - 1 >= end)) {
            set(after, -1, 0, 0, rip - 1);
        } else if (vector == PAGE_FAULT && (error & FETCH) != 0 && cr2 == rip && outside) {
            set(after, -1, 0, 0, rip);
        } else {
            if (vector == PAGE_FAULT && Long.compareUnsigned(cr2, LINUX_TASK_SIZE) >= 0) {
                error &= ~1L; // Linux reports every address of its own as present
            }
            boolean coded = vector >= 10 && vector <= PAGE_FAULT || vector == 17;
            set(after, vector, coded ? error : 0, vector == PAGE_FAULT ? cr2 : 0, rip);
        }
    }

    /** The state before, as the base that differences are taken from. */
    static void baseline(Case before, Case base) {
        System.arraycopy(before.bytes, 0, base.bytes, 0, Case.BYTES);
        base.start = before.start;
        base.length = before.length;
        base.compatibility = before.compatibility;
        normalise(base);
        set(base, -1, 0, 0, before.start + before.length);
    }
}
