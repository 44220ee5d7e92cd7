package io.github.paravane.testkit.advisory.entry;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.Hypercalls;

/** 70ee40b004: the gate of NMIs has to mask events. */
final class NmiGate {

    private static final int KERNEL_CS = 0xE033;

    private NmiGate() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("70ee40b004", Layer.ENTRY, "The gate of NMIs has to mask events")
                .names("70ee40b004")
                .mechanism("set_trap_table accepts gates that do not mask events, except for vector 2, because the "
                        + "code that delivers NMIs always masks them.")
                .construction("set_trap_table with one entry, for vector 2 and without the flag that masks events.")
                .telling("EINVAL, or the entry is accepted.")
                .affected("to 3.1")
                .repaired("3.2 (70ee40b004)")
                .provenance("Xen commit 70ee40b004")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_3_1_2, AbiProfiles.XEN_3_2, GuestTrial.of(BugGuest.elf(NmiGate::guest)));
    }

    private static void guest(BugGuest guest) {
        Label table = guest.label();
        guest.runtime()
                .data(() -> guest.asm()
                        .align(8)
                        .bind(table)
                        .u32(Trap.NMI | KERNEL_CS << 16)
                        .u32(0)
                        .u64(guest.runtime().handler(Trap.NMI))
                        .zeros(16));
        guest.runtime().call(Hypercalls.SET_TRAP_TABLE, table);
        guest.evidence("result", RAX);
        guest.judge(RAX, -22, "EINVAL", 0, "the entry was accepted");
    }
}
