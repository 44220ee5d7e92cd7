/**
 * Machine memory and the address spaces of a Xen PV machine.
 *
 * <p>The words are Xen's ({@code xen/include/xen/mm.h}) and each names one space only:
 *
 * <ul>
 *   <li><b>mfn</b> - machine frame number: index of a 4 KiB frame of the machine. Page tables of a PV guest hold mfns.
 *   <li><b>maddr</b> - machine address: {@code mfn << 12 | offset}.
 *   <li><b>pfn</b> - pseudo-physical frame number: a domain's own contiguous numbering, 0 up to its size.
 *   <li><b>linear</b> - linear (virtual) address: what an instruction uses after segmentation; 48 bits, canonical.
 *   <li><b>P2M</b> - pfn to mfn, kept by the guest; <b>M2P</b> - mfn to pfn, kept by the hypervisor, readable by guests.
 * </ul>
 *
 * <p>Value types ({@link io.github.paravane.api.memory.Mfn}, ...) are for the edges of the library; inside, these
 * quantities are {@code long}s whose parameter names are exactly {@code mfn}, {@code pfn}, {@code maddr} and
 * {@code linear}. This package does not define translation (see {@code api.paging}) nor ownership of frames.
 */
@NullMarked
package io.github.paravane.api.memory;

import org.jspecify.annotations.NullMarked;
