package io.github.paravane.testkit.advisory.paging;

import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.Finding;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.ScriptSteps;
import io.github.paravane.testkit.advisory.Stand;
import io.github.paravane.testkit.guest.BootScript;
import io.github.paravane.testkit.runtime.GuestRuntime;

/** Commit dc419f0a37: the owner of the tables in MMU_MACHPHYS_UPDATE. */
final class MachineToPhysicalOwner {

    private static final int OTHER = 1;
    private static final int MACHPHYS_UPDATE = 1;

    private MachineToPhysicalOwner() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "dc419f0a37", Layer.PAGING, "MMU_MACHPHYS_UPDATE ignores the owner of the tables")
                .names("dc419f0a37")
                .mechanism("mmu_update names an owner of tables and an owner of pages. An update of the machine-to-"
                        + "physical table looks at the second only.")
                .construction(
                        "The control domain updates the entry of an own frame, naming another domain as the owner of "
                                + "the tables.")
                .telling("The result is 0, or EPERM.")
                .affected("4.0 to 4.4")
                .repaired("4.5 (dc419f0a37)")
                .provenance("Xen commit dc419f0a37")
                .build();
        return new KnownBug(advisory, AbiProfiles.XEN_4_3, AbiProfiles.XEN_4_5, MachineToPhysicalOwner::play);
    }

    private static Finding play(Stand stand) {
        long[] result = {Long.MIN_VALUE};
        BootScript other = new BootScript((port, space) -> new ScriptSteps(port, space).waitForEver());
        BootScript control = new BootScript((port, space) -> {
            long mfn = space.mfn(space.requestPage());
            long domains = OTHER + 1 << 16 | GuestRuntime.DOMID_SELF;
            result[0] = new ScriptSteps(port, space).update(mfn << 12 | MACHPHYS_UPDATE, 0, domains);
        });
        stand.run(stand.machine()
                .domain(DomainConfig.of(other))
                .domain(DomainConfig.of(control).privileged())
                .build());
        return Finding.of(result[0] == 0, "the owner of the tables made no difference", "another owner was refused")
                .with("result", result[0]);
    }
}
