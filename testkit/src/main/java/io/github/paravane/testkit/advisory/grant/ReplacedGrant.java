package io.github.paravane.testkit.advisory.grant;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.GrantRules;
import io.github.paravane.api.profile.GrantRules.ImplicitUnmap;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GrantSteps;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.Outcome;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.TrapWord;

/** f61c54967f: an update in place of the end of a grant mapping. */
final class ReplacedGrant {

    private static final long LINEAR = 1L << 39;
    private static final int REFERENCE = 8;

    private ReplacedGrant() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "f61c54967f", Layer.GRANT, "A grant mapping taken away by an update ends the domain")
                .names("f61c54967f")
                .mechanism(
                        "A debug build marks the entries of grant mappings, so that a kernel is caught that replaces "
                                + "one by an ordinary update and never ends the mapping. It crashes the domain that owns the "
                                + "table, with all that would tell its developer where, and even if the control domain did it.")
                .construction("A grant is mapped, and its entry cleared with update_va_mapping.")
                .telling(
                        "The domain crashes, or the entry is cleared and the caller gets #GP. A release build does not "
                                + "notice.")
                .affected("debug builds to 4.16")
                .repaired("debug builds of 4.17 (f61c54967f)")
                .provenance("Xen commit f61c54967f; the profiles are those of 4.16 and 4.17 as debug builds")
                .build();
        return new KnownBug(
                advisory,
                debugBuild(AbiProfiles.XEN_4_16, ImplicitUnmap.CRASH),
                debugBuild(AbiProfiles.XEN_4_17, ImplicitUnmap.GENERAL_PROTECTION),
                GuestTrial.of(BugGuest.elf(ReplacedGrant::guest)).crashMeans(Outcome.FAILURE));
    }

    private static AbiProfile debugBuild(AbiProfile release, ImplicitUnmap unmap) {
        return release.toBuilder(release.name() + "+debug")
                .set(GrantRules.IMPLICIT_UNMAP, unmap)
                .build();
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        GrantSteps grants = new GrantSteps(guest, steps);
        Assembler asm = guest.asm();
        Label l1 = steps.page("l1");
        Label caught = guest.label();
        Label cleared = guest.label();
        grants.start().permit(REFERENCE, steps.page("data"), GrantSteps.PERMIT_ACCESS);
        steps.hook(LINEAR, steps.page("l3"), steps.page("l2"), l1);
        steps.load(RAX, LINEAR);
        grants.map(REFERENCE, GrantSteps.HOST_MAP).requireStatus("mapping the grant");
        steps.show("l1-entry", l1, 0);
        guest.runtime().attempt(caught, () -> {
            asm.xor(EAX, EAX);
            steps.map(LINEAR);
        });
        guest.evidence("result", RAX).verdict(Outcome.SKIP, "a release build does not notice");
        asm.bind(caught);
        guest.evidence("vector", TrapWord.VECTOR).evidence("rax", TrapWord.RAX);
        steps.read(l1, 0);
        asm.test(RAX, RAX).je(cleared);
        guest.verdict(Outcome.ERROR, "the entry was not cleared");
        asm.bind(cleared);
        guest.load(RAX, TrapWord.VECTOR);
        guest.judge(RAX, -1, "", Trap.GP, "the entry is cleared, and the kernel gets #GP");
    }
}
