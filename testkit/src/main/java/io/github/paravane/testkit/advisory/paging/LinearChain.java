package io.github.paravane.testkit.advisory.paging;

import static io.github.paravane.testkit.asm.Gpr.R12;
import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Label;

/** XSA-240: chains of linear page tables without bound. */
final class LinearChain {

    private LinearChain() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-240", Layer.PAGING, "Tables of one level in a chain")
                .names("XSA-240", "CVE-2017-15595", "6987fc7558")
                .mechanism(
                        "A table may name a table of its own level, which may name another, and so on. When the chain"
                                + " is torn down the hypervisor recurses once for each link, on its own stack.")
                .construction("Three pinned L3 tables A, B and C; B names C; then A names B.")
                .telling("The second link is accepted, or EINVAL since B has one already.")
                .affected("3.0 to 4.9")
                .repaired("4.10 (6987fc7558, 2c458dfcb5, e40b0219a8)")
                .provenance("XSA-240; Xen commit 6987fc7558")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_9, AbiProfiles.XEN_4_10, GuestTrial.of(BugGuest.elf(LinearChain::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Label a = steps.page("a");
        Label b = steps.page("b");
        Label c = steps.page("c");
        steps.freeze(a, b, c);
        for (Label each : new Label[] {a, b, c}) {
            steps.pin(3, each).require("pinning an L3 table");
        }
        steps.set(b, 0, c, TableSteps.LINEAR).orSkip("an L3 table cannot name another");
        steps.set(a, 0, b, TableSteps.LINEAR);
        guest.asm().mov(R12, RAX);
        steps.show("link-a", a, 0).show("link-b", b, 0);
        guest.judge(R12, 0, "a chain of three tables of one level", -22, "a table with a link is no target of one");
    }
}
