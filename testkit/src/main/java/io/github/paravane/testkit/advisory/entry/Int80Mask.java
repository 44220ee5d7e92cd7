package io.github.paravane.testkit.advisory.entry;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Memory.bytePtr;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.Hypercalls;
import io.github.paravane.testkit.runtime.TrapWord;

/** 55ab172a1f: the fast gate of int 0x80 forgets to mask events. */
final class Int80Mask {

    private static final int MASK_EVENTS = 4;

    private Int80Mask() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("55ab172a1f", Layer.ENTRY, "The fast gate of int 0x80 forgets to mask events")
                .names("55ab172a1f")
                .mechanism("INT 0x80 goes through a gate of its own, which enters the handler without a look at the "
                        + "flag by which the guest asked for events to be masked while the handler runs.")
                .construction(
                        "A gate for 0x80 that is open to user mode and masks events; user mode executes INT 0x80; "
                                + "the handler looks at its upcall mask.")
                .telling("The mask is clear in the handler, or set.")
                .affected("3.1 to 4.8")
                .repaired("4.9 (55ab172a1f)")
                .provenance("Xen commit 55ab172a1f")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_8, AbiProfiles.XEN_4_9, GuestTrial.of(BugGuest.elf(Int80Mask::guest)));
    }

    private static void guest(BugGuest guest) {
        Label table = guest.label();
        Label back = guest.label();
        guest.runtime()
                .data(() -> guest.asm()
                        .align(8)
                        .bind(table)
                        .u32(0x80 | (3 | MASK_EVENTS) << 8 | 0xE033 << 16)
                        .u32(0)
                        .u64(guest.runtime().handler(0x80))
                        .zeros(16));
        guest.runtime().call(Hypercalls.SET_TRAP_TABLE, table);
        guest.runtime().enterUser(guest.userCode(user -> user.interrupt(0x80)), back);
        guest.asm().bind(back).movzx(EAX, bytePtr(ptr(guest.runtime().sharedInfo(), 1)));
        guest.evidence("vector", TrapWord.VECTOR);
        guest.asm().movzx(EAX, bytePtr(ptr(guest.runtime().sharedInfo(), 1)));
        guest.evidence("upcall-mask", RAX);
        guest.judge(RAX, 0, "events are not masked in the handler", 1, "events are masked in the handler");
    }
}
