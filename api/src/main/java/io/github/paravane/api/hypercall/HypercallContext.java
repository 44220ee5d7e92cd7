package io.github.paravane.api.hypercall;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.profile.AbiProfile;

/** What a hypercall sees of its caller. Valid during the call only. */
public interface HypercallContext {

    /** The number the guest put in RAX (or in a multicall entry's op), after the profile's decoding. */
    int number();

    /** Argument 0 to 5: RDI, RSI, RDX, R10, R8, R9, or a multicall entry's arguments. */
    long argument(int index);

    /** The low 32 bits of an argument, for parameters that Xen declares {@code unsigned int}. */
    default int argument32(int index) {
        return (int) argument(index);
    }

    /** Replaces an argument before {@link HypercallOutcome#CONTINUED}. */
    void setArgument(int index, long value);

    /** Guest memory through the caller's kernel tables. */
    GuestBuffer memory();

    /** The caller's registers. */
    Registers registers();

    /** The caller's domain id. */
    int domainId();

    /** The caller's vCPU number in its domain. */
    int vcpuId();

    /** The ABI the machine speaks. */
    AbiProfile profile();

    /** Whether this call is an entry of a multicall. */
    boolean inMulticall();
}
