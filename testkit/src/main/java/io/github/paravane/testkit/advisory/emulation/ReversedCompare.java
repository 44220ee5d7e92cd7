package io.github.paravane.testkit.advisory.emulation;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EBX;
import static io.github.paravane.testkit.asm.Gpr.R12;
import static io.github.paravane.testkit.asm.Gpr.R13;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Memory.ptr;
import static io.github.paravane.testkit.asm.Memory.qword;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;

/** Commit 2232628ecb: the compare of CMPXCHG with its operands reversed. */
final class ReversedCompare {

    private static final int CARRY_ZERO_SIGN = 0xC1;
    private static final int CARRY_SIGN = 0x81;

    private ReversedCompare() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("2232628ecb", Layer.PTE_EMULATION, "Flags of an emulated CMPXCHG that fails")
                .names("2232628ecb")
                .mechanism(
                        "The emulator compares the operands of CMPXCHG the wrong way round. ZF is the same both ways;"
                                + " CF, PF, AF, SF and OF are those of memory minus accumulator.")
                .construction("A not-present L1 entry holds 4; LOCK CMPXCHG with 2 in RAX on the read-only table.")
                .telling("CF and SF are clear, or set, as 2 - 4 makes them.")
                .affected("to 4.5")
                .repaired("4.6 (2232628ecb)")
                .provenance("Xen commit 2232628ecb")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_5,
                AbiProfiles.XEN_4_6,
                GuestTrial.of(BugGuest.elf(ReversedCompare::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Assembler asm = guest.asm();
        Label l1 = steps.page("l1");
        asm.mov(qword(ptr(l1)), 4);
        steps.freeze(l1).pin(1, l1).require("pinning an L1 table");
        asm.mov(EAX, 2).mov(EBX, 8).lock().cmpxchg(qword(ptr(l1)), RBX);
        asm.pushf().pop(R12).mov(R13, RAX).and(R12, CARRY_ZERO_SIGN);
        guest.evidence("accumulator", R13).evidence("flags", R12);
        guest.judge(R12, 0, "the flags are those of 4 - 2", CARRY_SIGN, "the flags are those of 2 - 4");
    }
}
