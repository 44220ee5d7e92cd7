package io.github.paravane.api.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AbiProfileTest {

    private static final Knob<Integer> SIZE = Knob.of("test.size", Integer.class, "a size");
    private static final Knob<Boolean> FLAG = Knob.of("test.flag", Boolean.class, "a flag");
    private static final Provenance SOURCE = new Provenance("none", "made up");

    @Test
    void aVariantDiffersInWhatWasSetAndNothingElse() {
        AbiProfile first = AbiProfile.builder("a")
                .provenance(SOURCE)
                .set(SIZE, 1)
                .set(FLAG, true)
                .build();
        AbiProfile second = first.toBuilder("b").set(SIZE, 2).build();
        assertEquals(1, first.get(SIZE));
        assertEquals(2, second.get(SIZE));
        assertEquals(List.of(new AbiProfile.Difference(SIZE, 1, 2)), first.differences(second));
        assertEquals(List.of(), first.differences(first.toBuilder("c").build()));
    }

    @Test
    void whatIsNotDefinedIsAnErrorThatNamesIt() {
        AbiProfile empty = AbiProfile.builder("empty").provenance(SOURCE).build();
        assertThrows(IllegalArgumentException.class, () -> empty.get(SIZE));
        assertThrows(IllegalStateException.class, () -> AbiProfile.builder("x").build());
        assertThrows(UnsupportedOperationException.class, () -> empty.values().clear());
    }

    @Test
    void hypercallNamesAreAValue() {
        HypercallNames none = new HypercallNames(new TreeMap<>());
        HypercallNames one = none.with(1, "mmu_update");
        assertEquals("mmu_update", one.find(1).orElseThrow().name());
        assertEquals(none, one.without(1));
        assertThrows(
                IllegalArgumentException.class, () -> none.with(200, "beyond").find(200));
    }
}
