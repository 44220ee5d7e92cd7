package io.github.paravane.testkit.advisory.paging;

import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.Finding;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.ScriptSteps;
import io.github.paravane.testkit.advisory.Stand;
import io.github.paravane.testkit.guest.BootScript;
import io.github.paravane.testkit.runtime.Hypercalls;

/** Commit c261b5cbde: UNPIN_TABLE of another domain. */
final class ForeignUnpin {

    private static final int OTHER = 1;

    private ForeignUnpin() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("c261b5cbde", Layer.PAGING, "UNPIN_TABLE ignores the foreign domain")
                .names("c261b5cbde", "cc2a4ccbc5")
                .mechanism("PIN and UNPIN take the frame from the caller, whatever domain the call names: a control "
                        + "domain that builds another cannot take a pin of it away.")
                .construction("The control domain unpins the root table of another domain.")
                .telling("The result is EINVAL, or 0.")
                .affected("to 3.4")
                .repaired("4.0 (c261b5cbde)")
                .provenance("Xen commits cc2a4ccbc5 and c261b5cbde")
                .build();
        return new KnownBug(advisory, AbiProfiles.XEN_3_4, AbiProfiles.XEN_4_0, ForeignUnpin::play);
    }

    private static Finding play(Stand stand) {
        long[] seen = new long[2];
        PvMachine[] machine = new PvMachine[1];
        BootScript other = new BootScript((port, space) -> new ScriptSteps(port, space).waitForEver());
        BootScript control = new BootScript((port, space) -> {
            seen[0] = machine[0].domains().get(0).vcpus().get(0).kernelBase();
            seen[1] = new ScriptSteps(port, space).extended(Hypercalls.UNPIN_TABLE, seen[0], 0, OTHER);
        });
        machine[0] = stand.machine()
                .domain(DomainConfig.of(other))
                .domain(DomainConfig.of(control).privileged())
                .build();
        stand.run(machine[0]);
        return Finding.of(seen[1] != 0, "the other domain's pin stays", "the other domain's pin is gone")
                .with("result", seen[1])
                .with("pinned", machine[0].frame(seen[0]).pinned() ? 1 : 0);
    }
}
