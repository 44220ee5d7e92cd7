package io.github.paravane.testkit.advisory.descriptor;

import static io.github.paravane.testkit.asm.Gpr.R10;
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
import io.github.paravane.testkit.advisory.Outcome;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.Hypercalls;

/** 70ad570b27: the rules of descriptors, and the one for call gates that changed. */
final class CallGate {

    private static final long PRESENT = 1L << 47;
    private static final long GATE = PRESENT | 12L << 40;

    /** FLAT_KERNEL_CS. */
    private static final long KERNEL = 0xE033L << 16;

    /** A gate that is refused in every version, for its reserved bit 5, and for a target of the hypervisor's. */
    private static final long[] REFUSED = {
        GATE | KERNEL | 1L << 37,
        GATE | 0xE008L << 16,
        PRESENT | 14L << 40,
        PRESENT | 15L << 40,
        PRESENT | 9L << 40,
        PRESENT | 2L << 40
    };

    /** What is stored otherwise than given, and as what. */
    private static final long[][] STORED = {
        {0x0000_1234_5678_9ABCL, 0x0000_1234_5678_9ABCL},
        {0x00AF_9B00_0000_FFFFL, 0x00AF_FB00_0000_FFFFL},
        {0x00CF_9300_0000_FFFFL, 0x00CF_F300_0000_FFFFL},
        {0x00CF_F300_0000_FFFFL, 0x00CF_F300_0000_FFFFL},
    };

    private CallGate() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("70ad570b27", Layer.DESCRIPTOR, "Call gates can be used and arrive nowhere")
                .names("70ad570b27")
                .mechanism("A call gate of a guest is raised to ring 3 as if it were a segment, so the processor takes "
                        + "it: a process calls through it and arrives with the code segment of the kernel in the "
                        + "tables of the process. Since 3.2 a gate gets DPL 0, which makes its use a fault that names "
                        + "it, and the level that the guest wanted goes to the RPL of its selector.")
                .construction(
                        "update_descriptor with each kind of descriptor that a 64-bit guest may have and some that it "
                                + "may not have; then with a call gate to the kernel.")
                .telling("The gate has DPL 3, or DPL 0 with RPL 3 in its selector. Any other difference from the rules "
                        + "that all versions have is an error of the trial.")
                .affected("to 3.1")
                .repaired("3.2 (70ad570b27)")
                .provenance("Xen commit 70ad570b27")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_3_1_2, AbiProfiles.XEN_3_2, GuestTrial.of(BugGuest.elf(CallGate::guest)));
    }

    private static void guest(BugGuest guest) {
        Assembler asm = guest.asm();
        Label table = guest.runtime().page("gdt");
        Label frames = guest.label();
        guest.runtime().data(() -> asm.align(8).bind(frames).u64(0));
        guest.runtime().machineFrame(table);
        asm.mov(ptr(frames), RAX);
        guest.runtime().protect(table, false);
        guest.runtime().call(Hypercalls.SET_GDT, frames, 512);
        new TableSteps(guest).require("set_gdt");
        for (long refused : REFUSED) {
            update(guest, frames, 128, refused);
            expect(guest, -22, "a descriptor that is never allowed was accepted");
        }
        update(guest, frames, 132, 0);
        expect(guest, -22, "a misaligned descriptor was accepted");
        for (long[] each : STORED) {
            update(guest, frames, 128, each[0]);
            expect(guest, 0, "a descriptor that is always allowed was refused");
            asm.mov(RAX, ptr(table, 128));
            expect(guest, each[1], "a descriptor was stored otherwise");
        }
        update(guest, frames, 128, GATE | KERNEL);
        expect(guest, 0, "the gate was refused");
        asm.mov(RAX, ptr(table, 128));
        guest.evidence("gate", RAX);
        guest.judge(
                RAX,
                GATE | 3L << 45 | KERNEL,
                "the gate has DPL 3",
                GATE | KERNEL,
                "the gate has DPL 0 and its selector RPL 3");
    }

    private static void update(BugGuest guest, Label frames, int offset, long descriptor) {
        guest.asm().mov(RDI, ptr(frames)).shl(RDI, 12).add(RDI, offset).movabs(RSI, descriptor);
        guest.runtime().hypercall(Hypercalls.UPDATE_DESCRIPTOR);
    }

    private static void expect(BugGuest guest, long value, String otherwise) {
        Label right = guest.label();
        guest.asm().movabs(R10, value).cmp(RAX, R10).je(right);
        guest.evidence("result", RAX).verdict(Outcome.ERROR, otherwise);
        guest.asm().bind(right);
    }
}
