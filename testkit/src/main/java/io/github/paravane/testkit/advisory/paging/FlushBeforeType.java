package io.github.paravane.testkit.advisory.paging;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.hypervisor.domain.OtherProcessor;
import io.github.paravane.hypervisor.domain.OtherVcpu;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.SecondVcpu;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;

/** XSA-401: the TLBs are flushed before a frame is reserved for its new type. */
final class FlushBeforeType {

    private static final long LINEAR = 0x40_0000_0000L;

    /** First words of the two tables, entries that are not present. */
    private static final long FIRST = 0x51EE_9A00L;

    private static final long SECOND = 0x51EE_9B00L;
    private static final int SLOT = 3;

    /** Not present either. */
    private static final long FORGED = 0xF0_0000L;

    private FlushBeforeType() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-401", Layer.PAGING, "A page table that a TLB has as writable")
                .names("XSA-401", "CVE-2022-26362", "8cc5036bc3")
                .mechanism("A frame that was writable becomes a page table: the TLBs are flushed, then its type is "
                        + "exchanged if nobody uses it. Between the two another processor can map it writable, touch "
                        + "it and unmap it again. Nobody uses it then, so the exchange succeeds, but that processor's "
                        + "TLB has a writable translation of a page table.")
                .construction("While a page is pinned as L1 table, another vCPU maps it writable, stores into it and "
                        + "unmaps it; when the page is a table, that vCPU stores into it again.")
                .telling("The store changes the page table, or that vCPU cannot map the page.")
                .affected("to 4.16")
                .repaired("4.17, back to 4.13 (8cc5036bc3)")
                .provenance("XSA-401; Xen commit 8cc5036bc3; the profile of 4.14 stands for the repaired 4.14")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_12,
                AbiProfiles.XEN_4_14,
                GuestTrial.of(BugGuest.elf(FlushBeforeType::guest)).vcpus(2).beside(Racer::new));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Assembler asm = guest.asm();
        Label first = steps.page("first");
        Label second = steps.page("second");
        steps.hook(LINEAR, steps.page("l3"), steps.page("l2"), steps.page("l1"));
        SecondVcpu other = new SecondVcpu(guest).runs(() -> {});
        other.initialise();
        steps.require("initialising the other vCPU");
        steps.load(RAX, FIRST);
        asm.mov(ptr(first), RAX);
        steps.load(RAX, SECOND);
        asm.mov(ptr(second), RAX);
        steps.freeze(first, second);
        steps.pin(1, first).require("pinning an L1 table");
        steps.pin(1, second).require("pinning another L1 table");
        steps.show("l1-entry", first, SLOT);
        guest.judge(RAX, FORGED, "the page table was changed through a TLB", 0, "the page table is as it was");
    }

    /** The other vCPU: maps the first table while it becomes one, and stores into it while the second becomes one. */
    private static final class Racer implements OtherProcessor {

        @Override
        public void typeChange(MachineMemory memory, long mfn, OtherVcpu vcpu) {
            long word = memory.readU64(mfn << 12);
            if (word == FIRST && vcpu.updateVaMapping(LINEAR, Pte.of(mfn, TableSteps.PAGE))) {
                vcpu.store(LINEAR + 8 * SLOT, 0);
                vcpu.updateVaMapping(LINEAR, 0);
            } else if (word == SECOND) {
                vcpu.store(LINEAR + 8 * SLOT, FORGED);
            }
        }
    }
}
