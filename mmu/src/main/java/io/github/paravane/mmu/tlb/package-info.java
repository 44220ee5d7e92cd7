/** The direct-mapped TLB. */
@NullMarked
package io.github.paravane.mmu.tlb;

import org.jspecify.annotations.NullMarked;
