package io.github.paravane.testkit.advisory.grant;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EBX;
import static io.github.paravane.testkit.asm.Gpr.ECX;
import static io.github.paravane.testkit.asm.Gpr.R12;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GrantSteps;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;

/** XSA-234: a read-only entry ends a writable grant mapping. */
final class ReplacedMapping {

    private static final long WRITABLE = 1L << 39;
    private static final long READABLE = WRITABLE + 4096;

    private ReplacedMapping() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-234", Layer.GRANT, "unmap_and_replace does not compare rights")
                .names("XSA-234", "CVE-2017-14319", "16b1414de9")
                .mechanism(
                        "When a grant mapping ends, the entry must hold the granted frame; whether it is writable is "
                                + "not compared. A read-only mapping of the same frame in its place ends the writable mapping, "
                                + "whose entry lives on elsewhere: the frame has no writable reference any more and may become "
                                + "a page table.")
                .construction("One page is granted twice and mapped writable and read-only. The read-only mapping is "
                        + "replaced by the writable entry, and an entry that maps the frame read-only takes its place "
                        + "at the writable address; the writable mapping is ended there; then the frame is pinned as an"
                        + " L1 table.")
                .telling("The frame becomes a page table while it is mapped writable, or the second mapping cannot be "
                        + "ended and the pin is EINVAL.")
                .affected("to 4.9")
                .repaired("4.10 (16b1414de9)")
                .provenance("XSA-234; Xen commit 16b1414de9; XTF test xsa-234")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_9,
                AbiProfiles.XEN_4_10,
                GuestTrial.of(BugGuest.elf(ReplacedMapping::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        GrantSteps grants = new GrantSteps(guest, steps);
        Assembler asm = guest.asm();
        Label data = steps.page("data");
        Label l1 = steps.page("l1");
        Label handles = asm.label("handles");
        guest.runtime().data(() -> asm.align(8).bind(handles).u64(0).u64(0));
        grants.start().permit(8, data, GrantSteps.PERMIT_ACCESS).permit(9, data, GrantSteps.PERMIT_READ);
        steps.hook(WRITABLE, steps.page("l3"), steps.page("l2"), l1);
        steps.load(RAX, WRITABLE);
        grants.map(8, GrantSteps.HOST_MAP).requireStatus("mapping the grant");
        asm.mov(EAX, grants.handle()).mov(ptr(handles), RAX);
        steps.load(RAX, READABLE);
        grants.map(9, GrantSteps.HOST_MAP | GrantSteps.READ_ONLY).requireStatus("mapping the grant read-only");
        asm.mov(EAX, grants.handle()).mov(ptr(handles, 8), RAX);
        steps.load(RAX, READABLE).load(RBX, WRITABLE);
        asm.mov(ECX, ptr(handles, 8));
        grants.unmapAndReplace().requireStatus("replacing the read-only mapping");
        steps.entry(data, TableSteps.READ_ONLY).map(WRITABLE).require("a read-only mapping in its place");
        steps.load(RAX, WRITABLE);
        asm.xor(EBX, EBX).mov(ECX, ptr(handles));
        grants.unmap();
        guest.evidence("unmap", RAX);
        guest.runtime().protect(data, false);
        steps.pin(1, data);
        asm.mov(R12, RAX);
        steps.show("writable-entry", l1, 1);
        guest.judge(R12, 0, "a page table is mapped writable", -22, "the frame is still in use");
    }
}
