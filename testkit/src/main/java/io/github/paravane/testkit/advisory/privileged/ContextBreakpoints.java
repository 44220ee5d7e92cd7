package io.github.paravane.testkit.advisory.privileged;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Memory.bytePtr;
import static io.github.paravane.testkit.asm.Memory.ptr;
import static io.github.paravane.testkit.asm.Memory.qword;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.SecondVcpu;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.Hypercalls;

/** 33b615a1ae: a context may have breakpoints in the hypervisor. */
final class ContextBreakpoints {

    private static final long ADDRESS = 0xFFFF_8300_0000_1000L;

    private ContextBreakpoints() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "33b615a1ae", Layer.PRIVILEGED, "A context may have breakpoints in the hypervisor")
                .names("33b615a1ae", "CVE-2007-5906")
                .mechanism("set_debugreg takes no address in the range of the hypervisor. The debug registers that "
                        + "come with the context of a vCPU are not looked at, and the hypervisor runs into the "
                        + "breakpoints of a guest itself.")
                .construction("VCPUOP_initialise with an address of the hypervisor in debugreg[0] and the breakpoint "
                        + "enabled in debugreg[7]; the new vCPU asks for its DR0.")
                .telling("DR0 holds the address, or nothing; since 4.18 the context is refused.")
                .affected("to 3.1")
                .repaired("3.2 (33b615a1ae)")
                .provenance("CVE-2007-5906; Xen commit 33b615a1ae")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_3_1_2,
                AbiProfiles.XEN_3_2,
                GuestTrial.of(BugGuest.elf(ContextBreakpoints::guest)).vcpus(2));
    }

    private static void guest(BugGuest guest) {
        Assembler asm = guest.asm();
        Label words = guest.runtime().page("words");
        Label accepted = guest.label();
        Label wait = guest.label();
        Label done = guest.label();
        SecondVcpu other = new SecondVcpu(guest).runs(() -> {
            guest.runtime().call(Hypercalls.GET_DEBUGREG, 0);
            asm.mov(ptr(words, 8), RAX).mov(bytePtr(ptr(words)), 1);
        });
        asm.movabs(RAX, ADDRESS).mov(other.debugRegister(0), RAX).mov(qword(other.debugRegister(7)), 0x401);
        other.initialise();
        guest.evidence("result", RAX);
        asm.test(RAX, RAX).je(accepted);
        guest.judge(RAX, -1, "", -22, "the context was refused");
        asm.bind(accepted);
        other.up();
        asm.bind(wait).cmp(bytePtr(ptr(words)), 0).jne(done);
        guest.runtime().call(Hypercalls.SCHED_OP, 0, 0);
        asm.jmp(wait).bind(done).mov(RAX, ptr(words, 8));
        guest.evidence("dr0", RAX);
        guest.judge(RAX, ADDRESS, "the breakpoint was taken", 0, "the breakpoint was left out");
    }
}
