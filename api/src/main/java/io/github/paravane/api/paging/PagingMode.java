package io.github.paravane.api.paging;

import java.util.List;

/** A paging structure: its levels from the root down. Intel SDM vol 3, 4.4 (PAE) and 4.5 (4-level). */
public enum PagingMode {
    /** 4-level paging of long mode: 48-bit linear addresses, 512 entries of 8 bytes per table. */
    FOUR_LEVEL(
            48,
            List.of(
                    new TableLevel(4, 39, 9, false, Pte.PSE, true),
                    new TableLevel(3, 30, 9, true, 0, true),
                    new TableLevel(2, 21, 9, true, 0, true),
                    new TableLevel(1, 12, 9, false, 0, true))),

    /** PAE paging: 32-bit linear addresses, a four-entry root without permissions (Intel SDM vol 3, 4.4.1). */
    PAE(
            32,
            List.of(
                    new TableLevel(3, 30, 2, false, 0x1E6L | 0xFFFL << 52, false),
                    new TableLevel(2, 21, 9, true, 0x7FFL << 52, true),
                    new TableLevel(1, 12, 9, false, 0x7FFL << 52, true)));

    private final int linearBits;
    private final List<TableLevel> levels;

    PagingMode(int linearBits, List<TableLevel> levels) {
        this.linearBits = linearBits;
        this.levels = levels;
    }

    /** Width of a linear address in bits. */
    public int linearBits() {
        return linearBits;
    }

    /** The levels, root first; immutable. */
    public List<TableLevel> levels() {
        return levels;
    }
}
