package io.github.paravane.testkit.advisory.descriptor;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.R12;
import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.Outcome;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.Hypercalls;
import io.github.paravane.testkit.runtime.TrapWord;

/** 40d66baa46: a descriptor whose address is not canonical. */
final class HighLdt {

    /** The last page of the lower half. */
    private static final long LINEAR = 0x7FFF_FFFF_F000L;

    private static final int ENTRIES = 8192;

    /** Entry 512, the first of the page after it; TI and RPL 3. */
    private static final int SELECTOR = 0x1007;

    private HighLdt() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("40d66baa46", Layer.DESCRIPTOR, "A descriptor at no canonical address is #PF")
                .names("40d66baa46")
                .mechanism(
                        "An LDT may begin at the end of the lower half and go on beyond it. The hypervisor looks for "
                                + "the page of a descriptor there in the tables of the guest with the upper bits of the address "
                                + "cut off, which finds its own part of them, and reports a page fault at an address that "
                                + "no processor can have one at.")
                .construction(
                        "SET_LDT of 8192 entries in the last page of the lower half; FS is loaded with the selector "
                                + "of entry 512.")
                .telling("#PF at 0x800000000000, or #GP with the selector.")
                .affected("to 4.3")
                .repaired("4.4 (40d66baa46)")
                .provenance("Xen commit 40d66baa46")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_3, AbiProfiles.XEN_4_5, GuestTrial.of(BugGuest.elf(HighLdt::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Label caught = guest.label();
        Label wrong = guest.label();
        steps.load(R12, LINEAR);
        guest.runtime().extended(Hypercalls.SET_LDT, R12, ENTRIES);
        steps.require("SET_LDT");
        guest.runtime().attempt(caught, () -> guest.asm().mov(EAX, SELECTOR).bytes(0x8E, 0xE0));
        guest.verdict(Outcome.ERROR, "there is a descriptor");
        guest.asm().bind(caught);
        guest.evidence("vector", TrapWord.VECTOR)
                .evidence("error-code", TrapWord.ERROR)
                .evidence("cr2", TrapWord.CR2);
        guest.load(RAX, TrapWord.VECTOR).asm().cmp(RAX, Trap.PF).je(wrong);
        guest.load(RAX, TrapWord.ERROR);
        guest.judge(RAX, -1, "", SELECTOR & ~3, "the instruction raises #GP with the selector");
        guest.asm().bind(wrong);
        guest.failure("the instruction raises #PF");
    }
}
