package io.github.paravane.testkit.advisory.emulation;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EBX;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Gpr.RDI;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.OtherProcessor;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Condition;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.TrapWord;

/** Commit ff913f68c9 and XSA-202: what is emulated need not be what faulted. */
final class ReplacedInstruction {

    /** {@code mov [rdi], rbx}. */
    private static final int[] STORE = {0x48, 0x89, 0x1F};

    private static final int[] MOVE_TO_RAX = {0x48, 0x89, 0xD8};
    private static final int[] CLI = {0xFA, 0x90, 0x90};
    private static final String CONSTRUCTION =
            "A store to a read-only L1 table; another processor puts %s in its place "
                    + "between the fault and the emulation.";

    private ReplacedInstruction() {}

    static KnownBug anyInstruction() {
        Advisory advisory = Advisory.of("ff913f68c9", Layer.PTE_EMULATION, "What stores nothing is emulated as a store")
                .names("ff913f68c9")
                .mechanism("A store to a page table faults and is emulated; the instruction is fetched again for that. "
                        + "Whatever is found there is run, also an instruction that stores nothing, with the emulator's"
                        + " rights instead of the processor's.")
                .construction(String.format(CONSTRUCTION, "a move between registers"))
                .telling("The register has the value, or the guest gets the page fault.")
                .affected("to 4.8")
                .repaired("4.9 (ff913f68c9)")
                .provenance("Xen commit ff913f68c9")
                .build();
        return new KnownBug(advisory, AbiProfiles.XEN_4_8, AbiProfiles.XEN_4_9, trial(MOVE_TO_RAX));
    }

    static KnownBug interruptFlag() {
        Advisory advisory = Advisory.of("xsa-202", Layer.PTE_EMULATION, "An emulated CLI turns interrupts off")
                .names("XSA-202", "CVE-2016-10024", "0e47f92b07")
                .mechanism(
                        "The emulator of page-table writes takes a PV guest for privileged enough for CLI. The "
                                + "cleared IF goes to the processor on the way back, and nothing interrupts the guest any more.")
                .construction(String.format(CONSTRUCTION, "CLI"))
                .telling("The guest runs with interrupts off, which hangs the host, or gets the page fault.")
                .affected("to 4.8.0")
                .repaired("4.9 (0e47f92b07), back to 4.4")
                .provenance("XSA-202; Xen commit 0e47f92b07")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_8.toBuilder("xen-4.8-xsa-202")
                        .with(Quirk.EMULATED_CLI_STAYS)
                        .build(),
                AbiProfiles.XEN_4_8,
                trial(CLI));
    }

    private static GuestTrial trial(int[] replacement) {
        return GuestTrial.of(BugGuest.elf(ReplacedInstruction::guest)).beside(() -> new Replacer(replacement));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Label l1 = steps.page("l1");
        steps.freeze(l1).pin(1, l1).require("pinning an L1 table");
        Label caught = guest.label();
        guest.asm().lea(RDI, ptr(l1)).mov(EAX, 0).mov(EBX, 8);
        guest.runtime().attempt(caught, () -> guest.asm().mov(ptr(RDI), RBX));
        guest.evidence("rax", RAX).asm().cmp(RAX, 8);
        guest.failIf(Condition.E, "a move between registers was emulated", "the store was made");
        guest.asm().bind(caught);
        guest.evidence("vector", TrapWord.VECTOR).success("the guest got its page fault");
    }

    /** Waits for the store and replaces it, once. */
    private static final class Replacer implements OtherProcessor {

        private final int[] replacement;

        Replacer(int[] replacement) {
            this.replacement = replacement;
        }

        @Override
        public void beforeEmulation(MachineMemory memory, long instruction) {
            for (int i = 0; i < STORE.length; i++) {
                if (memory.readU8(instruction + i) != STORE[i]) {
                    return;
                }
            }
            for (int i = 0; i < STORE.length; i++) {
                memory.writeU8(instruction + i, replacement[i]);
            }
        }
    }
}
