package io.github.paravane.testkit.advisory.paging;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EDX;
import static io.github.paravane.testkit.asm.Gpr.R12;
import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.hypervisor.domain.HostOptions;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.Outcome;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;

/** Commit 3bddff4a58: NX where the processor has none. */
final class NoExecuteWithoutProcessor {

    private static final long LINEAR = 1L << 39;
    private static final int EXTENDED_FEATURES = 0x8000_0001;
    private static final int NX = 1 << 20;

    private NoExecuteWithoutProcessor() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("3bddff4a58", Layer.PAGING, "NX is accepted on a processor without it")
                .names("3bddff4a58", "1a4d425438")
                .mechanism("The mask of forbidden bits never covers bit 63. On a processor without NX the bit is "
                        + "reserved: an entry that has it is stored, and its use raises a page fault with the reserved-"
                        + "bit code.")
                .construction("On a processor without NX, update_va_mapping of an own page with bit 63.")
                .telling("The entry is stored, or EINVAL.")
                .affected("3.0.3 to 3.0.4")
                .repaired("3.1 (3bddff4a58)")
                .provenance("Xen commits 1a4d425438 and 3bddff4a58")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_3_0_4,
                AbiProfiles.XEN_3_1_0,
                GuestTrial.of(BugGuest.elf(NoExecuteWithoutProcessor::guest))
                        .on(HostOptions.DEFAULT.withNoExecute(false)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Assembler asm = guest.asm();
        Label l1 = steps.page("l1");
        Label data = steps.page("data");
        Label without = guest.label();
        asm.mov(EAX, EXTENDED_FEATURES).cpuid().test(EDX, NX).je(without);
        guest.verdict(Outcome.SKIP, "the processor has NX");
        asm.bind(without);
        steps.hook(LINEAR, steps.page("l3"), steps.page("l2"), l1);
        steps.entry(data, TableSteps.PAGE | Pte.NX).map(LINEAR);
        asm.mov(R12, RAX);
        steps.show("l1-entry", l1, 0);
        guest.judge(R12, 0, "an entry with a reserved bit is stored", -22, "bit 63 is refused");
    }
}
