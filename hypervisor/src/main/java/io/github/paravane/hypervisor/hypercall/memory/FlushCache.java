package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.XenErrno;
import org.jspecify.annotations.Nullable;

/** MMUEXT_FLUSH_CACHE and MMUEXT_FLUSH_CACHE_GLOBAL: nothing to do, but only for those who may. */
final class FlushCache implements MmuExtOperation {

    private final XenErrno refusal;

    /**
     * @param refusal what a domain without devices gets
     */
    FlushCache(XenErrno refusal) {
        this.refusal = refusal;
    }

    @Override
    public @Nullable XenErrno perform(MmuExtRequest request) {
        return request.domain().isPrivileged() ? null : refusal;
    }
}
