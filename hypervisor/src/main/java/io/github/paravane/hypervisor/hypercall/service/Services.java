package io.github.paravane.hypervisor.hypercall.service;

import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.time.TimePages;
import io.github.paravane.hypervisor.time.Timers;
import java.util.Objects;

/**
 * What the calls of this package work on.
 *
 * @param platform the machine
 * @param timers its timers
 * @param timePages its time pages
 * @param consoleIo where console_io goes
 * @param references takes references on frames
 */
public record Services(
        Platform platform, Timers timers, TimePages timePages, ConsoleIo consoleIo, VcpuReferences references) {

    public Services {
        Objects.requireNonNull(platform, "platform");
        Objects.requireNonNull(timers, "timers");
        Objects.requireNonNull(timePages, "timePages");
        Objects.requireNonNull(consoleIo, "consoleIo");
        Objects.requireNonNull(references, "references");
    }
}
