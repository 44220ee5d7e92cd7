package io.github.paravane.testkit.advisory.compat;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EBP;
import static io.github.paravane.testkit.asm.Gpr.EBX;
import static io.github.paravane.testkit.asm.Gpr.ECX;
import static io.github.paravane.testkit.asm.Memory.dword;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.Outcome;
import io.github.paravane.testkit.asm.Condition;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.CompatRuntime;
import io.github.paravane.testkit.runtime.CompatTrapWord;
import io.github.paravane.testkit.runtime.Hypercalls;

/** 4730f50174: a store to the upper half of a PAE entry that does not fit the lower half is a fault. */
final class HalfWrittenEntry {

    private static final int WRITABLE_PAGE_TABLES = 2;
    private static final int FIRST_L1 = 3 << 12;

    /** Frame bits 43 to 32 of a machine without that much memory. */
    private static final int NO_FRAME = 0x300;

    private HalfWrittenEntry() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "4730f50174", Layer.PTE_EMULATION, "A PAE entry cannot be written upper half first")
                .names("4730f50174", "7aad705cb5", "6c32b406bf")
                .mechanism(
                        "A 32-bit kernel writes an entry in two halves. Upper half first, what stands between the two "
                                + "stores may name no frame of the guest's; the hypervisor then stores it without P and expects "
                                + "the lower half. The test whether it was the upper half looked at an address that had lost the "
                                + "bit that tells, so that it never was.")
                .construction(
                        "With writable page tables, MOV of 4 bytes to the upper half of a present L1 entry, so that "
                                + "its frame does not exist; then the halves as they were.")
                .telling("#PF at the store, or the entry is not present between the stores.")
                .affected("3.1")
                .repaired("3.2 (4730f50174)")
                .provenance("Xen commits 6c32b406bf, 7aad705cb5, 4730f50174")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_3_1_2, AbiProfiles.XEN_3_2, CompatGuest.trial(HalfWrittenEntry::guest));
    }

    private static void guest(CompatGuest guest) {
        CompatRuntime runtime = guest.runtime();
        Label page = runtime.page("page");
        Label caught = guest.label();
        Label stored = guest.label();
        Label readable = guest.label();
        runtime.call(Hypercalls.VM_ASSIST, 0, WRITABLE_PAGE_TABLES);
        // EBP: the entry of the page.
        guest.asm()
                .mov(EBP, page)
                .shr(EBP, 12)
                .shl(EBP, 3)
                .add(EBP, runtime.tables())
                .add(EBP, FIRST_L1);
        guest.asm().mov(EBX, ptr(EBP));
        guest.evidence("before", EBX);
        runtime.attempt(caught, () -> guest.asm().mov(dword(ptr(EBP, 4)), NO_FRAME));
        guest.asm().jmp(stored).bind(caught);
        guest.evidence("vector", CompatTrapWord.VECTOR).evidence("error-code", CompatTrapWord.ERROR);
        guest.verdict(Outcome.FAILURE, "the store of the upper half is a page fault");
        guest.asm().bind(stored).mov(EAX, ptr(EBP)).mov(ECX, ptr(EBP, 4));
        guest.evidence("lower-half-between", EAX).evidence("upper-half-between", ECX);
        guest.asm().mov(dword(ptr(EBP, 4)), 0).mov(ptr(EBP), EBX).mov(EAX, ptr(EBP));
        guest.evidence("after", EAX);
        runtime.attempt(readable, () -> guest.asm().mov(EAX, page).mov(EAX, ptr(EAX)));
        guest.asm().cmp(dword(ptr(EBP)), 0);
        guest.failIf(Condition.E, "the entry was lost", "the entry is not present until both halves fit");
        guest.asm().bind(readable);
        guest.verdict(Outcome.ERROR, "the page is gone");
    }
}
