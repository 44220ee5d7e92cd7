package io.github.paravane.cpu.vectors;

import io.github.paravane.cpu.decode.Decoder;
import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.decode.OpcodeTable;
import io.github.paravane.cpu.state.Flags;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Results that the manuals leave undefined, or define within bounds only: the one place where a difference is forgiven.
 * Citations are of the instruction's page in Intel SDM vol 2 and AMD APM vol 3 (vol 5 for x87 and MMX), which agree unless
 * said otherwise.
 */
final class Undefined {
    private static final int OF = Flags.OF;
    private static final int SF = Flags.SF;
    private static final int ZF = Flags.ZF;
    private static final int AF = Flags.AF;
    private static final int PF = Flags.PF;
    private static final int CF = Flags.CF;

    /** Flags of a method that are undefined when the condition holds. */
    private record Rule(int flags, Predicate<Shift> when) {}

    /** What conditions look at. */
    private record Shift(int count, int bits) {}

    private static final Predicate<Shift> ALWAYS = s -> true;
    private static final Predicate<Shift> SHIFTED = s -> s.count != 0;
    private static final Predicate<Shift> NOT_BY_ONE = s -> s.count != 0 && s.count != 1;
    private static final Predicate<Shift> TOO_FAR = s -> s.count >= s.bits;

    private static final Map<String, Rule[]> FLAGS = new HashMap<>();

    private static void rule(String methods, Rule... rules) {
        for (String method : methods.split(" ")) {
            FLAGS.put(method, rules);
        }
    }

    static {
        // SAL/SAR/SHL/SHR: AF undefined; OF defined for counts of 1 only; CF undefined for counts of the size and more.
        rule("Shifts.shl Shifts.shr", new Rule(AF, SHIFTED), new Rule(OF, NOT_BY_ONE), new Rule(CF, TOO_FAR));
        rule("Shifts.sar", new Rule(AF, SHIFTED), new Rule(OF, NOT_BY_ONE));
        // RCL/RCR/ROL/ROR: OF defined for counts of 1 only.
        rule("Shifts.rol Shifts.ror Shifts.rcl Shifts.rcr", new Rule(OF, NOT_BY_ONE));
        // SHLD, SHRD: AF undefined; OF for counts of 1 only; all flags and the result if the count exceeds the size.
        rule(
                "Shifts.shld Shifts.shrd",
                new Rule(AF, SHIFTED),
                new Rule(OF, NOT_BY_ONE),
                new Rule(CF | PF | SF | ZF, s -> s.count > s.bits));
        // MUL, IMUL: SF ZF AF PF undefined.
        rule(
                "MultiplyDivide.mul MultiplyDivide.imul1 MultiplyDivide.imul2 MultiplyDivide.imul3",
                new Rule(SF | ZF | AF | PF, ALWAYS));
        // DIV, IDIV: all undefined.
        rule("MultiplyDivide.div MultiplyDivide.idiv", new Rule(Flags.ARITHMETIC, ALWAYS));
        // AAA, AAS: OF SF ZF PF undefined. DAA, DAS: OF. AAM, AAD: OF AF CF.
        rule("IntegerArithmetic.aaa IntegerArithmetic.aas", new Rule(OF | SF | ZF | PF, ALWAYS));
        rule("IntegerArithmetic.daa IntegerArithmetic.das", new Rule(OF, ALWAYS));
        rule("MultiplyDivide.aam MultiplyDivide.aad", new Rule(OF | AF | CF, ALWAYS));
        // TZCNT, LZCNT: OF SF AF PF undefined.
        rule("BitOps.tzcnt BitOps.lzcnt", new Rule(OF | SF | AF | PF, ALWAYS));
        // BEXTR: AF SF PF undefined. BZHI, ANDN, BLSR, BLSI, BLSMSK: AF PF.
        rule("Bmi.bextr", new Rule(AF | SF | PF, ALWAYS));
        rule("Bmi.bzhi Bmi.andn Bmi.blsr Bmi.blsi Bmi.blsmsk", new Rule(AF | PF, ALWAYS));
    }

    private static final int FSW = 8 * Case.FX + 2;
    private static final int C1 = 2;
    private static final int MXCSR_MASK_AT = 28;

    private Undefined() {}

    /** Makes {@code actual} equal to {@code expected} in what is undefined for this case. */
    static void forgive(TableRow row, Case before, Case expected, Case actual) {
        if (expected.word(Case.VECTOR) == actual.word(Case.VECTOR) && expected.word(Case.VECTOR) != 0) {
            faults(row, expected, actual);
            return;
        }
        if (!before.compatibility && expected.selector(Case.CS) != before.selector(Case.CS)) {
            // The upper half of RSP is undefined once 64-bit mode is left (Intel SDM vol 1, 3.4.1.1).
            long rsp = actual.gpr(Case.RSP);
            if (expected.gpr(Case.RSP) == (rsp & 0xFFFF_FFFFL)) {
                actual.word(Case.GPR + Case.RSP, expected.gpr(Case.RSP));
            }
        }
        Rule[] rules = FLAGS.get(row.method());
        if (rules != null) {
            flags(row, rules, before, expected, actual);
        }
        if (row.family().equals("X87Transcendental")) {
            X87Tolerance.forgive(row, before, expected, actual);
        } else if (row.method().startsWith("SseArithmetic.approximate")) {
            Approximation.forgive(before, expected, actual);
        } else if (row.method().equals("SseState.fxsave")) {
            maxMask(before, expected, actual);
        }
    }

    private static void flags(TableRow row, Rule[] rules, Case before, Case expected, Case actual) {
        Shift shift = new Shift(0, 0);
        if (row.family().equals("Shifts")) {
            Insn i = decode(before);
            boolean byCl = row.operands().contains("CL");
            int count = (int) (byCl ? before.gpr(1) : i.imm) & (i.width == 8 ? 63 : 31);
            shift = new Shift(count, 8 * i.width);
            if (row.method().length() == 11 && count > 8 * i.width) { // SHLD, SHRD
                destination(i, before, expected, actual);
            }
        }
        long mask = 0;
        for (Rule rule : rules) {
            mask |= rule.when.test(shift) ? rule.flags : 0;
        }
        actual.word(Case.RFLAGS, actual.word(Case.RFLAGS) & ~mask | expected.word(Case.RFLAGS) & mask);
    }

    private static void destination(Insn i, Case before, Case expected, Case actual) {
        if (i.memOperand == 1) {
            System.arraycopy(expected.bytes, 8 * Case.DATA, actual.bytes, 8 * Case.DATA, 8 * (Case.WORDS - Case.DATA));
        } else {
            actual.word(Case.GPR + i.dst, expected.word(Case.GPR + i.dst));
        }
    }

    static Insn decode(Case c) {
        Insn insn = new Insn();
        new Decoder(OpcodeTable.standard()).decode(c.code, 0, c.length, !c.compatibility, insn);
        return insn;
    }

    /** State that a fault leaves, and which of several addresses it names, where no manual orders the accesses. */
    private static void faults(TableRow row, Case expected, Case actual) {
        boolean samePage = expected.word(Case.CR2) >>> 12 == actual.word(Case.CR2) >>> 12;
        switch (row.method()) {
            // Images, frames: which part of the page is touched first is not defined.
            case "X87Control.fldenv",
                    "X87Control.fnstenv",
                    "X87Control.frstor",
                    "X87Control.fnsave",
                    "SegmentOps.iret",
                    "SegmentOps.retFar",
                    "StackOps.enter" -> {
                if (samePage) {
                    actual.word(Case.CR2, expected.word(Case.CR2));
                }
            }
            // The processor keeps what it popped before the fault; RSP, hence a restart, is exact.
            case "StackOps.popa" -> {
                for (int n = 0; n < 8; n++) {
                    if (n != Case.RSP) {
                        actual.word(Case.GPR + n, expected.word(Case.GPR + n));
                    }
                }
            }
            default -> {
                /* exact */
            }
        }
    }

    /** MXCSR_MASK in an FXSAVE image is the model's (Intel SDM vol 1, 11.6.6). */
    private static void maxMask(Case before, Case expected, Case actual) {
        Insn i = decode(before);
        long offset = i.disp
                + (i.base == Insn.BLOCK_RIP
                        ? before.start + before.length
                        : i.base == Insn.ZERO ? 0 : before.gpr(i.base))
                + (i.index == Insn.ZERO ? 0 : before.gpr(i.index) << i.scale);
        long base = i.segment == 4 ? 0x40 : i.segment == 5 ? 0x80 : 0;
        if (before.compatibility) {
            base = HostSegments.descriptor(before.selector(
                                    new int[] {Case.ES, Case.CS, Case.SS, Case.DS, Case.FS, Case.GS}[i.segment]))
                            >>> 16
                    & 0xFF_FFFFL;
        }
        for (int n = 0; n < 4; n++) {
            int at = Case.place(base + (offset & i.addressMask) + MXCSR_MASK_AT + n);
            if (at >= 0) {
                actual.bytes[at] = expected.bytes[at];
            }
        }
    }

    static void forgiveC1(Case expected, Case actual) {
        int other = actual.bytes[FSW + 1] & ~C1;
        actual.bytes[FSW + 1] = (byte) (other | expected.bytes[FSW + 1] & C1);
    }
}
