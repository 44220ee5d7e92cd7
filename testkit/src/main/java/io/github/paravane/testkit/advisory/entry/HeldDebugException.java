package io.github.paravane.testkit.advisory.entry;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Gpr.RSP;
import static io.github.paravane.testkit.asm.Memory.dword;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.Outcome;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.Hypercalls;
import io.github.paravane.testkit.runtime.TrapWord;

/** XSA-260: MOV SS holds #DB back until the hypervisor is on the guest's stack. */
final class HeldDebugException {

    /** L0, R/W0 = 3, LEN0 = 3, and bit 10, which is always set. */
    private static final int ACCESS_OF_4 = 0xF_0401;

    private static final long FLAGS = 0x202;
    private static final int PAGE = 4096;

    private HeldDebugException() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-260", Layer.ENTRY, "#DB that MOV SS held back comes on the guest's stack")
                .names("XSA-260", "CVE-2018-8897", "5d37af364d", "0c6c2b1428")
                .mechanism(
                        "MOV SS holds interrupts and debug exceptions back until after the next instruction, so that "
                                + "SS and RSP change together. If its operand is watched and the next instruction is SYSCALL, "
                                + "the processor raises #DB at the first instruction of the hypervisor, where RSP is still "
                                + "what the guest made it: SYSCALL does not switch stacks, and the gate of #DB names none.")
                .construction("A breakpoint on a word that holds SS. In user mode RSP is made non-canonical; MOV SS "
                        + "from the word; SYSCALL.")
                .telling("The hypervisor dies of a double fault, or the kernel's entry for system calls is reached.")
                .affected("all to 4.10.0")
                .repaired("4.11 (5d37af364d, 0c6c2b1428), and stable releases")
                .provenance("XSA-260; Xen commits 0c6c2b1428, 5d37af364d, 75d6828bc2 and f7d457524c; XTF test xsa-260")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_10,
                AbiProfiles.XEN_4_11,
                GuestTrial.of(BugGuest.elf(HeldDebugException::guest)));
    }

    private static void guest(BugGuest guest) {
        Label data = guest.runtime().userStack();
        Label caught = guest.label();
        Label held = guest.label();
        // mov eax, ss
        guest.asm().bytes(0x8C, 0xD0).mov(dword(ptr(data)), EAX);
        guest.runtime().call(Hypercalls.SET_DEBUGREG, 0, data);
        control(guest, ACCESS_OF_4);
        guest.asm().lea(RBX, ptr(data));
        guest.runtime().attempt(caught, () -> movToSs(guest.asm()).nop());
        guest.verdict(Outcome.SKIP, "this version or its processor has no breakpoints at MOV SS");
        guest.asm().bind(caught);
        guest.evidence("vector", TrapWord.VECTOR);
        // btc rsp, 63
        guest.user(
                FLAGS,
                user -> movToSs(user.lea(RBX, ptr(RSP, -PAGE)).bytes(0x48, 0x0F, 0xBA, 0xFC, 0x3F))
                        .syscall());
        guest.asm().mov(RBX, guest.runtime().trap(TrapWord.VECTOR));
        control(guest, 0);
        guest.evidence("entry", RBX).asm().cmp(RBX, Trap.DB).jne(held);
        guest.verdict(Outcome.SKIP, "this processor does not hold #DB back");
        guest.asm().bind(held);
        guest.verdict(Outcome.SUCCESS, "the system call is entered");
    }

    /** Twice, for the versions that lose the first one. */
    private static void control(BugGuest guest, int value) {
        guest.runtime().call(Hypercalls.SET_DEBUGREG, 7, value);
        guest.runtime().call(Hypercalls.SET_DEBUGREG, 7, value);
    }

    /** MOV SS, [RBX]. */
    private static Assembler movToSs(Assembler asm) {
        return asm.bytes(0x8E, 0x13);
    }
}
