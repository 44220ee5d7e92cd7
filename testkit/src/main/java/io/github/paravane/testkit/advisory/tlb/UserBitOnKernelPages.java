package io.github.paravane.testkit.advisory.tlb;

import static io.github.paravane.testkit.asm.Gpr.R12;
import static io.github.paravane.testkit.asm.Gpr.R12D;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Memory.bytePtr;
import static io.github.paravane.testkit.asm.Memory.ptr;
import static io.github.paravane.testkit.asm.Memory.qword;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.GuestRuntime;
import io.github.paravane.testkit.runtime.Hypercalls;
import io.github.paravane.testkit.runtime.TrapWord;

/** The bug of Solaris: PT_USER on kernel pages makes them global. */
final class UserBitOnKernelPages {

    private static final long LINEAR = (1L << 39) + 0x15_5000;
    private static final int SECRET = 0x5EC12E7;
    private static final int VERSION_3_0 = 0x3_0000;
    private static final int VERSION_3_1 = 0x3_0001;

    private UserBitOnKernelPages() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("pt-user", Layer.TLB, "A kernel that still sets U/S on its own pages")
                .names("Solaris-6616864", "314ded7410", "6f562e72cd")
                .mechanism("Until 3.0.2 a 64-bit guest kernel, which runs in ring 3, had to set U/S in the entries of "
                        + "its own pages. Since 3.0.3 the hypervisor sets it, and takes an entry that has it already "
                        + "for one of user mode: it becomes global, and survives the switch to user mode in the TLB. "
                        + "Solaris went on setting it up to the versions that it took for old ones, 3.1.1 among them.")
                .construction(
                        "The kernel maps a page under its own root only, with U/S if the version is 3.0, 3.1.0 or "
                                + "3.1.1, reads it, and enters user mode, which has another root. User code reads the page.")
                .telling("User code gets the kernel's word, or #PF. The user's root maps nothing there, both ways.")
                .affected("a guest bug since 3.0.3; Solaris on 3.0.3 to 3.1.1")
                .repaired("by the guest, from 3.1.2 on")
                .provenance("Solaris bug 6616864; Xen commits 314ded7410 and 6f562e72cd")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_3_1_1,
                AbiProfiles.XEN_3_1_2,
                GuestTrial.of(BugGuest.elf(UserBitOnKernelPages::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        GuestRuntime runtime = guest.runtime();
        Assembler asm = guest.asm();
        Label l1 = steps.page("l1");
        Label data = steps.page("data");
        Label userRoot = steps.page("user_root");
        asm.mov(qword(ptr(data)), SECRET);
        steps.hook(LINEAR, steps.page("l3"), steps.page("l2"), l1);
        steps.root(GuestRuntime.BASE);
        asm.mov(RAX, ptr(RAX)).mov(ptr(userRoot, 8 * 511), RAX);
        steps.freeze(userRoot).pin(4, userRoot).require("pinning a root table for user mode");
        runtime.machineFrame(userRoot);
        runtime.extended(Hypercalls.NEW_USER_BASEPTR, RAX);
        steps.require("setting a root table for user mode");
        userBit(guest);
        steps.entry(data, TableSteps.PAGE);
        asm.or(RAX, R12);
        steps.map(LINEAR).require("mapping a kernel page").show("l1-entry", l1, (int) (LINEAR >>> 12) & 511);
        steps.load(RBX, LINEAR);
        asm.mov(RAX, ptr(RBX));
        Label user = guest.label();
        Label caught = guest.label();
        runtime.enterUser(user, caught);
        asm.bind(user).movabs(RBX, LINEAR).mov(RAX, ptr(RBX)).syscall().ud2();
        asm.bind(caught);
        guest.evidence("vector", TrapWord.VECTOR).evidence("rax", TrapWord.RAX);
        asm.mov(RAX, runtime.trap(TrapWord.VECTOR));
        guest.judge(
                RAX, TrapWord.SYSCALL_VECTOR, "user mode reads a kernel page", Trap.PF, "user mode gets a page fault");
    }

    /** R12: U/S if the kernel takes the version for one that wants it. */
    private static void userBit(BugGuest guest) {
        Assembler asm = guest.asm();
        Label extra = asm.label("extra_version");
        Label set = guest.label();
        Label clear = guest.label();
        Label done = guest.label();
        guest.runtime().data(() -> asm.bind(extra).zeros(16));
        guest.runtime().call(Hypercalls.XEN_VERSION, 0, 0);
        asm.cmp(RAX, VERSION_3_0).je(set).cmp(RAX, VERSION_3_1).jne(clear);
        guest.runtime().call(Hypercalls.XEN_VERSION, 1, extra);
        asm.cmp(bytePtr(ptr(extra, 1)), '2').jae(clear);
        asm.bind(set).mov(R12D, (int) Pte.USER).jmp(done);
        asm.bind(clear).xor(R12D, R12D);
        asm.bind(done);
    }
}
