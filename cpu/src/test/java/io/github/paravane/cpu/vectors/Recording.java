package io.github.paravane.cpu.vectors;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;

/**
 * The form of a recording: per row its key, number of cases and a checksum of the cases; per case the words of the
 * outcome that differ from the state before, each as a gap, a mask of bytes, and the bytes.
 */
final class Recording {
    static final int VERSION = 1;

    private Recording() {}

    static void write(DataOutputStream out, Case base, Case after) throws IOException {
        int last = -1;
        for (int n = 0; n < Case.WORDS; n++) {
            long difference = base.word(n) ^ after.word(n);
            if (difference == 0) {
                continue;
            }
            out.writeByte(n - last);
            int mask = 0;
            for (int b = 0; b < 8; b++) {
                mask |= (difference >>> (8 * b) & 0xFF) != 0 ? 1 << b : 0;
            }
            out.writeByte(mask);
            for (int b = 0; b < 8; b++) {
                if ((mask >>> b & 1) != 0) {
                    out.writeByte((int) (after.word(n) >>> (8 * b)));
                }
            }
            last = n;
        }
        out.writeByte(0);
    }

    /** Turns the state before, in {@code base}, into the outcome. */
    static void read(DataInputStream in, Case base) throws IOException {
        int at = -1;
        while (true) {
            int gap = in.readUnsignedByte();
            if (gap == 0) {
                return;
            }
            at += gap;
            if (at >= Case.WORDS) {
                throw new EOFException("malformed recording");
            }
            int mask = in.readUnsignedByte();
            for (int b = 0; b < 8; b++) {
                if ((mask >>> b & 1) != 0) {
                    base.bytes[8 * at + b] = in.readByte();
                }
            }
        }
    }

    /** Changes when the case does. */
    static int checksum(int sum, Case c) {
        int hash = sum * 31 + c.length;
        for (int n = 0; n < c.length; n++) {
            hash = hash * 31 + c.code[n];
        }
        for (int n = 0; n < Case.WORDS; n++) {
            long word = c.word(n);
            hash = hash * 31 + (int) (word ^ word >>> 32);
        }
        return hash * 31 + (int) c.start;
    }
}
