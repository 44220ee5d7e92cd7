package io.github.paravane.hypervisor.domain;

/** What an {@link OtherProcessor} can do as another vCPU of the domain at work: that vCPU has tables and a TLB of its own. */
public interface OtherVcpu {

    /** update_va_mapping without a flush: whether it was accepted. */
    boolean updateVaMapping(long linear, long entry);

    /** A store of 8 bytes through the TLB: false if it would fault. */
    boolean store(long linear, long value);
}
