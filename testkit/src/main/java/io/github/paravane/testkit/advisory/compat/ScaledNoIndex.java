package io.github.paravane.testkit.advisory.compat;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.ECX;
import static io.github.paravane.testkit.asm.Gpr.ESP;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.Outcome;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.CompatRuntime;
import io.github.paravane.testkit.runtime.CompatTrapWord;
import io.github.paravane.testkit.runtime.Hypercalls;

/** ee1cc4bfdc and 03878fba4a: addresses in the emulation of far calls. */
final class ScaledNoIndex {

    private static final int SELECTOR = 0x83;
    private static final int OFFSET = 0x80;

    /** Twice this, and the address of the far pointer, is nowhere. */
    private static final int HIGH_STACK = 0x3000_0000;

    private static final int WORDS = 31;

    /** Room for an exception, and not for a call with 31 words. */
    private static final int ROOM = 120;

    private static final int PAGE = 4096;

    private ScaledNoIndex() {}

    static KnownBug operand() {
        Advisory advisory = Advisory.of(
                        "ee1cc4bfdc", Layer.DESCRIPTOR, "A far call takes its pointer from the wrong address")
                .names("ee1cc4bfdc")
                .mechanism(
                        "The emulation of far calls decodes the operand itself. A SIB byte whose index field is 4 has no "
                                + "index, but the test for that still has the scale in the number: with a scale, which means "
                                + "nothing then, ESP is taken for the index.")
                .construction(
                        "A far call through a gate, by a pointer at EBX + 2 * nothing; ESP is such that EBX + 2 * ESP is "
                                + "not mapped.")
                .telling("#PF, or the target of the gate.")
                .affected("3.2 to 4.7")
                .repaired("4.8 (ee1cc4bfdc)")
                .provenance("Xen commit ee1cc4bfdc")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_7, AbiProfiles.XEN_4_8, CompatGuest.trial(ScaledNoIndex::scaled));
    }

    static KnownBug stack() {
        Advisory advisory = Advisory.of(
                        "03878fba4a", Layer.DESCRIPTOR, "CR2 of a stack fault in a far call is too high")
                .names("03878fba4a")
                .mechanism("A word of the frame of an emulated far call that cannot be written is a page fault, whose "
                        + "address is reckoned from the number of bytes that were not written. The store in use tells an "
                        + "error number instead, -14, so that the address is that of the next word and 14 more.")
                .construction(
                        "The kernel stack for ring 3 begins 120 bytes above a page that is not mapped; ring 3 calls "
                                + "through a gate with 31 words of arguments.")
                .telling("CR2 lies above the page, or is its last word.")
                .affected("3.2 to 4.21")
                .repaired("4.22 (03878fba4a)")
                .provenance("Xen commit 03878fba4a")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_20, AbiProfiles.XEN_4_22, CompatGuest.trial(ScaledNoIndex::missingStack));
    }

    private static void scaled(CompatGuest guest) {
        Label gdt = guest.runtime().page("gdt");
        Label target = guest.label();
        Label caught = guest.label();
        GateSteps steps = new GateSteps(guest).write(gdt, OFFSET, target, 0).gdt(gdt);
        Label program =
                steps.program(SELECTOR, () -> guest.asm().mov(ESP, HIGH_STACK).bytes(0xFF, 0x1C, 0x63));
        guest.runtime().enterUser(program, caught);
        guest.asm().bind(target);
        guest.verdict(Outcome.SUCCESS, "the target of the gate is entered");
        guest.asm().bind(caught);
        guest.evidence("vector", CompatTrapWord.VECTOR).evidence("cr2", CompatTrapWord.CR2);
        guest.asm().mov(EAX, guest.runtime().trap(CompatTrapWord.VECTOR));
        guest.judge(EAX, Trap.PF, "the far pointer was sought where none is", -1, "");
    }

    private static void missingStack(CompatGuest guest) {
        CompatRuntime runtime = guest.runtime();
        Label gdt = runtime.page("gdt");
        Label missing = runtime.page("missing");
        Label stack = runtime.page("kernel_stack");
        Label target = guest.label();
        Label caught = guest.label();
        GateSteps steps = new GateSteps(guest).write(gdt, OFFSET, target, WORDS).gdt(gdt);
        runtime.call(Hypercalls.UPDATE_VA_MAPPING, missing, 0, 0, 2);
        guest.asm().mov(ECX, stack).add(ECX, ROOM);
        runtime.call(Hypercalls.STACK_SWITCH, CompatRuntime.KERNEL_DS, ECX);
        guest.evidence("stack-switch", EAX);
        Label program =
                steps.program(SELECTOR, () -> guest.asm().sub(ESP, 4 * WORDS).bytes(0xFF, 0x1B));
        runtime.enterUser(program, caught);
        guest.asm().bind(target);
        guest.verdict(Outcome.ERROR, "the frame was written");
        guest.asm().bind(caught);
        guest.evidence("vector", CompatTrapWord.VECTOR).evidence("cr2", CompatTrapWord.CR2);
        guest.asm().mov(ECX, missing).mov(EAX, runtime.trap(CompatTrapWord.CR2)).sub(EAX, ECX);
        guest.judge(EAX, PAGE + 14, "CR2 is beyond the page", PAGE - 4, "CR2 is the last word of the page");
    }
}
