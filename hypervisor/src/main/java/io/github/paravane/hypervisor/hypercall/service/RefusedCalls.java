package io.github.paravane.hypervisor.hypercall.service;

import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import java.util.Map;

/** Hypercalls that exist but serve only control domains, or devices a domain does not have (abi-reference 3.23). */
final class RefusedCalls {

    private static final Map<String, XenErrno> ERRNO = Map.ofEntries(
            Map.entry("kexec_op", XenErrno.EPERM),
            Map.entry("hypfs_op", XenErrno.EPERM),
            Map.entry("xenoprof_op", XenErrno.EPERM),
            Map.entry("mca", XenErrno.EPERM),
            Map.entry("xenpmu_op", XenErrno.EOPNOTSUPP),
            Map.entry("argo_op", XenErrno.ENOSYS),
            Map.entry("xsm_op", XenErrno.ENOSYS),
            Map.entry("acm_op", XenErrno.ENOSYS),
            Map.entry("tmem_op", XenErrno.ENOSYS));

    private RefusedCalls() {}

    static void register(Map<String, Hypercall> calls) {
        ERRNO.forEach((name, errno) -> {
            HypercallOutcome refusal = HypercallOutcome.failed(errno);
            calls.put(name, context -> refusal);
        });
    }
}
