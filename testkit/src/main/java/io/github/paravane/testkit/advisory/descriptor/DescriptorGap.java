package io.github.paravane.testkit.advisory.descriptor;

import static io.github.paravane.testkit.asm.Gpr.ECX;
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
import io.github.paravane.testkit.runtime.TrapWord;

/** cf6d39f819: lAR beyond the GDT of the guest faults. */
final class DescriptorGap {

    private static final int SELECTOR = 0x1003;

    private DescriptorGap() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("cf6d39f819", Layer.DESCRIPTOR, "LAR beyond the GDT of the guest faults")
                .names("cf6d39f819", "61031e64d3")
                .mechanism("The limit of the GDT covers the descriptors of the hypervisor, which come after those of "
                        + "the guest. What lies between is not mapped: an instruction that only asks about a "
                        + "descriptor there, LAR or LSL, faults, where a processor with the limit of the guest "
                        + "would say no.")
                .construction("LAR of a selector beyond the GDT of the guest, which has none.")
                .telling("The instruction raises #GP with the selector, or clears ZF.")
                .affected("to 4.6")
                .repaired("4.7 (cf6d39f819; its part about the LDT was taken back by 61031e64d3)")
                .provenance("Xen commits cf6d39f819 and 61031e64d3")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_6, AbiProfiles.XEN_4_7, GuestTrial.of(BugGuest.elf(DescriptorGap::guest)));
    }

    private static void guest(BugGuest guest) {
        Label caught = guest.label();
        Label known = guest.label();
        guest.runtime()
                .attempt(
                        caught,
                        () -> guest.asm()
                                .mov(ECX, SELECTOR)
                                .bytes(0x0F, 0x02, 0xC1)
                                .je(known));
        guest.success("LAR clears ZF");
        guest.asm().bind(known);
        guest.verdict(Outcome.ERROR, "there is a descriptor");
        guest.asm().bind(caught);
        guest.evidence("vector", TrapWord.VECTOR).evidence("error-code", TrapWord.ERROR);
        guest.load(RAX, TrapWord.VECTOR);
        guest.judge(RAX, Trap.GP, "LAR raises #GP", -1, "");
    }
}
