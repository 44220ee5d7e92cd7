package io.github.paravane.hypervisor.hypercall.memory;

import static io.github.paravane.hypervisor.hypercall.memory.KnobRow.privileged;
import static io.github.paravane.hypervisor.hypercall.memory.KnobRow.row;
import static io.github.paravane.hypervisor.hypercall.memory.KnobRow.with;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.A;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.P;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.U;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.W;
import static io.github.paravane.hypervisor.profiles.AbiProfiles.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.github.paravane.api.memory.FrameRange;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.GrantRules;
import io.github.paravane.api.profile.Knob;
import io.github.paravane.api.profile.MemoryRules;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.api.profile.PrivilegedRules;
import io.github.paravane.api.profile.PteRules;
import io.github.paravane.hypervisor.domain.HostOptions;
import io.github.paravane.hypervisor.grant.GrantStatus;
import io.github.paravane.hypervisor.pagetable.MemoryRig;
import io.github.paravane.hypervisor.trap.PageFaultKnobsTest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * For every knob of the memory ABI: two neighbouring profiles, and what a guest does to tell them apart. The knob alone,
 * changed in the older profile, must make the difference.
 */
class MemoryKnobsTest {

    private static final long EPERM = -1, ESRCH = -3, EACCES = -13, EFAULT = -14, EBUSY = -16, EINVAL = -22;
    private static final long ENOSYS = -38;
    private static final long EOPNOTSUPP = -95;
    private static final long OUTSIDE = 0xFFFF_8300_0000_0000L;
    private static final HostOptions PLAIN = HostOptions.DEFAULT;
    private static final int TLB_FLUSH_LOCAL = 6, FLUSH_CACHE = 12, SET_LDT = 13;
    private static final int NEW_USER_BASEPTR = 15, CLEAR_PAGE = 16, FLUSH_CACHE_GLOBAL = 18;

    static List<KnobRow> rows() {
        return Stream.of(
                        entryRows(),
                        entryRowsOfHosts(),
                        callRows(),
                        foreignRows(),
                        tlbRows(),
                        descriptorRows(),
                        grantRows(),
                        memoryRows(),
                        MemoryOpKnobRows.rows(),
                        MmuKnobRows.rows(),
                        GrantKnobRows.rows())
                .flatMap(List::stream)
                .toList();
    }

    private static List<KnobRow> entryRows() {
        return List.of(
                row(
                        PteRules.L1_DISALLOWED,
                        XEN_3_0_2,
                        XEN_3_0_3,
                        r -> KnobActions.l1(r, 1, P | U | Pte.GLOBAL),
                        EINVAL,
                        0L),
                row(PteRules.L1_DISALLOWED, XEN_3_1_2, XEN_3_2, r -> KnobActions.l1(r, 1, P | U | Pte.PCD), 0L, EINVAL),
                row(PteRules.L2_DISALLOWED, XEN_3_1_2, XEN_3_2, r -> KnobActions.upper(r, 2, Pte.PWT), 0L, EINVAL),
                row(PteRules.L3_L4_DISALLOWED, XEN_3_1_2, XEN_3_2, r -> KnobActions.upper(r, 3, Pte.PWT), 0L, EINVAL),
                row(
                        PteRules.L1_ADJUSTMENT,
                        XEN_3_0_2,
                        XEN_3_0_3,
                        r -> KnobActions.storedL1(r, P) & ~A,
                        P,
                        P | U | Pte.GUEST_KERNEL),
                row(PteRules.L2_L3_ADDED, XEN_3_0_2, XEN_3_0_3, r -> KnobActions.hooked(r, 2) & U, 0L, U),
                row(PteRules.L4_ADDED, XEN_4_10, XEN_4_11, r -> KnobActions.hooked(r, 4) & A, 0L, A),
                row(PteRules.UPPER_FAST_PATH, XEN_4_7, XEN_4_8, KnobActions::linearMadeWritable, 0L, EINVAL),
                row(PteRules.LINEAR_LEVELS, XEN_3_0_4, XEN_3_1_0, KnobActions::linearL2, EINVAL, 0L),
                row(PteRules.LINEAR_DEPTH_ONE, XEN_4_9, XEN_4_10, KnobActions::linearChain, 0L, EINVAL),
                row(PteRules.PRECISE_ERRNO, XEN_4_1, XEN_4_2, KnobActions::freeFrame, EINVAL, EBUSY),
                row(PteRules.BACK_POINTERS, XEN_3_0_2, XEN_3_0_3, KnobActions::secondPlace, EINVAL, 0L),
                row(PteRules.GRANT_FLAGS, XEN_3_3, XEN_3_4, KnobActions::grantEntry, 0L, Pte.NX | Pte.GUEST_KERNEL));
    }

    private static List<KnobRow> entryRowsOfHosts() {
        HostOptions noNx = PLAIN.withNoExecute(false);
        HostOptions superpages = PLAIN.withSuperpages(true);
        HostOptions readOnly = PLAIN.withReadOnlyDevices(new FrameRange(0xA0, 1));
        HostOptions l1tf = PLAIN.withL1tf(true);
        Function<MemoryRig, Object> noExecute = r -> KnobActions.l1(r, 1, P | U | Pte.NX);
        return List.of(
                with(noNx, row(PteRules.NX_NEEDS_PROCESSOR, XEN_3_0_2, XEN_3_0_3, noExecute, EINVAL, 0L)),
                with(noNx, row(PteRules.NX_NEEDS_PROCESSOR, XEN_3_0_4, XEN_3_1_0, noExecute, 0L, EINVAL)),
                with(superpages, row(PteRules.SUPERPAGE_OPTION, XEN_3_3, XEN_3_4, KnobActions::superpage, EINVAL, 0L)),
                with(
                        superpages,
                        row(MmuRules.SUPERPAGE_MARKS, XEN_4_0, XEN_4_1, KnobActions::superpageReadOnly, 0L, 1L)),
                with(superpages, row(MmuRules.SUPERPAGE_MARKS, XEN_4_9, XEN_4_10, KnobActions::mark, 0L, EOPNOTSUPP)),
                with(superpages, row(PteRules.SUPERPAGE_OPTION, XEN_4_9, XEN_4_10, KnobActions::superpage, 0L, EINVAL)),
                privileged(
                        PteRules.DEVICES_UNCACHED,
                        XEN_4_6,
                        XEN_4_7,
                        r -> KnobActions.device(r) & (Pte.PWT | Pte.PCD),
                        0L,
                        Pte.PWT | Pte.PCD),
                privileged(PteRules.DEVICES_WITHIN_WIDTH, XEN_4_6, XEN_4_7, KnobActions::farDevice, 0L, EPERM),
                with(
                        readOnly,
                        privileged(
                                PteRules.READ_ONLY_DEVICES, XEN_4_0, XEN_4_1, r -> KnobActions.device(r) & W, W, 0L)),
                with(l1tf, row(PteRules.L1TF_CHECK, XEN_4_11, XEN_4_12, KnobActions::absent, true, false)),
                privileged(PteRules.L1_FAST_PATH, XEN_4_6, XEN_4_7, KnobActions::sharedInfoCaching, 0L, EACCES));
    }

    private static List<KnobRow> callRows() {
        return List.of(
                row(MmuRules.MEMORY_MAP_ENTRIES, XEN_4_1, XEN_4_2, r -> KnobActions.memoryMap(r, 128), EINVAL, 0L),
                row(MmuRules.MEMORY_MAP_ENTRIES, XEN_4_8, XEN_4_9, r -> KnobActions.memoryMap(r, 129), EINVAL, 0L),
                row(MmuRules.REAL_PINS, XEN_3_0_2, XEN_3_0_3, KnobActions::pinnedL2, 0L, EINVAL),
                row(MmuRules.UNKNOWN_COMMAND, XEN_3_0_3, XEN_3_0_4, r -> r.mmuExt(99, 0, 0), EINVAL, ENOSYS),
                row(MmuRules.LAST_MMU_UPDATE_COMMAND, XEN_3_2, XEN_3_3, r -> KnobActions.command(r, 2), ENOSYS, 0L),
                row(MmuRules.LAST_MMU_UPDATE_COMMAND, XEN_4_10, XEN_4_11, r -> KnobActions.command(r, 3), ENOSYS, 0L),
                row(
                        MmuRules.LAST_MMUEXT_COMMAND,
                        XEN_3_3,
                        XEN_3_4,
                        r -> r.mmuExt(CLEAR_PAGE, r.pool[0], 0),
                        ENOSYS,
                        0L),
                row(MmuRules.LAST_MMUEXT_COMMAND, XEN_4_0, XEN_4_1, r -> r.mmuExt(19, 1, 0), ENOSYS, EINVAL),
                row(MmuRules.MARK_SUPER_REFUSAL, XEN_4_7, XEN_4_8, r -> r.mmuExt(19, 0, 0), ENOSYS, EOPNOTSUPP),
                row(MmuRules.MARK_OPTION_FIRST, XEN_4_6, XEN_4_7, r -> r.mmuExt(19, 1, 0), EINVAL, ENOSYS),
                row(MmuRules.FAILED_BASE_KEEPS_OLD, XEN_3_0_4, XEN_3_1_0, KnobActions::badBase, false, true),
                row(
                        MmuRules.USER_BASE_ZERO_CLEARS,
                        XEN_3_0_2,
                        XEN_3_0_3,
                        r -> r.mmuExt(NEW_USER_BASEPTR, 0, 0),
                        EINVAL,
                        0L),
                row(MmuRules.DECREASE_UNPINS, XEN_4_10, XEN_4_11, KnobActions::giveUpPinned, true, false),
                row(MmuRules.M2P_IN_USER_TABLES, XEN_4_5, XEN_4_6, KnobActions::userM2p, true, false),
                row(MmuRules.MAX_EXTENT_ORDER, XEN_3_4, XEN_4_0, r -> KnobActions.increase(r, 1), 0L, 1L),
                row(MmuRules.FLUSH_CACHE_REFUSAL, XEN_4_3, XEN_4_5, r -> r.mmuExt(FLUSH_CACHE, 0, 0), EINVAL, EACCES),
                row(
                        MmuRules.FLUSH_CACHE_GLOBAL_REFUSAL,
                        XEN_4_20,
                        XEN_4_22,
                        r -> r.mmuExt(FLUSH_CACHE_GLOBAL, 0, 0),
                        EINVAL,
                        EACCES),
                row(MmuRules.FORMER_TABLES_REVALIDATED, XEN_3_3, XEN_3_4, KnobActions::formerTable, EINVAL, 0L),
                row(MmuRules.TYPE_COUNT_BITS, XEN_3_1_2, XEN_3_2, r -> KnobActions.mapOnceMore(r, 1 << 16), EINVAL, 0L),
                row(MmuRules.TYPE_COUNT_BITS, XEN_3_3, XEN_3_4, r -> KnobActions.mapOnceMore(r, 1 << 26), EINVAL, 0L),
                row(MmuRules.INTERRUPTIBLE, XEN_3_3, XEN_3_4, r -> KnobActions.interrupted(r, 3), false, true),
                row(MmuRules.INTERRUPTIBLE, XEN_4_2, XEN_4_3, r -> KnobActions.interrupted(r, 5), false, true),
                row(MmuRules.EMPTY_LDT_ANYWHERE, XEN_4_6, XEN_4_7, r -> r.mmuExt(SET_LDT, 0x10, 0), EINVAL, 0L));
    }

    private static List<KnobRow> foreignRows() {
        return List.of(
                privileged(MmuRules.FOREIGN_UPPER_REFUSED, XEN_4_10, XEN_4_11, KnobActions::foreignL2, 0L, EINVAL),
                privileged(
                        MmuRules.FOREIGN_LOCAL_REFUSED,
                        XEN_4_3,
                        XEN_4_5,
                        r -> KnobActions.foreignExt(r, TLB_FLUSH_LOCAL, 0),
                        0L,
                        EPERM),
                row(MmuRules.FOREIGN_REFUSAL, XEN_4_2, XEN_4_3, KnobActions::foreignUpdate, ESRCH, EPERM),
                row(
                        MmuRules.FOREIGN_BEFORE_BUFFER,
                        XEN_3_0_4,
                        XEN_3_1_0,
                        r -> r.call(1, OUTSIDE, 1, 0, 77).result(),
                        ESRCH,
                        EFAULT),
                row(
                        MmuRules.OTHER_DOMAIN_PRIVILEGED,
                        XEN_3_2,
                        XEN_3_3,
                        r -> r.call(22, 0x5000, 0, 0, 0x7FF0).result(),
                        EPERM,
                        EINVAL),
                row(MmuRules.TABLE_DOMAIN, XEN_3_4, XEN_4_0, r -> KnobActions.tablesOf(r, 77), 0L, EINVAL),
                row(MmuRules.UNKNOWN_TABLE_DOMAIN, XEN_4_6, XEN_4_7, r -> KnobActions.tablesOf(r, 77), EINVAL, ESRCH),
                privileged(MmuRules.UNPIN_FOREIGN, XEN_3_4, XEN_4_0, KnobActions::unpinForeign, EINVAL, 0L));
    }

    private static List<KnobRow> tlbRows() {
        return List.of(
                row(MmuRules.FLUSH_ON_FAILED_VA_MAPPING, XEN_4_11, XEN_4_12, KnobActions::failedVaMapping, false, true),
                row(MmuRules.FLUSHES_COLLECTED, XEN_3_4, XEN_4_0, KnobActions::staleBatch, ENOSYS, 0L),
                row(MmuRules.FLUSH_ON_DROPPED_TABLE, XEN_3_3, XEN_3_4, KnobActions::unhook, false, true),
                row(MmuRules.FLUSH_ON_UPPER_UPDATE, XEN_4_13, XEN_4_14, KnobActions::unhook, true, false));
    }

    private static List<KnobRow> descriptorRows() {
        return List.of(
                row(PrivilegedRules.MERGED_DESCRIPTOR_TYPE, XEN_3_2, XEN_3_3, KnobActions::gdtPageAsLdt, false, true),
                row(PrivilegedRules.CALL_GATE_DPL_0, XEN_3_1_2, XEN_3_2, KnobActions::callGateDpl, 3L, 0L));
    }

    /** Without the adjustment of L1 entries, which needs the bits that it sets to be allowed. */
    static List<KnobRow> independentRows() {
        return rows().stream()
                .filter(row -> row.knob() != PteRules.L1_ADJUSTMENT)
                .toList();
    }

    private static List<KnobRow> memoryRows() {
        return List.of(
                row(
                        MmuRules.RESERVATION_ERRNOS,
                        XEN_3_0_2,
                        XEN_3_0_3,
                        r -> r.call(12, 0, OUTSIDE).result(),
                        EFAULT,
                        0L),
                row(
                        MmuRules.EXTENT_SHIFT,
                        XEN_3_3,
                        XEN_3_4,
                        r -> r.call(12, 2 | 1 << 4).result(),
                        1024L,
                        ENOSYS),
                row(MmuRules.MAX_EXTENTS, XEN_4_2, XEN_4_3, KnobActions::increaseByTerabytes, 1L, 0L),
                row(
                        MmuRules.MACHINE_MAP_REFUSAL,
                        XEN_4_2,
                        XEN_4_3,
                        r -> r.call(12, 10, r.scratch()).result(),
                        EINVAL,
                        EPERM),
                row(MmuRules.PHYSMAP_REFUSAL, XEN_4_12, XEN_4_13, KnobActions::addToPhysmap, EINVAL, EACCES));
    }

    private static List<KnobRow> grantRows() {
        return List.of(
                row(
                        GrantRules.OPS,
                        XEN_3_0_2,
                        XEN_3_0_3,
                        r -> r.call(20, 5, 0, 0).result(),
                        ENOSYS,
                        0L),
                row(GrantRules.INITIAL_FRAMES, XEN_4_9, XEN_4_10, r -> KnobActions.grantFrames(r, 4), 4, 1),
                row(GrantRules.MAX_FRAMES, XEN_4_9, XEN_4_10, r -> KnobActions.grantFrames(r, 8), 32, 64),
                row(
                        GrantRules.COPY_RIGHTS_AT_USE,
                        XEN_4_16,
                        XEN_4_17,
                        KnobActions::copyFromOwnNumberToNobody,
                        GrantStatus.PERMISSION_DENIED,
                        GrantStatus.BAD_DOMAIN),
                row(
                        GrantRules.IMPLICIT_UNMAP,
                        XEN_4_17,
                        XEN_4_17.toBuilder("debug")
                                .set(GrantRules.IMPLICIT_UNMAP, GrantRules.ImplicitUnmap.GENERAL_PROTECTION)
                                .build(),
                        r -> KnobActions.l1(r, 1, P | GrantRules.MARKER),
                        0L,
                        EINVAL));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theGuestSeesTheBoundary(KnobRow row) {
        assertNotEquals(row.before().get(row.knob()), row.after().get(row.knob()));
        assertEquals(row.older(), row.result(row.before()), "before");
        assertEquals(row.newer(), row.result(row.after()), "after");
    }

    @ParameterizedTest
    @MethodSource("independentRows")
    void theKnobAloneMakesTheDifference(KnobRow row) {
        assertEquals(row.newer(), row.result(changed(row.before(), row.knob(), row.after())));
        assertEquals(row.older(), row.result(changed(row.after(), row.knob(), row.before())));
    }

    private static <T> AbiProfile changed(AbiProfile profile, Knob<T> knob, AbiProfile from) {
        return profile.toBuilder("changed").set(knob, from.get(knob)).build();
    }

    @Test
    void everyKnobOfTheMemoryAbiHasARow() {
        Set<Knob<?>> missing = new HashSet<>(PteRules.knobs());
        missing.addAll(MmuRules.knobs());
        missing.addAll(GrantRules.knobs());
        missing.addAll(MemoryRules.knobs());
        missing.add(PrivilegedRules.MERGED_DESCRIPTOR_TYPE);
        missing.add(PrivilegedRules.CALL_GATE_DPL_0);
        missing.removeAll(rows().stream().map(KnobRow::knob).collect(Collectors.toSet()));
        missing.removeAll(PageFaultKnobsTest.TESTED);
        // A matter of time that no guest can see; the test of the cost model shows it.
        missing.remove(MmuRules.TLB_CONTRACT);
        assertEquals(Set.of(), missing);
    }
}
