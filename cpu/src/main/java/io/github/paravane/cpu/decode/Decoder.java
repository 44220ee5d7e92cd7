package io.github.paravane.cpu.decode;

import java.util.List;

/**
 * Decodes one instruction from a byte array, for 64-bit mode and 32-bit compatibility mode.
 *
 * <p>Decoding is total: every sequence of bytes gives an instruction, {@link Op#UNDEFINED} (raises #UD),
 * {@link Op#TOO_LONG} (raises #GP(0)), {@link Op#UNIMPLEMENTED} (a structured error) or {@link #MORE} when the bytes end
 * before that is decided. A decoder holds scratch state: one per thread.
 */
public final class Decoder {
    /** The instruction was decoded (possibly to one that faults when it is executed). */
    public static final int OK = 0;
    /** The bytes end before the instruction does. */
    public static final int MORE = 1;

    /** Longest legal instruction. */
    public static final int MAX_LENGTH = 15;

    private static final int PREFIX_NONE = 0;
    private static final int PREFIX_66 = 1;
    private static final int PREFIX_F3 = 2;
    private static final int PREFIX_F2 = 3;

    private static final int SS = 2;
    private static final int DS = 3;

    private final OpcodeTable table;

    private byte[] bytes = new byte[0];
    private int at;
    private int limit;
    private int startAt;
    private boolean overrun;

    private boolean long64;
    private boolean operand16;
    private boolean addressPrefix;
    private int repeat;
    private int segmentPrefix;
    private int rex;
    private boolean wide;
    private boolean vex;
    private boolean vexBad;
    private int vexRegister;
    private int vexPrefix;

    public Decoder(OpcodeTable table) {
        this.table = table;
    }

    /**
     * Decodes the instruction at {@code offset}.
     *
     * @param bytes code bytes
     * @param offset first byte of the instruction
     * @param end index after the last byte available
     * @param long64 true for 64-bit mode, false for a 32-bit code segment
     * @param insn receives the instruction; must be new
     * @return {@link #OK} or {@link #MORE}
     */
    public int decode(byte[] bytes, int offset, int end, boolean long64, Insn insn) {
        this.bytes = bytes;
        this.at = offset;
        this.startAt = offset;
        this.limit = Math.min(end, offset + MAX_LENGTH);
        this.overrun = false;
        this.long64 = long64;
        insn.long64 = long64;
        insn.row = -1;
        insn.modrm = -1;
        insn.base = Insn.ZERO;
        insn.index = Insn.ZERO;
        insn.addressMask = -1L;
        insn.linearMask = long64 ? -1L : 0xFFFF_FFFFL;
        insn.segment = Insn.FLAT;
        decodeBody(insn);
        if (overrun) {
            if (end - offset < MAX_LENGTH) {
                return MORE;
            }
            insn.op = Op.TOO_LONG;
            insn.endsBlock = true;
        }
        finish(insn);
        return OK;
    }

    private void finish(Insn insn) {
        insn.length = at - startAt;
        for (int n = 0; n < insn.length; n++) {
            long b = bytes[startAt + n] & 0xFFL;
            if (n < 8) {
                insn.raw0 |= b << (8 * n);
            } else {
                insn.raw1 |= b << (8 * (n - 8));
            }
        }
    }

    private int next() {
        if (at >= limit) {
            overrun = true;
            return 0;
        }
        return bytes[at++] & 0xFF;
    }

    private long immediate(int size) {
        long value = 0;
        for (int n = 0; n < size; n++) {
            value |= (long) next() << (8 * n);
        }
        int shift = 64 - 8 * size;
        return value << shift >> shift;
    }

    private void decodeBody(Insn insn) {
        int opcode = prefixes(insn);
        if (overrun) {
            return;
        }
        int map = 0;
        if (opcode == 0x0F) {
            opcode = next();
            map = 1;
            if (opcode == 0x38 || opcode == 0x3A) {
                map = opcode == 0x38 ? 2 : 3;
                opcode = next();
            }
        } else if ((opcode == 0xC4 || opcode == 0xC5) && isVex()) {
            map = vexPrefix(opcode, insn);
            opcode = next();
        }
        if (overrun) {
            return;
        }
        insn.opcode = opcode;
        insn.cond = opcode & 15;
        insn.rex = rex;
        int row = map < 0 ? OpcodeTable.UNDEFINED : selectRow(map, opcode, insn);
        if (overrun) {
            return;
        }
        if (row < 0 || vexBad) {
            undefined(insn);
            return;
        }
        decodeRow(table.row(row), row, insn);
    }

    private void undefined(Insn insn) {
        insn.op = Op.UNDEFINED;
        insn.endsBlock = true;
    }

    private int prefixes(Insn insn) {
        operand16 = false;
        addressPrefix = false;
        repeat = PREFIX_NONE;
        segmentPrefix = -1;
        rex = 0;
        wide = false;
        vex = false;
        vexBad = false;
        vexRegister = 0;
        vexPrefix = 0;
        while (true) {
            int b = next();
            if (overrun) {
                return 0;
            }
            if (long64 && (b & 0xF0) == 0x40) {
                rex = b;
                continue;
            }
            switch (b) {
                case 0x66 -> operand16 = true;
                case 0x67 -> addressPrefix = true;
                case 0xF0 -> insn.lock = true;
                case 0xF2 -> repeat = PREFIX_F2;
                case 0xF3 -> repeat = PREFIX_F3;
                case 0x26 -> legacySegment(0);
                case 0x2E -> legacySegment(1);
                case 0x36 -> legacySegment(SS);
                case 0x3E -> legacySegment(DS);
                case 0x64 -> segmentPrefix = 4;
                case 0x65 -> segmentPrefix = 5;
                default -> {
                    wide = (rex & 8) != 0;
                    insn.rep = repeat == PREFIX_F3 ? Insn.REP : repeat == PREFIX_F2 ? Insn.REPNE : 0;
                    return b;
                }
            }
            rex = 0;
        }
    }

    private void legacySegment(int segment) {
        if (!long64) {
            segmentPrefix = segment;
        }
    }

    private boolean isVex() {
        if (long64) {
            return true;
        }
        if (at >= limit) {
            overrun = true;
            return false;
        }
        return (bytes[at] & 0xC0) == 0xC0;
    }

    private int vexPrefix(int opcode, Insn insn) {
        vex = true;
        vexBad = insn.lock || operand16 || repeat != 0 || rex != 0;
        int first = next();
        int second = first;
        int map = 1;
        int inverted = ~first;
        rex = 0x40 | ((inverted >>> 5) & 4);
        if (opcode == 0xC4) {
            map = first & 0x1F;
            second = next();
            rex |= ((inverted >>> 5) & 2) | ((inverted >>> 5) & 1);
            rex |= (second >>> 4) & 8;
        }
        if (!long64) {
            rex &= 0x48;
        }
        wide = long64 && (rex & 8) != 0;
        vexRegister = (~second >>> 3) & (long64 ? 15 : 7);
        vexPrefix = second & 3;
        vexBad |= (second & 4) != 0;
        // pp: 0 none, 1 66, 2 F3, 3 F2 - the same order as the table's.
        return map == 2 ? 4 : map == 3 ? 5 : -1;
    }

    private int selectRow(int map, int opcode, Insn insn) {
        int slot = table.slot(long64, map, opcode);
        if (slot >= -1) {
            return slot;
        }
        int prefix = vex ? vexPrefix : repeat != 0 ? repeat : operand16 ? PREFIX_66 : PREFIX_NONE;
        int modrm = 0xC0;
        if (table.groupReadsModrm(slot)) {
            modrm = next();
            insn.modrm = modrm;
        }
        return overrun ? OpcodeTable.UNDEFINED : table.groupRow(slot, prefix, modrm);
    }

    private void decodeRow(OpcodeRow row, int number, Insn insn) {
        insn.row = number;
        insn.op = row.op();
        if (row.has(OpcodeRow.ATTR_MODRM) && insn.modrm < 0) {
            insn.modrm = next();
        }
        insn.operandSize = operandSize(row);
        insn.addressSize = long64 ? (addressPrefix ? 4 : 8) : (addressPrefix ? 2 : 4);
        insn.addressMask = insn.addressSize == 8 ? -1L : insn.addressSize == 4 ? 0xFFFF_FFFFL : 0xFFFFL;
        insn.endsBlock = row.has(OpcodeRow.ATTR_END) || insn.op <= Op.TOO_LONG;
        implicitSegment(insn);
        boolean memory = insn.modrm >= 0 && insn.modrm < 0xC0 && !row.has(OpcodeRow.ATTR_RM_REGISTER);
        if (memory) {
            effectiveAddress(insn);
        }
        operands(row.operands(), insn, memory);
        if (insn.lock && !(row.has(OpcodeRow.ATTR_LOCK) && insn.memOperand == 1)) {
            undefined(insn);
            return;
        }
        insn.op = table.specialised(insn.op, insn.width == 0 ? insn.operandSize : insn.width, insn.form);
    }

    private int operandSize(OpcodeRow row) {
        if (!long64) {
            return operand16 ? 2 : 4;
        }
        if (wide || row.has(OpcodeRow.ATTR_FORCE_64)) {
            return 8;
        }
        if (row.has(OpcodeRow.ATTR_DEFAULT_64)) {
            return operand16 ? 2 : 8;
        }
        return operand16 ? 2 : 4;
    }

    /** Segment for addresses without ModRM (string instructions, moffs, XLAT): DS or the override. */
    private void implicitSegment(Insn insn) {
        if (segmentPrefix >= 0) {
            insn.segment = segmentPrefix;
        } else {
            insn.segment = long64 ? Insn.FLAT : DS;
        }
        insn.stackSegment = segmentPrefix == SS;
    }

    private void effectiveAddress(Insn insn) {
        boolean stack = insn.addressSize == 2 ? address16(insn) : address32(insn);
        if (segmentPrefix < 0) {
            insn.stackSegment = stack;
            if (stack && !long64) {
                insn.segment = SS;
            }
        }
    }

    private boolean address32(Insn insn) {
        int mod = insn.modrm >>> 6;
        int rm = insn.modrm & 7;
        int base = rm;
        if (rm == 4) {
            int sib = next();
            base = sib & 7;
            int index = ((sib >>> 3) & 7) | (rex & 2) << 2;
            if (index != 4) {
                insn.index = index;
                insn.scale = sib >>> 6;
            }
        }
        if (mod == 0 && base == 5) {
            insn.base = rm == 4 || !long64 ? Insn.ZERO : Insn.BLOCK_RIP;
            insn.disp = immediate(4);
            return false;
        }
        insn.base = base | (rex & 1) << 3;
        insn.disp = mod == 1 ? immediate(1) : mod == 2 ? immediate(4) : 0;
        return insn.base == 4 || insn.base == 5;
    }

    private boolean address16(Insn insn) {
        int mod = insn.modrm >>> 6;
        int rm = insn.modrm & 7;
        if (mod == 0 && rm == 6) {
            insn.disp = immediate(2);
            return false;
        }
        insn.base = rm < 2 || rm == 7 ? 3 : rm == 2 || rm == 3 || rm == 6 ? 5 : rm == 4 ? 6 : 7;
        if (rm < 4) {
            insn.index = (rm & 1) == 0 ? 6 : 7;
        }
        insn.disp = mod == 1 ? immediate(1) : mod == 2 ? immediate(2) : 0;
        return insn.base == 5;
    }

    private void operands(List<String> operands, Insn insn, boolean memory) {
        boolean immediateSeen = false;
        for (int n = 0; n < operands.size(); n++) {
            String code = operands.get(n);
            char letter = code.charAt(0);
            if (letter == 'I' || letter == 'J' || letter == '1') {
                immediateOperand(code, insn, immediateSeen);
                if (n == 0) {
                    insn.width = insn.operandSize;
                    insn.width2 = 1;
                    insn.form = Insn.I;
                } else if (n == 1 && insn.form != Insn.I) {
                    insn.width2 = insn.width;
                    insn.form = insn.memOperand == 1 ? Insn.MI : Insn.RI;
                }
                immediateSeen = true;
                continue;
            }
            if (code.equals("Ap")) {
                insn.imm = immediate(insn.operandSize) & (insn.operandSize == 2 ? 0xFFFFL : 0xFFFF_FFFFL);
                insn.imm2 = immediate(2) & 0xFFFFL;
                insn.form = Insn.I;
                continue;
            }
            registerOrMemory(code, n, insn, memory);
        }
    }

    private void immediateOperand(String code, Insn insn, boolean second) {
        if (code.equals("1")) {
            insn.imm = 1;
            return;
        }
        int size = widthOf(code.charAt(1), insn.operandSize);
        long value = immediate(code.charAt(1) == 'z' ? Math.min(size, 4) : size);
        if (second) {
            insn.imm2 = value;
        } else {
            insn.imm = value;
        }
    }

    private void registerOrMemory(String code, int n, Insn insn, boolean memory) {
        int number = 0;
        boolean inMemory = false;
        int width;
        if (code.equals("AL") || code.equals("CL")) {
            number = code.equals("CL") ? 1 : 0;
            width = 1;
        } else if (code.equals("DX")) {
            number = 2;
            width = 2;
        } else if (code.equals("rAX")) {
            width = insn.operandSize;
        } else {
            width = widthOf(code.charAt(1), insn.operandSize);
            char letter = code.charAt(0);
            if (letter == 'X' || letter == 'Y') {
                insn.width = width;
                insn.width2 = width;
                return;
            }
            inMemory = letter == 'O' || (memory && "EMWQ".indexOf(letter) >= 0);
            if (letter == 'O') {
                insn.disp = immediate(insn.addressSize) & insn.addressMask;
            }
            number = inMemory ? 0 : registerNumber(letter, width, insn);
        }
        place(n, number, width, inMemory, insn);
    }

    private static void place(int n, int number, int width, boolean inMemory, Insn insn) {
        if (inMemory) {
            insn.memOperand = n + 1;
        }
        if (n == 0) {
            insn.dst = number;
            insn.width = width;
            insn.width2 = width;
            insn.form = inMemory ? Insn.M : Insn.R;
        } else {
            if (n == 1) {
                insn.src = number;
                insn.width2 = width;
            } else {
                insn.src2 = number;
            }
            insn.form = inMemory ? Insn.RM : insn.memOperand == 1 ? Insn.MR : insn.memOperand == 2 ? Insn.RM : Insn.RR;
        }
    }

    private int registerNumber(char letter, int width, Insn insn) {
        int number;
        switch (letter) {
            case 'G', 'C', 'D', 'V' -> number = ((insn.modrm >>> 3) & 7) | (rex & 4) << 1;
            case 'S', 'P' -> number = (insn.modrm >>> 3) & 7;
            case 'Z' -> number = (insn.opcode & 7) | (rex & 1) << 3;
            case 'B' -> number = vexRegister;
            case 'Q', 'N', 'H' -> number = insn.modrm & 7;
            default -> number = (insn.modrm & 7) | (rex & 1) << 3;
        }
        boolean general = letter == 'G' || letter == 'E' || letter == 'Z' || letter == 'R';
        return general && width == 1 && rex == 0 && number >= 4 ? number + 16 : number;
    }

    private int widthOf(char code, int operandSize) {
        return switch (code) {
            case 'b' -> 1;
            case 'w' -> 2;
            case 'd' -> 4;
            case 'q' -> 8;
            case 't' -> 10;
            case 'o' -> 16;
            case 'y' -> wide ? 8 : 4;
            case 'z' -> Math.min(operandSize, 4);
            default -> operandSize;
        };
    }
}
