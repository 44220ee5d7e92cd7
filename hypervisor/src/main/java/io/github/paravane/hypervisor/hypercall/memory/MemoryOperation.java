package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;

/** One command of memory_op. */
@FunctionalInterface
interface MemoryOperation {

    /** Bits of the first argument below the number of the extent to go on with. */
    int COMMAND_BITS = 6;

    /** Performs it; the second argument of the call points to its structure. */
    HypercallOutcome perform(HypercallContext context);
}
