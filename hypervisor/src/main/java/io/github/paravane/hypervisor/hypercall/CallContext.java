package io.github.paravane.hypervisor.hypercall;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.domain.Vcpu;
import java.util.Objects;

/** The context of one vCPU's hypercalls; one object per vCPU (and one per multicall nesting), used again for each call. */
public final class CallContext implements HypercallContext {

    private static final int ARGUMENTS = 6;

    private final Vcpu vcpu;
    private final GuestBuffer memory;
    private final boolean inMulticall;
    private final long[] arguments = new long[ARGUMENTS];
    private int number;

    public CallContext(Vcpu vcpu, GuestBuffer memory, boolean inMulticall) {
        this.vcpu = Objects.requireNonNull(vcpu, "vcpu");
        this.memory = Objects.requireNonNull(memory, "memory");
        this.inMulticall = inMulticall;
    }

    /** Starts a call: number and then each argument are set before the table runs it. */
    public void begin(int decodedNumber) {
        number = decodedNumber;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public long argument(int index) {
        return arguments[index];
    }

    @Override
    public void setArgument(int index, long value) {
        arguments[index] = value;
    }

    @Override
    public GuestBuffer memory() {
        return memory;
    }

    @Override
    public Registers registers() {
        return vcpu.registers();
    }

    @Override
    public int domainId() {
        return vcpu.domain().id();
    }

    @Override
    public int vcpuId() {
        return vcpu.id();
    }

    @Override
    public AbiProfile profile() {
        return vcpu.domain().platform().profile();
    }

    @Override
    public boolean inMulticall() {
        return inMulticall;
    }
}
