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

/** XSA-7: a non-canonical RIP on the way back to the guest. */
final class NonCanonicalTrap {

    private NonCanonicalTrap() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-7", Layer.ENTRY, "A non-canonical RIP on the way back to the guest")
                .names("XSA-7", "CVE-2012-0217", "6b091fa445", "73db9f65da")
                .mechanism("SYSRET with a non-canonical RIP faults in ring 0, on Intel processors with the stack of "
                        + "the guest already loaded. Handler addresses that a guest registers may be non-canonical "
                        + "too.")
                .construction("set_trap_table with one entry whose handler lies at 0x800000000000.")
                .telling("The table is accepted, or refused with EINVAL.")
                .affected("to 4.1")
                .repaired("4.2 (6b091fa445, 73db9f65da)")
                .provenance("XSA-7; Xen commits 6b091fa445 and 73db9f65da; XTF test xsa-7")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_1,
                AbiProfiles.XEN_4_2,
                GuestTrial.of(BugGuest.elf(NonCanonicalTrap::guest)));
    }

    private static void guest(BugGuest guest) {
        Label table = guest.label();
        guest.runtime()
                .data(() -> guest.asm()
                        .align(8)
                        .bind(table)
                        .u32(Trap.DE | 0xE033 << 16)
                        .u32(0)
                        .u64(1L << 47)
                        .zeros(16));
        guest.runtime().call(Hypercalls.SET_TRAP_TABLE, table);
        guest.evidence("result", RAX);
        guest.judge(RAX, 0, "the address was accepted", -22, "EINVAL");
    }
}
