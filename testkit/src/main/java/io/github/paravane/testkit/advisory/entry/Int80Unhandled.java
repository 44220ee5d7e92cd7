package io.github.paravane.testkit.advisory.entry;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.Hypercalls;
import io.github.paravane.testkit.runtime.TrapWord;

/** XSA-259: iNT 0x80 before a handler exists. */
final class Int80Unhandled {

    private Int80Unhandled() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-259", Layer.ENTRY, "INT 0x80 before a handler exists")
                .names("XSA-259", "CVE-2018-10982", "5a5c368faf")
                .mechanism("The rework of the entry code against Meltdown has a path for INT 0x80 without a handler "
                        + "that goes on in the common exception code with a register not set up, and faults in the "
                        + "hypervisor.")
                .construction("A trap table without an entry for vector 0x80; user mode executes INT 0x80.")
                .telling("The host dies, or the guest kernel gets #GP with error code 0x402 and RIP at the "
                        + "instruction.")
                .affected("4.10 and stable releases of early 2018")
                .repaired("4.11 (5a5c368faf)")
                .provenance("XSA-259; Xen commit 5a5c368faf; XTF test xsa-259")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_10.toBuilder("xen-4.10+int80")
                        .with(Quirk.INT80_UNHANDLED_CRASHES)
                        .build(),
                AbiProfiles.XEN_4_11,
                GuestTrial.of(BugGuest.elf(Int80Unhandled::guest)));
    }

    private static void guest(BugGuest guest) {
        Label table = guest.label();
        guest.runtime()
                .data(() -> guest.asm()
                        .align(8)
                        .bind(table)
                        .u32(Trap.GP | 0xE033 << 16)
                        .u32(0)
                        .u64(guest.runtime().handler(Trap.GP))
                        .zeros(16));
        guest.runtime().call(Hypercalls.SET_TRAP_TABLE, 0);
        guest.runtime().call(Hypercalls.SET_TRAP_TABLE, table);
        guest.user(0x202, code -> code.interrupt(0x80));
        guest.evidence("vector", TrapWord.VECTOR).evidence("error-code", TrapWord.ERROR);
        guest.load(RAX, TrapWord.ERROR);
        guest.judge(RAX, -1, "", 0x402, "#GP names the gate");
    }
}
