package io.github.paravane.testkit.advisory.emulation;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EBX;
import static io.github.paravane.testkit.asm.Gpr.ECX;
import static io.github.paravane.testkit.asm.Gpr.EDX;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RDI;
import static io.github.paravane.testkit.asm.Gpr.RDX;
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
import io.github.paravane.testkit.asm.Condition;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.TrapWord;

/** XSA-200: CMPXCHG8B with an operand-size prefix. */
final class HalvedExchange {

    private static final long ENTRY = 0x1234_0000_0004L;
    private static final long UPPER = 0x1234;

    private HalvedExchange() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "xsa-200", Layer.PTE_EMULATION, "CMPXCHG8B with an operand-size prefix shows the stack")
                .names("XSA-200", "CVE-2016-9932", "54abe826c8")
                .mechanism("A processor ignores the operand-size prefix of CMPXCHG8B. The emulation takes its operand "
                        + "for half as large, reads four bytes of memory into a buffer on its stack, and when they "
                        + "are not those expected gives the guest all of the buffer in RDX and RAX.")
                .construction("CMPXCHG8B with prefix 66h of an entry of an L1 table that is mapped read-only and holds "
                        + "something else.")
                .telling("RDX is a word of the hypervisor's stack, or the upper half of the entry.")
                .affected("to 4.8.0")
                .repaired("4.9 (54abe826c8), back to 4.4")
                .provenance("XSA-200; Xen commit 54abe826c8")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_8, AbiProfiles.XEN_4_9, GuestTrial.of(BugGuest.elf(HalvedExchange::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Assembler asm = guest.asm();
        Label l1 = steps.page("l1");
        Label caught = guest.label();
        steps.load(RAX, ENTRY);
        asm.mov(ptr(l1), RAX);
        steps.freeze(l1).pin(1, l1).require("pinning an L1 table");
        guest.runtime()
                .attempt(
                        caught,
                        () -> asm.lea(RDI, ptr(l1))
                                .mov(EAX, 2)
                                .xor(EDX, EDX)
                                .xor(EBX, EBX)
                                .xor(ECX, ECX)
                                .bytes(0x66, 0xF0, 0x0F, 0xC7, 0x0F));
        guest.evidence("rdx", RDX).evidence("rax", RAX).asm().cmp(RDX, UPPER);
        guest.failIf(Condition.NE, "RDX is a word of the hypervisor's stack", "RDX is the upper half of the entry");
        asm.bind(caught);
        guest.evidence("vector", TrapWord.VECTOR)
                .verdict(Outcome.SKIP, "this processor takes the prefix for another instruction");
    }
}
