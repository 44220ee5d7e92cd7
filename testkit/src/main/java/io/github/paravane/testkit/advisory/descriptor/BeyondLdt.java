package io.github.paravane.testkit.advisory.descriptor;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.CompatibilityMode;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.Hypercalls;
import io.github.paravane.testkit.runtime.TrapWord;

/** 93021cbe88, what XSA-298 is for a 64-bit guest: emulation reads descriptors beyond the LDT. */
final class BeyondLdt {

    /** Where the table would be if one began at address 0. */
    private static final long LINEAR = 0x1000;

    /** MOV EDX, 80h; MOV ESI, 2000h; OUTSB; INT3. */
    private static final int[] CODE = {0xBA, 0x80, 0, 0, 0, 0xBE, 0, 0x20, 0, 0, 0x6E, 0xCC};

    private static final int ENTRIES = 1024;

    /** A flat data segment of ring 3. */
    private static final long DATA_SEGMENT = 0x00CF_F300_0000_FFFFL;

    /** Entry 512; TI and RPL 3. */
    private static final int SELECTOR = 0x1007;

    private static final int SET_IOPL = 6;

    private BeyondLdt() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "93021cbe88", Layer.DESCRIPTOR, "Emulated instructions use descriptors beyond the LDT")
                .names("93021cbe88", "XSA-298", "CVE-2019-18425")
                .mechanism("To emulate an instruction the hypervisor reads the descriptors of its segments itself, and "
                        + "does not compare a selector with the limit of the LDT as a processor would. Without an LDT "
                        + "its address is 0: what a process has in its first 64 KiB is taken for descriptors. The far "
                        + "call of a 32-bit guest goes through a call gate there, into the kernel's segment. A 64-bit "
                        + "guest has no emulated far call; a 32-bit process in it can use such a descriptor for OUTS.")
                .construction(
                        "DS is loaded from an LDT, which is then taken away; a page of the first 64 KiB holds the "
                                + "descriptor still. A 32-bit process with IOPL 3 executes OUTSB.")
                .telling("OUTSB is emulated with that descriptor, or raises #GP.")
                .affected("3.1 to 4.12")
                .repaired("4.13 (93021cbe88)")
                .provenance("XSA-298; Xen commit 93021cbe88. XTF test xsa-298 is about the far call, and tells the "
                        + "versions apart for a 32-bit guest only")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_12, AbiProfiles.XEN_4_13, GuestTrial.of(BugGuest.elf(BeyondLdt::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Assembler asm = guest.asm();
        Label ldt = steps.page("ldt");
        CompatibilityMode process = new CompatibilityMode(guest, steps);
        Label l1 = steps.page("l1");
        Label request = guest.label();
        guest.runtime().data(() -> asm.align(8).bind(request).u32(3).u32(0));
        steps.load(RAX, DATA_SEGMENT);
        asm.mov(ptr(ldt), RAX);
        process.code(l1, CODE);
        steps.fill(l1, 1, ldt, TableSteps.READ_ONLY | Pte.USER)
                .freeze(ldt)
                .hook(LINEAR, steps.page("l3"), steps.page("l2"), l1);
        guest.runtime().call(Hypercalls.PHYSDEV_OP, SET_IOPL, request);
        steps.require("set_iopl");
        guest.runtime().extended(Hypercalls.SET_LDT, 0, ENTRIES);
        steps.require("SET_LDT");
        asm.mov(EAX, SELECTOR).bytes(0x8E, 0xD8);
        guest.runtime().extended(Hypercalls.SET_LDT, 0, 0);
        steps.require("taking the LDT away");
        process.run();
        guest.evidence("vector", TrapWord.VECTOR).evidence("rip", TrapWord.RIP);
        guest.load(RAX, TrapWord.VECTOR);
        guest.judge(RAX, Trap.BP, "OUTSB was emulated with the descriptor", Trap.GP, "OUTSB raised #GP");
    }
}
