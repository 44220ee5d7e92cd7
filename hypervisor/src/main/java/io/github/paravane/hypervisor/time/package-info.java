/** Time: the clock of a machine, pvclock pages and timers. */
@NullMarked
package io.github.paravane.hypervisor.time;

import org.jspecify.annotations.NullMarked;
