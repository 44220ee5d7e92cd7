package io.github.paravane.api.hypercall;

/**
 * Guest memory as a hypercall sees it: linear addresses through the caller's kernel tables, page protections honoured.
 *
 * <p>Every method throws {@link GuestFault} when a byte lies in the hypervisor's range or cannot be accessed. Values are
 * little-endian; addresses need not be aligned and may cross pages.
 */
public interface GuestBuffer {

    /** Copies guest memory into {@code target}. */
    void read(long linear, byte[] target, int offset, int length);

    /** Copies {@code source} into guest memory; pages before the faulting one are written. */
    void write(long linear, byte[] source, int offset, int length);

    /** Reads a byte, zero-extended. */
    int readU8(long linear);

    /** Reads two bytes, zero-extended. */
    int readU16(long linear);

    /** Reads four bytes. */
    int readU32(long linear);

    /** Reads eight bytes. */
    long readU64(long linear);

    /** Writes the low 8 bits. */
    void writeU8(long linear, int value);

    /** Writes the low 16 bits. */
    void writeU16(long linear, int value);

    /** Writes four bytes. */
    void writeU32(long linear, int value);

    /** Writes eight bytes. */
    void writeU64(long linear, long value);

    /**
     * Whether an array of {@code count} elements of {@code size} bytes at {@code linear} lies outside the hypervisor's
     * range; says nothing about mappings (Xen's guest_handle_okay).
     */
    boolean inGuestRange(long linear, long count, int size);
}
