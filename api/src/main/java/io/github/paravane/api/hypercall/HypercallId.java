package io.github.paravane.api.hypercall;

import java.util.Objects;

/**
 * A hypercall's number and name (Xen {@code public/xen.h}).
 *
 * @param number what the guest puts in RAX
 * @param name the name without prefix, for instance {@code mmu_update}
 */
public record HypercallId(int number, String name) implements Comparable<HypercallId> {

    public HypercallId {
        Objects.requireNonNull(name, "name");
        if (number < 0 || number > 127) {
            throw new IllegalArgumentException(
                    "hypercall number out of range [0, 127]: 0x" + Integer.toHexString(number));
        }
    }

    @Override
    public int compareTo(HypercallId other) {
        return Integer.compare(number, other.number);
    }
}
