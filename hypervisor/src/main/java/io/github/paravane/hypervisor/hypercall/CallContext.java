package io.github.paravane.hypervisor.hypercall;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.domain.Vcpu;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The context of one vCPU's hypercalls; one object per vCPU (and one per multicall nesting), used again for each call. */
public final class CallContext implements HypercallContext {

    /** Number of arguments. */
    public static final int ARGUMENTS = 6;

    private final Vcpu vcpu;
    private final GuestBuffer memory;
    private final HypercallTable table;
    private final boolean inMulticall;
    private final long[] arguments = new long[ARGUMENTS];
    private @Nullable CallContext nested;
    private int number;

    /**
     * @param vcpu the caller
     * @param memory its memory
     * @param table where its calls are looked up
     */
    public CallContext(Vcpu vcpu, GuestBuffer memory, HypercallTable table) {
        this(vcpu, memory, table, false);
    }

    private CallContext(Vcpu vcpu, GuestBuffer memory, HypercallTable table, boolean inMulticall) {
        this.vcpu = Objects.requireNonNull(vcpu, "vcpu");
        this.memory = Objects.requireNonNull(memory, "memory");
        this.table = Objects.requireNonNull(table, "table");
        this.inMulticall = inMulticall;
    }

    /** Starts a call: number and then each argument are set before the table runs it. */
    public void begin(int decodedNumber) {
        number = decodedNumber;
    }

    /** Runs the call described so far. */
    public HypercallOutcome run() {
        return table.call(this);
    }

    /** The number that a guest's 64-bit value stands for, -1 for one that does not exist. */
    public int decode(long value) {
        return table.decode(value);
    }

    /** The context for the entries of a multicall that this context's caller makes; the same object each time. */
    public CallContext nested() {
        CallContext entry = nested;
        if (entry == null) {
            entry = new CallContext(vcpu, memory, table, true);
            nested = entry;
        }
        return entry;
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
