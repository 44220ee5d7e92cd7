package io.github.paravane.hypervisor.hypercall.memory;

import static io.github.paravane.hypervisor.pagetable.MemoryRig.P;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.TABLE;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.U;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.W;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.observe.MachineEvent.Rejected;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.domain.Domain.Privilege;
import io.github.paravane.hypervisor.domain.HostOptions;
import io.github.paravane.hypervisor.frame.TypeInfo;
import io.github.paravane.hypervisor.pagetable.EntryRule;
import io.github.paravane.hypervisor.pagetable.MemoryRig;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever page-table validation refuses is told to the observer with its reason. */
class RejectionsTest {

    private static final AbiProfile NOW = AbiProfiles.XEN_4_17;
    private static final int OTHER = 2;

    /** What makes a rule refuse; the result of the call. */
    private record Scene(AbiProfile profile, HostOptions options, Privilege privilege, ToLongFunction<MemoryRig> call) {

        MemoryRig rig() {
            return new MemoryRig(profile, options, privilege);
        }
    }

    private static final Map<EntryRule, Scene> SCENES = scenes();

    private static Scene now(ToLongFunction<MemoryRig> call) {
        return new Scene(NOW, HostOptions.DEFAULT, Privilege.NONE, call);
    }

    private static Map<EntryRule, Scene> scenes() {
        Map<EntryRule, Scene> all = new EnumMap<>(EntryRule.class);
        all.put(EntryRule.DISALLOWED_BITS, now(r -> KnobActions.l1(r, 1, P | Pte.PAT)));
        all.put(EntryRule.NO_SUCH_FRAME, now(r -> l1Of(r, 1L << 30)));
        all.put(EntryRule.INVALID_FRAME, now(r -> l1Of(r, 0xFF_FFFF_FFFFL)));
        all.put(EntryRule.FRAME_NOT_OWNED, now(KnobActions::freeFrame));
        all.put(EntryRule.FRAME_NOT_WRITABLE, now(r -> KnobActions.l1(r, 0, P | U | W)));
        all.put(
                EntryRule.CACHING_OF_SHARED_FRAME,
                new Scene(NOW, HostOptions.DEFAULT, Privilege.CONTROL, KnobActions::sharedInfoCaching));
        all.put(EntryRule.TABLE_NOT_OWNED, now(r -> r.pin(1, r.frames.frames() - 1)));
        all.put(EntryRule.TYPE_CONFLICT, now(r -> r.pin(1, r.root)));
        all.put(
                EntryRule.BAD_DESCRIPTOR,
                now(r -> r.call(10, r.pool[0] << 12, 9L << 40 | 1L << 47).result()));
        all.put(EntryRule.GDT_TOO_LARGE, now(r -> r.call(2, r.scratch(), 7169).result()));
        all.put(
                EntryRule.COUNT_OVERFLOW,
                new Scene(
                        AbiProfiles.XEN_3_1_2,
                        HostOptions.DEFAULT,
                        Privilege.NONE,
                        RejectionsTest::oneReferenceTooMany));
        all.put(
                EntryRule.L1_TABLE_REFUSED,
                new Scene(AbiProfiles.XEN_4_11, HostOptions.DEFAULT, Privilege.NONE, MmuKnobRows::badL1));
        all.put(EntryRule.LINEAR_WRITABLE, now(KnobActions::linearMadeWritable));
        all.put(
                EntryRule.LINEAR_LEVEL,
                new Scene(AbiProfiles.XEN_3_0_4, HostOptions.DEFAULT, Privilege.NONE, KnobActions::linearL2));
        all.put(EntryRule.LINEAR_DEPTH, now(KnobActions::linearChain));
        all.put(
                EntryRule.SUPERPAGE,
                new Scene(AbiProfiles.XEN_4_2, HostOptions.DEFAULT.withSuperpages(true), Privilege.NONE, r -> {
                    r.pin(2, r.pool[0]);
                    return r.mmuUpdate(r.pool[0], 0, Pte.of(r.pool[1], TABLE | Pte.PSE));
                }));
        all.put(EntryRule.L1TF, new Scene(NOW, HostOptions.DEFAULT.withL1tf(true), Privilege.NONE, r -> {
            r.pin(1, r.pool[0]);
            return r.mmuUpdate(r.pool[0], 0, Pte.of(r.pool[1], 0));
        }));
        all.put(
                EntryRule.BACK_POINTER,
                new Scene(AbiProfiles.XEN_3_0_2, HostOptions.DEFAULT, Privilege.NONE, KnobActions::secondPlace));
        all.put(EntryRule.HYPERVISOR_SLOT, now(r -> r.mmuUpdate(r.root, 260, 0)));
        all.put(EntryRule.FOREIGN_DOMAIN, now(KnobActions::foreignUpdate));
        all.put(EntryRule.BAD_LDT, now(r -> r.mmuExt(13, 0x10, 1)));
        all.put(
                EntryRule.FOREIGN_UPPER,
                new Scene(NOW, HostOptions.DEFAULT, Privilege.CONTROL, KnobActions::foreignL2));
        all.put(EntryRule.NO_L1_TABLE, now(r -> r.call(14, 0x5000, 0, 0).result()));
        all.put(EntryRule.PINNED_ALREADY, now(r -> r.pin(1, r.pool[0]) + r.pin(1, r.pool[0])));
        all.put(EntryRule.NOT_PINNED, now(r -> r.unpin(r.pool[0])));
        return all;
    }

    private static long l1Of(MemoryRig r, long mfn) {
        r.pin(1, r.pool[0]);
        return r.mmuUpdate(r.pool[0], 0, Pte.of(mfn, P | U));
    }

    private static long oneReferenceTooMany(MemoryRig r) {
        KnobActions.hook(r);
        r.frames.setTypeInfo(r.pool[0], r.frames.typeInfo(r.pool[0]) + 65534);
        return r.mmuUpdate(r.pool[1], 1, Pte.of(r.pool[0], TABLE));
    }

    static Stream<EntryRule> refusing() {
        // The rules of 32-bit domains are in CompatTablesTest.
        return Stream.of(EntryRule.values())
                .filter(rule -> !rule.isAccepted() && rule != EntryRule.INTERRUPTED)
                .filter(rule -> !rule.name().startsWith("COMPAT_"));
    }

    @ParameterizedTest
    @MethodSource("refusing")
    void everyRuleHasASceneAndIsTold(EntryRule rule) {
        Scene scene = SCENES.get(rule);
        assertTrue(scene != null, "no scene for " + rule);
        MemoryRig rig = scene.rig();
        long result = scene.call.applyAsLong(rig);
        Rejected last = last(rig);
        assertEquals(rule, last.rule());
        assertEquals(last.errno().result(), result);
    }

    private static Rejected last(MemoryRig rig) {
        return rig.events.stream()
                .filter(Rejected.class::isInstance)
                .map(Rejected.class::cast)
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    @Test
    void theReasonNamesEntryFrameAndItsCounts() {
        MemoryRig rig = new MemoryRig(NOW);
        rig.pin(1, rig.pool[0]);
        long wanted = Pte.of(rig.pool[0], P | W | U);
        rig.mmuUpdate(rig.pool[0], 7, wanted);
        Rejected reason = last(rig);
        assertEquals(1, reason.level());
        assertEquals((rig.pool[0] << 12) + 56, reason.maddr());
        assertEquals(wanted, reason.value() & wanted);
        assertEquals(rig.pool[0], reason.mfn());
        assertEquals(TypeInfo.name(TypeInfo.L1), reason.frameType());
        assertEquals(1, reason.typeCount());
        assertEquals(3, reason.referenceCount(), "allocation, pin and the call's own");
    }

    @Test
    void aRefusedTreeIsExplainedFromTheEntryUpwards() {
        MemoryRig rig = new MemoryRig(NOW);
        rig.poke(rig.pool[0], 9, Pte.of(rig.root, P | W));
        rig.poke(rig.pool[1], 5, Pte.of(rig.pool[0], TABLE));
        assertEquals(-16, rig.pin(2, rig.pool[1]));
        List<Rejected> reasons = rig.events.stream()
                .filter(Rejected.class::isInstance)
                .map(Rejected.class::cast)
                .toList();
        assertEquals(List.of(1, 2, 2), reasons.stream().map(Rejected::level).toList());
        assertEquals((rig.pool[0] << 12) + 72, reasons.get(0).maddr());
        assertEquals((rig.pool[1] << 12) + 40, reasons.get(1).maddr());
        assertEquals(-1, reasons.get(2).maddr());
        assertTrue(reasons.stream().allMatch(each -> each.rule() == EntryRule.FRAME_NOT_WRITABLE));
    }

    /** Random calls on 4.17 and 3.1.2: a negative result comes with a reason, and a result of 0 without. */
    @ParameterizedTest
    @EnumSource(Version.class)
    void noErrnoWithoutReason(Version version) {
        Random random = new Random(11);
        MemoryRig rig = new MemoryRig(version.profile);
        rig.addDomain(OTHER);
        for (int i = 0; i < 20_000 && rig.domain.isRunning(); i++) {
            rig.events.clear();
            long result = call(rig, random);
            boolean told = rig.events.stream().anyMatch(Rejected.class::isInstance);
            if (result < 0) {
                assertTrue(told, "no reason for " + result);
            } else {
                assertFalse(told, "a reason without errno");
            }
        }
    }

    /** Two ages of errnos. */
    private enum Version {
        NOW(AbiProfiles.XEN_4_17),
        EARLY(AbiProfiles.XEN_3_1_2);

        private final AbiProfile profile;

        Version(AbiProfile profile) {
            this.profile = profile;
        }
    }

    private static long call(MemoryRig rig, Random random) {
        long mfn = rig.pool[random.nextInt(6)];
        long flags = P | (random.nextBoolean() ? W : 0) | U | (random.nextInt(9) == 0 ? Pte.PAT : 0);
        long target = random.nextInt(9) == 0 ? random.nextInt(2000) : rig.pool[random.nextInt(8)];
        int slot = random.nextInt(20) == 0 ? 260 : random.nextInt(3);
        return switch (random.nextInt(6)) {
            case 0 -> rig.pin(1 + random.nextInt(4), target);
            case 1 -> rig.unpin(target);
            case 2 -> rig.mmuExt(random.nextBoolean() ? 15 : 5, random.nextInt(5) == 0 ? rig.root : target, 0);
            case 3 ->
                rig.call(14, random.nextInt(4) << 12, Pte.of(target, flags), 0).result();
            case 4 -> gdt(rig, target);
            default -> rig.mmuUpdate(random.nextInt(12) == 0 ? rig.root : mfn, slot, Pte.of(target, flags));
        };
    }

    private static long gdt(MemoryRig rig, long mfn) {
        rig.memory.writeU64(rig.scratch(), mfn);
        HypercallOutcome outcome = rig.call(2, rig.scratch(), 512);
        return outcome.result();
    }

    @Test
    void theTraceShowsEveryField() {
        assertEquals(
                List.of(
                        "domain",
                        "rule",
                        "errno",
                        "level",
                        "maddr",
                        "value",
                        "mfn",
                        "frameType",
                        "typeCount",
                        "referenceCount"),
                Stream.of(MachineEvent.Rejected.class.getRecordComponents())
                        .map(each -> each.getName())
                        .toList());
    }
}
