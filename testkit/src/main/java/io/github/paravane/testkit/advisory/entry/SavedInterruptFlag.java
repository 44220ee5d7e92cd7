package io.github.paravane.testkit.advisory.entry;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Condition;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.TrapWord;

/** df1231853e: the saved IF is the processor's. */
final class SavedInterruptFlag {

    private SavedInterruptFlag() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("df1231853e", Layer.ENTRY, "The saved IF is the processor's")
                .names("df1231853e")
                .mechanism("The flags of the frame are the processor's, where IF is always set. A guest kernel that "
                        + "reads from the frame whether events were masked is told that they were not.")
                .construction("The kernel, with events masked as at boot, executes INT3.")
                .telling("IF in the frame is set or clear.")
                .affected("before 3.0.0")
                .repaired("3.0.0 (df1231853e)")
                .provenance("Xen commit df1231853e; the faulty side is a profile of 3.0.2 with the bug put in")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_3_0_2.toBuilder("xen-3.0.2+saved-if-real")
                        .with(Quirk.SAVED_IF_REAL)
                        .build(),
                AbiProfiles.XEN_3_0_2,
                GuestTrial.of(BugGuest.elf(SavedInterruptFlag::guest)));
    }

    private static void guest(BugGuest guest) {
        Label back = guest.label();
        guest.runtime().attempt(back, () -> guest.asm().int3());
        guest.asm().bind(back);
        guest.evidence("rflags-slot", TrapWord.RFLAGS);
        guest.load(RAX, TrapWord.RFLAGS).asm().test(RAX, 0x200);
        guest.failIf(Condition.NE, "IF is set although events were masked", "IF is clear, as events were masked");
    }
}
