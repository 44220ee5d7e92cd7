package io.github.paravane.testkit.advisory.compat;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.ECX;
import static io.github.paravane.testkit.asm.Gpr.ESI;
import static io.github.paravane.testkit.asm.Memory.dword;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Condition;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.CompatRuntime;

/** 06efa7c664: the L3 of a 32-bit guest that is refused keeps the hypervisor's bits. */
final class FailedRoot {

    private static final int READ_ONLY = 0x21;
    private static final int PRESENT = 1;
    private static final int PIN_L3 = 2;
    private static final int SLOT_1 = 8;
    private static final int USER_AND_WRITE = 6;
    private static final int NOT_MINE = 0x101;

    private FailedRoot() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "06efa7c664",
                        Layer.PAGING,
                        "An L3 of a 32-bit guest that is refused keeps the hypervisor's bits")
                .names("06efa7c664")
                .mechanism(
                        "R/W and U/S are added to the entries of an L3 one after the other. When one is refused, those "
                                + "before it keep what was added: bits that no entry of the guest's may have, so that the same "
                                + "table is refused for them the next time.")
                .construction(
                        "An L3 with a right entry in slot 0 and a bad one in slot 1; MMUEXT_PIN_L3_TABLE; read slot 0.")
                .telling("Slot 0 has R/W and U/S, or is as it was written.")
                .affected("3.1, 3.2")
                .repaired("3.3 (06efa7c664)")
                .provenance("Xen commit 06efa7c664")
                .build();
        return new KnownBug(advisory, AbiProfiles.XEN_3_2, AbiProfiles.XEN_3_3, CompatGuest.trial(FailedRoot::guest));
    }

    private static void guest(CompatGuest guest) {
        CompatRuntime runtime = guest.runtime();
        Label table = runtime.page("new_l2");
        Label root = runtime.page("new_l3");
        runtime.remap(table, READ_ONLY);
        runtime.machineAddress(table);
        guest.asm().or(EAX, PRESENT).mov(ESI, root).mov(ptr(ESI), EAX).mov(dword(ptr(ESI, SLOT_1)), NOT_MINE);
        runtime.remap(root, READ_ONLY);
        runtime.machineAddress(root);
        guest.asm().shr(EAX, 12);
        runtime.extended(PIN_L3, EAX, 0);
        guest.evidence("result", EAX);
        guest.asm().mov(ESI, root).mov(ECX, ptr(ESI)).and(ECX, 0xFFF);
        guest.evidence("flags", ECX);
        guest.asm().test(ECX, USER_AND_WRITE);
        guest.failIf(Condition.NE, "the hypervisor's bits are left in slot 0", "slot 0 is as it was written");
    }
}
