package io.github.paravane.hypervisor.trap;

/** RFLAGS bits (Intel SDM vol 1, 3.4.3). */
final class Flags {

    static final long CF = 1L;
    static final long FIXED = 1L << 1;
    static final long PF = 1L << 2;
    static final long AF = 1L << 4;
    static final long ZF = 1L << 6;
    static final long SF = 1L << 7;
    static final long TF = 1L << 8;
    static final long IF = 1L << 9;
    static final long DF = 1L << 10;
    static final long OF = 1L << 11;
    static final int IOPL_SHIFT = 12;
    static final long IOPL = 3L << IOPL_SHIFT;
    static final long NT = 1L << 14;
    static final long RF = 1L << 16;

    /** What IRETQ to CPL 3 takes from its frame: CF PF AF ZF SF TF IF DF OF NT RF AC ID. */
    static final long IRET_LOADED = 0x25_4FD5L;

    private Flags() {}
}
