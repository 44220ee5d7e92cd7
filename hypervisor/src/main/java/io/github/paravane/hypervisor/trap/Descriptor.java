package io.github.paravane.hypervisor.trap;

/** Bits of an 8-byte segment descriptor (Intel SDM vol 3, 3.4.5). */
final class Descriptor {

    static final long WRITABLE = 1L << 41;
    static final long CONFORMING = 1L << 42;
    static final long CODE = 1L << 43;
    static final long NON_SYSTEM = 1L << 44;
    static final long PRESENT = 1L << 47;
    static final long LONG = 1L << 53;
    static final long LONG_AND_DEFAULT = 3L << 53;

    private static final int DPL_SHIFT = 45;

    private Descriptor() {}

    static int dpl(long descriptor) {
        return (int) (descriptor >>> DPL_SHIFT) & 3;
    }

    static boolean isCode(long descriptor) {
        return (descriptor & (NON_SYSTEM | CODE)) == (NON_SYSTEM | CODE);
    }

    static boolean isWritableData(long descriptor) {
        return (descriptor & (NON_SYSTEM | CODE | WRITABLE)) == (NON_SYSTEM | WRITABLE);
    }
}
