package io.github.paravane.testkit.contract;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;

/** A hypercall that adds the words of a buffer, with one thing wrong. */
final class FaultyCall implements Hypercall {

    /** What is wrong; {@link #NOTHING} for the call as it should be. */
    enum Fault {
        NOTHING,
        THROWS_ON_BIG_COUNTS,
        GIVES_AN_ERROR_THAT_DOES_NOT_EXIST,
        CHANGES_RBX,
        CHANGES_R15,
        CHANGES_RSP,
        DEPENDS_ON_THE_CLOCK,
        CONTINUES_FOR_EVER,
        WRITES_WHAT_WAS_NOT_HANDED_OVER,
        DIFFERS_IN_A_MULTICALL,
        REMEMBERS_EARLIER_MACHINES
    }

    private static final int MOST = 16;
    private static final int CANARY = 1024;

    private final Fault fault;
    private int calls;

    FaultyCall(Fault fault) {
        this.fault = fault;
    }

    @Override
    public HypercallOutcome call(HypercallContext context) {
        calls++;
        int count = context.argument32(1);
        if (count < 0 || count > MOST) {
            if (fault == Fault.THROWS_ON_BIG_COUNTS) {
                throw new IllegalArgumentException("count " + count);
            }
            return fault == Fault.GIVES_AN_ERROR_THAT_DOES_NOT_EXIST
                    ? HypercallOutcome.completed(-1000)
                    : HypercallOutcome.failed(XenErrno.EINVAL);
        }
        Registers registers = context.registers();
        switch (fault) {
            case CHANGES_RBX -> registers.setGpr(Registers.RBX, count);
            case CHANGES_R15 -> registers.setGpr(Registers.R15, ~registers.gpr(Registers.R15));
            case CHANGES_RSP -> registers.setGpr(Registers.RSP, registers.gpr(Registers.RSP) - 8);
            case DEPENDS_ON_THE_CLOCK -> {
                return HypercallOutcome.completed(System.nanoTime());
            }
            case CONTINUES_FOR_EVER -> {
                return HypercallOutcome.CONTINUED;
            }
            case WRITES_WHAT_WAS_NOT_HANDED_OVER ->
                context.memory().writeU64(registers.gpr(Registers.RSP) - CANARY, count);
            case REMEMBERS_EARLIER_MACHINES -> {
                return HypercallOutcome.completed(calls);
            }
            default -> {
                // nothing here
            }
        }
        long sum = fault == Fault.DIFFERS_IN_A_MULTICALL && context.inMulticall() ? 1 : 0;
        for (int n = 0; n < count; n++) {
            sum += context.memory().readU64(context.argument(0) + 8L * n);
        }
        return HypercallOutcome.completed(sum & Long.MAX_VALUE);
    }
}
