package io.github.paravane.testkit.advisory.compat;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.Outcome;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.CompatRuntime;
import io.github.paravane.testkit.runtime.CompatTrapWord;
import io.github.paravane.testkit.runtime.Hypercalls;

/** 55ab172a1f: INT 80h of a 32-bit guest enters a handler that is no longer registered. */
final class LingeringGate {

    private static final int FAST_VECTOR = 0x80;
    private static final int GP = 13;

    private LingeringGate() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "55ab172a1f-compat", Layer.ENTRY, "INT 80h of a 32-bit guest enters a handler of before")
                .names("55ab172a1f", "cda335c279")
                .mechanism(
                        "INT 80h has a gate of its own, with a copy of the handler. set_trap_table without a table, which "
                                + "clears all handlers, forgets that copy for 32-bit guests.")
                .construction(
                        "set_trap_table with a handler for INT 80h; set_trap_table(NULL); a handler for #GP; INT 80h.")
                .telling("The old handler runs, or #GP with the vector in its error code.")
                .affected("3.1 to 4.8")
                .repaired("4.9 (55ab172a1f)")
                .provenance("Xen commit 55ab172a1f")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_8, AbiProfiles.XEN_4_9, CompatGuest.trial(LingeringGate::guest));
    }

    private static void guest(CompatGuest guest) {
        CompatRuntime runtime = guest.runtime();
        Label old = guest.label();
        Label gate = guest.label();
        Label protection = guest.label();
        Label caught = guest.label();
        runtime.data(() -> guest.asm()
                .align(8)
                .bind(gate)
                .u8(FAST_VECTOR)
                .u8(3)
                .u16(CompatRuntime.KERNEL_CS)
                .u32(old)
                .zeros(8));
        runtime.data(() -> guest.asm()
                .align(8)
                .bind(protection)
                .u8(GP)
                .u8(0)
                .u16(CompatRuntime.KERNEL_CS)
                .u32(runtime.handler(GP))
                .zeros(8));
        runtime.call(Hypercalls.SET_TRAP_TABLE, gate);
        runtime.call(Hypercalls.SET_TRAP_TABLE, 0);
        runtime.call(Hypercalls.SET_TRAP_TABLE, protection);
        runtime.attempt(caught, () -> guest.asm().interrupt(FAST_VECTOR));
        guest.verdict(Outcome.ERROR, "INT 80h did nothing");
        guest.asm().bind(old);
        guest.verdict(Outcome.FAILURE, "the old handler ran");
        guest.asm().bind(caught);
        guest.evidence("vector", CompatTrapWord.VECTOR).evidence("error-code", CompatTrapWord.ERROR);
        guest.verdict(Outcome.SUCCESS, "#GP");
    }
}
