package io.github.paravane.testkit.advisory.entry;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RSI;

import io.github.paravane.api.profile.Quirk;
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

/** XSA-215: the frame of the failsafe callback reaches into the hypervisor's memory. */
final class FailsafeWindow {

    private static final int STACK_SELECTOR = 0xE02B;

    /** The first address above the hypervisor's range. */
    private static final long LINEAR = 0xFFFF_8800_0000_0000L;

    private static final int ROOM = 64;
    private static final int SELECTOR = 0xFFF3;

    private FailsafeWindow() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "xsa-215", Layer.ENTRY, "The frame of the failsafe callback ends in the hypervisor's memory")
                .names("XSA-215", "CVE-2017-8905", "8825df16e6", "eb9a3bfd87")
                .mechanism(
                        "Before a frame is written, the stack pointer is compared with the hypervisor's range and 60 "
                                + "bytes above it. That of the failsafe callback, with the data selectors, takes 88 bytes: "
                                + "what the process had in its registers goes to the last bytes of the hypervisor's range, which"
                                + " are memory on a host of 5 TiB or more.")
                .construction("The kernel stack for entries from user mode lies 64 bytes above the hypervisor's range; "
                        + "the iret hypercall has a selector in CS that no descriptor exists for.")
                .telling(
                        "The host dies, or the domain does, for its bad stack. Since 4.7 such an iret is an exception.")
                .affected("to 4.6")
                .repaired("4.6.6, 4.5.6 (8825df16e6, eb9a3bfd87); not there since 4.7 (d9b7ef209a)")
                .provenance(
                        "XSA-215; Xen commits 8825df16e6, eb9a3bfd87 and 1c5e242e6d; the fixed side is the profile of"
                                + " 4.6 with the bug taken away")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_6,
                AbiProfiles.XEN_4_6.toBuilder("xen-4.6+xsa-215")
                        .without(Quirk.FAILSAFE_FRAME_IN_HYPERVISOR)
                        .build(),
                GuestTrial.of(BugGuest.elf(FailsafeWindow::guest)).crashMeans(Outcome.SUCCESS));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Label failsafe = guest.label();
        failingIret(guest);
        guest.evidence("vector", TrapWord.VECTOR).load(RAX, TrapWord.VECTOR);
        guest.asm().cmp(RAX, TrapWord.FAILSAFE_VECTOR).je(failsafe);
        guest.verdict(Outcome.SKIP, "a bad frame for iret is an exception here");
        guest.asm().bind(failsafe);
        Label l1 = steps.page("l1");
        Label stack = steps.page("window");
        steps.fill(l1, 0, stack, TableSteps.PAGE).hook(LINEAR, steps.page("l3"), steps.page("l2"), l1);
        steps.load(RSI, LINEAR + ROOM);
        guest.runtime().call(Hypercalls.STACK_SWITCH, STACK_SELECTOR, RSI);
        steps.require("setting the kernel stack");
        failingIret(guest);
        guest.verdict(Outcome.ERROR, "the frame was written");
    }

    private static void failingIret(BugGuest guest) {
        Label back = guest.label();
        guest.runtime().attempt(back, () -> {
            guest.asm()
                    .push(STACK_SELECTOR)
                    .push(0x1000)
                    .push(0x202)
                    .push(SELECTOR)
                    .push(0x2000);
            guest.asm().push(0).push(0).push(0).push(0);
            guest.runtime().hypercall(Hypercalls.IRET);
        });
        guest.asm().bind(back);
    }
}
