package io.github.paravane.testkit.advisory.privileged;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.hypervisor.domain.OtherProcessor;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.TrapWord;

/** b7a3ba02bd: LOCK before a privileged instruction. */
final class LockedPrivileged {

    private static final int DS = 0x3E;
    private static final int LOCK = 0xF0;

    /** MOV RAX, CR0. */
    private static final int[] READ_CR0 = {0x0F, 0x20, 0xC0};

    private LockedPrivileged() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "b7a3ba02bd", Layer.PRIVILEGED, "LOCK before a privileged instruction is ignored")
                .names("b7a3ba02bd")
                .mechanism(
                        "LOCK MOV CR0 is MOV CR8 on AMD processors and #UD on others, and so is LOCK before any other "
                                + "privileged instruction. The emulation of privileged instructions passes over the prefix and "
                                + "does what comes after it.")
                .construction(
                        "MOV RAX, CR0 faults, and another processor puts LOCK before it until it is emulated. (With "
                                + "a processor that has LOCK MOV CR0 for CR8 the guest does it alone.)")
                .telling("The guest has CR0, or gets #GP.")
                .affected("to 3.0.4")
                .repaired("3.1 (b7a3ba02bd)")
                .provenance("Xen commit b7a3ba02bd")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_3_0_4,
                AbiProfiles.XEN_3_1_0,
                GuestTrial.of(BugGuest.elf(LockedPrivileged::guest)).beside(Locker::new));
    }

    private static void guest(BugGuest guest) {
        Label caught = guest.label();
        guest.asm().xor(EAX, EAX);
        guest.runtime().attempt(caught, () -> guest.asm().bytes(DS, READ_CR0[0], READ_CR0[1], READ_CR0[2]));
        guest.evidence("rax", RAX).failure("CR0 was read");
        guest.asm().bind(caught);
        guest.evidence("vector", TrapWord.VECTOR);
        guest.load(RAX, TrapWord.VECTOR);
        guest.judge(RAX, -1, "", Trap.GP, "the guest gets #GP");
    }

    /** Waits for the instruction and puts LOCK in the place of its segment prefix. */
    private static final class Locker implements OtherProcessor {

        @Override
        public void beforeEmulation(MachineMemory memory, long instruction) {
            boolean there = memory.readU8(instruction) == DS;
            for (int i = 0; i < READ_CR0.length; i++) {
                there &= memory.readU8(instruction + 1 + i) == READ_CR0[i];
            }
            if (there) {
                memory.writeU8(instruction, LOCK);
            }
        }
    }
}
