/** The page walk: one loop over the levels of a paging mode. */
@NullMarked
package io.github.paravane.mmu.walk;

import org.jspecify.annotations.NullMarked;
