package io.github.paravane.testkit.advisory.tlb;

import static io.github.paravane.testkit.asm.Gpr.EBX;
import static io.github.paravane.testkit.asm.Gpr.ECX;
import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.observe.MachineObserver;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.Finding;
import io.github.paravane.testkit.advisory.GrantSteps;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.Stand;
import io.github.paravane.testkit.advisory.TableSteps;

/** Commit 606ab7a468: references of a grant dropped before the flush. */
final class PutBeforeFlush {

    private static final long LINEAR = 1L << 39;
    private static final int REFERENCE = 8;

    private PutBeforeFlush() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "606ab7a468", Layer.TLB, "A granted frame is given up before the TLB is flushed")
                .names("606ab7a468", "191a8478a9")
                .mechanism(
                        "The end of a grant mapping drops the references of the frame entry by entry, and the TLB is "
                                + "flushed at the end of the call. In between the granter can have the frame back while the "
                                + "mapper's processor still has a translation to it.")
                .construction(
                        "The guest maps an own grant and ends the mapping. At the moment of the flush the references "
                                + "of the frame are counted.")
                .telling("The writable reference of the mapping is gone at the flush, or still there.")
                .affected("to 3.1")
                .repaired("3.2 (606ab7a468)")
                .provenance("Xen commits 191a8478a9 and 606ab7a468")
                .build();
        return new KnownBug(advisory, AbiProfiles.XEN_3_1_2, AbiProfiles.XEN_3_2, PutBeforeFlush::play);
    }

    private static Finding play(Stand stand) {
        long[] seen = {-1, 0};
        PvMachine[] machine = new PvMachine[1];
        machine[0] = stand.machine()
                .observer(new MachineObserver() {
                    @Override
                    public void pageTableWrite(MachineEvent.PageTableWrite event) {
                        if (event.origin() == MachineEvent.Origin.GRANT && Pte.isPresent(event.stored())) {
                            seen[0] = Pte.mfn(event.stored());
                        }
                    }

                    @Override
                    public void flushed(MachineEvent.Flushed event) {
                        if (event.reason().equals("grant-unmap")) {
                            seen[1] = machine[0].frame(seen[0]).typeCount();
                        }
                    }
                })
                .domain(DomainConfig.of(
                        GuestImage.of(BugGuest.elf(PutBeforeFlush::guest).get())))
                .build();
        stand.run(machine[0]);
        // the kernel's own mapping of the page is the one reference that always stays
        return Finding.of(seen[1] < 2, "the frame was given up before the flush", "the frame was held until the flush")
                .with("frame", seen[0])
                .with("writable-references", seen[1]);
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        GrantSteps grants = new GrantSteps(guest, steps);
        grants.start().permit(REFERENCE, steps.page("data"), GrantSteps.PERMIT_ACCESS);
        steps.hook(LINEAR, steps.page("l3"), steps.page("l2"), steps.page("l1"));
        steps.load(RAX, LINEAR);
        grants.map(REFERENCE, GrantSteps.HOST_MAP).requireStatus("mapping the grant");
        steps.load(RAX, LINEAR);
        guest.asm().xor(EBX, EBX).mov(ECX, grants.handle());
        grants.unmap().requireStatus("ending the mapping");
        guest.success("the mapping has ended");
    }
}
