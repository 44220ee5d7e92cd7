package io.github.paravane.testkit.advisory.descriptor;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.R12;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.GuestRuntime;
import io.github.paravane.testkit.runtime.Hypercalls;
import io.github.paravane.testkit.runtime.TrapWord;

/** 904148ecb4: an LDT of the kernel cannot be used from user mode. */
final class UserLdt {

    private static final long LINEAR = 0x40_0000_0000L;
    private static final long FLAGS = 0x202;

    /** A flat data segment of ring 3. */
    private static final long DATA_SEGMENT = 0x00CF_F300_0000_FFFFL;

    private static final int SELECTOR = 7;

    private UserLdt() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "904148ecb4", Layer.DESCRIPTOR, "An LDT of the kernel cannot be used from user mode")
                .names("904148ecb4", "9ff9705647")
                .mechanism("A page of the LDT is mapped for the processor when the first of its descriptors is used. "
                        + "The hypervisor looks the page up through the tables that are loaded, which are those of "
                        + "user mode if a process made the access; an LDT that only the kernel maps is not found "
                        + "there.")
                .construction(
                        "An LDT of one data segment in a page that only the kernel root maps; user mode loads its "
                                + "selector into FS.")
                .telling("User mode gets a page fault at the LDT, or goes on to its system call.")
                .affected("for a month of the development of 4.15 (9ff9705647)")
                .repaired("4.15 (904148ecb4)")
                .provenance("Xen commits 9ff9705647 and 904148ecb4; the faulty side is a profile of 4.15 with the bug "
                        + "put in")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_15.toBuilder("xen-4.15+ldt-sought-in-user-tables")
                        .with(Quirk.LDT_SOUGHT_IN_USER_TABLES)
                        .build(),
                AbiProfiles.XEN_4_15,
                GuestTrial.of(BugGuest.elf(UserLdt::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        GuestRuntime runtime = guest.runtime();
        Assembler asm = guest.asm();
        Label ldt = steps.page("ldt");

        Label l1 = steps.page("l1");
        Label userRoot = steps.page("user_root");
        steps.hook(LINEAR, steps.page("l3"), steps.page("l2"), l1);
        steps.root(GuestRuntime.BASE);
        asm.mov(RAX, ptr(RAX)).mov(ptr(userRoot, 8 * 511), RAX);
        steps.freeze(userRoot).pin(4, userRoot).require("pinning a root table for user mode");
        runtime.machineFrame(userRoot);
        runtime.extended(Hypercalls.NEW_USER_BASEPTR, RAX);
        steps.require("setting a root table for user mode");

        steps.load(RBX, DATA_SEGMENT);
        asm.mov(ptr(ldt), RBX);
        steps.freeze(ldt).entry(ldt, TableSteps.READ_ONLY).map(LINEAR).require("mapping the LDT");
        steps.load(R12, LINEAR);
        runtime.extended(Hypercalls.SET_LDT, R12, 1);
        steps.require("SET_LDT");
        guest.user(FLAGS, user -> user.mov(EAX, SELECTOR).bytes(0x8E, 0xE0).syscall());
        guest.evidence("vector", TrapWord.VECTOR).evidence("cr2", TrapWord.CR2);
        guest.load(RAX, TrapWord.VECTOR);
        guest.judge(RAX, Trap.PF, "the LDT was not found", TrapWord.SYSCALL_VECTOR, "the segment was loaded");
    }
}
