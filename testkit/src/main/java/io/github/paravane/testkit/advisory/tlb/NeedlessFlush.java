package io.github.paravane.testkit.advisory.tlb;

import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.observe.MachineObserver;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.Finding;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.ScriptSteps;
import io.github.paravane.testkit.advisory.Stand;
import io.github.paravane.testkit.guest.BootScript;
import io.github.paravane.testkit.runtime.Hypercalls;
import java.util.ArrayList;
import java.util.List;

/** Commit bfa83bbc33: a flush for an LDT that was never used. */
final class NeedlessFlush {

    private NeedlessFlush() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("bfa83bbc33", Layer.TLB, "SET_LDT always flushes")
                .names("bfa83bbc33")
                .mechanism("When the LDT changes, the mappings of the old one are dropped and the TLB is flushed, even "
                        + "if none of them was ever made.")
                .construction("SET_LDT where no LDT was in use.")
                .telling("The TLB is flushed, or not.")
                .affected("to 4.10")
                .repaired("4.11 (bfa83bbc33)")
                .provenance("Xen commit bfa83bbc33")
                .build();
        return new KnownBug(advisory, AbiProfiles.XEN_4_10, AbiProfiles.XEN_4_11, NeedlessFlush::play);
    }

    private static Finding play(Stand stand) {
        long[] result = {Long.MIN_VALUE};
        List<MachineEvent.Flushed> flushes = new ArrayList<>();
        BootScript script = new BootScript((port, space) -> {
            long page = space.allocate();
            flushes.clear();
            result[0] = new ScriptSteps(port, space).extended(Hypercalls.SET_LDT, page, 1);
        });
        stand.run(stand.machine()
                .observer(new MachineObserver() {
                    @Override
                    public void flushed(MachineEvent.Flushed event) {
                        if (event.reason().equals("set-ldt")) {
                            flushes.add(event);
                        }
                    }
                })
                .domain(DomainConfig.of(script))
                .build());
        return Finding.of(!flushes.isEmpty(), "the TLB was flushed for nothing", "nothing was flushed")
                .with("result", result[0])
                .with("flushes", flushes.size());
    }
}
