package io.github.paravane.cpu.vectors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * One instruction and the state before it, or the state after it: an image of 64-bit words, in the layout that the
 * harness answers.
 */
final class Case {
    // Places in the image, in words.
    static final int VECTOR = 0;
    static final int ERROR = 1;
    static final int CR2 = 2;
    static final int RIP = 3;
    static final int GPR = 4;
    static final int RFLAGS = 20;
    static final int FS_BASE = 21;
    static final int GS_BASE = 22;
    static final int SELECTORS = 23;
    static final int FX = 25;
    static final int DATA = FX + 64;
    static final int STACK = DATA + 64;
    static final int EDGE = STACK + 64;
    static final int WORDS = EDGE + 16;

    static final int BYTES = 8 * WORDS;
    /** Bytes of the image that the harness reads: registers and windows. */
    static final int STATE_OFFSET = 8 * GPR;

    static final int STATE_BYTES = 8 * (EDGE - GPR);

    // Selectors, as u16 from SELECTORS on.
    static final int CS = 0;
    static final int SS = 1;
    static final int DS = 2;
    static final int ES = 3;
    static final int FS = 4;
    static final int GS = 5;

    static final int RSP = 4;

    final byte[] bytes = new byte[BYTES];
    final ByteBuffer image = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    final byte[] code = new byte[16];
    int length;
    long start;
    boolean compatibility;

    long word(int place) {
        return image.getLong(8 * place);
    }

    void word(int place, long value) {
        image.putLong(8 * place, value);
    }

    long gpr(int n) {
        return word(GPR + n);
    }

    void gpr(int n, long value) {
        word(GPR + n, compatibility ? value & 0xFFFF_FFFFL : value);
    }

    int selector(int n) {
        return image.getShort(8 * SELECTORS + 2 * n) & 0xFFFF;
    }

    void selector(int n, int value) {
        image.putShort(8 * SELECTORS + 2 * n, (short) value);
    }

    void emit(int b) {
        code[length++] = (byte) b;
    }

    void emit(long value, int count) {
        for (int n = 0; n < count; n++) {
            emit((int) (value >>> (8 * n)));
        }
    }

    /** Index in the image of a linear address inside a window, or -1. */
    static int place(long linear) {
        if (linear >= ReplayMachine.DATA_WINDOW && linear < ReplayMachine.DATA_WINDOW + 512) {
            return 8 * DATA + (int) (linear - ReplayMachine.DATA_WINDOW);
        }
        if (linear >= ReplayMachine.STACK_WINDOW && linear < ReplayMachine.STACK_WINDOW + 512) {
            return 8 * STACK + (int) (linear - ReplayMachine.STACK_WINDOW);
        }
        if (linear >= ReplayMachine.EDGE_WINDOW && linear < ReplayMachine.EDGE_WINDOW + 128) {
            return 8 * EDGE + (int) (linear - ReplayMachine.EDGE_WINDOW);
        }
        return -1;
    }

    /** Stores the low bytes of {@code value} at a linear address, as far as they lie in a window. */
    void poke(long linear, long value, int count) {
        for (int n = 0; n < count; n++) {
            int at = place(linear + n);
            if (at >= 0 && at < 8 * EDGE) {
                bytes[at] = (byte) (value >>> (8 * n));
            }
        }
    }

    String text() {
        return (compatibility ? "32 " : "") + HexFormat.of().formatHex(code, 0, length) + " at "
                + Long.toHexString(start);
    }
}
