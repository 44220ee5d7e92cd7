package io.github.paravane.hypervisor.hypercall.memory;

import static io.github.paravane.hypervisor.hypercall.memory.KnobRow.privileged;
import static io.github.paravane.hypervisor.hypercall.memory.KnobRow.row;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.P;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.SELF;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.TABLE;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.U;
import static io.github.paravane.hypervisor.profiles.AbiProfiles.*;

import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.api.profile.PteRules;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.pagetable.MemoryRig;
import java.util.List;

/** More rows of mmu_update, mmuext_op and update_va_mapping. */
final class MmuKnobRows {

    private static final long EBUSY = -16, EINVAL = -22;
    private static final long OUTSIDE = 0xFFFF_8300_0000_0000L;
    private static final int OTHER = 2, MANAGER = 3;
    private static final int PIN_L1 = 0, NEW_BASEPTR = 5, TLB_FLUSH_LOCAL = 6, SET_LDT = 13, CLEAR_PAGE = 16;
    private static final int DONE = 2048;

    private MmuKnobRows() {}

    static List<KnobRow> rows() {
        return List.of(
                row(PteRules.L1_REASON_IN_L2, XEN_4_11, XEN_4_12, MmuKnobRows::badL1, EINVAL, EBUSY),
                row(MmuRules.MASK_DECIDES_RESULT, XEN_3_4, XEN_4_0, MmuKnobRows::failedWithMask, EINVAL, 0L),
                row(MmuRules.LDT_MAPPED_AT_ONCE, XEN_4_3, XEN_4_5, r -> ldtReferences(r, false), 1L, 0L),
                row(MmuRules.SAME_BASE_KEEPS_LDT, XEN_4_2, XEN_4_3, r -> ldtReferences(r, true), 0L, 1L),
                row(MmuRules.PIN_OF_NOTHING_GOES_ON, XEN_4_1, XEN_4_2, MmuKnobRows::doneAfterBadPin, 0, 2),
                row(MmuRules.PIN_OF_NOTHING_GOES_ON, XEN_4_2, XEN_4_3, MmuKnobRows::doneAfterBadPin, 2, 0),
                row(MmuRules.EARLY_ERROR_TELLS_DONE, XEN_4_2, XEN_4_3, r -> doneOfBadArray(r, 26), 0, 0x55),
                row(MmuRules.EARLY_ERROR_TELLS_DONE, XEN_4_2, XEN_4_3, r -> doneOfBadArray(r, 1), 0, 0x55),
                row(MmuRules.INTERRUPTIBLE_AT_ONCE, XEN_4_3, XEN_4_5, MmuKnobRows::interruptedAtOnce, true, false),
                privileged(PteRules.TARGET_LENDS_RIGHTS, XEN_3_2, XEN_3_3, MmuKnobRows::lent, EINVAL, 0L),
                privileged(MmuRules.PAGES_OF_FOREIGN, XEN_3_4, XEN_4_0, MmuKnobRows::clearForeign, 0L, EINVAL),
                privileged(MmuRules.PAGES_OF_FOREIGN, XEN_4_3, XEN_4_5, MmuKnobRows::clearForeign, EINVAL, 0L));
    }

    /** What an L2 entry gives whose L1 table names a frame of nobody. */
    static long badL1(MemoryRig r) {
        r.pin(2, r.pool[1]);
        r.poke(r.pool[0], 0, Pte.of(r.frames.frames() - 1, P | U));
        return r.mmuUpdate(r.pool[1], 0, Pte.of(r.pool[0], TABLE));
    }

    /** A page of domain 2 for domain 1, in the right of domain 3. */
    private static long lent(MemoryRig r) {
        Domain other = r.addDomain(OTHER);
        r.platform.add(new Domain(
                r.platform, MANAGER, Domain.Privilege.CONTROL, r.tables.memory().allocateShared(MANAGER), 64));
        r.pin(1, r.pool[0]);
        return r.mmuRequest(r.pool[0] << 12, Pte.of(r.tables.memory().allocate(other), P | U), MANAGER);
    }

    private static long failedWithMask(MemoryRig r) {
        KnobActions.hook(r);
        r.memory.writeU64(r.scratch(), 1);
        return r.call(14, 0, Pte.of(r.frames.frames() - 1, P | U), r.scratch() | 1)
                .result();
    }

    /** Type references of the LDT's first page after SET_LDT, or after the loaded base was loaded again. */
    private static long ldtReferences(MemoryRig r, boolean reload) {
        KnobActions.hook(r);
        r.mmuUpdate(r.pool[0], 0, Pte.of(r.pool[3], P | U));
        r.mmuExt(SET_LDT, 0, 512);
        if (reload) {
            r.mmuExt(NEW_BASEPTR, r.root, 0);
        }
        return r.typeCount(r.pool[3]);
    }

    /** Requests done of a bad PIN and a flush. */
    private static int doneAfterBadPin(MemoryRig r) {
        long at = r.scratch();
        r.memory.writeU64(at, PIN_L1);
        r.memory.writeU64(at + 8, r.frames.frames() - 1);
        r.memory.writeU64(at + 24, TLB_FLUSH_LOCAL);
        if (r.call(26, at, 2, at + DONE, SELF).result() != EINVAL) {
            throw new AssertionError("accepted");
        }
        return r.memory.readU32(at + DONE);
    }

    private static int doneOfBadArray(MemoryRig r, int number) {
        r.memory.writeU32(r.scratch() + DONE, 0x55);
        r.call(number, OUTSIDE, 1, r.scratch() + DONE, SELF);
        return r.memory.readU32(r.scratch() + DONE);
    }

    private static boolean interruptedAtOnce(MemoryRig r) {
        r.memory.writeU64(r.scratch(), TLB_FLUSH_LOCAL);
        r.memory.writeU16(r.vcpu.infoMaddr(), 1);
        return r.call(26, r.scratch(), 1, 0, SELF).kind() == HypercallOutcome.Kind.CONTINUED;
    }

    private static long clearForeign(MemoryRig r) {
        Domain other = r.addDomain(OTHER);
        return KnobActions.foreignExt(r, CLEAR_PAGE, r.tables.memory().allocate(other));
    }
}
