package io.github.paravane.testkit.advisory.hypercall;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Memory.bytePtr;
import static io.github.paravane.testkit.asm.Memory.ptr;

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
import io.github.paravane.testkit.runtime.TrapWord;

/** XSA-296: VCPUOP_initialise that is interrupted. */
final class ContinuedInitialise {

    private static final int PENDING = 0;
    private static final int MASK = 1;

    private ContinuedInitialise() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-296", Layer.HYPERCALL, "VCPUOP_initialise cannot be continued")
                .names("XSA-296", "CVE-2019-18420", "1d4290342f", "0bf9f8d3e3")
                .mechanism("VCPUOP_initialise validates the root table of the new vCPU, which an event interrupts. The "
                        + "code that prepares the call to be made again is told the kinds of its arguments by letters, "
                        + "and does not know the one that it is given here: a BUG.")
                .construction(
                        "VCPUOP_initialise with a root table that is not validated yet and has one entry, while an "
                                + "event is pending. When its handler was entered, the call is made again, as the handler's "
                                + "return would.")
                .telling("The host dies, or the vCPU is initialised.")
                .affected("4.6 to 4.12")
                .repaired("4.13 (0bf9f8d3e3)")
                .provenance("XSA-296; Xen commits 1d4290342f and 0bf9f8d3e3; XTF test xsa-296")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_12,
                AbiProfiles.XEN_4_13,
                GuestTrial.of(BugGuest.elf(ContinuedInitialise::guest)).vcpus(2));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Assembler asm = guest.asm();
        Label root = steps.page("root");
        Label l3 = steps.page("l3");
        Label info = guest.runtime().sharedInfo();
        SecondVcpu other = new SecondVcpu(guest).runs(() -> {});
        steps.fill(root, 3, l3, TableSteps.TABLE).freeze(l3, root);
        guest.runtime().machineFrame(root);
        asm.shl(RAX, 12).mov(other.controlRegister(3), RAX);
        Label interrupted = guest.label();
        Label finished = guest.label();
        guest.runtime().attempt(interrupted, () -> {
            asm.mov(bytePtr(ptr(info, PENDING)), 1).mov(bytePtr(ptr(info, MASK)), 0);
            other.initialise();
        });
        asm.mov(bytePtr(ptr(info, MASK)), 1).jmp(finished).bind(interrupted);
        asm.mov(bytePtr(ptr(info, PENDING)), 0).mov(bytePtr(ptr(info, MASK)), 1);
        guest.evidence("vector", TrapWord.VECTOR);
        other.initialise();
        asm.bind(finished);
        guest.evidence("result", RAX);
        guest.judge(RAX, -1, "", 0, "the hypervisor is alive, and the vCPU initialised");
    }
}
