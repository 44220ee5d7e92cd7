package io.github.paravane.testkit.advisory;

import static io.github.paravane.testkit.asm.Memory.bytePtr;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.Hypercalls;

/**
 * A 32-bit process of the guest of a known bug: a page of code below 4 GiB, entered in user mode with the flat 32-bit code
 * segment. What it does comes back as from {@code attempt} of
 * the guest's runtime.
 */
public final class CompatibilityMode {

    /** Where the code is. */
    public static final int CODE = 0x2000;

    private static final int SLOT = CODE >>> 12;
    private static final int PAGE = 4096;
    private static final int FLAT_CODE_32 = 0xE023;
    private static final int FLAT_STACK = 0xE02B;

    private final BugGuest guest;
    private final TableSteps steps;

    /** A process of a guest. */
    public CompatibilityMode(BugGuest guest, TableSteps steps) {
        this.guest = guest;
        this.steps = steps;
    }

    /** Fills the page of code and puts it into {@code l1}, which is plain memory still and will map the first 2 MiB. */
    public CompatibilityMode code(Label l1, int... bytes) {
        Label page = steps.page("code_32");
        Assembler asm = guest.asm();
        for (int at = 0; at < bytes.length; at++) {
            asm.mov(bytePtr(ptr(page, at)), bytes[at]);
        }
        steps.fill(l1, SLOT, page, TableSteps.PAGE | Pte.USER);
        return this;
    }

    /** Enters the code; ends the guest with ERROR if that is refused. */
    public void run() {
        Label back = guest.label();
        guest.runtime().attempt(back, () -> {
            guest.asm()
                    .push(FLAT_STACK)
                    .push(CODE + PAGE)
                    .push(0x202)
                    .push(FLAT_CODE_32)
                    .push(CODE);
            guest.asm().push(0).push(0).push(0).push(0);
            guest.runtime().hypercall(Hypercalls.IRET);
        });
        guest.verdict(Outcome.ERROR, "user mode was not entered");
        guest.asm().bind(back);
    }
}
