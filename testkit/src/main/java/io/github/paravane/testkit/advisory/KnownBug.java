package io.github.paravane.testkit.advisory;

import io.github.paravane.api.profile.AbiProfile;
import java.util.Objects;
import java.util.Optional;

/**
 * A published bug that can be replayed.
 *
 * @param advisory its story
 * @param faulty a profile that has it: the last release before the repair where the library has a profile of that
 *     release, else a profile of the time with the bug put in
 * @param fixed a profile that does not have it
 * @param trial tells the two apart
 */
public record KnownBug(Advisory advisory, AbiProfile faulty, AbiProfile fixed, Trial trial) {

    public KnownBug {
        Objects.requireNonNull(advisory, "advisory");
        Objects.requireNonNull(faulty, "faulty");
        Objects.requireNonNull(fixed, "fixed");
        Objects.requireNonNull(trial, "trial");
    }

    /** Its name on the command line: {@code xsa-193}. */
    public String id() {
        return advisory.id();
    }

    /** The guest in machine code that says its own verdict, here and on a real Xen, if the trial is one. */
    public Optional<GuestTrial> guest() {
        return trial instanceof GuestTrial guest && guest.isExportable() ? Optional.of(guest) : Optional.empty();
    }

    @Override
    public String toString() {
        return advisory.id();
    }
}
