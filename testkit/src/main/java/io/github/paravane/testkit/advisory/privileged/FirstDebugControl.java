package io.github.paravane.testkit.advisory.privileged;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Memory.dword;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.Hypercalls;
import io.github.paravane.testkit.runtime.TrapWord;

/** adf8feba1a: the write of DR7 that enables the first breakpoint is lost. */
final class FirstDebugControl {

    /** L0, R/W0 = 1, LEN0 = 3, and bit 10, which is always set. */
    private static final int STORE_OF_4 = 0xD_0401;

    private FirstDebugControl() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "adf8feba1a", Layer.PRIVILEGED, "The write of DR7 that enables the first breakpoint is lost")
                .names("adf8feba1a")
                .mechanism("While no breakpoint is enabled the hypervisor does not load debug registers when it "
                        + "switches vCPUs. The write of DR7 that enables the first one therefore loads all of them, "
                        + "from what is stored, and ends there: DR7 is stored after that, and the processor keeps "
                        + "the old one. The guest reads what it wrote.")
                .construction(
                        "set_debugreg of DR0 with the address of a word and of DR7 with a breakpoint on stores of "
                                + "4 bytes there; a store to the word.")
                .telling("The store goes on, or raises #DB.")
                .affected("4.5 to 4.10")
                .repaired("4.11 (adf8feba1a)")
                .provenance("Xen commits 65e3554908 and adf8feba1a; XTF test debug-regs")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_10,
                AbiProfiles.XEN_4_11,
                GuestTrial.of(BugGuest.elf(FirstDebugControl::guest)));
    }

    private static void guest(BugGuest guest) {
        Label data = guest.runtime().page("watched");
        Label caught = guest.label();
        guest.runtime().call(Hypercalls.SET_DEBUGREG, 0, data);
        guest.runtime().call(Hypercalls.SET_DEBUGREG, 7, STORE_OF_4);
        guest.evidence("result", RAX);
        guest.runtime().attempt(caught, () -> guest.asm().mov(dword(ptr(data)), 1));
        guest.failure("the store went on without a trap");
        guest.asm().bind(caught);
        guest.evidence("vector", TrapWord.VECTOR);
        guest.load(RAX, TrapWord.VECTOR);
        guest.judge(RAX, -1, "", Trap.DB, "the breakpoint was hit");
    }
}
