package io.github.paravane.testkit.advisory.entry;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Memory.bytePtr;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Memory;
import io.github.paravane.testkit.runtime.TrapWord;

/** e620b631ab: int 0x80 passes over pending events. */
final class Int80Events {

    private static final long FLAGS = 0x202;

    private Int80Events() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("e620b631ab", Layer.ENTRY, "int 0x80 passes over pending events")
                .names("e620b631ab")
                .mechanism("INT 0x80 has a short way into its handler, which does not go through the place where the "
                        + "hypervisor looks for events. An event that became pending in user mode waits for the "
                        + "next entry into the hypervisor, however long that takes.")
                .construction("User mode marks an event as pending in vcpu_info, which it can write in this guest, and "
                        + "executes INT 0x80.")
                .telling("The handler of 0x80 runs first, or the event callback does, on top of it.")
                .affected("in the development of 3.1")
                .repaired("3.1.0 (e620b631ab)")
                .provenance("Xen commit e620b631ab; the faulty side is a profile of 3.1.0 with the bug put in")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_3_1_0.toBuilder("xen-3.1.0+int80-skips-events")
                        .with(Quirk.INT80_SKIPS_EVENTS)
                        .build(),
                AbiProfiles.XEN_3_1_0,
                GuestTrial.of(BugGuest.elf(Int80Events::guest)));
    }

    private static void guest(BugGuest guest) {
        Memory pending = bytePtr(ptr(guest.runtime().sharedInfo()));
        guest.user(FLAGS, user -> user.mov(pending, 1).interrupt(0x80));
        guest.asm().mov(pending, 0);
        guest.evidence("vector", TrapWord.VECTOR).evidence("rip", TrapWord.RIP);
        guest.load(RAX, TrapWord.VECTOR);
        guest.judge(
                RAX,
                0x80,
                "the event waits",
                TrapWord.EVENT_VECTOR,
                "the event came on top of the handler of int 0x80");
    }
}
