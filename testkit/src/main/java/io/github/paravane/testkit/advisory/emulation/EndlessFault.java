package io.github.paravane.testkit.advisory.emulation;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Memory.dword;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.TrapWord;

/** Commit f35ae276e2: faults that are not spurious. */
final class EndlessFault {

    private static final int LIMIT = 1000;
    private static final int WRITE_BY_USER = 7;

    private EndlessFault() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "f35ae276e2", Layer.PTE_EMULATION, "A protection fault is taken for a spurious one")
                .names("f35ae276e2")
                .mechanism(
                        "A fault is spurious if the tables allow the access by now. An entry counts as allowing it if"
                                + " it has any one of the flags present, writable and user, where it must have all that the "
                                + "access needs: the real fault is swallowed, and the instruction starts again, for ever.")
                .construction("User mode stores to a present page that is read-only.")
                .telling("The guest faults for ever, or its kernel gets #PF with error code 7.")
                .affected("development of 3.0.3")
                .repaired("3.0.3 (f35ae276e2)")
                .provenance("Xen commit f35ae276e2")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_3_0_3.toBuilder("xen-3.0.3-dev")
                        .with(Quirk.SPURIOUS_BY_ANY_RIGHT)
                        .build(),
                AbiProfiles.XEN_3_0_3,
                GuestTrial.of(BugGuest.elf(EndlessFault::guest)).endlessAfter(LIMIT));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Assembler asm = guest.asm();
        Label data = steps.page("data");
        steps.freeze(data);
        Label user = guest.label();
        Label caught = guest.label();
        guest.runtime().enterUser(user, caught);
        asm.bind(user).mov(dword(ptr(data)), 1).syscall().ud2();
        asm.bind(caught);
        guest.evidence("vector", TrapWord.VECTOR).evidence("error-code", TrapWord.ERROR);
        asm.mov(RAX, guest.runtime().trap(TrapWord.ERROR));
        guest.judge(RAX, 0, "the store was done", WRITE_BY_USER, "the guest kernel got the fault");
    }
}
