package io.github.paravane.testkit.property;

import java.util.List;

/**
 * What a guest can name in hypercalls: the values that {@link HypercallArbitraries} draws from.
 *
 * @param tables mfns of frames in use as page tables, at least one
 * @param frames mfns of other frames, own or foreign, at least one
 * @param linear mapped addresses, at least one
 */
public record GuestPlaces(List<Long> tables, List<Long> frames, List<Long> linear) {
    public GuestPlaces {
        tables = List.copyOf(tables);
        frames = List.copyOf(frames);
        linear = List.copyOf(linear);
        if (tables.isEmpty() || frames.isEmpty() || linear.isEmpty()) {
            throw new IllegalArgumentException("at least one place of each kind is needed");
        }
    }
}
