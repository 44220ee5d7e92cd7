/**
 * The MMU of one virtual processor: {@link io.github.paravane.mmu.Mmu} looks in its TLB, and on a miss walks the tables in
 * machine memory with the base that is loaded <em>now</em>.
 *
 * <p>Nothing here knows of hypervisors, profiles or instructions. What is stale stays stale until flushed, as on hardware.
 */
@NullMarked
package io.github.paravane.mmu;

import org.jspecify.annotations.NullMarked;
