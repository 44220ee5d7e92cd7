package io.github.paravane.hypervisor.profiles;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.BitMask;

/** Masks that profiles are written with. */
final class Masks {

    static final BitMask NONE = new BitMask(0);
    static final BitMask ALL = new BitMask(-1L);

    static final long TF = 1 << 8;
    static final long IOPL = 3 << 12;
    static final long NT = 1 << 14;
    static final long RF = 1 << 16;
    static final long VM = 1 << 17;
    static final long AC = 1 << 18;

    private Masks() {}

    /** The mask of these bits. */
    static BitMask of(long bits) {
        return new BitMask(bits);
    }

    /** Bits 0 to {@code last}. */
    static BitMask upTo(int last) {
        return new BitMask((1L << last + 1) - 1);
    }

    /** Bits {@code first} to {@code last}. */
    static BitMask range(int first, int last) {
        return new BitMask((1L << last + 1) - (1L << first));
    }

    /** Every bit of a page-table entry but its frame and {@code compared}. */
    static BitMask flagsBut(long compared) {
        return new BitMask(~(Pte.FRAME_MASK | compared));
    }
}
