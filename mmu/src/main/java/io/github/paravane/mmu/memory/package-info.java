/** Storage behind {@link io.github.paravane.api.memory.MachineMemory}. */
@NullMarked
package io.github.paravane.mmu.memory;

import org.jspecify.annotations.NullMarked;
