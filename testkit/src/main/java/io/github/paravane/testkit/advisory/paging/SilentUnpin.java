package io.github.paravane.testkit.advisory.paging;

import static io.github.paravane.testkit.asm.Gpr.RAX;
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
import io.github.paravane.testkit.runtime.GuestRuntime;
import io.github.paravane.testkit.runtime.Hypercalls;

/** XSA-252: decrease_reservation unpins. */
final class SilentUnpin {

    private static final int DECREASE_RESERVATION = 1;

    private SilentUnpin() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-252", Layer.PAGING, "Memory that is given back loses its pin")
                .names("XSA-252", "CVE-2018-7540", "d798a09529")
                .mechanism("decrease_reservation of a pinned table takes the pin away, in one step that cannot be "
                        + "preempted, however large the tree.")
                .construction("An L3 table is pinned, given back with decrease_reservation, and unpinned.")
                .telling("UNPIN_TABLE finds no pin, or succeeds.")
                .affected("3.0 to 4.10")
                .repaired("4.11 (d798a09529)")
                .provenance("XSA-252; Xen commit d798a09529")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_10, AbiProfiles.XEN_4_11, GuestTrial.of(BugGuest.elf(SilentUnpin::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        GuestRuntime runtime = guest.runtime();
        Assembler asm = guest.asm();
        Label l3 = steps.page("l3");
        Label frame = asm.label("frame");
        Label reservation = asm.label("reservation");
        runtime.data(() ->
                asm.align(8).bind(frame).u64(0).bind(reservation).u64(frame).u64(1));
        runtime.data(() -> asm.u64(0).u64(GuestRuntime.DOMID_SELF));
        steps.freeze(l3).pin(3, l3).require("pinning an L3 table");
        runtime.machineFrame(l3);
        asm.mov(ptr(frame), RAX);
        runtime.call(Hypercalls.MEMORY_OP, DECREASE_RESERVATION, reservation);
        guest.evidence("given-back", RAX);
        steps.unpin(l3);
        guest.evidence("unpin", RAX);
        guest.judge(RAX, -22, "the pin was gone", 0, "the pin was the guest's until it took it away");
    }
}
