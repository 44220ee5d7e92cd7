package io.github.paravane.hypervisor.domain;

/**
 * A range of a domain's memory map, as memory_op memory_map tells it (xen/include/public/memory.h).
 *
 * @param address where it begins, in bytes of pseudo-physical memory
 * @param size its length in bytes
 * @param type {@link #RAM} or another number of the BIOS's E820
 */
public record E820Entry(long address, long size, int type) {

    /** Type of ordinary memory. */
    public static final int RAM = 1;
}
