package io.github.paravane.testkit.golden;

import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.observe.MachineObserver;
import io.github.paravane.api.observe.Observers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * A number that says whether two runs were the same: SHA-256 of every event of a machine with the time it happened.
 *
 * <p>Under a virtual clock it depends on the inputs of the run only: not on the host, its load, or the JVM. A golden value
 * therefore holds until somebody changes what a guest can notice.
 */
public final class RunDigest {

    private final MessageDigest digest;
    private final LongSupplier time;
    private long events;

    /** A digest of no events; {@code time} is asked at each one, usually {@code clock::systemTime}. */
    public RunDigest(LongSupplier time) {
        this.time = Objects.requireNonNull(time, "time");
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The observer that feeds it. */
    public MachineObserver observer() {
        return Observers.forEach(this::add);
    }

    private void add(MachineEvent event) {
        events++;
        add(Long.toHexString(time.getAsLong()) + " " + event + "\n");
    }

    /** Adds text of another source, such as what the guest printed. */
    public RunDigest add(String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** Events so far. */
    public long events() {
        return events;
    }

    /** SHA-256 so far, as 64 hexadecimal digits; the digest starts again. */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
