package io.github.paravane.hypervisor.hypercall.compat;

import static io.github.paravane.hypervisor.pagetable.CompatRig.P;
import static io.github.paravane.hypervisor.profiles.AbiProfiles.XEN_3_1_2;
import static io.github.paravane.hypervisor.profiles.AbiProfiles.XEN_3_2;
import static io.github.paravane.hypervisor.profiles.AbiProfiles.XEN_3_3;
import static io.github.paravane.hypervisor.profiles.AbiProfiles.XEN_3_4;
import static io.github.paravane.hypervisor.profiles.AbiProfiles.XEN_4_17;
import static io.github.paravane.hypervisor.profiles.AbiProfiles.XEN_4_20;
import static io.github.paravane.hypervisor.profiles.AbiProfiles.XEN_4_7;
import static io.github.paravane.hypervisor.profiles.AbiProfiles.XEN_4_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.CompatRules;
import io.github.paravane.api.profile.Knob;
import io.github.paravane.hypervisor.pagetable.CompatRig;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** For every knob of 32-bit domains: two profiles, and what a guest does to tell them apart. */
class CompatKnobsTest {

    private static final long EINVAL = -22, ERANGE = -34;
    private static final long FLAT_TO_HOLE = 0x00CF_9B00_0000_FFFFL & ~0x000F_0000_0000_FFFFL | 0x000F_0000_0000_67FFL;

    private record Row(
            Knob<?> knob,
            AbiProfile before,
            AbiProfile after,
            ToLongFunction<AbiProfile> action,
            long older,
            long newer) {

        @Override
        public String toString() {
            return knob + ": " + before.name() + " | " + after.name();
        }
    }

    private static List<Row> rows() {
        return List.of(
                new Row(CompatRules.L3_DISALLOWED, XEN_3_1_2, XEN_3_2, p -> pinWith(p, Pte.PWT), 0, EINVAL),
                new Row(CompatRules.L3_DISALLOWED, XEN_3_3, XEN_3_4, p -> pinWith(p, Pte.ACCESSED), EINVAL, 0),
                new Row(CompatRules.L3_ADJUSTED_FIRST, XEN_3_2, XEN_3_3, CompatKnobsTest::hook, EINVAL, 0),
                new Row(CompatRules.LINEAR_LEVELS, XEN_4_7, XEN_4_8, CompatKnobsTest::linear, 0, EINVAL),
                new Row(CompatRules.ROOT_BELOW_4G, XEN_4_17, XEN_4_20, CompatKnobsTest::highRoot, 0, ERANGE),
                new Row(CompatRules.UPPER_HALF_COMPLETED, XEN_3_1_2, XEN_3_2, CompatKnobsTest::upperHalf, EINVAL, 0),
                new Row(
                        CompatRules.FLAT_LIMITS_WIDENED,
                        XEN_3_2,
                        XEN_3_3,
                        CompatKnobsTest::flatSegment,
                        FLAT_TO_HOLE | 1L << 45,
                        FLAT_TO_HOLE | 0xFFFF | 1L << 45));
    }

    private static long pinWith(AbiProfile profile, long flags) {
        CompatRig rig = new CompatRig(profile);
        rig.write(rig.pool[0], 1, Pte.of(rig.pool[2], P | flags));
        return rig.pin(3, rig.makeRoot(0, 1));
    }

    private static long hook(AbiProfile profile) {
        CompatRig rig = new CompatRig(profile);
        return rig.mmuUpdate(rig.root, 2, Pte.of(rig.pool[0], P));
    }

    private static long linear(AbiProfile profile) {
        CompatRig rig = new CompatRig(profile);
        return rig.mmuUpdate(rig.root, 2, Pte.of(rig.root, P | Pte.USER | Pte.ACCESSED | Pte.DIRTY));
    }

    private static long highRoot(AbiProfile profile) {
        CompatRig rig = new CompatRig(profile, (1 << 20) + 2048);
        long mfn = rig.frames.allocateRun(CompatRig.DOMID, 1, 1 << 20);
        rig.write(mfn, 3, Pte.of(rig.pool[0], P));
        return rig.pin(3, mfn);
    }

    private static long upperHalf(AbiProfile profile) {
        CompatRig rig = new CompatRig(profile);
        rig.pin(1, rig.pool[0]);
        return rig.tables
                        .updater()
                        .emulateUpperHalf(rig.pool[0] << 12, Pte.of(1L << 30, P))
                        .isAccepted()
                ? rig.read(rig.pool[0], 0) & P
                : EINVAL;
    }

    private static long flatSegment(AbiProfile profile) {
        CompatRig rig = new CompatRig(profile);
        long maddr = rig.pool[0] << 12;
        rig.call(10, maddr, 0, FLAT_TO_HOLE, FLAT_TO_HOLE >>> 32);
        return rig.read(rig.pool[0], 0);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theGuestSeesTheBoundary(Row row) {
        assertNotEquals(row.before.get(row.knob), row.after.get(row.knob));
        assertEquals(row.older, row.action.applyAsLong(row.before), "before");
        assertEquals(row.newer, row.action.applyAsLong(row.after), "after");
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theKnobAloneMakesTheDifference(Row row) {
        assertEquals(row.newer, row.action.applyAsLong(changed(row.before, row.knob, row.after)));
        assertEquals(row.older, row.action.applyAsLong(changed(row.after, row.knob, row.before)));
    }

    private static <T> AbiProfile changed(AbiProfile profile, Knob<T> knob, AbiProfile from) {
        return profile.toBuilder("changed").set(knob, from.get(knob)).build();
    }

    @Test
    void everyKnobHasARow() {
        Set<Knob<?>> missing = new HashSet<>(CompatRules.knobs());
        missing.removeAll(rows().stream().map(Row::knob).collect(Collectors.toSet()));
        // CompatMachineTest, with a whole machine.
        missing.remove(CompatRules.OFFERED);
        missing.remove(CompatRules.SYSCALL_SHOWS_NATIVE_SELECTORS);
        assertEquals(Set.of(), missing);
    }
}
