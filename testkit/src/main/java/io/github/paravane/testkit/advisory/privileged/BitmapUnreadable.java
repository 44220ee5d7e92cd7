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

/** 8a6c495d72: an I/O bitmap that cannot be read. */
final class BitmapUnreadable {

    private static final int SET_IOBITMAP = 7;

    private BitmapUnreadable() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("8a6c495d72", Layer.PRIVILEGED, "An I/O bitmap that cannot be read")
                .names("8a6c495d72")
                .mechanism("An I/O bitmap in a page that is not there counts as a refusal, so the process gets #GP "
                        + "and the kernel never learns that it has to bring the page in.")
                .construction("A bitmap at an address without a mapping; user mode reads a port.")
                .telling("#GP, or #PF with the address in the bitmap.")
                .affected("to 4.19")
                .repaired("4.20 (8a6c495d72)")
                .provenance("Xen commit 8a6c495d72")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_17,
                AbiProfiles.XEN_4_20,
                GuestTrial.of(BugGuest.elf(BitmapUnreadable::guest)));
    }

    private static void guest(BugGuest guest) {
        Label request = guest.label();
        guest.runtime()
                .data(() -> guest.asm()
                        .align(8)
                        .bind(request)
                        .u64(0x70_0000_0000L)
                        .u32(0x80)
                        .u32(0));
        guest.runtime().call(Hypercalls.PHYSDEV_OP, SET_IOBITMAP, request);
        guest.evidence("result", RAX);
        guest.user(0x202, code -> code.in(AL, 0x7F).int3());
        guest.evidence("vector", TrapWord.VECTOR).evidence("cr2", TrapWord.CR2);
        guest.load(RAX, TrapWord.VECTOR);

        guest.judge(RAX, Trap.GP, "#GP", Trap.PF, "#PF on the bitmap");
    }
}
