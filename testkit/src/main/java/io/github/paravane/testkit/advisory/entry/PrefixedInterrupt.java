package io.github.paravane.testkit.advisory.entry;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RDX;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.Hypercalls;
import io.github.paravane.testkit.runtime.TrapWord;

/** a934a600c4: the length of INT n with a prefix. */
final class PrefixedInterrupt {

    private PrefixedInterrupt() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("a934a600c4", Layer.ENTRY, "The length of INT n with a prefix")
                .names("a934a600c4")
                .mechanism("A software interrupt faults with #GP and is delivered by the hypervisor, which advances "
                        + "RIP by 2 whatever the length of the instruction. With a prefix the return address lies "
                        + "inside the instruction.")
                .construction("User mode executes 67 CD 90, INT 0x90 with an address-size prefix; the gate is open to "
                        + "it.")
                .telling("The saved RIP is 2 or 3 bytes behind the start.")
                .affected("to 4.21")
                .repaired("4.22 (a934a600c4)")
                .provenance("Xen commit a934a600c4")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_20,
                AbiProfiles.XEN_4_22,
                GuestTrial.of(BugGuest.elf(PrefixedInterrupt::guest)));
    }

    private static void guest(BugGuest guest) {
        Label table = guest.label();
        Label code = guest.userCode(user -> user.bytes(0x67, 0xCD, 0x90));
        Label back = guest.label();
        guest.runtime()
                .data(() -> guest.asm()
                        .align(8)
                        .bind(table)
                        .u32(0x90 | 3 << 8 | 0xE033 << 16)
                        .u32(0)
                        .u64(guest.runtime().handler(0x90))
                        .zeros(16));
        guest.runtime().call(Hypercalls.SET_TRAP_TABLE, table);
        guest.runtime().enterUser(code, back);
        guest.asm().bind(back);
        guest.evidence("vector", TrapWord.VECTOR).evidence("rip", TrapWord.RIP);
        guest.load(RAX, TrapWord.RIP).asm().lea(RDX, ptr(code)).sub(RAX, RDX);
        guest.judge(
                RAX,
                2,
                "the return address lies inside the instruction",
                3,
                "the return address is behind the instruction");
    }
}
