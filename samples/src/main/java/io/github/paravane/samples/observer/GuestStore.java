package io.github.paravane.samples.observer;

import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.observe.Observers;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.profiles.AbiProfiles;

/**
 * One guest store, end to end: an observer prints every event of a store to an unmapped page, whose handler stores into a
 * page table. The steps are those of the README's picture.
 */
public final class GuestStore {

    private boolean watching;

    private GuestStore() {}

    private void tell(String line) {
        watching = !line.equals("end") && (watching || line.equals("begin"));
        System.out.println("# " + line);
    }

    private void print(MachineEvent event) {
        if (watching) {
            System.out.println(event);
        }
    }

    /** Runs it. */
    public static void main(String[] args) {
        GuestStore transcript = new GuestStore();
        PvMachine machine = PvMachine.builder(AbiProfiles.XEN_4_17)
                .domain(DomainConfig.of(new StoringKernel(transcript::tell)))
                .observer(Observers.forEach(transcript::print))
                .build();
        System.out.println(machine.run(RunLimits.none().instructions(1_000_000)).kind());
    }
}
