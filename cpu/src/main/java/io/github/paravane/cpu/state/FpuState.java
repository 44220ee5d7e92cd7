package io.github.paravane.cpu.state;

/**
 * x87, MMX and SSE state: registers only, no semantics.
 *
 * <p>XMM register n is {@code xmm[2n]} (low half) and {@code xmm[2n + 1]}. An x87 register n (physical, not relative to
 * TOP) is {@code significand[n]} and the 16-bit {@code signExponent[n]}; MMX register n is {@code significand[n]}.
 */
public final class FpuState {
    /** MXCSR bits that may be set (no misaligned-exception mask). */
    public static final int MXCSR_MASK = 0xFFFF;

    public final long[] xmm = new long[32];
    public final long[] significand = new long[8];
    public final int[] signExponent = new int[8];
    public int mxcsr = 0x1F80;
    /** Control word. */
    public int controlWord = 0x37F;
    /** Status word without TOP. */
    public int statusWord;
    /** TOP, 0-7. */
    public int top;
    /** Bit n set: physical register n is not empty (the abridged tag word of FXSAVE). */
    public int tags;
    /** Last x87 opcode, 11 bits. */
    public int opcode;
    /** Last x87 instruction pointer. */
    public long instructionPointer;
    /** Last x87 data pointer. */
    public long dataPointer;

    /** As after FNINIT; leaves the register contents. */
    public void initialise() {
        controlWord = 0x37F;
        statusWord = 0;
        top = 0;
        tags = 0;
        opcode = 0;
        instructionPointer = 0;
        dataPointer = 0;
    }

    /** Writes the FXSAVE64 image (Intel SDM vol 1, 10.5.1). */
    public void save(byte[] image) {
        java.nio.ByteBuffer out = java.nio.ByteBuffer.wrap(image).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        out.putShort(0, (short) controlWord);
        out.putShort(2, (short) (statusWord | top << 11));
        out.put(4, (byte) tags);
        out.put(5, (byte) 0);
        out.putShort(6, (short) opcode);
        out.putLong(8, instructionPointer);
        out.putLong(16, dataPointer);
        out.putInt(24, mxcsr);
        out.putInt(28, MXCSR_MASK);
        for (int n = 0; n < 8; n++) {
            int physical = (top + n) & 7;
            out.putLong(32 + 16 * n, significand[physical]);
            out.putLong(40 + 16 * n, signExponent[physical] & 0xFFFFL);
        }
        for (int n = 0; n < 32; n++) {
            out.putLong(160 + 8 * n, xmm[n]);
        }
    }

    /** Loads an FXSAVE64 image; reserved MXCSR bits are cleared. */
    public void load(byte[] image) {
        java.nio.ByteBuffer in = java.nio.ByteBuffer.wrap(image).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        controlWord = in.getShort(0) & 0xFFFF;
        int status = in.getShort(2) & 0xFFFF;
        top = (status >>> 11) & 7;
        statusWord = status & ~0x3800;
        tags = in.get(4) & 0xFF;
        opcode = in.getShort(6) & 0x7FF;
        instructionPointer = in.getLong(8);
        dataPointer = in.getLong(16);
        mxcsr = in.getInt(24) & MXCSR_MASK;
        for (int n = 0; n < 8; n++) {
            int physical = (top + n) & 7;
            significand[physical] = in.getLong(32 + 16 * n);
            signExponent[physical] = in.getShort(40 + 16 * n) & 0xFFFF;
        }
        for (int n = 0; n < 32; n++) {
            xmm[n] = in.getLong(160 + 8 * n);
        }
    }
}
