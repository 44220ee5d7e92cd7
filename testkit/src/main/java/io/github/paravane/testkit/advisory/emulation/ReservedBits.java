package io.github.paravane.testkit.advisory.emulation;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EDX;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Memory.dword;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.PteRules;
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
import io.github.paravane.testkit.runtime.TrapWord;

/** Commit 08286e1a3c: emulation of a store that faulted for a reserved bit. */
final class ReservedBits {

    private static final long LINEAR = 1L << 39;
    private static final int EXTENDED_FEATURES = 0x8000_0001;
    private static final int NX = 1 << 20;

    private ReservedBits() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "08286e1a3c", Layer.PTE_EMULATION, "A reserved-bit fault is taken for a store to a page table")
                .names("08286e1a3c")
                .mechanism(
                        "A store to a read-only page table is emulated if its fault says \"present\" and \"write\". That "
                                + "the fault also says \"reserved bit\" is not looked at, although then the entry is broken and "
                                + "the guest must learn of it.")
                .construction(
                        "On a processor without NX, an L1 table is mapped read-only by an entry with bit 63; a store "
                                + "goes there.")
                .telling("The entry behind the mapping changes, or the guest gets #PF with the reserved-bit code.")
                .affected("to 3.2")
                .repaired("3.3 (08286e1a3c)")
                .provenance("Xen commit 08286e1a3c")
                .build();
        return new KnownBug(
                advisory,
                lenient(AbiProfiles.XEN_3_2),
                lenient(AbiProfiles.XEN_3_3),
                GuestTrial.of(BugGuest.elf(ReservedBits::guest)).on(HostOptions.DEFAULT.withNoExecute(false)));
    }

    /** A profile that stores NX where the processor has none, which is the way to an entry with a reserved bit. */
    private static AbiProfile lenient(AbiProfile profile) {
        return profile.toBuilder(profile.name() + "-nx")
                .set(PteRules.NX_NEEDS_PROCESSOR, false)
                .build();
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Assembler asm = guest.asm();
        Label table = steps.page("table");
        Label without = guest.label();
        asm.mov(EAX, EXTENDED_FEATURES).cpuid().test(EDX, NX).je(without);
        guest.verdict(Outcome.SKIP, "the processor has NX");
        asm.bind(without);
        steps.freeze(table).pin(1, table).require("pinning an L1 table");
        steps.hook(LINEAR, steps.page("l3"), steps.page("l2"), steps.page("l1"));
        steps.entry(table, TableSteps.READ_ONLY | Pte.NX).map(LINEAR).orSkip("no entry can have a reserved bit");
        steps.load(RBX, LINEAR);
        Label caught = guest.label();
        guest.runtime().attempt(caught, () -> asm.mov(dword(ptr(RBX)), 0x2000));
        steps.show("entry", table, 0);
        guest.failure("the store was emulated");
        asm.bind(caught);
        guest.evidence("vector", TrapWord.VECTOR).evidence("error-code", TrapWord.ERROR);
        asm.mov(RAX, guest.runtime().trap(TrapWord.ERROR)).and(RAX, 8);
        guest.judge(RAX, 0, "the fault says nothing of a reserved bit", 8, "the guest kernel got the fault");
    }
}
