package io.github.paravane.testkit.advisory.paging;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.PteRules;
import io.github.paravane.api.profile.Quirk;
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
import io.github.paravane.testkit.runtime.GuestRuntime;
import io.github.paravane.testkit.runtime.Hypercalls;

/** Commit cd395b1d69: the end of a read-only superpage drops writable references. */
final class ReadOnlySuperpage {

    private static final int INCREASE_RESERVATION = 0;
    private static final int DECREASE_RESERVATION = 1;
    private static final int MFN_LIST = 104;
    private static final int FIRST = 6144;
    private static final int COUNT = 1024;
    private static final int ORDER = 9;

    private ReadOnlySuperpage() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("cd395b1d69", Layer.PAGING, "The end of a read-only superpage")
                .names("cd395b1d69")
                .mechanism(
                        "When an L2 entry that maps 2 MiB goes, writable references on its frames are dropped whether"
                                + " or not the entry was writable. A read-only one took none.")
                .construction(
                        "The guest exchanges 1024 single frames for an aligned run of 512, maps it by one read-only "
                                + "L2 entry, and clears the entry.")
                .telling("The host dies of a count below zero, or the update succeeds.")
                .affected("4.10 (56fff3e5e9) and 4.11, had their guests superpages (latent)")
                .repaired("4.12 (cd395b1d69)")
                .provenance("Xen commit cd395b1d69")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_11.toBuilder("xen-4.11-superpages")
                        .set(PteRules.SUPERPAGE_OPTION, true)
                        .with(Quirk.SUPERPAGE_DROPS_WRITABLE)
                        .build(),
                AbiProfiles.XEN_4_12.toBuilder("xen-4.12-superpages")
                        .set(PteRules.SUPERPAGE_OPTION, true)
                        .build(),
                GuestTrial.of(BugGuest.elf(ReadOnlySuperpage::guest)).on(HostOptions.DEFAULT.withSuperpages(true)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        GuestRuntime runtime = guest.runtime();
        Assembler asm = guest.asm();
        Label l2 = steps.page("l2");
        Label less = asm.label("less");
        Label more = asm.label("more");
        Label run = asm.label("run");
        runtime.data(() -> asm.align(8).bind(less).u64(0).u64(COUNT).u64(0).u64(GuestRuntime.DOMID_SELF));
        runtime.data(
                () -> asm.bind(run).u64(0).bind(more).u64(run).u64(1).u64(ORDER).u64(GuestRuntime.DOMID_SELF));
        asm.mov(RBX, runtime.startInfo())
                .mov(RBX, ptr(RBX, MFN_LIST))
                .add(RBX, 8 * FIRST)
                .mov(ptr(less), RBX);
        runtime.call(Hypercalls.MEMORY_OP, DECREASE_RESERVATION, less);
        asm.sub(RAX, COUNT);
        steps.require("giving frames back");
        runtime.call(Hypercalls.MEMORY_OP, INCREASE_RESERVATION, more);
        asm.sub(RAX, 1);
        steps.orSkip("2 MiB cannot be had");
        steps.freeze(l2).pin(2, l2).require("pinning an L2 table");
        asm.mov(RAX, ptr(run)).shl(RAX, 12).or(RAX, (int) (TableSteps.LINEAR | Pte.PSE));
        steps.store(l2, 0);
        guest.evidence("result", RAX);
        steps.show("l2-entry", l2, 0);
        Label mapped = guest.label();
        asm.test(RAX, (int) Pte.PRESENT).jne(mapped);
        guest.verdict(Outcome.SKIP, "no L2 entry may map 2 MiB");
        asm.bind(mapped).xor(EAX, EAX);
        steps.store(l2, 0);
        guest.evidence("result", RAX);
        guest.judge(RAX, -1, "", 0, "the entry is gone");
    }
}
