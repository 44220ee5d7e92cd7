package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;

/** One command of memory_op. */
@FunctionalInterface
interface MemoryOperation {

    /** Performs it; the second argument of the call points to its structure. */
    HypercallOutcome perform(HypercallContext context);
}
