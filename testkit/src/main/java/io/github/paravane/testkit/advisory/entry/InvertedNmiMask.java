package io.github.paravane.testkit.advisory.entry;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.Outcome;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.Hypercalls;
import io.github.paravane.testkit.runtime.TrapWord;

/** e0a4694418: nMIs are delivered only while they are masked. */
final class InvertedNmiMask {

    private static final int SEND_NMI = 11;

    private InvertedNmiMask() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("e0a4694418", Layer.ENTRY, "NMIs are delivered only while they are masked")
                .names("e0a4694418", "95b697252f")
                .mechanism("The mask of machine checks and NMIs became one word with a bit for each. The test for "
                        + "the bit compares the whole word with it, and then takes equal for clear: an NMI waits "
                        + "until another one is being handled, which never comes.")
                .construction("The kernel sends an NMI to itself with VCPUOP_send_nmi.")
                .telling("The call returns and nothing happens, or the handler of vector 2 is entered.")
                .affected("4.0.0")
                .repaired("4.0.1 and 4.1 (e0a4694418)")
                .provenance("Xen commits 95b697252f and e0a4694418")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_0,
                AbiProfiles.XEN_4_1,
                GuestTrial.of(BugGuest.elf(InvertedNmiMask::guest)));
    }

    private static void guest(BugGuest guest) {
        Label caught = guest.label();
        Label silent = guest.label();
        guest.runtime().attempt(caught, () -> guest.runtime().call(Hypercalls.VCPU_OP, SEND_NMI, 0, 0));
        guest.evidence("result", RAX);
        guest.asm().test(RAX, RAX).je(silent);
        guest.verdict(Outcome.SKIP, "this version does not have the call");
        guest.asm().bind(silent);
        guest.failure("the NMI never came");
        guest.asm().bind(caught);
        guest.evidence("vector", TrapWord.VECTOR);
        guest.load(RAX, TrapWord.VECTOR);
        guest.judge(RAX, -1, "", Trap.NMI, "the NMI was delivered");
    }
}
