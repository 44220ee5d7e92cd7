package io.github.paravane.testkit.advisory.entry;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Condition;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.Hypercalls;
import io.github.paravane.testkit.runtime.TrapWord;

/** XSA-213: a multicall goes on after iret. */
final class MulticallIret {

    private static final int UNTOUCHED = 0x1234_5678;

    private MulticallIret() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-213", Layer.ENTRY, "A multicall goes on after iret")
                .names("XSA-213", "CVE-2017-8903", "22c096c99d")
                .mechanism("The iret hypercall inside a multicall changes to user mode and to the user page tables. "
                        + "The entries behind it are then run as hypercalls while the guest is in user mode, with "
                        + "arguments and results in its memory.")
                .construction("A multicall of iret to user mode and xen_version; user mode executes INT3.")
                .telling("The result of the second entry is filled in, or untouched.")
                .affected("to 4.8")
                .repaired("4.9 (22c096c99d)")
                .provenance("XSA-213; Xen commit 22c096c99d; XTF test xsa-213")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_8, AbiProfiles.XEN_4_9, GuestTrial.of(BugGuest.elf(MulticallIret::guest)));
    }

    private static void guest(BugGuest guest) {
        Label calls = guest.label();
        Label back = guest.label();
        Label code = guest.userCode(user -> user.int3());
        guest.runtime()
                .data(() -> guest.asm()
                        .align(8)
                        .bind(calls)
                        .u64(Hypercalls.IRET)
                        .zeros(56)
                        .u64(Hypercalls.XEN_VERSION)
                        .u64(UNTOUCHED)
                        .zeros(48));
        guest.runtime().attempt(back, () -> {
            guest.asm()
                    .push(0xE02B)
                    .push(0x1000)
                    .push(0x202)
                    .push(0xE033)
                    .lea(RAX, ptr(code))
                    .push(RAX);
            guest.asm().push(0).push(0).push(0).push(0);
            guest.runtime().call(Hypercalls.MULTICALL, calls, 2);
        });
        guest.asm().bind(back).mov(RAX, ptr(calls, 64 + 8));
        guest.evidence("vector", TrapWord.VECTOR);
        guest.asm().mov(RAX, ptr(calls, 64 + 8));
        guest.evidence("second-result", RAX);
        guest.asm().cmp(RAX, UNTOUCHED);
        guest.failIf(Condition.NE, "the second call ran in user mode", "the multicall ended with iret");
    }
}
