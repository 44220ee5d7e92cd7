package io.github.paravane.testkit.advisory.compat;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EBX;
import static io.github.paravane.testkit.asm.Gpr.ECX;
import static io.github.paravane.testkit.asm.Gpr.EDI;
import static io.github.paravane.testkit.asm.Gpr.ESI;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.CompatRuntime;
import io.github.paravane.testkit.runtime.Hypercalls;

/** a773adedbd: an L3 table above 4 GiB without the assist that says that the guest knows. */
final class RootAbove4G {

    private static final long MEMORY = (4L << 30) + (16L << 20);
    private static final int FRAMES_BELOW_4G = 1 << 20;
    private static final int READ_WRITE = 0x63;
    private static final int PRESENT = 1;
    private static final int PIN_L3 = 2;
    private static final int LAST_SLOT = 24;

    private RootAbove4G() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "a773adedbd", Layer.PAGING, "An L3 table above 4 GiB is taken from a guest that cannot name it")
                .names("a773adedbd")
                .mechanism("CR3 of a 32-bit guest holds a machine address of 32 bits, unless it has enabled "
                        + "pae_extended_cr3. The check went away together with the native 32-bit hypervisor.")
                .construction(
                        "In a domain of more than 4 GiB: an L3 in a frame from 0x100000 on, with its last entry, and "
                                + "MMUEXT_PIN_L3_TABLE.")
                .telling("The pin succeeds, or ERANGE.")
                .affected("4.3 to 4.18")
                .repaired("4.19 (a773adedbd)")
                .provenance("Xen commit a773adedbd")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_17,
                AbiProfiles.XEN_4_20,
                CompatGuest.trial(RootAbove4G::guest).memory(MEMORY));
    }

    /** The frame is found by its number, mapped over a page of the guest's and filled, and unmapped for the pin. */
    private static void guest(CompatGuest guest) {
        CompatRuntime runtime = guest.runtime();
        Label last = runtime.page("last_l2");
        Label window = runtime.page("window");
        Label search = guest.label();
        runtime.remap(last, 0x21);
        guest.asm().mov(EDI, runtime.machineFrames()).add(EDI, (int) (MEMORY >>> 12) * 4);
        guest.asm()
                .bind(search)
                .sub(EDI, 4)
                .mov(EBX, ptr(EDI))
                .cmp(EBX, FRAMES_BELOW_4G)
                .jb(search);
        guest.evidence("frame", EBX);
        guest.asm().push(EBX).mov(EAX, EBX).shl(EAX, 12).or(EAX, READ_WRITE).shr(EBX, 20);
        runtime.call(Hypercalls.UPDATE_VA_MAPPING, window, EAX, EBX, 2);
        guest.evidence("mapped", EAX);
        runtime.machineAddress(last);
        guest.asm().or(EAX, PRESENT).mov(ESI, window).mov(ptr(ESI, LAST_SLOT), EAX);
        runtime.call(Hypercalls.UPDATE_VA_MAPPING, window, 0, 0, 2);
        guest.asm().pop(ECX);
        runtime.extended(PIN_L3, ECX, 0);
        guest.evidence("result", EAX);
        guest.judge(EAX, 0, "the L3 is pinned above 4 GiB", -34, "ERANGE");
    }
}
