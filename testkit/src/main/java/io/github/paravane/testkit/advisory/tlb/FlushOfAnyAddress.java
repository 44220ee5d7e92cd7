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

/** Commit 828e114f7c: INVLPG operations on any address. */
final class FlushOfAnyAddress {

    private static final long HYPERVISOR = 0xFFFF_8300_0000_0000L;

    private FlushOfAnyAddress() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("828e114f7c", Layer.TLB, "INVLPG operations take any address")
                .names("828e114f7c")
                .mechanism("MMUEXT_INVLPG_LOCAL, _MULTI and _ALL flush whatever address they are given, those of the "
                        + "hypervisor too.")
                .construction("INVLPG_LOCAL of an address in the hypervisor's range.")
                .telling("A page is flushed, or none; the result is 0 both ways.")
                .affected("to 4.6")
                .repaired("4.7 (828e114f7c)")
                .provenance("Xen commit 828e114f7c")
                .build();
        return new KnownBug(advisory, AbiProfiles.XEN_4_6, AbiProfiles.XEN_4_7, FlushOfAnyAddress::play);
    }

    private static Finding play(Stand stand) {
        long[] result = {Long.MIN_VALUE};
        List<MachineEvent.Flushed> flushes = new ArrayList<>();
        BootScript script = new BootScript((port, space) ->
                result[0] = new ScriptSteps(port, space).extended(Hypercalls.INVLPG_LOCAL, HYPERVISOR, 0));
        stand.run(stand.machine()
                .observer(new MachineObserver() {
                    @Override
                    public void flushed(MachineEvent.Flushed event) {
                        if (event.linear() == HYPERVISOR) {
                            flushes.add(event);
                        }
                    }
                })
                .domain(DomainConfig.of(script))
                .build());
        return Finding.of(!flushes.isEmpty(), "an address of the hypervisor was flushed", "the address was ignored")
                .with("result", result[0])
                .with("flushes", flushes.size());
    }
}
