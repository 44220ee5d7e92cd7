package io.github.paravane.testkit.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.paravane.api.guest.KernelPort;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.FieldSource;

/** What is stored for what a guest writes into an L1 table, by way of writing (measured on Xen 4.17; 3.1.1 from source). */
class StoredEntriesTest {

    private static final long PAGE = 0xFFFF_FF01_0000_0000L;

    /** Flags written, and flags stored by every way that adjusts. */
    private static final Map<Long, Long> ADJUSTED = Map.of(
            0x061L, 0x0010_0000_0000_0065L,
            0x065L, 0x165L,
            0x161L, 0x0010_0000_0000_0165L,
            0x165L, 0x165L,
            0x0010_0000_0000_0065L, 0x0010_0000_0000_0065L,
            0x060L, 0x060L);

    static final List<AbiProfile> ADJUSTING =
            List.of(AbiProfiles.XEN_3_1_2, AbiProfiles.XEN_3_2, AbiProfiles.XEN_4_1, AbiProfiles.XEN_4_17);

    static final List<AbiProfile> RAW =
            List.of(AbiProfiles.XEN_3_0_3, AbiProfiles.XEN_3_0_4, AbiProfiles.XEN_3_1_0, AbiProfiles.XEN_3_1_1);

    @ParameterizedTest
    @FieldSource("ADJUSTING")
    void everyWayOfWritingStoresTheAdjustedEntry(AbiProfile profile) {
        Map<PteWrite, Map<Long, Long>> stored = stored(profile);

        for (PteWrite how : PteWrite.CLASSIC) {
            assertEquals(ADJUSTED, stored.get(how), profile + " " + how);
        }
    }

    @ParameterizedTest
    @FieldSource("RAW")
    void onlyTheLockedCompareExchangeStoresWhatTheGuestGave(AbiProfile profile) {
        Map<PteWrite, Map<Long, Long>> stored = stored(profile);

        for (PteWrite how : PteWrite.CLASSIC) {
            if (how == PteWrite.LOCKED_COMPARE_EXCHANGE) {
                ADJUSTED.keySet()
                        .forEach(
                                written -> assertEquals(written, stored.get(how).get(written), profile.toString()));
            } else {
                assertEquals(ADJUSTED, stored.get(how), profile + " " + how);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"LOCKED_AND", "MMU_UPDATE_PRESERVE_AD"})
    void before303NothingIsAdjusted(PteWrite how) {
        List<Long> found = new ArrayList<>();
        Play.toTheEnd(AbiProfiles.XEN_3_0_2, new BootScript(Pte.USER, (port, space) -> {
            long table = space.leafTable(space.root(), PAGE);
            long frame = space.mfn(space.allocate());
            space.write(table, PAGE, Pte.of(frame, 0x061), how);
            found.add(Pte.flags(space.entry(table, PAGE)));
            space.write(table, PAGE, Pte.of(frame, 0x065), how);
            found.add(Pte.flags(space.entry(table, PAGE)));
        }));

        assertEquals(List.of(0x061L, 0x065L), found);
    }

    @Test
    void failedCompareExchangeFindsTheStoredEntryAndChangesNothing() {
        List<Long> found = new ArrayList<>();
        Play.toTheEnd(AbiProfiles.XEN_4_17, new BootScript((port, space) -> {
            long table = space.leafTable(space.root(), PAGE);
            long written = Pte.of(space.mfn(space.allocate()), 0x061);
            space.write(table, PAGE, written, PteWrite.LOCKED_COMPARE_EXCHANGE);
            long stored = space.entry(table, PAGE);
            found.add(stored ^ port.compareExchange(table + 8 * (PAGE >>> 12 & 511), written, 0, true));
            found.add(stored ^ space.entry(table, PAGE));
            found.add(Pte.flags(stored));
        }));

        assertEquals(List.of(0L, 0L, 0x0010_0000_0000_0065L), found);
    }

    private static Map<PteWrite, Map<Long, Long>> stored(AbiProfile profile) {
        Map<PteWrite, Map<Long, Long>> stored = new EnumMap<>(PteWrite.class);
        Play.toTheEnd(profile, new BootScript((port, space) -> {
            for (PteWrite how : PteWrite.CLASSIC) {
                stored.put(how, writeAll(port, space, how));
            }
        }));
        return stored;
    }

    private static Map<Long, Long> writeAll(KernelPort port, KernelSpace space, PteWrite how) {
        Map<Long, Long> stored = new HashMap<>();
        long table = space.leafTable(space.root(), PAGE);
        long frame = space.mfn(space.allocate());
        for (long flags : ADJUSTED.keySet()) {
            space.write(table, PAGE, 0, PteWrite.MMU_UPDATE);
            space.write(table, PAGE, Pte.of(frame, flags), how);
            stored.put(flags, Pte.flags(space.entry(table, PAGE)));
        }
        space.write(table, PAGE, 0, PteWrite.MMU_UPDATE);
        return stored;
    }
}
