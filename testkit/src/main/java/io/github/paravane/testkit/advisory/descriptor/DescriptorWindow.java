package io.github.paravane.testkit.advisory.descriptor;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.runtime.TrapWord;

/** CVE-2010-4255: direct access to the window on descriptor tables. */
final class DescriptorWindow {

    private DescriptorWindow() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "cve-2010-4255", Layer.DESCRIPTOR, "Direct access to the window on descriptor tables")
                .names("CVE-2010-4255", "d4d2cb2113")
                .mechanism("A load of user mode from the area where the hypervisor maps the descriptor tables of its "
                        + "guests reaches an assertion.")
                .construction("User mode reads 0xFFFF820000000000.")
                .telling("The host dies, or the guest kernel gets #PF for that address.")
                .affected("to 4.0")
                .repaired("4.1 (d4d2cb2113)")
                .provenance("CVE-2010-4255; Xen commit d4d2cb2113")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_0,
                AbiProfiles.XEN_4_1,
                GuestTrial.of(BugGuest.elf(DescriptorWindow::guest)));
    }

    private static void guest(BugGuest guest) {
        guest.user(0x202, code -> code.movabs(RAX, 0xFFFF_8200_0000_0000L).mov(RAX, ptr(RAX)));
        guest.evidence("vector", TrapWord.VECTOR).evidence("cr2", TrapWord.CR2);
        guest.load(RAX, TrapWord.VECTOR);
        guest.judge(RAX, -1, "", Trap.PF, "#PF");
    }
}
