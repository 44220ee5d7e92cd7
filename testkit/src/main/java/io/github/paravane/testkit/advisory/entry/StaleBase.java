package io.github.paravane.testkit.advisory.entry;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.ECX;
import static io.github.paravane.testkit.asm.Gpr.EDX;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RDX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.SegmentRegister;

/** a5eaac9245: rDMSR of a segment base is stale. */
final class StaleBase {

    private static final int FS_BASE = 0xC000_0100;

    private StaleBase() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("a5eaac9245", Layer.ENTRY, "RDMSR of a segment base is stale")
                .names("a5eaac9245")
                .mechanism("RDMSR of FS_BASE and GS_BASE returns what WRMSR stored last, although a selector load "
                        + "has changed the base since.")
                .construction(
                        "WRMSR of 0x100000000 to FS_BASE, load of a flat data selector into FS, RDMSR of FS_BASE.")
                .telling("The old base is read, or 0.")
                .affected("to 4.14.0")
                .repaired("4.15 (a5eaac9245), 4.14.1")
                .provenance("Xen commit a5eaac9245")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_12, AbiProfiles.XEN_4_15, GuestTrial.of(BugGuest.elf(StaleBase::guest)));
    }

    private static void guest(BugGuest guest) {
        guest.asm().mov(ECX, FS_BASE).xor(EAX, EAX).mov(EDX, 1).wrmsr();
        guest.asm().mov(EAX, 0xE02B).mov(SegmentRegister.FS, EAX);
        guest.asm().mov(ECX, FS_BASE).rdmsr().shl(RDX, 32).or(RAX, RDX);
        guest.evidence("fs-base", RAX);
        guest.judge(RAX, 1L << 32, "the base is the one that was written", 0, "the base is the one that was loaded");
    }
}
