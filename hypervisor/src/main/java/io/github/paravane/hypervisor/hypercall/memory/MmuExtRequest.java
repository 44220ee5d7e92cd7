package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Vcpu;
import org.jspecify.annotations.Nullable;

/** One request of mmuext_op (24 bytes: command at 0, first argument at 8, second at 16) and whose memory it concerns. */
final class MmuExtRequest {

    /** Bytes of a request. */
    static final int SIZE = 24;

    private static final int FIRST_ARGUMENT = 8;
    private static final int SECOND_ARGUMENT = 16;

    private final Vcpu vcpu;
    private final int owner;
    private final GuestBuffer memory;
    private int command;
    private long first;
    private long second;
    private @Nullable XenErrno lastError;

    MmuExtRequest(Vcpu vcpu, int owner, GuestBuffer memory) {
        this.vcpu = vcpu;
        this.owner = owner;
        this.memory = memory;
    }

    /** Reads the request at a linear address. */
    void read(long linear) {
        command = memory.readU32(linear);
        first = memory.readU64(linear + FIRST_ARGUMENT);
        second = memory.readU64(linear + SECOND_ARGUMENT);
    }

    /** An error that did not end the batch, and is its result unless another request takes its place; else null. */
    @Nullable
    XenErrno lastError() {
        return lastError;
    }

    void setLastError(@Nullable XenErrno error) {
        lastError = error;
    }

    /** The caller. */
    Vcpu vcpu() {
        return vcpu;
    }

    /** The caller's domain. */
    Domain domain() {
        return vcpu.domain();
    }

    /** The domain whose frames are meant. */
    int owner() {
        return owner;
    }

    /** The caller's memory. */
    GuestBuffer memory() {
        return memory;
    }

    /** The command as the guest gave it. */
    int command() {
        return command;
    }

    /** arg1: an mfn or a linear address. */
    long first() {
        return first;
    }

    /** arg2: a number of entries, a pointer or an mfn. */
    long second() {
        return second;
    }
}
