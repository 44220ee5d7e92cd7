package io.github.paravane.testkit.advisory.entry;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EDI;
import static io.github.paravane.testkit.asm.Gpr.ESI;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Memory.bytePtr;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.Outcome;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.Hypercalls;
import io.github.paravane.testkit.runtime.TrapWord;

/** XSA-7: SYSRET to an address that is not canonical. */
final class NonCanonicalReturn {

    /** The last page of the lower half. */
    private static final long LINEAR = 0x7FFF_FFFF_F000L;

    private static final int OFFSET = 4096 - 2;

    private NonCanonicalReturn() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("6b091fa445", Layer.ENTRY, "SYSRET to an address that is not canonical")
                .names("6b091fa445", "XSA-7", "CVE-2012-0217")
                .mechanism("SYSCALL in the last two bytes of the lower half of the address space returns to the first "
                        + "address behind it. SYSRET to such an address faults on Intel processors before it leaves "
                        + "ring 0, with the stack pointer of the guest loaded: the guest chooses where the processor "
                        + "pushes its frame, in ring 0.")
                .construction("A hypercall whose SYSCALL ends at 0x7fffffffffff.")
                .telling("The domain is gone, and on an Intel processor whatever the guest wants; or the kernel gets "
                        + "#GP, or its failsafe callback until 4.6.")
                .affected("to 4.1")
                .repaired("4.2 (6b091fa445)")
                .provenance("XSA-7; Xen commit 6b091fa445; XTF test xsa-7")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_1,
                AbiProfiles.XEN_4_2,
                GuestTrial.of(BugGuest.elf(NonCanonicalReturn::guest)).crashMeans(Outcome.FAILURE));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Assembler asm = guest.asm();
        Label code = steps.page("code");
        Label l1 = steps.page("l1");
        Label caught = guest.label();
        asm.mov(bytePtr(ptr(code, OFFSET)), 0x0F).mov(bytePtr(ptr(code, OFFSET + 1)), 0x05);
        steps.fill(l1, 511, code, TableSteps.READ_ONLY).hook(LINEAR, steps.page("l3"), steps.page("l2"), l1);
        guest.runtime().attempt(caught, () -> {
            steps.load(RBX, LINEAR + OFFSET);
            asm.mov(EAX, Hypercalls.XEN_VERSION)
                    .xor(EDI, EDI)
                    .xor(ESI, ESI)
                    .push(RBX)
                    .ret();
        });
        asm.bind(caught);
        guest.evidence("vector", TrapWord.VECTOR).evidence("rip", TrapWord.RIP);
        steps.load(RBX, LINEAR + 4096);
        guest.load(RAX, TrapWord.RIP).asm().cmp(RAX, RBX);
        Label there = guest.label();
        asm.je(there);
        guest.verdict(Outcome.ERROR, "the fault is somewhere else");
        asm.bind(there);
        guest.success("the fault is the guest's");
    }
}
