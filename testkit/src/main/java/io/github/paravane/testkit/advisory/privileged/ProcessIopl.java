package io.github.paravane.testkit.advisory.privileged;

import static io.github.paravane.testkit.asm.Gpr.DX;
import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EDX;
import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.Hypercalls;
import io.github.paravane.testkit.runtime.TrapWord;

/** XSA-171: the guest kernel's own bug, IOPL that stays from one process to the next. */
final class ProcessIopl {

    private static final int ARCHITECTURAL_IOPL = 4;
    private static final int SET_IOPL = 6;
    private static final int RING_3 = 3;
    private static final int PORT = 0x80;

    private ProcessIopl() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "xsa-171", Layer.GUEST, "The right to use ports goes from one process to the next")
                .names("XSA-171", "CVE-2016-3157", "f71ecb6a19")
                .mechanism(
                        "A kernel that keeps the IOPL of each process in its flags, as on a processor, and gives the "
                                + "right with PHYSDEVOP_set_iopl when a process asks for it, never takes it away: the iret "
                                + "hypercall does not look at IOPL. The next process has it too. With the assist that came with "
                                + "the advisory iret switches it, and such a kernel is right.")
                .construction("The kernel asks for the assist, and gives a process IOPL 3 in both ways; the process "
                        + "comes back. Another one is entered with IOPL 0 in its flags and reads a port.")
                .telling("The port is read, or the process gets #GP.")
                .affected("kernels that switch IOPL with the flags, to 4.6")
                .repaired("4.7 for those that ask for the assist (f71ecb6a19)")
                .provenance("XSA-171; Xen commit f71ecb6a19")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_6, AbiProfiles.XEN_4_7, GuestTrial.of(BugGuest.elf(ProcessIopl::guest)));
    }

    private static void guest(BugGuest guest) {
        Label request = guest.label();
        guest.runtime()
                .data(() -> guest.asm().align(8).bind(request).u32(RING_3).u32(0));
        guest.runtime().call(Hypercalls.VM_ASSIST, 0, ARCHITECTURAL_IOPL);
        guest.evidence("assist", RAX);
        guest.runtime().call(Hypercalls.PHYSDEV_OP, SET_IOPL, request);
        guest.evidence("set-iopl", RAX);
        guest.user(0x3202, first -> first.mov(EDX, PORT).in(EAX, DX).syscall());
        guest.evidence("first-vector", TrapWord.VECTOR);
        guest.user(0x202, second -> second.mov(EDX, PORT).in(EAX, DX).syscall());
        guest.evidence("second-vector", TrapWord.VECTOR);
        guest.load(RAX, TrapWord.VECTOR);
        guest.judge(
                RAX,
                TrapWord.SYSCALL_VECTOR,
                "the second process reads the port",
                Trap.GP,
                "the second process gets #GP");
    }
}
