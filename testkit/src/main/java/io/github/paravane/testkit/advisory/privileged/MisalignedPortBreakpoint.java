package io.github.paravane.testkit.advisory.privileged;

import static io.github.paravane.testkit.asm.Gpr.AL;
import static io.github.paravane.testkit.asm.Gpr.DX;
import static io.github.paravane.testkit.asm.Gpr.EDX;
import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.ControlRegister;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.Hypercalls;
import io.github.paravane.testkit.runtime.TrapWord;

/** 08aacc392d: a breakpoint on ports that does not begin at a multiple of its size. */
final class MisalignedPortBreakpoint {

    private static final long CR4_DE = 1 << 3;

    /** L0, and for it ports of two bytes. */
    private static final long CONTROL = 1 | 2 << 16 | 1 << 18;

    private static final int SET_IOPL = 6;
    private static final int PORT = 0x80;

    private MisalignedPortBreakpoint() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "08aacc392d", Layer.PRIVILEGED, "A port breakpoint at an odd port misses the even one")
                .names("08aacc392d", "bec9e32050")
                .mechanism(
                        "A processor ignores the lower bits of a breakpoint that is wider than a byte. The hypervisor,"
                                + " which emulates the port instructions of a guest and so has to look for breakpoints itself, "
                                + "takes the ports from the address as it is.")
                .construction("CR4.DE set, a breakpoint of two ports at 81h; IN of port 80h.")
                .telling("IN goes by, or raises #DB.")
                .affected("3.2 to 4.19, and 4.17.4")
                .repaired("4.20 and 4.17.5 (08aacc392d)")
                .provenance("Xen commits bec9e32050 and 08aacc392d")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_16,
                AbiProfiles.XEN_4_17,
                GuestTrial.of(BugGuest.elf(MisalignedPortBreakpoint::guest)));
    }

    private static void guest(BugGuest guest) {
        Assembler asm = guest.asm();
        TableSteps steps = new TableSteps(guest);
        Label request = guest.label();
        Label caught = guest.label();
        guest.runtime().data(() -> asm.align(8).bind(request).u32(1).u32(0));
        guest.runtime().call(Hypercalls.PHYSDEV_OP, SET_IOPL, request);
        steps.require("set_iopl");
        asm.mov(RAX, ControlRegister.CR4).or(RAX, CR4_DE).mov(ControlRegister.CR4, RAX);
        guest.runtime().call(Hypercalls.SET_DEBUGREG, 0, PORT + 1);
        steps.require("setting DR0");
        guest.runtime().call(Hypercalls.SET_DEBUGREG, 7, CONTROL);
        steps.require("setting DR7");
        guest.runtime().attempt(caught, () -> asm.mov(EDX, PORT).in(AL, DX));
        guest.failure("IN of port 80h goes by");
        asm.bind(caught);
        guest.evidence("vector", TrapWord.VECTOR);
        guest.load(RAX, TrapWord.VECTOR);
        guest.judge(RAX, -1, "", Trap.DB, "IN of port 80h raises #DB");
    }
}
