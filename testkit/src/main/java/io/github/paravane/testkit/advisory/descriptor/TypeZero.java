package io.github.paravane.testkit.advisory.descriptor;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RDI;
import static io.github.paravane.testkit.asm.Gpr.RSI;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.Hypercalls;

/** 82a9ae278c: type-0 descriptors are changed. */
final class TypeZero {

    private TypeZero() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("82a9ae278c", Layer.DESCRIPTOR, "Type-0 descriptors are changed")
                .names("82a9ae278c")
                .mechanism("A present system descriptor of type 0 is harmless, and may be the upper half of a gate "
                        + "of 16 bytes. Its bits 45 and 46 are raised as if they were a privilege level.")
                .construction("A GDT of the guest's own; update_descriptor with only the present bit set; the "
                        + "descriptor is read back.")
                .telling("Bits 45 and 46 are set, or clear.")
                .affected("to 4.7")
                .repaired("4.8 (82a9ae278c)")
                .provenance("Xen commit 82a9ae278c")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_7, AbiProfiles.XEN_4_8, GuestTrial.of(BugGuest.elf(TypeZero::guest)));
    }

    private static void guest(BugGuest guest) {
        Label table = guest.runtime().page("gdt");
        Label frames = guest.label();
        guest.runtime().data(() -> guest.asm().align(8).bind(frames).u64(0));
        guest.runtime().machineFrame(table);
        guest.asm().mov(ptr(frames), RAX);
        guest.runtime().protect(table, false);
        guest.runtime().call(Hypercalls.SET_GDT, frames, 512);
        guest.evidence("set-gdt", RAX);
        guest.asm().mov(RDI, ptr(frames)).shl(RDI, 12).add(RDI, 128).movabs(RSI, 1L << 47);
        guest.runtime().hypercall(Hypercalls.UPDATE_DESCRIPTOR);
        guest.evidence("update-descriptor", RAX);
        guest.asm().mov(RAX, ptr(table, 128));
        guest.evidence("descriptor", RAX);
        guest.judge(RAX, 7L << 45, "the descriptor was changed", 1L << 47, "the descriptor was stored as given");
    }
}
