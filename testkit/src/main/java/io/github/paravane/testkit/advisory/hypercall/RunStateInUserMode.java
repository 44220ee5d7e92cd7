package io.github.paravane.testkit.advisory.hypercall;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Memory.bytePtr;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.SecondVcpu;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Condition;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.GuestRuntime;
import io.github.paravane.testkit.runtime.Hypercalls;

/** 231d7f4098: the run state is not updated in user mode. */
final class RunStateInUserMode {

    private static final long LINEAR = 0x40_0000_0000L;
    private static final long FLAGS = 0x202;
    private static final int REGISTER_RUN_STATE = 5;
    private static final int ENTRY_TIME = 8;

    private RunStateInUserMode() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("231d7f4098", Layer.HYPERCALL, "The run state is not updated in user mode")
                .names("231d7f4098")
                .mechanism("The hypervisor stores the run state of a vCPU through its linear address, with the "
                        + "tables that are loaded. A 64-bit guest that is in user mode has others than its kernel, "
                        + "which has registered an address of its own: the store fails, and the update is lost.")
                .construction("The kernel registers an area in a page that only the kernel root maps, and enters user "
                        + "mode, which waits for a word from another vCPU. The other vCPU waits for a word from "
                        + "user mode first, so the first one is preempted in between.")
                .telling("The time of the last change in the area is as before user mode, or a later one.")
                .affected("to 4.3")
                .repaired("4.4 (231d7f4098)")
                .provenance("Xen commit 231d7f4098; the profile of 4.3 stands for the last version that has it")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_3,
                AbiProfiles.XEN_4_5,
                GuestTrial.of(BugGuest.elf(RunStateInUserMode::guest)).vcpus(2));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        GuestRuntime runtime = guest.runtime();
        Assembler asm = guest.asm();
        Label area = steps.page("area");
        Label words = steps.page("words");
        Label place = guest.label();
        runtime.data(() -> asm.align(8).bind(place).u64(LINEAR));

        Label l1 = steps.page("l1");
        Label userRoot = steps.page("user_root");
        steps.hook(LINEAR, steps.page("l3"), steps.page("l2"), l1);
        steps.root(GuestRuntime.BASE);
        asm.mov(RAX, ptr(RAX)).mov(ptr(userRoot, 8 * 511), RAX);
        steps.freeze(userRoot).pin(4, userRoot).require("pinning a root table for user mode");
        runtime.machineFrame(userRoot);
        runtime.extended(Hypercalls.NEW_USER_BASEPTR, RAX);
        steps.require("setting a root table for user mode");

        steps.entry(area, TableSteps.PAGE).map(LINEAR).require("mapping the area");
        runtime.call(Hypercalls.VCPU_OP, REGISTER_RUN_STATE, 0, place);
        steps.require("registering the area");
        SecondVcpu other = new SecondVcpu(guest).runs(() -> {
            Label wait = guest.label();
            asm.bind(wait).pause().cmp(bytePtr(ptr(words)), 0).je(wait).mov(bytePtr(ptr(words, 1)), 1);
        });
        other.initialise();
        steps.require("initialising the other vCPU");
        other.up();
        steps.require("starting the other vCPU");
        asm.mov(RBX, ptr(area, ENTRY_TIME)).mov(ptr(words, 8), RBX);
        Label wait = guest.label();
        guest.user(
                FLAGS,
                user -> user.mov(bytePtr(ptr(words)), 1)
                        .bind(wait)
                        .pause()
                        .cmp(bytePtr(ptr(words, 1)), 0)
                        .je(wait)
                        .syscall());
        asm.mov(RAX, ptr(area, ENTRY_TIME)).mov(RBX, ptr(words, 8));
        guest.evidence("before", RBX).evidence("after", RAX);
        asm.cmp(RAX, RBX);
        guest.failIf(Condition.E, "the area is as it was before user mode", "the area was updated");
    }
}
