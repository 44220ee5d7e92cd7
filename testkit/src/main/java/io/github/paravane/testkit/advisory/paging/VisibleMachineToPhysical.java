package io.github.paravane.testkit.advisory.paging;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
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
import io.github.paravane.testkit.runtime.GuestRuntime;
import io.github.paravane.testkit.runtime.Hypercalls;
import io.github.paravane.testkit.runtime.TrapWord;

/** Commit d72a4605e1: the machine-to-physical table in user mode. */
final class VisibleMachineToPhysical {

    private static final int M2P_STRICT = 32;

    private VisibleMachineToPhysical() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("d72a4605e1", Layer.PAGING, "User mode reads the machine-to-physical table")
                .names("d72a4605e1")
                .mechanism(
                        "The machine-to-physical table is mapped for everybody in the hypervisor's part of each root "
                                + "table. A user process learns from it which frames of the machine belong to its domain and "
                                + "which do not. With the assist m2p_strict the kernel can keep it out of root tables of user "
                                + "mode.")
                .construction(
                        "The kernel asks for m2p_strict and gives user mode a new root table; user code reads the "
                                + "first word of the table.")
                .telling("User code gets a word, or #PF.")
                .affected("to 4.5")
                .repaired("4.6 (d72a4605e1)")
                .provenance("Xen commit d72a4605e1")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_5,
                AbiProfiles.XEN_4_6,
                GuestTrial.of(BugGuest.elf(VisibleMachineToPhysical::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        GuestRuntime runtime = guest.runtime();
        Assembler asm = guest.asm();
        Label userRoot = steps.page("user_root");
        runtime.call(Hypercalls.VM_ASSIST, 0, M2P_STRICT);
        guest.evidence("vm-assist", RAX);
        steps.root(GuestRuntime.BASE);
        asm.mov(RAX, ptr(RAX)).mov(ptr(userRoot, 8 * 511), RAX);
        steps.freeze(userRoot).pin(4, userRoot).require("pinning a root table for user mode");
        runtime.machineFrame(userRoot);
        runtime.extended(Hypercalls.NEW_USER_BASEPTR, RAX);
        steps.require("setting a root table for user mode");
        Label user = guest.label();
        Label caught = guest.label();
        runtime.enterUser(user, caught);
        asm.bind(user)
                .movabs(RBX, GuestRuntime.M2P)
                .mov(RAX, ptr(RBX))
                .syscall()
                .ud2();
        asm.bind(caught);
        guest.evidence("vector", TrapWord.VECTOR).evidence("rax", TrapWord.RAX);
        asm.mov(RAX, runtime.trap(TrapWord.VECTOR));
        guest.judge(RAX, TrapWord.SYSCALL_VECTOR, "user mode reads the table", Trap.PF, "user mode gets a page fault");
    }
}
