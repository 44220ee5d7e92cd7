package io.github.paravane.testkit.advisory.paging;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;

/** Commit 5d85a6d13c: ENOSYS for unknown commands. */
final class UnknownCommand {

    private static final int NO_COMMAND = 4000;

    private UnknownCommand() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "5d85a6d13c", Layer.PAGING, "The error of an unknown command (a difference of the ABI)")
                .names("5d85a6d13c")
                .mechanism(
                        "A kernel that tries a new command of mmuext_op and falls back must tell \"no such command\" "
                                + "from \"wrong argument\". Both were EINVAL.")
                .construction("mmuext_op with a command that no version has.")
                .telling("The result is EINVAL, or ENOSYS.")
                .affected("to 3.0.3 (no bug: the older rule)")
                .repaired("3.0.4 (5d85a6d13c)")
                .provenance("Xen commit 5d85a6d13c")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_3_0_3,
                AbiProfiles.XEN_3_0_4,
                GuestTrial.of(BugGuest.elf(UnknownCommand::guest)));
    }

    private static void guest(BugGuest guest) {
        guest.runtime().extended(NO_COMMAND, 0);
        guest.evidence("result", RAX);
        guest.judge(RAX, -22, "it looks like a wrong argument", -38, "it is no command");
    }
}
