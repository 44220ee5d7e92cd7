package io.github.paravane.testkit.advisory.emulation;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EBX;
import static io.github.paravane.testkit.asm.Gpr.EDX;
import static io.github.paravane.testkit.asm.Gpr.R12;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Gpr.RCX;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.Quirk;
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

/** Commit 045094933d: CMPXCHG8B of a page-table entry is refused. */
final class ExchangeOfEightBytes {

    private ExchangeOfEightBytes() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("045094933d", Layer.PTE_EMULATION, "CMPXCHG8B is no memory write")
                .names("045094933d")
                .mechanism("When the emulation of page-table writes learned to accept only instructions that write "
                        + "memory, opcode 0F C7 /1 was not among them: a guest that changes entries with CMPXCHG8B gets"
                        + " a page fault that it cannot resolve.")
                .construction("LOCK CMPXCHG8B of an entry of a read-only L1 table.")
                .telling("#PF reaches the guest kernel, or the entry is stored.")
                .affected("one day of the development of 4.9, after ff913f68c9")
                .repaired("4.9 (045094933d)")
                .provenance("Xen commits ff913f68c9 and 045094933d")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_9.toBuilder("xen-4.9-dev")
                        .with(Quirk.CMPXCHG8B_NOT_A_WRITE)
                        .build(),
                AbiProfiles.XEN_4_9,
                GuestTrial.of(BugGuest.elf(ExchangeOfEightBytes::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Assembler asm = guest.asm();
        Label l1 = steps.page("l1");
        Label data = steps.page("data");
        steps.freeze(l1).pin(1, l1).require("pinning an L1 table");
        steps.entry(data, TableSteps.PAGE);
        asm.mov(RBX, RAX).mov(RCX, RAX).shr(RCX, 32).mov(EBX, EBX).xor(EAX, EAX).xor(EDX, EDX);
        asm.mov(R12, RAX);
        Label caught = guest.label();
        asm.push(RBX).push(RCX);
        guest.runtime().attempt(caught, () -> {
            asm.pop(RCX).pop(RBX).xor(EAX, EAX).lock().cmpxchg8b(ptr(l1));
        });
        steps.show("l1-entry", l1, 0);
        asm.and(RAX, (int) Pte.PRESENT);
        guest.judge(RAX, 0, "nothing was stored", Pte.PRESENT, "the entry was stored");
        asm.bind(caught);
        guest.evidence("vector", TrapWord.VECTOR).evidence("error-code", TrapWord.ERROR);
        guest.failure("the guest kernel got a fault");
    }
}
