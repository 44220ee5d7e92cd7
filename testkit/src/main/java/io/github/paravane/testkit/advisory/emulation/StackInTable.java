package io.github.paravane.testkit.advisory.emulation;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.R12;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RSP;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.TrapWord;

/** Commit fc6fa977be: PUSH into a page table is not emulated. */
final class StackInTable {

    private static final int WORD = 0x2000;

    private StackInTable() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("fc6fa977be", Layer.PTE_EMULATION, "A push into a page table is refused")
                .names("fc6fa977be", "ff913f68c9")
                .mechanism(
                        "Since 4.9 a store to a read-only page table is emulated only if its instruction is one that "
                                + "writes memory. PUSH and CALL, whose store is a side effect, were not counted among those, "
                                + "and a kernel that used to get away with them gets a page fault.")
                .construction("PUSH with the stack pointer in a read-only L1 table.")
                .telling("The guest kernel gets #PF, or the word is in the table.")
                .affected("4.9 (ff913f68c9) to 4.13")
                .repaired("4.14 (fc6fa977be)")
                .provenance("Xen commits ff913f68c9 and fc6fa977be; a real 4.17")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_12, AbiProfiles.XEN_4_14, GuestTrial.of(BugGuest.elf(StackInTable::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Assembler asm = guest.asm();
        // the fault is taken with the stack pointer that raised it, so the page below the table is the stack then
        steps.page("below");
        Label l1 = steps.page("l1");
        steps.freeze(l1).pin(1, l1).require("pinning an L1 table");
        asm.mov(R12, RSP);
        Label caught = guest.label();
        guest.runtime().attempt(caught, () -> {
            asm.mov(EAX, WORD).lea(RSP, ptr(l1, 8)).push(RAX).mov(RSP, R12);
        });
        steps.show("l1-entry", l1, 0);
        guest.judge(RAX, 0, "nothing was stored", WORD, "the word is in the table");
        asm.bind(caught);
        guest.evidence("vector", TrapWord.VECTOR).evidence("error-code", TrapWord.ERROR);
        guest.failure("the guest kernel got a fault");
    }
}
