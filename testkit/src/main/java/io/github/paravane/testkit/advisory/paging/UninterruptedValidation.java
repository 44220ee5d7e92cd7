package io.github.paravane.testkit.advisory.paging;

import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.observe.MachineObserver;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.Finding;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.ScriptSteps;
import io.github.paravane.testkit.advisory.Stand;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.guest.BootScript;
import io.github.paravane.testkit.runtime.Hypercalls;

/** XSA-45: a user root table is validated in one go. */
final class UninterruptedValidation {

    private UninterruptedValidation() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-45", Layer.PAGING, "Base loads validate whole trees at a stretch")
                .names("XSA-45", "CVE-2013-1918", "918a5f17b4", "a3e049f8e8", "6cdc9be2a5")
                .mechanism("A pin can be interrupted while it validates a tree of tables, and goes on when the call is "
                        + "made again. A base load, a context of a vCPU and the end of a pin cannot: a guest that has "
                        + "prepared large trees keeps the processor for seconds.")
                .construction(
                        "NEW_USER_BASEPTR of a root table that is not validated yet; another vCPU is due in the middle of "
                                + "it.")
                .telling("The call goes on to its end, or is left and made again.")
                .affected("to 4.2")
                .repaired("4.3 (e2e6b7b627 to b8efae696c)")
                .provenance(
                        "XSA-45; Xen commits e2e6b7b627, 918a5f17b4, 6cdc9be2a5, a3e049f8e8, 99d2b14991, 4939f9a6de "
                                + "and b8efae696c")
                .build();
        return new KnownBug(advisory, AbiProfiles.XEN_4_2, AbiProfiles.XEN_4_3, UninterruptedValidation::play);
    }

    private static Finding play(Stand stand) {
        int[] seen = new int[2];
        long[] table = {-1};
        BootScript script = new BootScript((port, space) -> {
            ScriptSteps steps = new ScriptSteps(port, space);
            long root = space.allocate();
            long l3 = space.allocate();
            port.store(root, 8, steps.entry(l3, TableSteps.TABLE));
            space.protect(root);
            space.protect(l3);
            table[0] = space.mfn(l3);
            seen[0] = (int) steps.extended(Hypercalls.NEW_USER_BASEPTR, space.mfn(root), 0);
        });
        PvMachine machine = stand.machine()
                .preemption((mfn, level, slot) -> mfn == table[0] && slot == 1)
                .observer(new MachineObserver() {
                    @Override
                    public void hypercall(MachineEvent.HypercallDone event) {
                        if (event.number() == Hypercalls.MMUEXT_OP
                                && event.outcome().kind() == HypercallOutcome.Kind.CONTINUED) {
                            seen[1]++;
                        }
                    }
                })
                .domain(DomainConfig.of(script))
                .build();
        stand.run(machine);
        return Finding.of(seen[1] == 0, "the tree was validated in one go", "the call was left and made again")
                .with("result", seen[0])
                .with("interruptions", seen[1]);
    }
}
