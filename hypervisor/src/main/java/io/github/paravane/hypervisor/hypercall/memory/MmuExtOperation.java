package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.XenErrno;
import org.jspecify.annotations.Nullable;

/** One command of mmuext_op. */
@FunctionalInterface
interface MmuExtOperation {

    /** Performs it; null, or the error that ends the batch. */
    @Nullable
    XenErrno perform(MmuExtRequest request);
}
