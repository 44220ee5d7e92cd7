package io.github.paravane.api.paging;

/**
 * One level of a paging structure, as data: a walker loops over these instead of naming levels.
 *
 * @param number 4 for the root of long mode (PML4, Xen's L4) down to 1 for the page table (Xen's L1)
 * @param shift position of the lowest linear-address bit this level translates
 * @param indexBits number of linear-address bits it translates
 * @param largePage whether PS (bit 7) in an entry of this level maps a page of {@code 1 << shift} bytes
 * @param reserved entry bits that must be zero in a present entry, whatever PS says
 * @param hasPermissions whether R/W, U/S and NX of the entry take part (false for the PAE PDPT)
 */
public record TableLevel(
        int number, int shift, int indexBits, boolean largePage, long reserved, boolean hasPermissions) {

    /** The index into a table of this level for {@code linear}. */
    public int index(long linear) {
        return (int) (linear >>> shift) & (1 << indexBits) - 1;
    }
}
