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

    private static final int SS = 2;
    private static final int DS = 3;

    private final OpcodeTable table;

    private final CodeReader code = new CodeReader();
    private final Prefixes prefixes = new Prefixes();
    private boolean long64;

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
        code.begin(bytes, offset, end);
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
        if (code.overrun()) {
            if (end - offset < MAX_LENGTH) {
                return MORE;
            }
            insn.op = Op.TOO_LONG;
            insn.endsBlock = true;
        }
        code.finish(insn);
        return OK;
    }

    private void decodeBody(Insn insn) {
        int opcode = prefixes.read(code, long64);
        insn.lock = prefixes.lock;
        insn.rep = prefixes.rep();
        if (code.overrun()) {
            return;
        }
        int map = 0;
        if (opcode == 0x0F) {
            opcode = code.next();
            map = 1;
            if (opcode == 0x38 || opcode == 0x3A) {
                map = opcode == 0x38 ? 2 : 3;
                opcode = code.next();
            }
        } else if ((opcode == 0xC4 || opcode == 0xC5) && isVex()) {
            map = prefixes.readVex(code, opcode);
            opcode = code.next();
        }
        if (code.overrun()) {
            return;
        }
        insn.opcode = opcode;
        insn.cond = opcode & 15;
        insn.rex = prefixes.rex;
        int row = map < 0 ? OpcodeTable.UNDEFINED : selectRow(map, opcode, insn);
        if (code.overrun()) {
            return;
        }
        if (row >= 0) {
            decodeRow(table.row(row), row, insn);
        }
        if (row < 0 || prefixes.vexBad) {
            undefined(insn);
        }
    }

    private void undefined(Insn insn) {
        insn.op = Op.UNDEFINED;
        insn.endsBlock = true;
    }

    private boolean isVex() {
        return long64 || (code.peek() & 0xC0) == 0xC0;
    }

    private int selectRow(int map, int opcode, Insn insn) {
        int slot = table.slot(long64, map, opcode);
        if (slot >= -1) {
            return slot;
        }
        int prefix = prefixes.mandatory();
        int modrm = 0xC0;
        if (table.groupReadsModrm(slot)) {
            modrm = code.next();
            insn.modrm = modrm;
        }
        return code.overrun() ? OpcodeTable.UNDEFINED : table.groupRow(slot, prefix, modrm);
    }

    private void decodeRow(OpcodeRow row, int number, Insn insn) {
        insn.row = number;
        insn.op = row.op();
        if (row.has(OpcodeRow.ATTR_MODRM) && insn.modrm < 0) {
            insn.modrm = code.next();
        }
        insn.operandSize = operandSize(row);
        insn.addressSize = long64 ? (prefixes.address ? 4 : 8) : (prefixes.address ? 2 : 4);
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
            return prefixes.operand16 ? 2 : 4;
        }
        if (prefixes.wide || row.has(OpcodeRow.ATTR_FORCE_64)) {
            return 8;
        }
        if (row.has(OpcodeRow.ATTR_DEFAULT_64)) {
            return prefixes.operand16 ? 2 : 8;
        }
        return prefixes.operand16 ? 2 : 4;
    }

    /** Segment for addresses without ModRM (string instructions, moffs, XLAT): DS or the override. */
    private void implicitSegment(Insn insn) {
        if (prefixes.segment >= 0) {
            insn.segment = prefixes.segment;
        } else {
            insn.segment = long64 ? Insn.FLAT : DS;
        }
        insn.stackSegment = prefixes.segment == SS;
    }

    private void effectiveAddress(Insn insn) {
        boolean stack = insn.addressSize == 2 ? address16(insn) : address32(insn);
        if (prefixes.segment < 0) {
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
            int sib = code.next();
            base = sib & 7;
            int index = ((sib >>> 3) & 7) | (prefixes.rex & 2) << 2;
            if (index != 4) {
                insn.index = index;
                insn.scale = sib >>> 6;
            }
        }
        if (mod == 0 && base == 5) {
            insn.base = rm == 4 || !long64 ? Insn.ZERO : Insn.BLOCK_RIP;
            insn.disp = code.signed(4);
            return false;
        }
        insn.base = base | (prefixes.rex & 1) << 3;
        insn.disp = mod == 1 ? code.signed(1) : mod == 2 ? code.signed(4) : 0;
        return insn.base == 4 || insn.base == 5;
    }

    private boolean address16(Insn insn) {
        int mod = insn.modrm >>> 6;
        int rm = insn.modrm & 7;
        if (mod == 0 && rm == 6) {
            insn.disp = code.signed(2);
            return false;
        }
        insn.base = rm < 2 || rm == 7 ? 3 : rm == 2 || rm == 3 || rm == 6 ? 5 : rm == 4 ? 6 : 7;
        if (rm < 4) {
            insn.index = (rm & 1) == 0 ? 6 : 7;
        }
        insn.disp = mod == 1 ? code.signed(1) : mod == 2 ? code.signed(2) : 0;
        return insn.base == 5;
    }

    private void operands(List<String> operands, Insn insn, boolean memory) {
        boolean immediateSeen = false;
        for (int n = 0; n < operands.size(); n++) {
            String operand = operands.get(n);
            char letter = operand.charAt(0);
            if (letter == 'I' || letter == 'J' || letter == '1') {
                immediateOperand(operand, insn, immediateSeen);
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
            if (operand.equals("Ap")) {
                insn.imm = code.signed(insn.operandSize) & (insn.operandSize == 2 ? 0xFFFFL : 0xFFFF_FFFFL);
                insn.imm2 = code.signed(2) & 0xFFFFL;
                insn.form = Insn.I;
                continue;
            }
            registerOrMemory(operand, n, insn, memory);
        }
    }

    private void immediateOperand(String operand, Insn insn, boolean second) {
        if (operand.equals("1")) {
            insn.imm = 1;
            return;
        }
        int size = widthOf(operand.charAt(1), insn.operandSize);
        long value = code.signed(operand.charAt(1) == 'z' ? Math.min(size, 4) : size);
        if (second) {
            insn.imm2 = value;
        } else {
            insn.imm = value;
        }
    }

    private void registerOrMemory(String operand, int n, Insn insn, boolean memory) {
        int number = 0;
        boolean inMemory = false;
        int width;
        if (operand.equals("AL") || operand.equals("CL")) {
            number = operand.equals("CL") ? 1 : 0;
            width = 1;
        } else if (operand.equals("DX")) {
            number = 2;
            width = 2;
        } else if (operand.equals("rAX")) {
            width = insn.operandSize;
        } else {
            width = widthOf(operand.charAt(1), insn.operandSize);
            char letter = operand.charAt(0);
            if (letter == 'X' || letter == 'Y') {
                insn.width = width;
                insn.width2 = width;
                return;
            }
            inMemory = letter == 'O' || (memory && "EMWQ".indexOf(letter) >= 0);
            if (letter == 'O') {
                insn.disp = code.signed(insn.addressSize) & insn.addressMask;
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
            case 'G', 'C', 'D', 'V' -> number = ((insn.modrm >>> 3) & 7) | (prefixes.rex & 4) << 1;
            case 'S', 'P' -> number = (insn.modrm >>> 3) & 7;
            case 'Z' -> number = (insn.opcode & 7) | (prefixes.rex & 1) << 3;
            case 'B' -> number = prefixes.vexRegister;
            case 'Q', 'N', 'H' -> number = insn.modrm & 7;
            default -> number = (insn.modrm & 7) | (prefixes.rex & 1) << 3;
        }
        boolean general = letter == 'G' || letter == 'E' || letter == 'Z' || letter == 'R';
        return general && width == 1 && prefixes.rex == 0 && number >= 4 ? number + 16 : number;
    }

    private int widthOf(char code, int operandSize) {
        return switch (code) {
            case 'b' -> 1;
            case 'w' -> 2;
            case 'd' -> 4;
            case 'q' -> 8;
            case 't' -> 10;
            case 'o' -> 16;
            case 'y' -> prefixes.wide ? 8 : 4;
            case 'z' -> Math.min(operandSize, 4);
            default -> operandSize;
        };
    }
}
