package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.cpu.EmulationResult;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.hypervisor.domain.Callbacks;
import io.github.paravane.hypervisor.domain.ReturnPath;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.hypercall.CallContext;
import io.github.paravane.hypervisor.hypercall.HypercallTable;

/**
 * Where the traps of a 32-bit guest's vCPU arrive: hypercalls come as INT 82h from ring 1, whose gate rings 2 and 3 cannot
 * use, and every way back is an IRET (Xen {@code arch/x86/x86_64/compat/entry.S}; abi-reference 8.3).
 */
public final class CompatTrapRouter extends TrapRouter {

    private static final int HYPERCALL_VECTOR = 0x82;
    private static final int INT_LENGTH = 2;
    private static final int KERNEL_RING = 1;
    private static final long WORD = 0xFFFF_FFFFL;
    private static final int[] ARGUMENTS = {
        Registers.RBX, Registers.RCX, Registers.RDX, Registers.RSI, Registers.RDI, Registers.RBP
    };

    private final CompatGates gates;

    /**
     * @param vcpu a vCPU of a 32-bit domain
     * @param hypercalls as 32-bit domains make them
     * @param parts with the bounce frames of 32-bit domains
     * @param memory what its hypercalls see
     */
    public CompatTrapRouter(Vcpu vcpu, HypercallTable hypercalls, EntryParts parts, GuestBuffer memory) {
        super(vcpu, hypercalls, parts, memory, true);
        gates = new CompatGates(vcpu.domain().platform());
    }

    @Override
    public boolean mayInterrupt(int vector) {
        return vector == HYPERCALL_VECTOR
                ? (registers().selector(Registers.CS) & 3) <= KERNEL_RING
                : super.mayInterrupt(vector);
    }

    @Override
    public Disposition syscall() {
        bounce().syscall(vcpu(), Callbacks.SYSCALL32);
        return beforeReturn();
    }

    @Override
    public Disposition trap(Trap trap) {
        if (trap.kind() == Trap.Kind.SOFTWARE_INTERRUPT && trap.vector() == HYPERCALL_VECTOR) {
            Registers r = registers();
            vcpu().returnPath().set(ReturnPath.Kind.IRET, r.rflags());
            hypercall(r);
            return beforeReturn();
        }
        return super.trap(trap);
    }

    @Override
    EmulationResult selectorFault(int errorCode) {
        return (errorCode & GateOps.IDT) != 0 ? EmulationResult.UNHANDLEABLE : gates.emulate(vcpu(), errorCode);
    }

    @Override
    void showSysenter(Registers r) {
        CompatSegments.loadSelectors(r, vcpu().descriptors(), CompatSegments.USER_CODE, CompatSegments.USER_DATA);
        r.loadSegment(Registers.CS, 3, FlatSegments.CODE_32_DESCRIPTOR);
    }

    private void hypercall(Registers r) {
        CallContext call = context();
        call.begin(call.decode(r.gpr(Registers.RAX) & WORD));
        for (int i = 0; i < ARGUMENTS.length; i++) {
            call.setArgument(i, r.gpr(ARGUMENTS[i]) & WORD);
        }
        HypercallOutcome outcome = run(call);
        switch (outcome.kind()) {
            case COMPLETED -> r.setGpr(Registers.RAX, outcome.result() & WORD);
            case CONTINUED -> {
                for (int i = 0; i < ARGUMENTS.length - 1; i++) {
                    r.setGpr(ARGUMENTS[i], call.argument(i) & WORD);
                }
                r.setRip(r.rip() - INT_LENGTH & WORD);
            }
            case NO_RETURN -> {
                // The call has set the registers, or there is nobody left to return to.
            }
        }
    }
}
