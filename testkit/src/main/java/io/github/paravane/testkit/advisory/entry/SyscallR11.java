package io.github.paravane.testkit.advisory.entry;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RDX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Condition;
import io.github.paravane.testkit.runtime.TrapWord;

/** b28b3c245a: the r11 slot of a syscall frame holds an address of the hypervisor. */
final class SyscallR11 {

    private SyscallR11() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "b28b3c245a", Layer.ENTRY, "The r11 slot of a syscall frame holds an address of the hypervisor")
                .names("b28b3c245a", "369bafdb1c")
                .mechanism("The trampoline that SYSCALL enters takes the address of the hypervisor into r11 to jump "
                        + "to it. For a system call of a user process the frame that the guest kernel is given then "
                        + "has that address where the user's RFLAGS ought to be. A kernel that restores the flags "
                        + "from that slot, as 64-bit Solaris did, corrupts the flags of every process.")
                .construction("User mode sets CF and DF and executes SYSCALL; the syscall callback compares the r11 "
                        + "slot of its frame with the RFLAGS slot.")
                .telling("The slots differ by more than IF and IOPL, or they agree.")
                .affected("3.1.1")
                .repaired("3.1.2; 3.2 (b28b3c245a)")
                .provenance("Xen commits 369bafdb1c and b28b3c245a; the reports from Solaris of 2007")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_3_1_1, AbiProfiles.XEN_3_1_2, GuestTrial.of(BugGuest.elf(SyscallR11::guest)));
    }

    private static void guest(BugGuest guest) {
        guest.user(0x603, code -> code.syscall());
        guest.evidence("r11-slot", TrapWord.FRAME_R11).evidence("rflags-slot", TrapWord.RFLAGS);
        guest.load(RAX, TrapWord.FRAME_R11).load(RDX, TrapWord.RFLAGS);
        guest.asm().xor(RAX, RDX).and(RAX, ~0x3200);
        guest.failIf(Condition.NE, "the r11 slot is not the user's RFLAGS", "the r11 slot is the user's RFLAGS");
    }
}
