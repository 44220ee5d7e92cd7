package io.github.paravane.cpu.decode;

/**
 * One decoded instruction: everything that execution needs, resolved to numbers, and nothing else.
 *
 * <p>The fields are written once by {@link Decoder} (and {@link #place}) and then only read. They are public and
 * primitive because the families read them on the hot path.
 *
 * <p>Registers: 0-15 are RAX..R15 (or XMM0-15, MM0-7, ST0-7, segment, control and debug registers, as the operand
 * code says); 20-23 are AH, CH, DH, BH for byte operands without REX. Address components use {@link #ZERO} for "none"
 * and {@link #BLOCK_RIP} for RIP-relative operands, both slots of the core's register array.
 */
public final class Insn {
    /** No explicit operand, or operands fixed by the opcode. */
    public static final int NONE = 0;
    /** Destination register only. */
    public static final int R = 1;
    /** Memory operand only. */
    public static final int M = 2;
    /** Register destination, register source. */
    public static final int RR = 3;
    /** Register destination, memory source (or third operand in memory). */
    public static final int RM = 4;
    /** Memory destination, register source. */
    public static final int MR = 5;
    /** Register destination, immediate source. */
    public static final int RI = 6;
    /** Memory destination, immediate source. */
    public static final int MI = 7;
    /** Immediate (or relative displacement) only. */
    public static final int I = 8;

    /** Number of forms. */
    public static final int FORMS = 9;

    /** Slot of the register array that always holds zero. */
    public static final int ZERO = 16;
    /** Slot of the register array that holds the linear RIP of the running block's first byte. */
    public static final int BLOCK_RIP = 17;
    /** Size of the register array. */
    public static final int REGISTER_SLOTS = 18;

    /** Segment slot whose base is always zero (64-bit mode without FS/GS). */
    public static final int FLAT = 6;

    /** F3 prefix present (and not taken as a mandatory prefix by the row). */
    public static final int REP = 1;
    /** F2 prefix present. */
    public static final int REPNE = 2;

    /** Dense operation id, see {@link Op}. */
    public int op;
    /** Form: one of {@link #NONE} to {@link #I}. */
    public int form;
    /** Width of the first operand in bytes. */
    public int width;
    /** Width of the second operand in bytes (equal to {@link #width} where there is none). */
    public int width2;
    /** Register number of the first operand. */
    public int dst;
    /** Register number of the second operand. */
    public int src;
    /** Register number of the third operand. */
    public int src2;
    /** Which operand is in memory: 0 none, 1 first, 2 second, 3 third. */
    public int memOperand;

    /** Base register slot. */
    public int base;
    /** Index register slot. */
    public int index;
    /** Log2 of the scale. */
    public int scale;
    /** Displacement, sign-extended; for RIP-relative operands relative to the block start once placed. */
    public long disp;
    /** Mask of the address size: -1, 0xffffffff or 0xffff. */
    public long addressMask;
    /** Mask of linear addresses: -1 in 64-bit mode, 0xffffffff outside. */
    public long linearMask;
    /** Segment slot whose base is added: 0-5 = ES CS SS DS FS GS, or {@link #FLAT}. */
    public int segment;
    /** The address belongs to the stack segment, so that a non-canonical one raises #SS. */
    public boolean stackSegment;

    /** Immediate, sign-extended from its size. */
    public long imm;
    /** Second immediate: ENTER's nesting level, a far pointer's selector. */
    public long imm2;

    /** Operand size in bytes: 2, 4 or 8. */
    public int operandSize;
    /** Address size in bytes: 2, 4 or 8. */
    public int addressSize;
    /** 0, {@link #REP} or {@link #REPNE}. */
    public int rep;
    /** LOCK prefix present. */
    public boolean lock;
    /** REX byte, or 0. */
    public int rex;
    /** Last opcode byte. */
    public int opcode;
    /** Condition code: low four bits of the opcode. */
    public int cond;
    /** ModRM byte, or -1. */
    public int modrm;
    /** Decoded for 64-bit mode (CS.L = 1). */
    public boolean long64;
    /** The instruction must be the last one of its block. */
    public boolean endsBlock;
    /** Row of the {@link OpcodeTable}, or -1 for an undefined opcode. */
    public int row;

    /** Length in bytes, 1-15. */
    public int length;
    /** Offset of the first byte from the block's start. */
    public int start;
    /** Offset of the byte after the instruction from the block's start. */
    public int end;
    /** Bytes 0-7, little-endian. */
    public long raw0;
    /** Bytes 8-14, little-endian. */
    public long raw1;

    /** Fixes the place of the instruction in its block: offsets, and the base of a RIP-relative operand. */
    public void place(int startOffset) {
        start = startOffset;
        end = startOffset + length;
        if (base == BLOCK_RIP) {
            disp += end;
        }
    }

    /** The bytes of the instruction, a new array. */
    public byte[] bytes() {
        byte[] bytes = new byte[length];
        for (int n = 0; n < length; n++) {
            bytes[n] = (byte) (n < 8 ? raw0 >>> (8 * n) : raw1 >>> (8 * (n - 8)));
        }
        return bytes;
    }

    /** Whether any operand is in memory. */
    public boolean hasMemory() {
        return memOperand != 0;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(Op.name(op)).append(" [");
        for (byte b : bytes()) {
            text.append(String.format("%02x", b));
        }
        return text.append(']').toString();
    }
}
