package io.github.paravane.testkit.advisory.emulation;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EBX;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Memory.ptr;
import static io.github.paravane.testkit.asm.Memory.qword;

import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.hypervisor.domain.OtherProcessor;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Label;

/** Commit 3aaa72b3f1: a compare-and-exchange whose entry changes between the read and the exchange. */
final class OvertakenExchange {

    private static final int OLD = 4;
    private static final int NEW = 8;

    private OvertakenExchange() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "3aaa72b3f1", Layer.PTE_EMULATION, "An exchange that was overtaken starts again")
                .names("3aaa72b3f1", "3c78c287aa")
                .mechanism(
                        "The emulation of CMPXCHG reads the entry, validates the new one, and exchanges. An entry that"
                                + " changed in between, be it by its Accessed bit, ends the emulation with the instruction not "
                                + "done instead of with a failed comparison.")
                .construction("LOCK CMPXCHG on a read-only L1 table; another processor sets A between the read and the "
                        + "exchange, and clears it before the instruction is emulated a second time.")
                .telling("RAX has the old value after a second, successful try, or the entry with A after the first.")
                .affected("to 4.10")
                .repaired("4.11 (3aaa72b3f1)")
                .provenance("Xen commits 3aaa72b3f1, 3c78c287aa")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_10,
                AbiProfiles.XEN_4_11,
                GuestTrial.of(BugGuest.elf(OvertakenExchange::guest)).beside(Overtaker::new));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Label l1 = steps.page("l1");
        guest.asm().mov(qword(ptr(l1)), OLD);
        steps.freeze(l1).pin(1, l1).require("pinning an L1 table");
        guest.asm().mov(EAX, OLD).mov(EBX, NEW).lock().cmpxchg(qword(ptr(l1)), RBX);
        guest.evidence("rax", RAX);
        guest.judge(RAX, OLD, "the instruction started again", OLD | Pte.ACCESSED, "the exchange failed");
    }

    /** Sets A in the entry once, and takes it back when it is asked again. */
    private static final class Overtaker implements OtherProcessor {

        private long overtaken;

        @Override
        public void beforeExchange(MachineMemory memory, long entry) {
            if (overtaken == 0 && memory.readU64(entry) == OLD) {
                overtaken = entry;
                memory.writeU64(entry, OLD | Pte.ACCESSED);
            }
        }

        @Override
        public void beforeEmulation(MachineMemory memory, long instruction) {
            if (overtaken != 0 && memory.readU64(overtaken) == (OLD | Pte.ACCESSED)) {
                memory.writeU64(overtaken, OLD);
            }
        }
    }
}
