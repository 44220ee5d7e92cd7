package io.github.paravane.testkit.guest;

/**
 * An object in a modelled kernel's heap.
 *
 * @param linear where it lies
 * @param size its bytes
 * @param bufctl address of its audit record, 0 if it comes from no cache
 * @param source {@code thread structure}, or the cache it was allocated from
 */
public record KernelObject(long linear, int size, long bufctl, String source) {

    /** Whether an address lies in it. */
    public boolean contains(long address) {
        return Long.compareUnsigned(address - linear, size) < 0;
    }

    /** The line that MDB's {@code ::whatis} prints for an address in it. */
    public String whatis(long address) {
        String place = Long.toHexString(address) + " is " + Long.toHexString(linear) + "+"
                + Long.toHexString(address - linear) + ", ";
        return bufctl == 0
                ? place + "allocated as a " + source
                : place + "bufctl " + Long.toHexString(bufctl) + " allocated from " + source;
    }
}
