package io.github.paravane.testkit.advisory.emulation;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.R12;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RSP;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.api.cpu.Trap;
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

/** Commit ff913f68c9: instructions that do not write memory are not emulated. */
final class StackInTable {

    private static final int WORD = 0x2000;

    private StackInTable() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "ff913f68c9", Layer.PTE_EMULATION, "Any instruction is emulated on a page table")
                .names("ff913f68c9")
                .mechanism("Once a store to a read-only page table has faulted, the hypervisor emulates whatever "
                        + "instruction it finds there, also one whose business is something else. Another processor may"
                        + " have put a different one there in the meantime; and each instruction that can be emulated "
                        + "in vain is one more place for bugs.")
                .construction(
                        "PUSH with the stack pointer in a read-only L1 table: its store is a side effect, it is no "
                                + "instruction that writes memory.")
                .telling("The word is in the table; or the guest kernel gets #PF.")
                .affected("to 4.8")
                .repaired("4.9 (ff913f68c9)")
                .provenance("Xen commit ff913f68c9")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_8, AbiProfiles.XEN_4_9, GuestTrial.of(BugGuest.elf(StackInTable::guest)));
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
        guest.judge(RAX, WORD, "the word is in the table", 0, "nothing was stored");
        asm.bind(caught);
        guest.evidence("vector", TrapWord.VECTOR).evidence("error-code", TrapWord.ERROR);
        asm.mov(RAX, guest.runtime().trap(TrapWord.VECTOR));
        guest.judge(RAX, -1, "", Trap.PF, "the guest kernel got a page fault");
    }
}
