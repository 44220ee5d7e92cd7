package io.github.paravane.hypervisor.machine;

import io.github.paravane.api.cpu.EmulationException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended.
 *
 * @param kind the case
 * @param shutdownReason for {@link Kind#SHUT_DOWN} and {@link Kind#CRASHED} Xen's SHUTDOWN_* number, else -1
 * @param detail for people; empty where there is nothing to add
 * @param gap for {@link Kind#UNSUPPORTED} what the library lacks, else null
 */
public record RunResult(
        Kind kind,
        int shutdownReason,
        String detail,
        @Nullable EmulationException gap) {

    public RunResult {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(detail, "detail");
    }

    /** The cases. */
    public enum Kind {
        /** Every domain has ended, the first one by its own wish: poweroff, reboot, suspend. */
        SHUT_DOWN,
        /** Every domain has ended, the first one by a crash. */
        CRASHED,
        /** The hypervisor itself died: only a profile with a {@link io.github.paravane.api.profile.Quirk} does. */
        HYPERVISOR_CRASHED,
        /** The time limit. */
        TIME_LIMIT,
        /** The instruction limit. */
        INSTRUCTION_LIMIT,
        /** Every vCPU waits for an event that nothing will ever send. */
        IDLE,
        /** {@link PvMachine#stop} was called. */
        STOPPED,
        /** The guest needs something this library does not implement. */
        UNSUPPORTED
    }
}
