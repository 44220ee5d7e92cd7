package io.github.paravane.cpu.exec;

import io.github.paravane.api.cpu.DescriptorTables;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.paging.PageFault;

/**
 * The checks of segment loads at CPL 1 to 3 (Intel SDM vol 3, 5.5 to 5.8; MOV, far transfers and IRET in vol 2). Each check
 * answers the descriptor or throws; loading is a second step, so that an instruction can check everything first.
 */
final class SegmentLoader {
    private static final long TYPE_CODE = 1L << 43;
    private static final long TYPE_CONFORMING = 1L << 42;
    /** Writable for data, readable for code. */
    private static final long TYPE_RIGHTS = 1L << 41;

    private static final long NOT_SYSTEM = 1L << 44;
    private static final long PRESENT = 1L << 47;
    private static final long GATE_TYPE = 0x1FL << 40;
    private static final long CALL_GATE = 0xCL << 40;
    private static final long LONG = 1L << 53;
    private static final long DEFAULT_32 = 1L << 54;

    private SegmentLoader() {}

    private static int dpl(long descriptor) {
        return (int) (descriptor >>> 45) & 3;
    }

    /** The descriptor of a selector, #PF if its table faults, #GP(selector) if it lies outside. */
    static long fetch(Core c, int selector) {
        long descriptor = c.environment.descriptors().descriptor(selector);
        if (descriptor == 0) {
            PageFault pageFault = c.environment.descriptors().fault();
            throw pageFault != null ? c.fault.page(pageFault) : c.fault.generalProtection(selector & 0xFFFC);
        }
        return descriptor;
    }

    static boolean isNul(int selector) {
        return (selector & 0xFFFC) == 0;
    }

    /** Checks a selector for DS, ES, FS or GS; 0 for a NUL selector. */
    static long checkData(Core c, int selector) {
        if (isNul(selector)) {
            return 0;
        }
        long descriptor = fetch(c, selector);
        boolean code = (descriptor & TYPE_CODE) != 0;
        boolean readable = !code || (descriptor & TYPE_RIGHTS) != 0;
        boolean conforming = code && (descriptor & TYPE_CONFORMING) != 0;
        int level = Math.max(c.s.cpl, selector & 3);
        if ((descriptor & NOT_SYSTEM) == 0 || !readable || (!conforming && dpl(descriptor) < level)) {
            throw c.fault.generalProtection(selector & 0xFFFC);
        }
        if ((descriptor & PRESENT) == 0) {
            throw c.fault.vector(Trap.NP, selector & 0xFFFC);
        }
        return descriptor;
    }

    /** Checks a selector for a load of SS. */
    static long checkStack(Core c, int selector) {
        if (isNul(selector)) {
            throw c.fault.generalProtection(0);
        }
        return checkStack(c, selector, fetch(c, selector), c.s.cpl);
    }

    /** Checks a selector for a return to privilege {@code level}, which looks at RPL before it reads the descriptor. */
    static long checkReturnStack(Core c, int selector, int level) {
        if (isNul(selector)) {
            throw c.fault.generalProtection(0);
        }
        if ((selector & 3) != level) {
            throw c.fault.generalProtection(selector & 0xFFFC);
        }
        return checkStack(c, selector, fetch(c, selector), level);
    }

    private static long checkStack(Core c, int selector, long descriptor, int level) {
        boolean writable = (descriptor & (NOT_SYSTEM | TYPE_CODE | TYPE_RIGHTS)) == (NOT_SYSTEM | TYPE_RIGHTS);
        if ((selector & 3) != level || !writable || dpl(descriptor) != level) {
            throw c.fault.generalProtection(selector & 0xFFFC);
        }
        if ((descriptor & PRESENT) == 0) {
            throw c.fault.vector(Trap.SS, selector & 0xFFFC);
        }
        return descriptor;
    }

    /**
     * Checks a selector for CS. Gates are refused: no call gate of a guest is open to it, and task gates do not exist in long
     * mode. A call gate that is not present says so.
     *
     * @param returning RET or IRET: RPL is the level to return to, not below CPL; a jump or call stays at CPL
     */
    static long checkCode(Core c, int selector, boolean returning) {
        if (isNul(selector)) {
            throw c.fault.generalProtection(0);
        }
        long descriptor = fetch(c, selector);
        if (!returning
                && (descriptor & (GATE_TYPE | PRESENT)) == CALL_GATE
                && dpl(descriptor) >= Math.max(c.s.cpl, selector & 3)) {
            throw c.fault.vector(Trap.NP, selector & 0xFFFC);
        }
        boolean privileged = returning && (selector & 3) < c.s.cpl;
        boolean code = (descriptor & (NOT_SYSTEM | TYPE_CODE)) == (NOT_SYSTEM | TYPE_CODE);
        boolean conforming = (descriptor & TYPE_CONFORMING) != 0;
        boolean bothSizes = (descriptor & (LONG | DEFAULT_32)) == (LONG | DEFAULT_32);
        int level = returning ? selector & 3 : c.s.cpl;
        boolean reachable = conforming
                ? dpl(descriptor) <= level
                : dpl(descriptor) == level && (returning || (selector & 3) <= level);
        if (privileged || !code || bothSizes || !reachable) {
            throw c.fault.generalProtection(selector & 0xFFFC);
        }
        if ((descriptor & PRESENT) == 0) {
            throw c.fault.vector(Trap.NP, selector & 0xFFFC);
        }
        return descriptor;
    }

    /** RIP in a code segment: canonical in 64-bit mode, within the limit otherwise. */
    static void checkRip(Core c, long rip, long descriptor) {
        boolean valid =
                (descriptor & LONG) != 0 ? (rip << 16 >> 16) == rip : Long.compareUnsigned(rip, limit(descriptor)) <= 0;
        if (!valid) {
            throw c.fault.generalProtection(0);
        }
    }

    static boolean isLong(long descriptor) {
        return (descriptor & LONG) != 0;
    }

    /** The limit in bytes. */
    static long limit(long descriptor) {
        long raw = (descriptor & 0xFFFF) | (descriptor >>> 32 & 0xF_0000);
        return (descriptor & 1L << 55) != 0 ? raw << 12 | 0xFFF : raw;
    }

    /** Loads CS after its check; RPL becomes CPL. */
    static void loadCode(Core c, int selector, long descriptor) {
        c.s.loadSegment(Registers.CS, selector & ~3 | c.s.cpl, accessed(c, selector, descriptor));
    }

    /** Loads CS and SS after their checks, for a return to an outer level, which loses the data segments of inner ones. */
    static void loadOuter(Core c, int code, long codeDescriptor, int stack, long stackDescriptor) {
        c.s.loadSegment(Registers.CS, code, accessed(c, code, codeDescriptor));
        loadStack(c, stack, stackDescriptor);
        for (int segment = 0; segment <= Registers.GS; segment++) {
            long descriptor = c.s.descriptor[segment];
            boolean conforming = (descriptor & (TYPE_CODE | TYPE_CONFORMING)) == (TYPE_CODE | TYPE_CONFORMING);
            if (segment != Registers.CS && segment != Registers.SS && !conforming && dpl(descriptor) < c.s.cpl) {
                c.s.loadSegment(segment, 0, 0);
            }
        }
    }

    /** Loads SS after its check. */
    static void loadStack(Core c, int selector, long descriptor) {
        c.s.loadSegment(Registers.SS, selector, accessed(c, selector, descriptor));
    }

    /** The descriptor with its accessed bit, which the table gets, too. */
    private static long accessed(Core c, int selector, long descriptor) {
        if (descriptor != 0 && (descriptor & DescriptorTables.ACCESSED) == 0) {
            c.environment.descriptors().accessed(selector);
            return descriptor | DescriptorTables.ACCESSED;
        }
        return descriptor;
    }

    /** Checks and loads a segment register other than CS. */
    static void load(Core c, int segment, int selector) {
        long descriptor = segment == Registers.SS ? checkStack(c, selector) : checkData(c, selector);
        c.s.loadSegment(segment, selector, accessed(c, selector, descriptor));
    }
}
