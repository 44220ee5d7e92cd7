package io.github.paravane.testkit.advisory.emulation;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.ECX;
import static io.github.paravane.testkit.asm.Gpr.R12;
import static io.github.paravane.testkit.asm.Gpr.R13;
import static io.github.paravane.testkit.asm.Gpr.R14;
import static io.github.paravane.testkit.asm.Gpr.RCX;
import static io.github.paravane.testkit.asm.Gpr.RDI;
import static io.github.paravane.testkit.asm.Memory.dword;
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

/** Commit fe30060046: REP honoured on instructions that do not take it. */
final class RepeatedStore {

    private static final int FIRST = 0x2000;
    private static final int SECOND = 0x4000;

    private RepeatedStore() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("fe30060046", Layer.PTE_EMULATION, "REP before an instruction that has none")
                .names("fe30060046")
                .mechanism(
                        "With F2 or F3 in front of any one-byte opcode the emulator tests and decrements RCX: with 0 "
                                + "the instruction is skipped, with more than 1 it is done again.")
                .construction(
                        "F3 89 07, a MOV with a prefix that means nothing there, to a read-only L1 table, with 0 in "
                                + "RCX; then with 5.")
                .telling("The store is skipped and RCX counts down, or the store is done once and RCX is left alone.")
                .affected("to 3.0.4")
                .repaired("3.1 (fe30060046)")
                .provenance("Xen commit fe30060046")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_3_0_4,
                AbiProfiles.XEN_3_1_0,
                GuestTrial.of(BugGuest.elf(RepeatedStore::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Assembler asm = guest.asm();
        Label l1 = steps.page("l1");
        steps.freeze(l1).pin(1, l1).require("pinning an L1 table");
        asm.lea(RDI, ptr(l1)).mov(EAX, FIRST).xor(ECX, ECX);
        asm.rep().mov(dword(ptr(RDI)), EAX);
        asm.mov(R12, ptr(l1));
        asm.mov(EAX, SECOND).mov(ECX, 5);
        asm.rep().mov(dword(ptr(RDI)), EAX);
        asm.mov(R13, RCX).mov(R14, ptr(l1));
        guest.evidence("stored-with-0", R12).evidence("stored-with-5", R14).evidence("rcx", R13);
        guest.judge(R12, 0, "the store was skipped", FIRST, "the prefix was ignored");
    }
}
