/** Page-table entries, walks, faults and the TLB: the seam between a CPU core and an MMU. */
@NullMarked
package io.github.paravane.api.paging;

import org.jspecify.annotations.NullMarked;
