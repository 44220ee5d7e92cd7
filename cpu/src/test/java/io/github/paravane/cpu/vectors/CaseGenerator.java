package io.github.paravane.cpu.vectors;

/**
 * Makes case {@code number} of a row from a seed: encoding, registers, flags, floating-point state and memory, mostly
 * such that the instruction completes, often enough such that it faults.
 */
final class CaseGenerator {
    private static final int FLAGS = 0xCD5;
    private static final long AC = 1 << 18;
    private static final long ID = 1 << 21;

    private final TableRow row;
    private final Random64 r;
    private final Case c = new Case();

    private CaseGenerator(TableRow row, long seed) {
        this.row = row;
        this.r = new Random64(seed);
    }

    /** The case; the same one for the same arguments, always. */
    static Case make(TableRow row, int number, long seed) {
        long hash = seed;
        for (int n = 0; n < row.key().length(); n++) {
            hash = Random64.mix(hash * 31 + row.key().charAt(n));
        }
        CaseGenerator generator = new CaseGenerator(row, Random64.mix(hash + number));
        generator.state();
        Encoding encoding = new Encoding(generator.row, generator.r, generator.c);
        encoding.choose();
        new Preparation(generator.row, generator.r, generator.c, encoding).prepare();
        encoding.emit();
        return generator.c;
    }

    private void state() {
        c.compatibility = row.has("i64") || (!row.has("o64") && r.percent(12));
        for (int n = 0; n < 16; n++) {
            c.gpr(n, c.compatibility && n >= 8 ? 0 : r.value());
        }
        c.gpr(Case.RSP, ReplayMachine.STACK_WINDOW + 0xC0 + 8L * r.below(24) + (r.percent(8) ? r.below(8) : 0));
        c.word(
                Case.RFLAGS,
                0x202 | r.next() & FLAGS | (r.percent(12) ? AC : 0) | (r.percent(10) && !c.compatibility ? ID : 0));
        c.word(Case.FS_BASE, 0x40);
        c.word(Case.GS_BASE, 0x80);
        c.selector(Case.CS, c.compatibility ? ReplayMachine.USER_32 : ReplayMachine.USER_64);
        c.selector(Case.SS, ReplayMachine.USER_DATA);
        c.selector(Case.DS, ReplayMachine.USER_DATA);
        c.selector(Case.ES, ReplayMachine.USER_DATA);
        if (c.compatibility && r.percent(40)) {
            c.selector(Case.DS, dataSelector());
            c.selector(Case.ES, dataSelector());
        }
        for (int n = Case.DATA; n < Case.EDGE; n++) {
            c.word(n, r.next());
        }
        for (int n = 0; n < 128; n++) {
            c.bytes[8 * Case.EDGE + n] = ReplayMachine.pattern(ReplayMachine.EDGE_WINDOW + n);
        }
        FloatStates.fill(row, r, c);
        int offset = r.percent(85) ? 0x800 + r.below(16) : 0x1000 - 1 - r.below(10);
        c.start = ReplayMachine.CODE + offset;
        if (r.percent(2)) {
            c.start = ReplayMachine.CODE + ReplayMachine.CODE_SIZE - 1 - r.below(8);
        }
    }

    private int dataSelector() {
        return (int) r.oneOf(
                0,
                ReplayMachine.USER_DATA,
                HostSegments.DATA_LIMITED,
                HostSegments.DATA_LIMITED,
                HostSegments.EXPAND_DOWN,
                HostSegments.DATA_READ_ONLY,
                HostSegments.CODE_32);
    }
}
