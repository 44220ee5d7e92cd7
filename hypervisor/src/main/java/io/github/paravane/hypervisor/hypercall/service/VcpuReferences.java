package io.github.paravane.hypervisor.hypercall.service;

import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Vcpu;

/** References on frames that vcpu_op takes; each method answers 0 or a negated errno, and then holds nothing new. */
public interface VcpuReferences {

    /** Installs a GDT of {@code entries} in {@code mfns}; what set_gdt does. */
    long setGdt(Vcpu vcpu, long[] mfns, int entries);

    /**
     * Takes the root tables of a vCPU that has none yet and makes them its kernel and user base.
     *
     * @param userMfn 0 for none
     * @return 0 or a negated errno; -ERESTART if the call is to be made again
     */
    long takeBases(Vcpu vcpu, long kernelMfn, long userMfn);

    /** Takes a general and a writable-page reference on a frame of the domain until {@link #dropWritable} or the domain's end. */
    long takeWritable(Domain domain, long mfn);

    /** Drops what {@link #takeWritable} took. */
    void dropWritable(Domain domain, long mfn);
}
