package io.github.paravane.testkit.advisory.emulation;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Memory.dword;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.paging.Pte;
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

/** Commit 76328d5bec: a store to a mapping of a frame beyond memory. */
final class StoreToAnyFrame {

    private static final long LINEAR = 1L << 39;
    private static final long DEVICE = 0xE_0000L;

    private StoreToAnyFrame() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "76328d5bec", Layer.PTE_EMULATION, "A store beyond memory reads a wild frame record")
                .names("76328d5bec")
                .mechanism("A store that faults on a read-only mapping may be one to a page table. The frame of the "
                        + "mapping is looked up in the frame table before anybody asks whether it is in there.")
                .construction("The control domain maps a device frame beyond memory read-only and stores to it.")
                .telling("The host dies, or the guest gets #PF.")
                .affected("to 3.1")
                .repaired("3.2 (76328d5bec)")
                .provenance("Xen commit 76328d5bec")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_3_1_2,
                AbiProfiles.XEN_3_2,
                GuestTrial.of(BugGuest.elf(StoreToAnyFrame::guest)).inControlDomain());
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Assembler asm = guest.asm();
        steps.hook(LINEAR, steps.page("l3"), steps.page("l2"), steps.page("l1"));
        steps.load(RAX, Pte.of(DEVICE, TableSteps.READ_ONLY)).map(LINEAR).require("mapping a device frame");
        steps.load(RBX, LINEAR);
        Label caught = guest.label();
        guest.runtime().attempt(caught, () -> asm.mov(dword(ptr(RBX)), 0));
        guest.failure("the store was done");
        asm.bind(caught);
        guest.evidence("vector", TrapWord.VECTOR).evidence("error-code", TrapWord.ERROR);
        asm.mov(RAX, guest.runtime().trap(TrapWord.VECTOR));
        guest.judge(RAX, -1, "", Trap.PF, "the guest kernel got a page fault");
    }
}
