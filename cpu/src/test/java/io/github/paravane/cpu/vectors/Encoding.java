package io.github.paravane.cpu.vectors;

/** Chooses prefixes, registers and the memory operand of an instruction, sets the address registers, emits the bytes. */
final class Encoding {
    private static final int[] SEGMENT_PREFIX = {0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65};
    private static final int[] SELECTOR_OF = {Case.ES, Case.CS, Case.SS, Case.DS, Case.FS, Case.GS};
    private static final int DEFAULT = -1;

    private final TableRow row;
    private final Random64 r;
    private final Case c;

    boolean operand16;
    boolean address16;
    boolean lock;
    int repeat;
    int segment = DEFAULT;
    boolean wide;
    int opcode;
    /** Register numbers with their REX bits. */
    int reg;

    int rm;
    int vvvv;
    /** Whether the ModRM operand is in memory. */
    boolean memory;
    /** Linear address of the memory operand. */
    long linear;

    int operandSize;
    /** Registers whose value means something else than an address. */
    int reserved;

    long immediate;
    int immediateSize;
    long immediate2;
    int immediate2Size;

    private int mod;
    private int modrmRm;
    private int sib = -1;
    private int rexX;
    private int rexB;
    private long disp;
    private int dispSize;
    private boolean ripRelative;

    Encoding(TableRow row, Random64 r, Case c) {
        this.row = row;
        this.r = r;
        this.c = c;
    }

    // ---- choices ----

    void choose() {
        opcode = row.first() + r.below(row.last() - row.first() + 1);
        choosePrefixes();
        operandSize = operandSize();
        int registers = c.compatibility ? 8 : 16;
        reg = row.digit() >= 0 ? row.digit() : r.below(registers);
        if (row.uses("S") && r.percent(90)) {
            reg = r.below(6) | (c.compatibility ? 0 : reg & 8);
        }
        rm = row.rm() >= 0 ? row.rm() : r.below(registers);
        vvvv = r.below(registers);
        memory = row.hasModrm() && row.mod() != 'r' && !row.uses("R") && (row.mod() == 'm' || r.coin());
        reserve();
        if (memory) {
            chooseMemory();
        } else {
            rexB = rm >>> 3;
            mod = 3;
            modrmRm = rm & 7;
        }
        immediates();
    }

    private void choosePrefixes() {
        boolean string = row.family().equals("StringOps");
        operand16 =
                row.prefix() == 0x66 || (row.prefix() < 0 && r.percent(25)) || (row.prefix() > 0x66 && r.percent(3));
        address16 = r.percent(8);
        repeat = row.prefix() > 0x66 ? row.prefix() : 0;
        if (string && r.percent(60)) {
            repeat = r.coin() ? 0xF3 : 0xF2;
        } else if (row.prefix() < 0 && row.map() == 0 && !row.family().equals("Branches") && r.percent(2)) {
            repeat = r.coin() ? 0xF3 : 0xF2;
        }
        lock = r.percent(row.has("lock") ? 25 : 2);
        if (row.uses("C") || row.method().startsWith("SystemOps.ver")) {
            lock = false; // LOCK MOV CR0 is MOV CR8 on AMD processors (AltMovCr8); LOCK VERx is no #UD there
        }
        if (r.percent(12)) {
            segment = r.below(6);
        }
        boolean sized = row.sized();
        wide = !c.compatibility && r.percent(sized ? 45 : 12);
        if (row.isVex()) {
            operand16 = false;
            repeat = 0;
            lock = r.percent(1);
        }
    }

    private int operandSize() {
        if (c.compatibility) {
            return operand16 ? 2 : 4;
        }
        if (wide || row.has("f64")) {
            return 8;
        }
        if (row.has("d64")) {
            return operand16 ? 2 : 8;
        }
        return operand16 ? 2 : 4;
    }

    /** Keeps registers with a meaning of their own out of addresses, mostly. */
    private void reserve() {
        switch (row.family()) {
            case "BitOps" -> reserved = row.uses("G") ? 1 << reg : 0;
            case "MultiplyDivide", "Shifts" -> reserved = 7;
            case "IntegerArithmetic" -> reserved = row.method().contains("cmpxchg") ? 15 : 0;
            default -> reserved = 0;
        }
        if (r.percent(5)) {
            reserved = 0;
        }
        reserved |= 1 << Case.RSP;
    }

    int widthOf(String operand) {
        if (operand.length() < 2) {
            return 1;
        }
        return switch (operand.charAt(1)) {
            case 'b' -> 1;
            case 'w' -> 2;
            case 'd' -> 4;
            case 'q' -> 8;
            case 't' -> 10;
            case 'o' -> 16;
            case 'y' -> wide ? 8 : 4;
            case 'z' -> Math.min(operandSize, 4);
            case 'x' -> Preparation.sizeOf(row, this);
            default -> operandSize;
        };
    }

    private void chooseMemory() {
        int width = 8;
        for (String operand : row.operands()) {
            if (operand.length() == 2 && "EMWQ".indexOf(operand.charAt(0)) >= 0) {
                width = widthOf(operand);
            }
        }
        if (row.method().startsWith("BitOps.bt") && row.uses("G")) {
            linear = ReplayMachine.DATA_WINDOW + 0xA0 + r.below(0x80) / 8 * 8;
        } else {
            linear = Places.choose(r, width, c.compatibility);
        }
        if (c.compatibility && address16) {
            address16();
        } else {
            address(c.compatibility ? 8 : 16);
        }
    }

    private long segmentBase(int usedSegment) {
        if (!c.compatibility) {
            return usedSegment == 4 ? 0x40 : usedSegment == 5 ? 0x80 : 0;
        }
        long descriptor = HostSegments.descriptor(c.selector(SELECTOR_OF[usedSegment]));
        return (descriptor >>> 16 & 0xFF_FFFFL) | (descriptor >>> 32 & 0xFF00_0000L);
    }

    private int pick(int registers) {
        for (int tries = 0; tries < 40; tries++) {
            int n = r.below(registers);
            if ((reserved >>> n & 1) == 0) {
                return n;
            }
        }
        return 6;
    }

    private void address(int registers) {
        int kind = r.below(20);
        if (kind < 3 && !c.compatibility && address16Allows()) {
            ripRelative = true;
            mod = 0;
            modrmRm = 5;
            dispSize = 4;
            return;
        }
        boolean stack = kind == 3;
        int base = stack ? 4 : pick(registers);
        boolean noBase = kind == 4 && fits();
        int used = segment != DEFAULT ? segment : !noBase && (base == 4 || base == 5) ? 2 : 3;
        long offset = linear - segmentBase(used);
        if (stack) {
            // Relative to a stack pointer that is where it has to be.
            disp = r.below(48) - 16;
            linear = c.gpr(4) + disp + segmentBase(used);
        }
        int index = kind >= 4 && kind < 10 || noBase ? pick(registers) : 4;
        int scale = r.below(4);
        long indexed = 0;
        if (index != 4 && (index != base || noBase)) {
            long value = r.percent(80) ? r.below(64) - 32 : (int) r.next() >> 4;
            if (noBase || address16 || c.compatibility) {
                value = r.below(64);
            }
            indexed = value << scale;
            c.gpr(index, value);
        } else {
            index = 4;
        }
        form(stack, noBase, base, index, scale);
        if (noBase) {
            disp = offset - indexed;
            dispSize = 4;
        } else if (!stack) {
            setBase(base, offset - indexed);
        }
    }

    private boolean address16Allows() {
        return segment < 4 && linear < 0x1_0000_0000L && linear >= 0;
    }

    private boolean fits() {
        return linear >= 0 && linear < 0x7000_0000L;
    }

    private void form(boolean stack, boolean noBase, int base, int index, int scale) {
        boolean needsSib = noBase || index != 4 || (base & 7) == 4;
        rexB = noBase ? 0 : base >>> 3;
        rexX = index >>> 3;
        if (needsSib || r.percent(5)) {
            modrmRm = 4;
            sib = scale << 6 | (index & 7) << 3 | (noBase ? 5 : base & 7);
            rexX = index == 4 ? 0 : rexX;
        } else {
            modrmRm = base & 7;
        }
        if (noBase) {
            mod = 0;
            return;
        }
        if (!stack) {
            int choice = r.below(3);
            disp = choice == 0 && (base & 7) != 5 ? 0 : choice == 2 ? (int) r.next() >> 8 : (byte) r.next();
            if (c.compatibility || address16) {
                disp = (byte) disp;
            }
        }
        dispSize = disp == 0 && (base & 7) != 5 ? 0 : disp == (byte) disp && r.percent(90) ? 1 : 4;
        mod = dispSize == 0 ? 0 : dispSize == 1 ? 1 : 2;
    }

    private void setBase(int base, long offset) {
        long value = offset - disp;
        if (!c.compatibility && address16) {
            value = value & 0xFFFF_FFFFL | r.next() << 32;
        }
        c.gpr(base, value);
    }

    /** 16-bit forms: reach memory only through a segment whose base is near. */
    private void address16() {
        int used = segment != DEFAULT ? segment : 3;
        long offset = linear - segmentBase(used) & 0xFFFF;
        modrmRm = 4 + r.below(4);
        if (modrmRm == 6) {
            mod = 0;
            disp = offset;
            dispSize = 2;
            return;
        }
        dispSize = r.below(3);
        mod = dispSize;
        disp = dispSize == 0 ? 0 : dispSize == 1 ? (byte) r.next() : (short) r.next();
        int register = modrmRm == 4 ? 6 : modrmRm == 5 ? 7 : 3;
        c.gpr(register, r.next() & 0xFFFF_0000L | offset - disp & 0xFFFF);
    }

    private void immediates() {
        for (String operand : row.operands()) {
            char letter = operand.charAt(0);
            int size = letter == 'I' || letter == 'J' ? widthOf(operand) : 0;
            if (letter == 'I' && operand.charAt(1) == 'z') {
                size = Math.min(operandSize, 4);
            } else if (operand.equals("Ap")) {
                immediateSize = operandSize;
                immediate2Size = 2;
            } else if (letter == 'O') {
                immediateSize = c.compatibility ? (address16 ? 2 : 4) : address16 ? 4 : 8;
            }
            if (size > 0 && immediateSize == 0) {
                immediateSize = size;
                immediate = r.value();
            } else if (size > 0) {
                immediate2Size = size;
                immediate2 = r.value();
            }
        }
    }

    // ---- the bytes ----

    private int bytesOfOpcode() {
        return switch (row.map()) {
            case 0 -> 1;
            case 1 -> 2;
            default -> 3;
        };
    }

    /** Sets {@link Case#length}; the size of the instruction is known before relative operands are. */
    private void legacyPrefixes() {
        int order = r.below(2);
        for (int n = 0; n < 2; n++) {
            if (n == order) {
                if (operand16) {
                    c.emit(0x66);
                }
                if (lock) {
                    c.emit(0xF0);
                }
            } else {
                if (address16) {
                    c.emit(0x67);
                }
                if (segment != DEFAULT) {
                    c.emit(SEGMENT_PREFIX[segment]);
                }
            }
        }
        if (repeat != 0) {
            c.emit(repeat);
        }
    }

    void emit() {
        legacyPrefixes();
        int rexR = row.hasModrm() ? reg >>> 3 : 0;
        if (row.uses("Z")) {
            rexB = r.below(c.compatibility ? 1 : 2);
        }
        if (row.isVex()) {
            emitVex(rexR);
        } else {
            int rex = (wide ? 8 : 0) | rexR << 2 | rexX << 1 | rexB;
            if (!c.compatibility && (rex != 0 || r.percent(20))) {
                c.emit(0x40 | rex);
            }
            if (row.map() >= 1) {
                c.emit(0x0F);
            }
            if (row.map() >= 2) {
                c.emit(row.map() == 2 ? 0x38 : 0x3A);
            }
        }
        c.emit(opcode);
        if (row.hasModrm()) {
            c.emit(mod << 6 | (reg & 7) << 3 | modrmRm);
            if (sib >= 0 && mod != 3) {
                c.emit(sib);
            }
            if (ripRelative) {
                disp = linear - (c.start + c.length + 4 + immediateSize + immediate2Size);
            }
            c.emit(disp, dispSize);
        }
        if (relative != 0) {
            immediate = relative - (c.start + c.length + immediateSize);
        }
        c.emit(immediate, immediateSize);
        c.emit(immediate2, immediate2Size);
        int last = (int) (ReplayMachine.CODE + ReplayMachine.CODE_SIZE - c.start);
        c.length = Math.min(c.length, last);
    }

    /** Target of a relative branch, or 0. */
    long relative;

    private void emitVex(int rexR) {
        int map = row.map() == 4 ? 2 : 3;
        int pp = row.prefix() == 0x66 ? 1 : row.prefix() == 0xF3 ? 2 : row.prefix() == 0xF2 ? 3 : 0;
        if (!row.uses("B")) {
            vvvv = 0;
        }
        c.emit(0xC4);
        c.emit((rexR ^ 1) << 7 | (rexX ^ 1) << 6 | (rexB ^ 1) << 5 | map);
        c.emit((wide ? 0x80 : 0) | (~vvvv & 15) << 3 | pp | (r.percent(1) ? 4 : 0));
    }
}
