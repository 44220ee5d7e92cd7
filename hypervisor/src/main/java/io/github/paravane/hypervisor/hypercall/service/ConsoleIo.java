package io.github.paravane.hypervisor.hypercall.service;

import io.github.paravane.hypervisor.domain.Domain;
import java.io.OutputStream;
import java.util.Optional;

/** Where the console_io hypercall of a domain goes. */
@FunctionalInterface
public interface ConsoleIo {

    /** The stream, byte for byte what the domain writes; empty where it may not write (-EPERM). */
    Optional<OutputStream> output(Domain domain);
}
