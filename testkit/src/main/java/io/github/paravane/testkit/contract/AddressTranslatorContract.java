package io.github.paravane.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.github.paravane.api.memory.FrameRange;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.AddressTranslator;
import io.github.paravane.api.paging.PageFault;
import io.github.paravane.api.paging.PageFault.Reason;
import io.github.paravane.api.paging.PagingMode;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.testkit.paging.PageTableBuilder;
import io.github.paravane.testkit.paging.ReferenceWalker;
import io.github.paravane.testkit.paging.WalkOutcome;
import io.github.paravane.testkit.paging.WalkSettings;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What every {@link AddressTranslator} over 4-level page tables guarantees, with NX, 1 GiB pages, 46-bit machine addresses
 * and CR0.WP set. The {@link ReferenceWalker} says what is right.
 */
public abstract class AddressTranslatorContract {
    private static final long ALL = Pte.PRESENT | Pte.RW | Pte.USER;
    private static final long LINEAR = 0xFFFF_8000_0040_3000L;
    private static final int FRAMES = 0x400;
    private static final int[] KINDS = {
        Access.READ, Access.WRITE, Access.FETCH, Access.USER, Access.USER | Access.WRITE, Access.USER | Access.FETCH
    };

    /** New memory of {@code frames} frames, all zero. */
    protected abstract MachineMemory createMemory(long frames);

    /** A new translator without any cached translation, with its root table in frame {@code root}. */
    protected abstract AddressTranslator create(MachineMemory memory, long root);

    /** Memory with tables, and what both sides make of them. */
    private final class Scene {
        final MachineMemory memory = createMemory(FRAMES);
        final PageTableBuilder tables = new PageTableBuilder(memory, PagingMode.FOUR_LEVEL, new FrameRange(1, 32));

        AddressTranslator translator() {
            return create(memory, tables.root());
        }

        /** Translates with a new translator and compares result, fault and entries with the reference. */
        void agree(long linear, int access) {
            WalkOutcome expected = new ReferenceWalker(memory, PagingMode.FOUR_LEVEL, WalkSettings.DEFAULT)
                    .walk(tables.root(), linear, access);
            AddressTranslator translator = translator();
            assertNull(translator.fault(), "a fault before any translation");
            long maddr = translator.translate(linear, access);
            String where = "access " + access + " to 0x" + Long.toHexString(linear);
            if (expected instanceof WalkOutcome.Faulted faulted) {
                assertEquals(AddressTranslator.FAULT, maddr, where);
                assertEquals(faulted.fault(), translator.fault(), where);
            } else if (expected instanceof WalkOutcome.Translated translated) {
                assertEquals(translated.maddr(), maddr, where);
                translated.updates().forEach((at, value) -> assertEquals(value, memory.readU64(at), where));
            }
        }

        void agreeOnAllKinds(long linear) {
            for (int kind : KINDS) {
                agree(linear, kind);
            }
        }
    }

    @Test
    void everyCombinationOfRightsAtEveryLevel() {
        long[] rights = {ALL, Pte.PRESENT | Pte.USER, Pte.PRESENT | Pte.RW, ALL | Pte.NX, Pte.PRESENT, Pte.RW};
        for (int level = 1; level <= 4; level++) {
            for (long flags : rights) {
                for (int kind : KINDS) {
                    Scene scene = new Scene();
                    scene.tables.map(LINEAR, 0x77, ALL);
                    long entry = scene.tables.entry(level, LINEAR);
                    scene.tables.setEntry(level, LINEAR, Pte.of(Pte.mfn(entry), flags));
                    scene.agree(LINEAR + 0x123, kind);
                }
            }
        }
    }

    @Test
    void reservedBitsAtEveryLevel() {
        long[] bits = {1L << 46, 1L << 51, 1L << 52, 1L << 62, Pte.GLOBAL, Pte.AVAIL, Pte.PWT | Pte.PCD};
        for (int level = 1; level <= 4; level++) {
            for (long bit : bits) {
                Scene scene = new Scene();
                scene.tables.map(LINEAR, 0x77, ALL);
                scene.tables.setEntry(level, LINEAR, scene.tables.entry(level, LINEAR) | bit);
                scene.agreeOnAllKinds(LINEAR);
            }
        }
        Scene scene = new Scene();
        scene.tables.map(LINEAR, 0x77, ALL);
        scene.tables.setEntry(4, LINEAR, scene.tables.entry(4, LINEAR) | Pte.PSE);
        scene.agreeOnAllKinds(LINEAR);
    }

    @Test
    void largePages() {
        for (long mfn : new long[] {0, 1, 2, 0x200, 0x201, 0x4_0000}) {
            for (int level = 2; level <= 3; level++) {
                Scene scene = new Scene();
                scene.tables.mapLarge(level, LINEAR, mfn, ALL);
                scene.agreeOnAllKinds(LINEAR & -1L << 21 | 0x1234);
                scene.agreeOnAllKinds(LINEAR & -1L << 30 | 0x5678);
                scene.agreeOnAllKinds(LINEAR | 0x1F_FFFF);
            }
        }
    }

    @Test
    void framesThatDoNotExist() {
        for (int level = 1; level <= 4; level++) {
            Scene scene = new Scene();
            scene.tables.map(LINEAR, 0x77, ALL);
            scene.tables.setEntry(level, LINEAR, Pte.of(FRAMES, ALL));
            scene.agreeOnAllKinds(LINEAR);
        }
    }

    @Test
    void bothHalvesOfTheAddressSpace() {
        for (long linear : new long[] {0, 0x7FFF_FFFF_F000L, 0xFFFF_8000_0000_0000L, -4096}) {
            Scene scene = new Scene();
            scene.tables.map(linear, 0x55, ALL);
            scene.agreeOnAllKinds(linear);
            scene.agreeOnAllKinds(linear | 0xFFF);
        }
    }

    @Test
    void setsDirtyForTheFirstStoreEvenAfterAReadOfTheSamePage() {
        Scene scene = new Scene();
        scene.tables.map(LINEAR, 0x77, ALL);
        AddressTranslator translator = scene.translator();
        translator.translate(LINEAR, Access.USER);
        assertEquals(Pte.ACCESSED, scene.tables.entry(1, LINEAR) & (Pte.ACCESSED | Pte.DIRTY));
        translator.translate(LINEAR, Access.USER | Access.WRITE);
        assertEquals(Pte.ACCESSED | Pte.DIRTY, scene.tables.entry(1, LINEAR) & (Pte.ACCESSED | Pte.DIRTY));
        assertEquals(0, scene.tables.entry(4, LINEAR) & Pte.DIRTY);
    }

    @Test
    void changesNothingOnAFault() {
        Scene scene = new Scene();
        scene.tables.upperFlags(ALL).map(LINEAR, 0x77, Pte.PRESENT | Pte.USER);
        scene.translator().translate(LINEAR, Access.USER | Access.WRITE);
        for (int level = 1; level <= 4; level++) {
            assertEquals(0, scene.tables.entry(level, LINEAR) & (Pte.ACCESSED | Pte.DIRTY), "level " + level);
        }
    }

    @Test
    void seesAtOnceThatAnAbsentPageWasMapped() {
        Scene scene = new Scene();
        AddressTranslator translator = scene.translator();
        assertEquals(AddressTranslator.FAULT, translator.translate(LINEAR, Access.USER));
        scene.tables.map(LINEAR, 0x77, Pte.PRESENT | Pte.USER);
        assertEquals(0x77_000, translator.translate(LINEAR, Access.USER));
        assertEquals(AddressTranslator.FAULT, translator.translate(LINEAR, Access.USER | Access.WRITE));
        PageFault fault = translator.fault();
        assertEquals(Reason.NOT_WRITABLE, fault == null ? null : fault.reason());
        scene.tables.map(LINEAR, 0x77, ALL);
        assertEquals(0x77_000, translator.translate(LINEAR, Access.USER | Access.WRITE));
    }

    @Test
    void randomEntriesNeverThrowAndAgree() {
        Random random = new Random(4);
        for (int i = 0; i < 3_000; i++) {
            Scene scene = new Scene();
            long linear = random.nextLong() << 16 >> 16;
            scene.tables.map(linear, random.nextInt(FRAMES + 2), ALL);
            int level = 1 + random.nextInt(4);
            long entry = scene.tables.entry(level, linear) ^ 1L << random.nextInt(64) ^ 1L << random.nextInt(64);
            scene.tables.setEntry(level, linear, entry);
            scene.agree(linear, KINDS[random.nextInt(KINDS.length)]);
        }
    }
}
