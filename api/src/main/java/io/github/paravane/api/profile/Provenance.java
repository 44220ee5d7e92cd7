package io.github.paravane.api.profile;

import java.util.Objects;

/**
 * Where a profile's values come from.
 *
 * @param releases the Xen releases it stands for, for instance {@code 4.15 - 4.21}
 * @param source what was read or measured: tags, commits, transcripts
 */
public record Provenance(String releases, String source) {

    public Provenance {
        Objects.requireNonNull(releases, "releases");
        Objects.requireNonNull(source, "source");
    }
}
