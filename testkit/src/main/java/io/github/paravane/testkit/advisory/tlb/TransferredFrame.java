package io.github.paravane.testkit.advisory.tlb;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Memory.ptr;
import static io.github.paravane.testkit.asm.Memory.qword;

import io.github.paravane.api.cpu.Trap;
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
import io.github.paravane.testkit.runtime.TrapWord;

/** Commit 61730c75ce: grant transfer without a flush. */
final class TransferredFrame {

    private static final int TRANSFER = 4;
    private static final int NOBODY = 0x7E00;

    private TransferredFrame() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("61730c75ce", Layer.TLB, "A frame given away stays in the TLB")
                .names("61730c75ce")
                .mechanism(
                        "A grant transfer takes a frame from its domain for ever. Nothing is flushed: the giver goes "
                                + "on using the frame through its TLB.")
                .construction(
                        "The guest touches a page, unmaps it without a flush, transfers its frame to a domain that "
                                + "does not exist, and reads it.")
                .telling("The read goes on to a frame that is no longer the guest's, or raises #PF.")
                .affected("to 3.2")
                .repaired("3.3 (61730c75ce)")
                .provenance("Xen commit 61730c75ce")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_3_2,
                AbiProfiles.XEN_3_3,
                GuestTrial.of(BugGuest.elf(TransferredFrame::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        GuestRuntime runtime = guest.runtime();
        Assembler asm = guest.asm();
        Label data = steps.page("data");
        Label operation = asm.label("operation");
        runtime.data(() -> asm.align(8).bind(operation).u64(0).u64(NOBODY).u64(0));
        runtime.machineFrame(data);
        asm.mov(ptr(operation), RAX).mov(qword(ptr(data)), 1);
        runtime.call(Hypercalls.UPDATE_VA_MAPPING, data, 0, 0);
        steps.require("unmapping the page");
        asm.mov(RAX, ptr(data));
        runtime.call(Hypercalls.GRANT_TABLE_OP, TRANSFER, operation, 1);
        guest.evidence("result", RAX);
        Label caught = guest.label();
        runtime.attempt(caught, () -> asm.mov(RBX, ptr(data)));
        guest.evidence("word", RBX).failure("the guest reads a frame that it gave away");
        asm.bind(caught);
        guest.evidence("vector", TrapWord.VECTOR);
        asm.mov(RAX, runtime.trap(TrapWord.VECTOR));
        guest.judge(RAX, -1, "", Trap.PF, "the frame is out of reach");
    }
}
