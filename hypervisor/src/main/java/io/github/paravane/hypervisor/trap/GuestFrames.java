package io.github.paravane.hypervisor.trap;

import io.github.paravane.hypervisor.domain.Vcpu;

/** What privileged instructions need of the rules for frames, which package {@code pagetable} keeps. */
public interface GuestFrames {

    /** MOV to CR3, by the rules of NEW_BASEPTR: whether {@code mfn} is now the vCPU's kernel table. */
    boolean loadKernelBase(Vcpu vcpu, long mfn);

    /** Fills frame {@code mfn} if the vCPU's domain owns it and it can be taken as writable; whether it did. */
    boolean fill(Vcpu vcpu, long mfn, byte[] page);
}
