package io.github.paravane.testkit.advisory.privileged;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.runtime.Hypercalls;
import io.github.paravane.testkit.runtime.TrapWord;

/** f71ecb6a19: iOPL of a process is not its own. */
final class VirtualIopl {

    private static final int ARCHITECTURAL_IOPL = 4;

    private VirtualIopl() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("f71ecb6a19", Layer.PRIVILEGED, "IOPL of a process is not its own")
                .names("f71ecb6a19", "XSA-171", "CVE-2016-3157")
                .mechanism("Only a hypercall changes the virtual IOPL, and the flags never show it. A kernel that "
                        + "believes that IRET and POPF switch it with the rest of the flags leaves the rights of "
                        + "one process to the next. Since 4.7 a kernel can ask for the architectural behaviour.")
                .construction("vm_assist for architectural IOPL; iret to user mode with IOPL 3; user mode executes "
                        + "INT3.")
                .telling("The frame shows IOPL 0, or 3.")
                .affected("to 4.6")
                .repaired("4.7 (f71ecb6a19)")
                .provenance("XSA-171; Xen commits f71ecb6a19 and 972523bcef; XTF test pv-iopl")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_6, AbiProfiles.XEN_4_7, GuestTrial.of(BugGuest.elf(VirtualIopl::guest)));
    }

    private static void guest(BugGuest guest) {
        guest.runtime().call(Hypercalls.VM_ASSIST, 0, ARCHITECTURAL_IOPL);
        guest.evidence("assist", RAX);
        guest.user(0x3202, code -> code.int3());
        guest.evidence("rflags-slot", TrapWord.RFLAGS);
        guest.load(RAX, TrapWord.RFLAGS).asm().and(RAX, 0x3000);
        guest.judge(RAX, 0, "the frame does not show the IOPL", 0x3000, "the frame shows the IOPL");
    }
}
