package io.github.paravane.cpu.vectors;

/** Linear addresses for operands: in the windows, at the edges of pages, and where there is nothing. */
final class Places {
    private Places() {}

    static long choose(Random64 r, int width, boolean compatibility) {
        int kind = r.below(100);
        int align = Integer.highestOneBit(Math.min(width, 16));
        int room = Math.max(1, (0x200 - width) / align);
        long inData = ReplayMachine.DATA_WINDOW;
        if (kind < 55) {
            return inData + (long) align * r.below(room);
        }
        if (kind < 70) {
            return inData + r.below(Math.max(1, 0x200 - width));
        }
        if (kind < 78) {
            return ReplayMachine.DATA + 0x1000 - 1 - r.below(Math.max(1, width - 1));
        }
        if (kind < 84) {
            return ReplayMachine.STACK_WINDOW + (long) align * r.below(room);
        }
        if (kind < 87) {
            return ReplayMachine.READ_ONLY + 8L * r.below(64) + (r.percent(30) ? r.below(8) : 0);
        }
        if (kind < 89) {
            return ReplayMachine.ABSENT + 8L * r.below(64) + (r.percent(30) ? r.below(8) : 0);
        }
        if (kind < 93) {
            return ReplayMachine.ABSENT - r.below(width + 4);
        }
        if (compatibility) {
            return ReplayMachine.DATA + 0x1108 - r.below(width + 2);
        }
        if (kind < 96) {
            return r.next() & 0x7FFF_FFFF_FFFFL | 1L << (47 + r.below(16));
        }
        if (kind < 98) {
            return 0x8000_0000_0000L - r.below(width + 2);
        }
        return ReplayMachine.READ_ONLY + 0xFF8 + r.below(12);
    }

    /** A place for a stack pointer; {@code width} bytes are pushed or popped. */
    static long stack(Random64 r, boolean compatibility) {
        int kind = r.below(100);
        if (kind < 40 || (compatibility && kind >= 80)) {
            return ReplayMachine.STACK + 0x2000 - r.below(16);
        }
        if (kind < 60) {
            return ReplayMachine.STACK + r.below(16);
        }
        if (kind < 80) {
            return ReplayMachine.STACK + 0x1000 - r.below(8);
        }
        return kind < 90 ? r.next() : 0x8000_0000_0000L + r.below(16) - 8;
    }

    /** Where a branch may go: mostly into the code pages, away from the instruction itself. */
    static long target(Random64 r, Case c, boolean anywhere) {
        int kind = r.below(100);
        if (anywhere && kind < 4) {
            return r.next();
        }
        if (kind < 7) {
            return ReplayMachine.DATA_WINDOW + r.below(0x100);
        }
        if (kind < 9) {
            return ReplayMachine.ABSENT + r.below(0x100);
        }
        if (anywhere && kind < 11 && !c.compatibility) {
            return 0x8000_0000_0000L + r.below(0x100);
        }
        return near(r, c);
    }

    static long near(Random64 r, Case c) {
        long at = ReplayMachine.CODE + r.below(ReplayMachine.CODE_SIZE);
        return Math.abs(at - c.start) < 40 ? ReplayMachine.CODE + 0x100 + r.below(64) : at;
    }
}
