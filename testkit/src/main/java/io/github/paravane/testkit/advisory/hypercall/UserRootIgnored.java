package io.github.paravane.testkit.advisory.hypercall;

import static io.github.paravane.testkit.asm.Gpr.EAX;
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
import io.github.paravane.testkit.advisory.Outcome;
import io.github.paravane.testkit.advisory.SecondVcpu;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.Hypercalls;

/** 0ada151b05: the user root table in the context of a vCPU. */
final class UserRootIgnored {

    private static final int PT_BASE = 88;
    private static final int FLAT_CS = 0xE033;
    private static final int FLAT_SS = 0xE02B;
    private static final int IN_USER_MODE = 1;
    private static final int REFUSED = 2;

    private UserRootIgnored() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("0ada151b05", Layer.HYPERCALL, "The context of a vCPU has no user root table")
                .names("0ada151b05", "631f828097")
                .mechanism("A vCPU of a 64-bit guest has two root tables, but its context has CR3 only. A vCPU that is "
                        + "saved and restored, or made by VCPUOP_initialise, has none for user mode. Since 3.1 it is in "
                        + "the place of CR1.")
                .construction("VCPUOP_initialise with a root table in ctrlreg[1]; the new vCPU enters user mode, which "
                        + "stores a word.")
                .telling("The iret hypercall fails or ends the domain, or the word is stored.")
                .affected("to 3.0.4")
                .repaired("3.1 (0ada151b05)")
                .provenance("Xen commits 631f828097 and 0ada151b05")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_3_0_4,
                AbiProfiles.XEN_3_1_0,
                GuestTrial.of(BugGuest.elf(UserRootIgnored::guest)).vcpus(2).crashMeans(Outcome.FAILURE));
    }

    private static void guest(BugGuest guest) {
        Assembler asm = guest.asm();
        TableSteps steps = new TableSteps(guest);
        Label words = steps.page("words");
        Label wait = guest.label();
        Label done = guest.label();
        Label spin = guest.label();
        Label process = guest.userCode(user ->
                user.mov(bytePtr(ptr(words)), IN_USER_MODE).bind(spin).pause().jmp(spin));
        SecondVcpu other = new SecondVcpu(guest).runs(() -> {
            asm.lea(RAX, ptr(process));
            asm.push(FLAT_SS).push(0).push(0x202).push(FLAT_CS).push(RAX);
            asm.push(0).push(0).push(0).push(0);
            guest.runtime().hypercall(Hypercalls.IRET);
            asm.mov(bytePtr(ptr(words)), REFUSED);
        });
        asm.mov(RBX, guest.runtime().startInfo()).mov(RAX, ptr(RBX, PT_BASE));
        guest.runtime().machineFrame();
        asm.shl(RAX, 12).mov(other.controlRegister(1), RAX);
        other.initialise();
        steps.require("initialising the other vCPU");
        other.up();
        steps.require("starting the other vCPU");
        asm.bind(wait).cmp(bytePtr(ptr(words)), 0).jne(done);
        guest.runtime().call(Hypercalls.SCHED_OP, 0, 0);
        asm.jmp(wait).bind(done).movzx(EAX, bytePtr(ptr(words)));
        guest.evidence("word", RAX);
        guest.judge(RAX, REFUSED, "the vCPU cannot enter user mode", IN_USER_MODE, "the vCPU has a user root table");
    }
}
