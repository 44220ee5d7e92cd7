package io.github.paravane.testkit.advisory.emulation;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Memory.ptr;
import static io.github.paravane.testkit.asm.Memory.qword;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Label;

/** Commit 4144e156c0: compare-and-exchange of a page-table entry without its adjustment. */
final class UnadjustedExchange {

    private static final long LINEAR = 1L << 39;

    private UnadjustedExchange() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "4144e156c0", Layer.PTE_EMULATION, "An emulated compare-and-exchange stores the raw entry")
                .names("4144e156c0")
                .mechanism(
                        "An L1 entry is adjusted before it is stored: U/S and bit 52 for the kernel's pages, U/S and "
                                + "G for user pages. A store to a read-only L1 table is emulated with the adjustment; a locked "
                                + "read-modify-write is emulated by another path, which forgot it.")
                .construction("With writable page tables, LOCK CMPXCHG of two entries from 0: a user page and a kernel "
                        + "page. Both are read back.")
                .telling("G of the user entry is clear, or set; likewise U/S and bit 52 of the kernel entry.")
                .affected("3.0.3 to 3.1.1")
                .repaired("3.1.2 and 3.2 (4144e156c0)")
                .provenance("Xen commit 4144e156c0; Solaris bug 6616864")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_3_1_1,
                AbiProfiles.XEN_3_1_2,
                GuestTrial.of(BugGuest.elf(UnadjustedExchange::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Label l1 = steps.page("l1");
        Label data = steps.page("data");
        steps.hook(LINEAR, steps.page("l3"), steps.page("l2"), l1);
        exchange(guest, l1, 0, data, TableSteps.PAGE | Pte.USER);
        exchange(guest, l1, 1, data, TableSteps.PAGE);
        steps.show("kernel-entry", l1, 1).show("user-entry", l1, 0);
        guest.asm().shr(RAX, 8).and(RAX, 1);
        guest.judge(RAX, 0, "the entry is as the guest gave it", 1, "the entry is adjusted");
    }

    private static void exchange(BugGuest guest, Label l1, int slot, Label data, long flags) {
        new TableSteps(guest).entry(data, flags);
        guest.asm().mov(RBX, RAX).xor(EAX, EAX);
        guest.asm().lock().cmpxchg(qword(ptr(l1, 8 * slot)), RBX);
    }
}
