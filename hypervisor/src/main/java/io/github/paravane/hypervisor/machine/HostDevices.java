package io.github.paravane.hypervisor.machine;

import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.hypercall.service.ConsoleIo;
import io.github.paravane.hypervisor.time.Timers;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** The host's ends of consoles and xenstore rings, and the timers: what goes on beside the vCPUs. */
final class HostDevices implements ConsoleIo {

    private final Platform platform;
    private final Timers timers;
    private final Map<Domain, Attached> attached = new LinkedHashMap<>();

    private record Attached(List<Runnable> rings, BooleanSupplier awaitsInput, Optional<OutputStream> consoleIo) {}

    HostDevices(Platform platform, Timers timers) {
        this.platform = platform;
        this.timers = timers;
    }

    /**
     * Attaches the devices of a new domain.
     *
     * @param rings each serves one ring
     * @param awaitsInput whether console input may still arrive
     * @param consoleIo where console_io goes, if allowed
     */
    void attach(Domain domain, List<Runnable> rings, BooleanSupplier awaitsInput, Optional<OutputStream> consoleIo) {
        attached.put(domain, new Attached(rings, awaitsInput, consoleIo));
    }

    /** Forgets a domain's devices and timers. */
    void detach(Domain domain) {
        attached.remove(domain);
        timers.remove(domain);
    }

    /** Expires timers and moves console and xenstore traffic. */
    void service() {
        timers.expire(platform.clock().systemTime());
        for (Attached each : attached.values()) {
            each.rings.forEach(Runnable::run);
        }
    }

    /** System time of the next timer, or {@link Long#MAX_VALUE}. */
    long nextDeadline() {
        return timers.nextDeadline();
    }

    /** Whether console input may still arrive. */
    boolean awaitsInput() {
        for (Attached each : attached.values()) {
            if (each.awaitsInput.getAsBoolean()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Optional<OutputStream> output(Domain domain) {
        Attached devices = attached.get(domain);
        return devices == null ? Optional.empty() : devices.consoleIo;
    }
}
