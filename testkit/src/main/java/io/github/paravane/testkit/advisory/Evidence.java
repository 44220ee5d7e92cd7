package io.github.paravane.testkit.advisory;

import java.util.Objects;

/**
 * One thing seen: an entry, a frame, a count, leaked bytes.
 *
 * @param name what it is, in a few words
 * @param value its value, numbers in hex with 0x; may be several lines
 */
public record Evidence(String name, String value) {

    public Evidence {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(value, "value");
    }

    /** A number, in hex. */
    public static Evidence hex(String name, long value) {
        return new Evidence(name, "0x" + Long.toHexString(value));
    }

    @Override
    public String toString() {
        return name + " = " + value;
    }
}
