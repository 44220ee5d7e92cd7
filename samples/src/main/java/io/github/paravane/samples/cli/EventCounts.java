package io.github.paravane.samples.cli;

import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.observe.MachineObserver;
import io.github.paravane.api.paging.TlbStatistics;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.machine.PvMachine;
import java.io.PrintStream;
import java.util.Map;
import java.util.TreeMap;

/** Counts what {@code --stats} prints. */
final class EventCounts implements MachineObserver {

    private final Map<String, Long> hypercalls = new TreeMap<>();
    private final Map<String, Long> bounces = new TreeMap<>();
    private long emulatedStores;
    private long pageTableWrites;
    private long eventsSent;

    @Override
    public void hypercall(MachineEvent.HypercallDone event) {
        hypercalls.merge(event.name(), 1L, Long::sum);
    }

    @Override
    public void bounce(MachineEvent.Bounce event) {
        bounces.merge(event.what(), 1L, Long::sum);
    }

    @Override
    public void pageTableWrite(MachineEvent.PageTableWrite event) {
        pageTableWrites++;
        if (event.origin() == MachineEvent.Origin.EMULATED_STORE
                || event.origin() == MachineEvent.Origin.EMULATED_COMPARE_EXCHANGE) {
            emulatedStores++;
        }
    }

    @Override
    public void eventSent(MachineEvent.EventSent event) {
        eventsSent++;
    }

    void print(PvMachine machine, long nanoseconds, PrintStream out) {
        double seconds = nanoseconds / 1e9;
        long instructions = machine.instructions();
        out.printf("instructions          %,15d%n", instructions);
        out.printf(
                "seconds               %15.3f   %.1f million instructions a second%n",
                seconds, instructions / seconds / 1e6);
        for (Domain domain : machine.domains()) {
            for (Vcpu vcpu : domain.vcpus()) {
                TlbStatistics tlb = vcpu.paging().tlb().statistics();
                String name = domain.vcpus().size() > 1 ? " vcpu " + vcpu.id() : "";
                out.printf("TLB hits%-13s %,15d%n", name, tlb.hits());
                out.printf("TLB misses%-11s %,15d%n", name, tlb.misses());
                out.printf(
                        "TLB flushes%-10s %,15d   all %,d, non-global %,d, page %,d%n",
                        name,
                        tlb.flushesAll() + tlb.flushesNonGlobal() + tlb.flushesPage(),
                        tlb.flushesAll(),
                        tlb.flushesNonGlobal(),
                        tlb.flushesPage());
            }
        }
        out.printf("page-table entries written%,11d%n", pageTableWrites);
        out.printf("PTE writes emulated   %,15d%n", emulatedStores);
        out.printf("events sent           %,15d%n", eventsSent);
        bounces.forEach((name, count) -> out.printf("entered by %-10s %,15d%n", name, count));
        hypercalls.forEach((name, count) -> out.printf("hypercall %-23s %,11d%n", name, count));
    }
}
