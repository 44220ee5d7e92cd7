package io.github.paravane.hypervisor.event;

import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import java.util.Objects;

/** The event channels of one domain (abi-reference 3.16). */
public final class EventChannels {

    private final Platform platform;
    private final Domain domain;

    public EventChannels(Platform platform, Domain domain) {
        this.platform = Objects.requireNonNull(platform, "platform");
        this.domain = Objects.requireNonNull(domain, "domain");
    }

    /** The domain whose channels these are. */
    public Domain domain() {
        return domain;
    }

    /** The machine. */
    public Platform platform() {
        return platform;
    }
}
