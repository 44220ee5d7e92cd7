package io.github.paravane.cpu.vectors;

/** Gives registers and memory the values with which the operation at hand does something worth seeing. */
final class Preparation {
    private static final int RAX = 0;
    private static final int RCX = 1;
    private static final int RDX = 2;
    private static final int RBX = 3;
    private static final int RBP = 5;
    private static final int RSI = 6;
    private static final int RDI = 7;
    private static final int TF = 0x100;

    private final TableRow row;
    private final Random64 r;
    private final Case c;
    private final Encoding e;

    Preparation(TableRow row, Random64 r, Case c, Encoding e) {
        this.row = row;
        this.r = r;
        this.c = c;
        this.e = e;
    }

    /** Bytes of a memory operand that has no size of its own. */
    static int sizeOf(TableRow row, Encoding e) {
        return switch (row.method()) {
            case "SseState.fxsave", "SseState.fxrstor" -> 512;
            case "X87Control.frstor", "X87Control.fnsave" -> 108;
            case "X87Control.fldenv", "X87Control.fnstenv" -> 28;
            case "SystemOps.bound" -> 2 * e.operandSize;
            case "Moves.lea" -> 1;
            default -> e.operandSize + 2;
        };
    }

    void prepare() {
        if (row.uses("WQ") || row.family().startsWith("X87") && e.memory) {
            FloatStates.fillMemory(row, r, c, e.linear);
        }
        switch (row.family()) {
            case "StringOps" -> string();
            case "Branches" -> branch();
            case "SegmentOps" -> segment();
            case "StackOps" -> stack();
            case "SystemOps" -> system();
            case "MultiplyDivide" -> divide();
            case "IntegerArithmetic" -> compare();
            case "BitOps" -> bits();
            case "Shifts" -> c.gpr(RCX, r.percent(60) ? r.below(70) : c.gpr(RCX));
            case "X87Control", "SseState" -> control();
            case "SseString" -> {
                c.gpr(RAX, r.percent(85) ? r.below(40) - 20L : c.gpr(RAX));
                c.gpr(RDX, r.percent(85) ? r.below(40) - 20L : c.gpr(RDX));
            }
            default -> other();
        }
    }

    private void string() {
        c.gpr(RSI, pointer(Case.DS));
        c.gpr(RDI, pointer(Case.ES));
        c.gpr(RCX, r.percent(93) ? r.below(12) : r.below(40));
        if (e.operandSize == 8 && !c.compatibility && r.percent(50)) {
            c.gpr(RAX, peek(c.gpr(RDI)));
        }
        if (r.percent(40)) { // equal elements, so that REPE goes on
            long value = r.next();
            for (int n = 0; n < 512; n += 8) {
                c.poke(ReplayMachine.DATA_WINDOW + n, value, 8);
            }
            c.gpr(RAX, r.coin() ? value : c.gpr(RAX));
        }
        if (!c.compatibility && e.address16 && r.percent(70)) {
            for (int n : new int[] {RCX, RSI, RDI}) {
                c.gpr(n, c.gpr(n) | r.next() << 32);
            }
        }
        fixStack(4);
    }

    private long pointer(int selector) {
        long linear = Places.choose(r, 8, c.compatibility);
        if (r.percent(60)) {
            linear = ReplayMachine.DATA_WINDOW + 0x80 + 8L * r.below(32);
        }
        long base = c.compatibility ? HostSegments.descriptor(c.selector(selector)) >>> 16 & 0xFF_FFFFL : 0;
        return linear - base;
    }

    private long peek(long linear) {
        int at = Case.place(linear);
        return at >= 0 && at <= Case.BYTES - 8 ? c.image.getLong(at) : r.next();
    }

    private void fixStack(int percent) {
        if (r.percent(percent)) {
            c.gpr(Case.RSP, Places.stack(r, c.compatibility));
        }
    }

    /** Gives the r/m operand a value, wherever it is. */
    private void operand(long value, int width) {
        if (e.memory) {
            c.poke(e.linear, value, width);
        } else {
            c.gpr(e.rm, value);
        }
    }

    private void branch() {
        c.gpr(RCX, r.percent(50) ? r.below(3) : c.gpr(RCX));
        fixStack(10);
        if (row.uses("J")) {
            e.relative = Places.target(r, c, false);
            if (e.immediateSize == 1) {
                e.relative = c.start + 20 + r.below(80);
            }
            return;
        }
        long target = Places.target(r, c, true);
        switch (row.method()) {
            case "Branches.ret" -> {
                c.poke(c.gpr(Case.RSP), target, 8);
                e.immediate = r.percent(90) ? r.below(0x100) : e.immediate;
            }
            case "Branches.intN" -> {
                e.immediate = r.percent(20) ? r.oneOf(3, 4) : r.below(256);
                if (e.immediate == 0x80) { // would be a system call
                    e.immediate = 0x81;
                }
            }
            default -> {
                if (row.hasModrm()) {
                    operand(target, 8);
                }
            }
        }
    }

    private void segment() {
        if (!row.method()
                .contains("callFar")) { // a far call to compatibility mode pushes with 32-bit addresses, on AMD
            fixStack(8);
        }
        long selector = HostSegments.selector(r);
        long target = Places.target(r, c, true);
        long at = c.gpr(Case.RSP);
        int width = e.operandSize;
        switch (row.method()) {
            case "SegmentOps.movToSegment" -> {
                if (e.memory) {
                    c.poke(e.linear, selector, 2);
                } else if (e.rm != Case.RSP) {
                    c.gpr(e.rm, c.gpr(e.rm) & ~0xFFFFL | selector);
                }
            }
            case "SegmentOps.popSegment" -> c.poke(at, selector | r.next() << 16, 8);
            case "SegmentOps.loadFarPointer" -> c.poke(e.linear + width, selector, 2);
            case "SegmentOps.jmpFarMemory", "SegmentOps.callFarMemory" -> {
                c.poke(e.linear, target, Math.min(width, 4));
                c.poke(e.linear + Math.min(width, 4), selector, 2);
            }
            case "SegmentOps.jmpFarPointer", "SegmentOps.callFarPointer" -> {
                e.immediate = target;
                e.immediate2 = selector;
            }
            case "SegmentOps.retFar", "SegmentOps.iret" -> {
                c.poke(at, target, width);
                c.poke(at + width, r.percent(60) ? r.oneOf(0x23, 0x33) : selector, width);
                e.immediate = r.below(0x80);
                if (row.method().endsWith("iret")) {
                    c.poke(at + 2L * width, r.next() & ~(long) TF, width);
                    c.poke(at + 3L * width, r.percent(90) ? ReplayMachine.STACK_WINDOW : r.next(), width);
                    c.poke(at + 4L * width, r.percent(60) ? 0x2B : HostSegments.selector(r), width);
                }
            }
            case "SegmentOps.wrfsbase", "SegmentOps.wrgsbase" ->
                c.gpr(e.rm, r.percent(80) ? r.next() >>> 18 : r.next());
            default -> {
                /* nothing to prepare */
            }
        }
    }

    private void stack() {
        fixStack(15);
        switch (row.method()) {
            case "StackOps.popf" -> c.poke(c.gpr(Case.RSP), r.next() & ~(long) TF, 8);
            case "StackOps.enter" -> {
                e.immediate = r.percent(90) ? r.below(0x60) : r.next();
                e.immediate2 = r.percent(50) ? r.below(4) : r.percent(80) ? r.below(12) : r.next();
                frame();
            }
            case "StackOps.leave" -> frame();
            default -> {
                /* nothing to prepare */
            }
        }
    }

    private void frame() {
        c.gpr(
                RBP,
                r.percent(85)
                        ? ReplayMachine.STACK_WINDOW + 0x100 + 8L * r.below(16)
                        : Places.stack(r, c.compatibility));
    }

    private void system() {
        switch (row.method()) {
            case "SystemOps.verr", "SystemOps.verw", "SystemOps.lar", "SystemOps.lsl", "SystemOps.arpl" -> {
                long selector = HostSegments.selector(r);
                if (e.memory) {
                    c.poke(e.linear, selector, 2);
                } else if (e.rm != Case.RSP) {
                    c.gpr(e.rm, c.gpr(e.rm) & ~0xFFFFL | selector);
                }
            }
            case "SystemOps.bound" -> {
                if (r.percent(70)) {
                    c.poke(e.linear, -(r.next() >>> 40), e.operandSize);
                    c.poke(e.linear + e.operandSize, r.next() >>> 40, e.operandSize);
                    c.gpr(e.reg, r.next() >> 40);
                }
            }
            default -> {
                /* nothing to prepare */
            }
        }
    }

    private void divide() {
        int choice = r.below(10);
        if (choice < 4) {
            c.gpr(RDX, 0);
        } else if (choice < 6) {
            c.gpr(RDX, c.gpr(RAX) >> 63);
        } else if (choice < 8) {
            c.gpr(RDX, r.below(1000));
        }
        if (row.method().endsWith("div")) {
            if (r.percent(50)) {
                c.gpr(RAX, r.next() >> r.below(64));
            }
            if (r.percent(4)) {
                operand(0, 8);
            }
        }
    }

    private void compare() {
        if (row.method().equals("IntegerArithmetic.cmpxchg") && r.coin()) {
            c.gpr(RAX, e.memory ? peek(e.linear) : c.gpr(e.rm));
        } else if (row.method().equals("IntegerArithmetic.cmpxchgWide") && r.coin()) {
            long low = peek(e.linear);
            c.gpr(RAX, e.wide ? low : low & 0xFFFF_FFFFL);
            c.gpr(RDX, e.wide ? peek(e.linear + 8) : low >>> 32);
        }
    }

    private void bits() {
        if (row.method().startsWith("BitOps.bt") && e.memory && row.uses("G")) {
            c.gpr(e.reg, r.percent(95) ? r.below(1200) - 600L : r.next() >> 40 & 0xFFFFL);
            if (r.percent(50) && e.operandSize == 4 && !c.compatibility) {
                c.gpr(e.reg, c.gpr(e.reg) & 0xFFFF_FFFFL | r.next() << 32);
            }
        }
    }

    private void control() {
        long at = e.linear;
        switch (row.method()) {
            case "SseState.ldmxcsr" -> c.poke(at, mxcsr(), 4);
            case "SseState.fxrstor" -> {
                c.poke(at + 24, mxcsr(), 4);
                c.poke(at, r.next(), 8);
            }
            default -> {
                /* random images are fine */
            }
        }
    }

    /** Bit 17, the misaligned mode that some AMD processors have, stays clear. */
    private long mxcsr() {
        return (r.percent(85) ? r.next() & 0xFFFF : r.next()) & ~(1L << 17);
    }

    private void other() {
        switch (row.method()) {
            case "Moves.xlat" -> {
                long base = c.compatibility ? HostSegments.descriptor(c.selector(Case.DS)) >>> 16 & 0xFF_FFFFL : 0;
                c.gpr(RBX, (r.percent(80) ? ReplayMachine.DATA_WINDOW : Places.choose(r, 1, c.compatibility)) - base);
            }
            case "SseMoves.maskmovdqu", "Mmx.maskmovq" -> c.gpr(RDI, pointer(Case.DS));
            case "Moves.mov" -> {
                if (row.uses("O")) {
                    long base = c.compatibility ? HostSegments.descriptor(c.selector(Case.DS)) >>> 16 & 0xFF_FFFFL : 0;
                    e.immediate = Places.choose(r, e.operandSize, c.compatibility) - base;
                }
            }
            default -> {
                /* nothing to prepare */
            }
        }
    }
}
