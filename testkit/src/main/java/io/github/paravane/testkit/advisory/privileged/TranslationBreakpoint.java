package io.github.paravane.testkit.advisory.privileged;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.runtime.Hypercalls;

/** XSA-444: a breakpoint on the argument translation area. */
final class TranslationBreakpoint {

    private TranslationBreakpoint() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-444", Layer.PRIVILEGED, "A breakpoint on the argument translation area")
                .names("XSA-444", "CVE-2023-34328", "dc9d9aa62d")
                .mechanism("set_debugreg checks an address with the macro that also admits the area where the "
                        + "hypervisor translates the arguments of 32-bit guests. A breakpoint there is hit by the "
                        + "hypervisor itself; with the address masks of AMD processors that is a livelock.")
                .construction("set_debugreg(0, 0xFFFF820080000000).")
                .telling("The call succeeds, or EPERM.")
                .affected("4.5 to 4.17")
                .repaired("4.18 (dc9d9aa62d), and stable releases")
                .provenance("XSA-444; Xen commits 65e3554908 and dc9d9aa62d; XTF test xsa-444")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_16,
                AbiProfiles.XEN_4_17,
                GuestTrial.of(BugGuest.elf(TranslationBreakpoint::guest)));
    }

    private static void guest(BugGuest guest) {
        guest.runtime().call(Hypercalls.SET_DEBUGREG, 0, 0xFFFF_8200_8000_0000L);
        guest.evidence("result", RAX);
        guest.judge(RAX, 0, "the breakpoint was accepted", -1, "EPERM");
    }
}
