package io.github.paravane.hypervisor.pagetable;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The law of reference counts: whatever a guest does, the counts kept are those that a fresh count finds. */
class ReferenceCountPropertyTest {

    private static final int TABLES = 14;
    private static final long[] FLAGS = {0x67, 0x67, 0x65, 0x63, 0x61, 0x25, 0x27, 7, 5, 3, 1, 0x167, 0xE7, 0};

    @Property(tries = 60)
    void countsEqualTheRecountAndADeadDomainOwnsNothing(@ForAll("profiles") AbiProfile profile, @ForAll long seed) {
        MemoryRig rig = new MemoryRig(profile);
        Random random = new Random(seed);
        for (int i = 0; i < 400; i++) {
            step(rig, random);
            if (i % 20 == 0) {
                assertEquals(List.of(), rig.tables.recount().differences());
            }
        }
        assertEquals(List.of(), rig.tables.recount().differences());
        rig.tables.memory().relinquish(rig.domain);
        assertEquals(0, rig.frames.owned(MemoryRig.DOMID));
        assertEquals(rig.freeAtStart, rig.frames.free());
    }

    @Provide
    Arbitrary<AbiProfile> profiles() {
        return Arbitraries.of(AbiProfiles.XEN_3_0_2, AbiProfiles.XEN_3_1_2, AbiProfiles.XEN_4_9, AbiProfiles.XEN_4_17);
    }

    /** Frames 0 to 5 are mostly L1 tables, 6 to 8 L2, 9 to 11 L3, 12 and 13 L4, the rest data: deep trees come about. */
    private static int level(int frame) {
        return frame < 6 ? 1 : frame < 9 ? 2 : frame < 12 ? 3 : frame < TABLES ? 4 : 0;
    }

    static void step(MemoryRig rig, Random random) {
        int frame = random.nextInt(4) == 0 ? random.nextInt(MemoryRig.POOL) : random.nextInt(TABLES);
        long mfn = rig.pool[frame];
        int slot = level(frame) == 4 && random.nextInt(5) == 0 ? 250 + random.nextInt(30) : random.nextInt(4);
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> rig.mmuUpdate(mfn, slot, entry(rig, random, frame));
            case 4 -> rig.mmuUpdate(rig.root, 5 + random.nextInt(3), entry(rig, random, 12));
            case 5, 6 -> rig.pin(random.nextInt(5) == 0 ? 1 + random.nextInt(4) : Math.max(level(frame), 1), mfn);
            case 7 -> rig.unpin(mfn);
            case 8 -> rig.mmuExt(random.nextInt(3) == 0 ? 15 : 5, random.nextBoolean() ? rig.root : mfn, 0);
            case 9 -> rig.call(14, (5L + random.nextInt(3)) << 39, entry(rig, random, 0), 1);
            case 10 -> gdtOrReservation(rig, random, mfn);
            default -> emulate(rig, random, frame, slot);
        }
    }

    private static void emulate(MemoryRig rig, Random random, int frame, int slot) {
        long mfn = rig.pool[frame];
        if (rig.type(mfn) == 1 && rig.typeCount(mfn) > 0) {
            long maddr = (mfn << 12) + 8L * slot;
            long wanted = entry(rig, random, frame);
            if (random.nextBoolean()) {
                rig.tables.updater().emulateStore(maddr, wanted);
            } else {
                long expected = random.nextInt(4) == 0 ? 1 : rig.peek(mfn, slot);
                rig.tables.updater().emulateExchange(maddr, expected, wanted, random.nextBoolean());
            }
        }
    }

    private static void gdtOrReservation(MemoryRig rig, Random random, long mfn) {
        long at = rig.scratch();
        rig.memory.writeU64(at, mfn);
        switch (random.nextInt(4)) {
            case 0 -> rig.call(2, at, random.nextInt(2) * 512);
            case 1 -> rig.mmuExt(16, mfn, 0);
            case 2 -> rig.mmuExt(17, mfn, rig.pool[random.nextInt(MemoryRig.POOL)]);
            default -> {
                rig.memory.writeU64(at + 64, at);
                rig.memory.writeU64(at + 72, 1);
                rig.memory.writeU64(at + 80, 0);
                rig.memory.writeU64(at + 88, MemoryRig.SELF);
                rig.call(12, random.nextInt(5) == 0 ? 1 : 6, at + 64);
            }
        }
    }

    private static long entry(MemoryRig rig, Random random, int frame) {
        int level = level(frame);
        int target = random.nextInt(5) == 0
                ? random.nextInt(MemoryRig.POOL)
                : switch (level) {
                    case 2 -> random.nextInt(6);
                    case 3 -> 6 + random.nextInt(3);
                    case 4 -> 9 + random.nextInt(3);
                    default -> TABLES + random.nextInt(MemoryRig.POOL - TABLES);
                };
        long flags = random.nextInt(3) == 0 ? FLAGS[random.nextInt(FLAGS.length)] : 0x67;
        long mfn = random.nextInt(40) == 0 ? random.nextInt(2000) : rig.pool[target];
        return random.nextInt(6) == 0 ? 0 : Pte.of(mfn, flags);
    }
}
