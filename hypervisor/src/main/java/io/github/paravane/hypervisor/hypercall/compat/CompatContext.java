package io.github.paravane.hypervisor.hypercall.compat;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.profile.AbiProfile;

/** A hypercall of a 32-bit guest as a 64-bit one would make it: other arguments, other memory, all else as it is. */
final class CompatContext implements HypercallContext {

    private final HypercallContext caller;
    private final GuestBuffer memory;
    private final long[] arguments = new long[6];

    /** The caller's arguments to begin with. */
    CompatContext(HypercallContext caller, GuestBuffer memory) {
        this.caller = caller;
        this.memory = memory;
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = caller.argument(i);
        }
    }

    @Override
    public int number() {
        return caller.number();
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
        return caller.registers();
    }

    @Override
    public int domainId() {
        return caller.domainId();
    }

    @Override
    public int vcpuId() {
        return caller.vcpuId();
    }

    @Override
    public AbiProfile profile() {
        return caller.profile();
    }

    @Override
    public boolean inMulticall() {
        return caller.inMulticall();
    }
}
