package io.github.paravane.testkit.advisory.emulation;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EBX;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Memory.dword;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.TrapWord;

/** Commit c1a3a8bd90: a compare-and-exchange of half an entry. */
final class HalfBuiltOldValue {

    private HalfBuiltOldValue() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("c1a3a8bd90", Layer.PTE_EMULATION, "CMPXCHG of half an entry never succeeds")
                .names("c1a3a8bd90")
                .mechanism("A compare-and-exchange of four bytes of an entry is done on all eight: the new value gets "
                        + "the other half, the old value it is compared with does not. Unless the other half is 0, the "
                        + "comparison fails.")
                .construction("LOCK CMPXCHG of the low half of an entry whose high half is not 0.")
                .telling("The guest gets a fault or ZF = 0, or the half is stored with ZF = 1.")
                .affected("development of 3.0 (2005)")
                .repaired("3.0.0 (c1a3a8bd90)")
                .provenance("Xen commit c1a3a8bd90")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_3_0_3.toBuilder("xen-3.0-dev")
                        .with(Quirk.HALF_EXCHANGE_COMPARES_HALF)
                        .build(),
                AbiProfiles.XEN_3_0_3,
                GuestTrial.of(BugGuest.elf(HalfBuiltOldValue::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Assembler asm = guest.asm();
        Label l1 = steps.page("l1");
        asm.mov(dword(ptr(l1, 4)), 1);
        steps.freeze(l1).pin(1, l1).require("pinning an L1 table");
        Label caught = guest.label();
        guest.runtime().attempt(caught, () -> {
            asm.xor(EAX, EAX).mov(EBX, 0x2000).lock().cmpxchg(dword(ptr(l1)), EBX);
        });
        asm.mov(EAX, ptr(l1));
        guest.evidence("low-half", RAX);
        guest.judge(RAX, 0, "the exchange failed", 0x2000, "the exchange was done");
        asm.bind(caught);
        guest.evidence("vector", TrapWord.VECTOR).failure("the guest kernel got a fault");
    }
}
