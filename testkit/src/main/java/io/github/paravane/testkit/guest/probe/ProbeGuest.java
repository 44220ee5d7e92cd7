package io.github.paravane.testkit.guest.probe;

import java.util.Objects;
import java.util.function.Supplier;

/**
 * A probe guest. Its command line understands {@code seed=S} (1), {@code n=N} operations (2000), {@code verbose} or
 * {@code vfrom=A vto=B} to print single operations, and {@code noptwr} to leave the writable_pagetables assist off; it
 * prints a line {@code PROBE count hash} every 256 operations and {@code PROBE-END seed=S n=N hash=H} at the end.
 *
 * @param name what the command line calls it
 * @param description what it tries, in a line
 * @param image makes its kernel file
 */
public record ProbeGuest(String name, String description, Supplier<byte[]> image) {
    public ProbeGuest {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(image, "image");
    }

    /** Its kernel file, an ELF64 image; the same bytes each time. */
    public byte[] elf() {
        return image.get();
    }
}
