package io.github.paravane.testkit.advisory.grant;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EBX;
import static io.github.paravane.testkit.asm.Gpr.ECX;
import static io.github.paravane.testkit.asm.Gpr.R12D;
import static io.github.paravane.testkit.asm.Gpr.R13;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;

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

/** XSA-224: host and device mappings released twice over. */
final class EndedTwice {

    private static final long LINEAR = 1L << 39;
    private static final int REFERENCE = 8;

    private EndedTwice() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-224", Layer.GRANT, "A mapping for host and device that ends in two steps")
                .names("XSA-224", "CVE-2017-10920", "8fdfcb2b6b", "56f2ab5b97", "75b384ece6")
                .mechanism(
                        "A grant can be mapped for the host and for devices at once, and each can end alone. The end "
                                + "of the second drops the references of both: the frame has one writable reference too few, "
                                + "and may become a page table while it is mapped writable.")
                .construction(
                        "A grant is mapped for host and device; the host mapping ends, then the device mapping; then "
                                + "the frame is pinned as an L1 table, although the kernel maps it writable.")
                .telling("The pin succeeds, or is EINVAL.")
                .affected("to 4.8")
                .repaired("4.9 and 4.10 (8fdfcb2b6b, 56f2ab5b97, 75b384ece6)")
                .provenance("XSA-224; Xen commit 8fdfcb2b6b; XTF test xsa-224")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_8, AbiProfiles.XEN_4_9, GuestTrial.of(BugGuest.elf(EndedTwice::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        GrantSteps grants = new GrantSteps(guest, steps);
        Assembler asm = guest.asm();
        Label data = steps.page("data");
        Label l1 = steps.page("l1");
        grants.start().permit(REFERENCE, data, GrantSteps.PERMIT_ACCESS);
        steps.hook(LINEAR, steps.page("l3"), steps.page("l2"), l1);
        steps.load(RAX, LINEAR);
        grants.map(REFERENCE, GrantSteps.HOST_MAP | GrantSteps.DEVICE_MAP).requireStatus("mapping the grant");
        asm.mov(R13, grants.deviceAddress()).mov(R12D, grants.handle());
        steps.load(RAX, LINEAR);
        asm.xor(EBX, EBX).mov(ECX, R12D);
        grants.unmap().requireStatus("ending the host mapping");
        asm.xor(EAX, EAX).mov(RBX, R13).mov(ECX, R12D);
        grants.unmap().requireStatus("ending the device mapping");
        steps.pin(1, data);
        guest.evidence("pin", RAX);
        guest.judge(RAX, 0, "a page table is mapped writable", -22, "the frame is still in use");
    }
}
