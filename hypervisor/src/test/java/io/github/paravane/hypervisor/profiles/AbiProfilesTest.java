package io.github.paravane.hypervisor.profiles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.BitMask;
import io.github.paravane.api.profile.CompatRules;
import io.github.paravane.api.profile.EntryRules;
import io.github.paravane.api.profile.EntryRules.FailedReturn;
import io.github.paravane.api.profile.EntryRules.MissingCallback;
import io.github.paravane.api.profile.EntryRules.SyscallR11;
import io.github.paravane.api.profile.GrantRules;
import io.github.paravane.api.profile.HypercallNames;
import io.github.paravane.api.profile.Knob;
import io.github.paravane.api.profile.MemoryRules;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.api.profile.PrivilegedRules;
import io.github.paravane.api.profile.PteRules;
import io.github.paravane.api.profile.PteRules.L1Adjustment;
import io.github.paravane.api.profile.QuirkSet;
import io.github.paravane.api.profile.ServiceRules;
import io.github.paravane.api.profile.VersionRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AbiProfilesTest {

    static List<AbiProfile> profiles() {
        return AbiProfiles.all();
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void everyProfileDefinesExactlyTheKnobs(AbiProfile profile) {
        assertEquals(new HashSet<>(AbiProfiles.knobs()), profile.values().keySet());
        for (Knob<?> knob : AbiProfiles.knobs()) {
            assertTrue(knob.type().isInstance(profile.get(knob)), knob.name());
        }
        assertTrue(profile.get(VersionRules.EXTRA).startsWith("."));
        assertFalse(profile.provenance().source().isEmpty());
    }

    @Test
    void namesAreUniqueOrderedAndFound() {
        List<String> names = AbiProfiles.all().stream().map(AbiProfile::name).toList();
        assertEquals(
                List.of(
                        "xen-3.0.2 xen-3.0.3 xen-3.0.4 xen-3.1.0 xen-3.1.1 xen-3.1.2 xen-3.2 xen-3.3 xen-3.4 xen-4.0 xen-4.1 xen-4.2 xen-4.3 xen-4.5 xen-4.6 xen-4.7 xen-4.8 xen-4.9 xen-4.10 xen-4.11 xen-4.12 xen-4.13 xen-4.14 xen-4.15 xen-4.16 xen-4.17 xen-4.18 xen-4.19 xen-4.20 xen-4.22"
                                .split(" ")),
                names);
        assertSame(AbiProfiles.XEN_4_17, AbiProfiles.find("xen-4.17").orElseThrow());
        assertTrue(AbiProfiles.find("4.17").isEmpty());
    }

    @Test
    void knobNamesAreUnique() {
        Set<String> names = AbiProfiles.knobs().stream().map(Knob::name).collect(Collectors.toSet());
        assertEquals(AbiProfiles.knobs().size(), names.size());
    }

    /** What a version adds must stay: only these knobs change at these boundaries. */
    @Test
    void documentedBoundariesChangeTheseKnobsOnly() {
        assertChanges(AbiProfiles.XEN_3_1_0, AbiProfiles.XEN_3_1_1, EntryRules.SYSCALL_R11, VersionRules.EXTRA);
        assertChanges(
                AbiProfiles.XEN_3_1_1,
                AbiProfiles.XEN_3_1_2,
                EntryRules.SYSCALL_R11,
                MmuRules.PTWR_CMPXCHG_ADJUSTS,
                VersionRules.EXTRA);
        assertChanges(AbiProfiles.XEN_3_1_0, AbiProfiles.XEN_3_1_2, MmuRules.PTWR_CMPXCHG_ADJUSTS, VersionRules.EXTRA);
        assertChanges(
                AbiProfiles.XEN_4_9,
                AbiProfiles.XEN_4_10,
                PteRules.LINEAR_DEPTH_ONE,
                PteRules.SUPERPAGE_OPTION,
                GrantRules.INITIAL_FRAMES,
                GrantRules.MAX_FRAMES,
                GrantRules.SETUP_CHECKS,
                GrantRules.UNFIT_ENTRIES,
                MmuRules.SUPERPAGE_MARKS,
                MemoryRules.NODES_FOR_CONTROL_ONLY,
                ServiceRules.OLD_EVENT_OPS,
                ServiceRules.DOMCTL_VERSION,
                ServiceRules.SYSCTL_VERSION,
                VersionRules.MINOR,
                VersionRules.LAST_CPUID_LEAF);
        assertChanges(
                AbiProfiles.XEN_4_12,
                AbiProfiles.XEN_4_13,
                MmuRules.PHYSMAP_REFUSAL,
                MemoryRules.EXCHANGE_CHECKS,
                MemoryRules.REMOVE_FROM_PHYSMAP_LOOKS,
                ServiceRules.DOMCTL_VERSION,
                VersionRules.MINOR,
                VersionRules.HYPERCALL_PAGE_FILLED,
                VersionRules.MEMORY_OPS,
                VersionRules.HYPERCALLS);
        assertChanges(
                AbiProfiles.XEN_4_14,
                AbiProfiles.XEN_4_15,
                EntryRules.MISSING_SYSCALL_CALLBACK,
                PrivilegedRules.UNKNOWN_MSR_READ,
                PrivilegedRules.UNKNOWN_MSR_WRITE,
                CompatRules.OFFERED,
                MemoryRules.RESOURCE_FRAMES,
                ServiceRules.FREE_PORTS_POLLED,
                ServiceRules.DOMCTL_VERSION,
                VersionRules.MINOR);
        assertChanges(
                AbiProfiles.XEN_4_16,
                AbiProfiles.XEN_4_17,
                GrantRules.COPY_RIGHTS_AT_USE,
                MemoryRules.POD_REFUSAL,
                MemoryRules.POD_TAKEN,
                PrivilegedRules.P5_MACHINE_CHECK,
                PrivilegedRules.IO_BREAKPOINTS_ALIGNED,
                ServiceRules.VCPU_INFO_PLACE_ERRNO,
                ServiceRules.DOMCTL_VERSION,
                ServiceRules.SYSCTL_VERSION,
                ServiceRules.SINGLESHOT_FUTURE_FLAG,
                VersionRules.MINOR);
        assertChanges(
                AbiProfiles.XEN_4_17,
                AbiProfiles.XEN_4_18,
                ServiceRules.VCPU_INFO_FRAME_ERRNO,
                ServiceRules.VCPU_INFO_TWICE_ERRNO,
                ServiceRules.DOMCTL_VERSION,
                VersionRules.MINOR,
                VersionRules.FEATURES,
                VersionRules.VCPU_OPS);
        assertChanges(
                AbiProfiles.XEN_4_18,
                AbiProfiles.XEN_4_19,
                EntryRules.MISSING_CALLBACK_CLEARS_DF,
                CompatRules.ROOT_BELOW_4G,
                ServiceRules.DOMCTL_VERSION,
                VersionRules.MINOR,
                VersionRules.FEATURES);
        assertChanges(
                AbiProfiles.XEN_4_19,
                AbiProfiles.XEN_4_20,
                PrivilegedRules.BREAKPOINT_HITS_REPLACED,
                PrivilegedRules.TABLE_STORE_STEP,
                PrivilegedRules.REFUSED_REP_IO_CLEARS_RF,
                ServiceRules.DEVICE_OPS,
                VersionRules.MINOR,
                VersionRules.VERSION_OPS);
        assertChanges(
                AbiProfiles.XEN_4_20,
                AbiProfiles.XEN_4_22,
                MmuRules.FLUSH_CACHE_GLOBAL_REFUSAL,
                GrantRules.OPS,
                EntryRules.INT_N_DECODED_LENGTH,
                EntryRules.IRET_FLAGS,
                ServiceRules.DOMCTL_VERSION,
                ServiceRules.SYSCTL_VERSION,
                VersionRules.MINOR,
                VersionRules.HYPERCALLS);
    }

    private static void assertChanges(AbiProfile from, AbiProfile to, Knob<?>... knobs) {
        // Published bugs come and go at every boundary; the testkit tells each of them apart.
        Set<Knob<?>> changed = from.differences(to).stream()
                .map(AbiProfile.Difference::knob)
                .filter(knob -> knob != QuirkSet.QUIRKS)
                .collect(Collectors.toSet());
        assertEquals(Set.of(knobs), changed, from + " to " + to);
    }

    /** Section 9.2 of the reference: the first profile in which a rule holds, and that it holds ever after. */
    @Test
    void rulesThatCameAndStayed() {
        assertSince("xen-3.0.3", PteRules.L1_ADJUSTMENT, L1Adjustment.KERNEL_BIT_52_USER_GLOBAL);
        assertSince("xen-3.0.3", PteRules.BACK_POINTERS, false);
        assertSince("xen-3.0.3", MmuRules.REAL_PINS, new BitMask(0x1E));
        assertSince("xen-3.0.3", MmuRules.USER_BASE_ZERO_CLEARS, true);
        assertSince("xen-3.0.3", EntryRules.CLEARED_FLAGS, new BitMask(0x74100));
        assertSince("xen-3.0.3", EntryRules.SYSCALL_CAN_MASK, true);
        assertSince("xen-3.0.3", EntryRules.IRET_WITHOUT_USER_TABLE_CRASHES, true);
        assertSince("xen-3.0.3", VersionRules.HYPERCALL_MASK, new BitMask(-1));
        assertSince("xen-3.0.4", MmuRules.UNKNOWN_COMMAND, XenErrno.ENOSYS);
        assertSince("xen-3.1.0", MmuRules.FAILED_BASE_KEEPS_OLD, true);
        assertSince("xen-3.1.0", PteRules.LINEAR_LEVELS, new BitMask(0x1C));
        assertSince("xen-3.1.0", EntryRules.INT80_FAST_GATE, true);
        assertSince("xen-3.1.2", MmuRules.PTWR_CMPXCHG_ADJUSTS, true);
        assertSince("xen-3.2", EntryRules.SYSCALL_CLEARS_DF, true);
        assertSince("xen-3.2", EntryRules.SYSCALL32_CALLBACKS, true);
        assertSince("xen-3.2", EntryRules.NMI_IS_TRAP_2, true);
        assertSince("xen-3.2", PrivilegedRules.CR4_MISMATCH_IGNORED, true);
        assertSince("xen-3.2", PrivilegedRules.CALL_GATE_DPL_0, true);
        assertSince("xen-3.3", PrivilegedRules.MERGED_DESCRIPTOR_TYPE, true);
        assertSince("xen-3.4", VersionRules.START_INFO_P2M_FIELDS, true);
        assertSince("xen-4.2", PteRules.PRECISE_ERRNO, true);
        assertSince("xen-4.2", EntryRules.NON_CANONICAL_RIP_USES_IRET, true);
        assertSince("xen-4.5", MmuRules.FOREIGN_LOCAL_REFUSED, true);
        assertSince("xen-4.6", MmuRules.M2P_IN_USER_TABLES, false);
        assertSince("xen-4.6", VersionRules.WIDE_WALL_CLOCK, true);
        assertSince("xen-4.7", EntryRules.FAILED_RETURN, FailedReturn.EXCEPTION);
        assertSince("xen-4.7", EntryRules.VIRTUAL_IOPL, true);
        assertSince("xen-4.9", EntryRules.STACK_WINDOW_SLACK, 64);
        assertSince("xen-4.9", MmuRules.PTWR_WRITERS_ONLY, true);
        assertSince("xen-4.10", PteRules.LINEAR_DEPTH_ONE, true);
        assertSince("xen-4.11", MmuRules.FOREIGN_UPPER_REFUSED, true);
        assertSince("xen-4.11", MmuRules.DECREASE_UNPINS, false);
        assertSince("xen-4.12", MmuRules.FLUSH_ON_FAILED_VA_MAPPING, false);
        assertSince("xen-4.14", MmuRules.FLUSH_ON_UPPER_UPDATE, true);
        assertSince("xen-4.15", EntryRules.MISSING_SYSCALL_CALLBACK, MissingCallback.INVALID_OPCODE);
        assertSince("xen-4.22", EntryRules.INT_N_DECODED_LENGTH, true);
    }

    private static <T> void assertSince(String first, Knob<T> knob, T value) {
        List<String> holding = AbiProfiles.all().stream()
                .filter(profile -> profile.get(knob).equals(value))
                .map(AbiProfile::name)
                .toList();
        List<String> expected = AbiProfiles.all().stream()
                .map(AbiProfile::name)
                .dropWhile(name -> !name.equals(first))
                .toList();
        assertEquals(expected, holding, knob.name());
    }

    @Test
    void masksAreThoseOfTheReferenceInSixtyFourBits() {
        assertMasks(AbiProfiles.XEN_3_0_2, 0xFFFFF180 & ~0x800000, 0xFFFFF180 & ~0x800000);
        assertMasks(AbiProfiles.XEN_3_0_3, 0x80, 0x180);
        assertMasks(AbiProfiles.XEN_3_1_1, 0x80, 0x180);
        assertMasks(AbiProfiles.XEN_3_2, 0x98, 0x198);
        assertMasks(AbiProfiles.XEN_4_17, 0x98, 0x198);
        long nxAndSoftware = Pte.fromFlags24(0x800000 | 0x7FF000 | 0xE00);
        assertEquals(
                nxAndSoftware | 0x100 | 0x60 | 4,
                AbiProfiles.XEN_4_17.get(PteRules.L1_FAST_PATH).bits());
        assertTrue(AbiProfiles.XEN_4_7.get(PteRules.UPPER_FAST_PATH).intersects(Pte.RW));
        assertFalse(AbiProfiles.XEN_4_8.get(PteRules.UPPER_FAST_PATH).intersects(Pte.RW));
        assertFalse(AbiProfiles.XEN_3_0_2.get(PteRules.UPPER_FAST_PATH).intersects(Pte.FRAME_MASK | Pte.PRESENT));
        assertEquals(0x660, AbiProfiles.XEN_4_17.get(PrivilegedRules.CR4_SHOWN).bits());
        assertEquals(0x24, AbiProfiles.XEN_4_17.get(PteRules.L4_ADDED).bits());
    }

    private static void assertMasks(AbiProfile profile, int l1, int upper) {
        assertEquals(Pte.fromFlags24(l1), profile.get(PteRules.L1_DISALLOWED).bits(), profile.name());
        assertEquals(Pte.fromFlags24(upper), profile.get(PteRules.L2_DISALLOWED).bits(), profile.name());
        assertEquals(
                Pte.fromFlags24(upper), profile.get(PteRules.L3_L4_DISALLOWED).bits(), profile.name());
    }

    /** Solaris and Linux, 0.2: which versions spoil r11, and which store a compare-and-exchange raw. */
    @Test
    void theBugsOfTheStoryAreWhereTheyWere() {
        assertEquals(List.of("xen-3.1.1"), where(p -> p.get(EntryRules.SYSCALL_R11) == SyscallR11.HYPERVISOR_TEXT));
        assertEquals(
                List.of("xen-3.0.3", "xen-3.0.4", "xen-3.1.0", "xen-3.1.1"),
                where(p ->
                        p.get(PteRules.L1_ADJUSTMENT) != L1Adjustment.NONE && !p.get(MmuRules.PTWR_CMPXCHG_ADJUSTS)));
        assertEquals(
                List.of("xen-4.9", "xen-4.10", "xen-4.11", "xen-4.12", "xen-4.13"),
                where(p -> p.get(EntryRules.EXIT_CLEARS_NT)));
    }

    private static List<String> where(Function<AbiProfile, Boolean> condition) {
        return AbiProfiles.all().stream()
                .filter(condition::apply)
                .map(AbiProfile::name)
                .toList();
    }

    @Test
    void hypercallTables() {
        HypercallNames first = AbiProfiles.XEN_3_0_2.get(VersionRules.HYPERCALLS);
        assertEquals(29, first.names().size());
        assertEquals("sched_op", first.find(29).orElseThrow().name());
        assertTrue(first.find(11).isEmpty());
        assertTrue(first.find(32).isEmpty());
        HypercallNames reference = AbiProfiles.XEN_4_17.get(VersionRules.HYPERCALLS);
        assertEquals(
                Stream.of(11, 38, 43, 49).toList(),
                Stream.of(11, 38, 43, 49)
                        .filter(n -> reference.find(n).isEmpty())
                        .toList());
        assertEquals("iret", reference.find(23).orElseThrow().name());
        assertEquals("hypfs_op", reference.find(42).orElseThrow().name());
        assertEquals("mca", reference.find(48).orElseThrow().name());
        assertTrue(AbiProfiles.XEN_4_12.get(VersionRules.HYPERCALLS).find(38).isPresent());
        assertTrue(AbiProfiles.XEN_4_22.get(VersionRules.HYPERCALLS).find(31).isEmpty());
    }

    @Test
    void operationsAndFeatures() {
        AbiProfile reference = AbiProfiles.XEN_4_17;
        assertEquals(0x2_20E0, reference.get(VersionRules.FEATURES).bits());
        assertEquals(0x1_0000_003FL, reference.get(VersionRules.ASSISTS).bits());
        assertEquals(0x7FFF, reference.get(VersionRules.EVENT_OPS).bits());
        assertEquals(0x3FFF, reference.get(VersionRules.VCPU_OPS).bits());
        assertEquals(0xFF, reference.get(VersionRules.SCHED_OPS).bits());
        assertEquals(0x1FAF_FEFFL, reference.get(VersionRules.MEMORY_OPS).bits());
        assertEquals(0x1FF, AbiProfiles.XEN_3_0_2.get(VersionRules.MEMORY_OPS).bits());
        assertEquals(7, AbiProfiles.XEN_3_0_2.get(VersionRules.ASSISTS).bits());
    }

    @ParameterizedTest
    @ValueSource(strings = {"xen-3.1.0", "xen-4.17"})
    void aVariantOfAProfileIsOneLine(String name) {
        AbiProfile base = AbiProfiles.find(name).orElseThrow();
        AbiProfile mine = base.toBuilder("mine")
                .set(MmuRules.DECREASE_UNPINS, !base.get(MmuRules.DECREASE_UNPINS))
                .build();
        assertChanges(base, mine, MmuRules.DECREASE_UNPINS);
    }
}
