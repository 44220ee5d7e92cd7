/** GDT and LDT of guests: which descriptors they may have, and what their processors see. */
@NullMarked
package io.github.paravane.hypervisor.descriptor;

import org.jspecify.annotations.NullMarked;
