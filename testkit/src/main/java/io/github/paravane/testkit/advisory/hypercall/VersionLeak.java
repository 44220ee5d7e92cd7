package io.github.paravane.testkit.advisory.hypercall;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RDX;
import static io.github.paravane.testkit.asm.Gpr.RSI;
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

/** XSA-122: xen_version leaks stack bytes. */
final class VersionLeak {

    private static final int CHANGESET = 4;
    private static final int SIZE = 64;

    private VersionLeak() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-122", Layer.HYPERCALL, "xen_version leaks stack bytes")
                .names("XSA-122", "CVE-2015-2045", "fe2e079f64")
                .mechanism("The texts of xen_version are copied as whole arrays from the stack of the hypervisor, "
                        + "with whatever lies behind the NUL.")
                .construction("XENVER_changeset into a buffer of 64 bytes.")
                .telling("A byte behind the NUL is not zero, or all are.")
                .affected("to 4.5")
                .repaired("4.6 (fe2e079f64)")
                .provenance("XSA-122; Xen commit fe2e079f64; XTF test xsa-122")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_5, AbiProfiles.XEN_4_6, GuestTrial.of(BugGuest.elf(VersionLeak::guest)));
    }

    private static void guest(BugGuest guest) {
        Label text = guest.runtime().page("text");
        Label next = guest.label();
        Label tail = guest.label();
        Label clean = guest.label();
        guest.runtime().call(Hypercalls.XEN_VERSION, CHANGESET, text);
        guest.evidence("result", RAX);
        guest.asm().lea(RSI, ptr(text)).lea(RDX, ptr(text, SIZE));
        guest.asm()
                .bind(next)
                .movzx(EAX, bytePtr(ptr(RSI)))
                .inc(RSI)
                .test(EAX, EAX)
                .jne(next);
        guest.asm().bind(tail).cmp(RSI, RDX).jae(clean);
        guest.asm().movzx(EAX, bytePtr(ptr(RSI))).inc(RSI).test(EAX, EAX).je(tail);
        guest.evidence("leaked-byte", RAX);
        guest.failure("there is something behind the NUL");
        guest.asm().bind(clean);
        guest.success("zeros behind the NUL");
    }
}
