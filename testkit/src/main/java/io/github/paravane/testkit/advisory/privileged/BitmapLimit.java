package io.github.paravane.testkit.advisory.privileged;

import static io.github.paravane.testkit.asm.Gpr.AL;
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
import io.github.paravane.testkit.runtime.TrapWord;

/** c6527bc66b: the limit of the I/O bitmap is off by one. */
final class BitmapLimit {

    private static final int SET_IOBITMAP = 7;

    private BitmapLimit() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("c6527bc66b", Layer.PRIVILEGED, "The limit of the I/O bitmap is off by one")
                .names("c6527bc66b")
                .mechanism("An access that ends with the last port that the bitmap covers is refused.")
                .construction("A bitmap of 0x80 ports, all allowed; user mode reads port 0x7F.")
                .telling("#GP, or the access is done.")
                .affected("to 4.10")
                .repaired("4.11 (c6527bc66b)")
                .provenance("Xen commit c6527bc66b")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_10, AbiProfiles.XEN_4_11, GuestTrial.of(BugGuest.elf(BitmapLimit::guest)));
    }

    private static void guest(BugGuest guest) {
        Label bitmap = guest.runtime().page("bitmap");

        Label request = guest.label();
        guest.runtime()
                .data(() ->
                        guest.asm().align(8).bind(request).u64(bitmap).u32(0x80).u32(0));
        guest.runtime().call(Hypercalls.PHYSDEV_OP, SET_IOBITMAP, request);
        guest.evidence("result", RAX);
        guest.user(0x202, code -> code.in(AL, 0x7F).int3());
        guest.evidence("vector", TrapWord.VECTOR).evidence("cr2", TrapWord.CR2);
        guest.load(RAX, TrapWord.VECTOR);

        guest.judge(RAX, Trap.GP, "the last port was refused", Trap.BP, "the last port was read");
    }
}
