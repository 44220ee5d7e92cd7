package io.github.paravane.testkit.advisory.entry;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.CompatibilityMode;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.TrapWord;

/** 464301737a: a 32-bit system call in the callback of 64-bit ones. */
final class SharedSyscallCallback {

    private SharedSyscallCallback() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "464301737a", Layer.ENTRY, "A 32-bit system call enters the callback of 64-bit ones")
                .names("464301737a", "cd75d47348")
                .mechanism(
                        "SYSCALL from 32-bit code has a callback of its own. Where the kernel has registered none, the "
                                + "one of 64-bit system calls is entered, which takes the number and the arguments for those of "
                                + "its own processes.")
                .construction(
                        "A kernel with the callback of 64-bit system calls only; a 32-bit process executes SYSCALL.")
                .telling("The callback is entered, or the kernel gets #UD.")
                .affected("3.2 to 4.14")
                .repaired("4.15 (464301737a)")
                .provenance("Xen commits cd75d47348 and 464301737a")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_14,
                AbiProfiles.XEN_4_15,
                GuestTrial.of(BugGuest.elf(SharedSyscallCallback::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Label l1 = steps.page("l1");
        CompatibilityMode process = new CompatibilityMode(guest, steps).code(l1, 0x0F, 0x05);
        steps.hook(0, steps.page("l3"), steps.page("l2"), l1);
        process.run();
        guest.evidence("vector", TrapWord.VECTOR).evidence("rip", TrapWord.RIP);
        guest.load(RAX, TrapWord.VECTOR);
        guest.judge(
                RAX,
                TrapWord.SYSCALL_VECTOR,
                "the callback of 64-bit system calls is entered",
                Trap.UD,
                "the kernel gets #UD");
    }
}
