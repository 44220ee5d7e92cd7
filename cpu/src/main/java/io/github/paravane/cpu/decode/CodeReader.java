package io.github.paravane.cpu.decode;

/** The bytes of one instruction, read forwards; reading past the end is noted and gives zeros. */
final class CodeReader {
    private byte[] bytes = new byte[0];
    private int at;
    private int start;
    private int limit;
    private boolean overrun;

    /** Starts at {@code offset}; {@code end} is the index after the last byte available. */
    void begin(byte[] newBytes, int offset, int end) {
        bytes = newBytes;
        at = offset;
        start = offset;
        limit = Math.min(end, offset + Decoder.MAX_LENGTH);
        overrun = false;
    }

    /** Whether more bytes were asked for than there are. */
    boolean overrun() {
        return overrun;
    }

    int next() {
        if (at >= limit) {
            overrun = true;
            return 0;
        }
        return bytes[at++] & 0xFF;
    }

    /** The byte that {@link #next} would give. */
    int peek() {
        if (at >= limit) {
            overrun = true;
            return 0;
        }
        return bytes[at] & 0xFF;
    }

    /** A little-endian value of {@code size} bytes, sign-extended. */
    long signed(int size) {
        long value = 0;
        for (int n = 0; n < size; n++) {
            value |= (long) next() << (8 * n);
        }
        int shift = 64 - 8 * size;
        return value << shift >> shift;
    }

    /** Copies length and bytes read into {@code insn}. */
    void finish(Insn insn) {
        insn.length = at - start;
        for (int n = 0; n < insn.length; n++) {
            long b = bytes[start + n] & 0xFFL;
            if (n < 8) {
                insn.raw0 |= b << (8 * n);
            } else {
                insn.raw1 |= b << (8 * (n - 8));
            }
        }
    }
}
