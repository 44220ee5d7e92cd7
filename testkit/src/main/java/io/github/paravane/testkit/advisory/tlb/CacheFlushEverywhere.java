package io.github.paravane.testkit.advisory.tlb;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.Outcome;
import io.github.paravane.testkit.asm.Label;

/** Commit bbaea9878b: the error of FLUSH_CACHE_GLOBAL. */
final class CacheFlushEverywhere {

    private static final int FLUSH_CACHE_GLOBAL = 18;

    private CacheFlushEverywhere() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("bbaea9878b", Layer.TLB, "What FLUSH_CACHE_GLOBAL says to those who may not")
                .names("bbaea9878b", "b0f8bf8605")
                .mechanism("MMUEXT_FLUSH_CACHE answers EACCES to a domain without devices, MMUEXT_FLUSH_CACHE_GLOBAL "
                        + "EINVAL; and the first flushes the caches of the present processor only.")
                .construction("FLUSH_CACHE_GLOBAL of a domain without devices.")
                .telling("EINVAL, or EACCES.")
                .affected("4.1 to 4.20")
                .repaired("4.21 (bbaea9878b)")
                .provenance("Xen commit bbaea9878b")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_20,
                AbiProfiles.XEN_4_22,
                GuestTrial.of(BugGuest.elf(CacheFlushEverywhere::guest)));
    }

    private static void guest(BugGuest guest) {
        guest.runtime().extended(FLUSH_CACHE_GLOBAL, 0);
        guest.evidence("result", RAX);
        Label refused = guest.label();
        guest.asm().test(RAX, RAX).jne(refused);
        guest.verdict(Outcome.SKIP, "the domain may flush caches");
        guest.asm().bind(refused);
        guest.judge(RAX, -22, "the refusal looks like a wrong argument", -13, "the refusal is one of rights");
    }
}
