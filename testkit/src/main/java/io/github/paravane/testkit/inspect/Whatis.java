package io.github.paravane.testkit.inspect;

import io.github.paravane.testkit.guest.KernelObject;

/**
 * What an address is.
 *
 * @param address the address
 * @param start where the thing begins that it lies in; the address itself if that is unknown
 * @param kind what sort of thing
 * @param bufctl the audit record of a buffer, 0 without one
 * @param detail what {@code ::whatis} says behind the place: {@code allocated as a thread structure}, {@code allocated
 *     from as_cache}, {@code in unix's text segment}, {@code unknown}
 */
public record Whatis(long address, long start, Kind kind, long bufctl, String detail) {

    /** Sorts of things, in the order in which they are looked for. */
    public enum Kind {
        /** A place in the kernel's text that has a name. */
        SYMBOL,
        /** A thread structure. */
        THREAD,
        /** A buffer of a cache. */
        BUFFER,
        /** A frame that is in use as a page table. */
        PAGE_TABLE,
        /** The page shared with the hypervisor. */
        SHARED_INFO,
        /** The hypervisor's own range. */
        HYPERVISOR,
        /** A page of a process. */
        USER_PAGE,
        /** Nobody knows. */
        UNKNOWN
    }

    static Whatis of(KernelObject object, long address) {
        boolean cached = object.bufctl() != 0;
        return new Whatis(
                address,
                object.linear(),
                cached ? Kind.BUFFER : Kind.THREAD,
                object.bufctl(),
                (cached ? "allocated from " : "allocated as a ") + object.source());
    }

    /** The line that MDB prints. */
    public String line() {
        String place = Long.toHexString(address) + " is ";
        return switch (kind) {
            case UNKNOWN, SYMBOL, HYPERVISOR -> place + detail;
            default -> {
                String offset = Long.toHexString(start) + "+" + Long.toHexString(address - start) + ", ";
                yield place + offset + (bufctl == 0 ? "" : "bufctl " + Long.toHexString(bufctl) + " ") + detail;
            }
        };
    }
}
