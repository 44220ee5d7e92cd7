package io.github.paravane.testkit.advisory.entry;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RSP;
import static io.github.paravane.testkit.asm.Memory.ptr;
import static io.github.paravane.testkit.asm.Memory.qword;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.Outcome;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.Hypercalls;
import io.github.paravane.testkit.runtime.TrapWord;

/** XSA-44 and 61d4a04349: SYSENTER with NT set. */
final class NestedSysenter {

    private static final long FLAGS = 0x202;
    private static final int NESTED_TASK = 0x4000;
    private static final int CALLBACK_REGISTER = 0;
    private static final int CALLBACK_SYSENTER = 5;
    private static final String CONSTRUCTION =
            "User mode sets NT and executes SYSENTER; the kernel has registered a callback for it.";

    private NestedSysenter() {}

    static KnownBug hypervisorDies() {
        Advisory advisory = Advisory.of("xsa-44", Layer.ENTRY, "SYSENTER with NT set kills the hypervisor")
                .names("XSA-44", "CVE-2013-1917", "fdac951560")
                .mechanism(
                        "SYSENTER leaves most of RFLAGS as it is, NT too. The hypervisor runs on with NT set, and the "
                                + "first IRET that it executes, on the way back to a 32-bit guest or from an interrupt, raises "
                                + "#GP, whose repair ends with IRET again.")
                .construction(CONSTRUCTION)
                .telling("The host dies, or something of the guest is entered. A 64-bit guest is left with SYSRET, so "
                        + "on a real host it takes an interrupt at that moment; here it always comes.")
                .affected("3.2 to 4.2")
                .repaired("4.3 (fdac951560)")
                .provenance("XSA-44; Xen commit fdac951560; XTF test xsa-339")
                .build();
        return new KnownBug(advisory, AbiProfiles.XEN_4_2, AbiProfiles.XEN_4_3, GuestTrial.of(BugGuest.elf(guest -> {
            sysenter(guest);
            guest.success("the hypervisor is alive");
        })));
    }

    static KnownBug callbackMissed() {
        Advisory advisory = Advisory.of("61d4a04349", Layer.ENTRY, "SYSENTER with NT set misses its callback")
                .names("61d4a04349", "fdac951560", "XSA-339")
                .mechanism("The repair of XSA-44 turns SYSENTER with NT set into #GP at address 0, although the kernel "
                        + "has a callback and the processor would have taken no notice. In a 32-bit guest that #GP came"
                        + " twice from 4.11 on, the second time in the handler of the first: XSA-339.")
                .construction(CONSTRUCTION)
                .telling("The handler of #GP is entered with RIP 0, or the callback with NT in its frame.")
                .affected("4.3 to 4.14.0")
                .repaired("4.15 and 4.14.1 (61d4a04349)")
                .provenance("Xen commits fdac951560, 910093d54f and 61d4a04349; XTF test xsa-339")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_12,
                AbiProfiles.XEN_4_14,
                GuestTrial.of(BugGuest.elf(NestedSysenter::callbackOrFault)));
    }

    private static void callbackOrFault(BugGuest guest) {
        sysenter(guest);
        Label lost = guest.label();
        guest.evidence("rip", TrapWord.RIP).evidence("rflags", TrapWord.RFLAGS);
        guest.load(RAX, TrapWord.RFLAGS).asm().test(RAX, NESTED_TASK).je(lost);
        guest.load(RAX, TrapWord.VECTOR);
        guest.judge(RAX, Trap.GP, "the kernel gets #GP", Trap.DE, "the callback is entered");
        guest.asm().bind(lost);
        guest.verdict(Outcome.ERROR, "NT was not set at SYSENTER");
    }

    /** The handler of vector 0, whose frame has no error code, is the callback. */
    private static void sysenter(BugGuest guest) {
        Label callback = guest.label();
        Label there = guest.label();
        guest.runtime()
                .data(() -> guest.asm()
                        .align(8)
                        .bind(callback)
                        .u32(CALLBACK_SYSENTER)
                        .u32(0)
                        .u64(guest.runtime().handler(Trap.DE)));
        guest.runtime().call(Hypercalls.CALLBACK_OP, CALLBACK_REGISTER, callback);
        guest.evidence("registered", RAX);
        guest.user(
                FLAGS,
                user -> user.pushf().or(qword(ptr(RSP)), NESTED_TASK).popf().bytes(0x0F, 0x34));
        guest.evidence("vector", TrapWord.VECTOR);
        guest.load(RAX, TrapWord.VECTOR).asm().cmp(RAX, Trap.UD).jne(there);
        guest.verdict(Outcome.SKIP, "this processor has no SYSENTER in 64-bit mode");
        guest.asm().bind(there);
    }
}
