package io.github.paravane.testkit.advisory.entry;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Memory.ptr;
import static io.github.paravane.testkit.asm.Memory.qword;

import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.TrapWord;

/** dedbdcde95: int 0x80 is delivered a second time. */
final class Int80Latch {

    private static final long LINEAR = 0x40_0000_0000L;
    private static final long FLAGS = 0x202;

    private Int80Latch() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("dedbdcde95", Layer.ENTRY, "int 0x80 is delivered a second time")
                .names("dedbdcde95", "f75b1a5247")
                .mechanism("The entry of INT 0x80 marks the frame that it leaves behind as one of an exception. The "
                        + "next fault that the hypervisor repairs on its own, a store to a page table for one, "
                        + "finds the mark and enters the handler of 0x80 again, with the store as the place to "
                        + "return to.")
                .construction("User mode executes INT 0x80; the kernel then stores into an L1 table that is mapped "
                        + "read-only.")
                .telling("The handler of 0x80 is entered again, or the store is done and nothing else happens.")
                .affected("for ten days of the development of 4.11 (f75b1a5247)")
                .repaired("4.11 (dedbdcde95)")
                .provenance("Xen commits f75b1a5247 and dedbdcde95; the faulty side is a profile of 4.11 with the bug "
                        + "put in")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_11.toBuilder("xen-4.11+int80-latched")
                        .with(Quirk.INT80_LATCHED)
                        .build(),
                AbiProfiles.XEN_4_11,
                GuestTrial.of(BugGuest.elf(Int80Latch::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Label l1 = steps.page("l1");
        Label data = steps.page("data");
        steps.hook(LINEAR, steps.page("l3"), steps.page("l2"), l1);
        steps.entry(data, TableSteps.PAGE);
        Label again = guest.label();
        guest.asm().mov(qword(ptr(data)), RAX);
        guest.user(FLAGS, user -> user.interrupt(0x80));
        guest.evidence("vector", TrapWord.VECTOR);
        guest.runtime().attempt(again, () -> guest.asm().mov(RBX, ptr(data)).mov(ptr(l1, 8), RBX));
        guest.success("the store was done, and nothing else happened");
        guest.asm().bind(again);
        guest.evidence("second-vector", TrapWord.VECTOR).evidence("rip", TrapWord.RIP);
        guest.load(RAX, TrapWord.VECTOR);
        guest.judge(RAX, 0x80, "the handler of int 0x80 was entered again", -1, "");
    }
}
