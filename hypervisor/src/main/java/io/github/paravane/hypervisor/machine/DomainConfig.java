package io.github.paravane.hypervisor.machine;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.api.guest.GuestKernel;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a domain is made of; immutable, each method gives a changed copy. */
public final class DomainConfig {

    /** Smallest memory of a domain in bytes. */
    public static final long MIN_MEMORY = 2L << 20;

    /** Largest memory of a domain in bytes. */
    public static final long MAX_MEMORY = 64L << 30;

    /** vCPUs a domain may have: those with a vcpu_info in shared_info. */
    public static final int MAX_VCPUS = 32;

    private final GuestImage image;
    private final @Nullable GuestKernel kernel;
    private final Resources resources;
    private final ConsolePort console;
    private final boolean consoleIoAllowed;

    private DomainConfig(
            GuestImage image,
            @Nullable GuestKernel kernel,
            Resources resources,
            ConsolePort console,
            boolean consoleIoAllowed) {
        this.image = image;
        this.kernel = kernel;
        this.resources = resources;
        this.console = console;
        this.consoleIoAllowed = consoleIoAllowed;
    }

    private record Resources(long memory, int vcpus, boolean privileged, boolean relaxedMsrs) {

        Resources withMemory(long bytes) {
            return new Resources(bytes, vcpus, privileged, relaxedMsrs);
        }

        Resources withVcpus(int count) {
            return new Resources(memory, count, privileged, relaxedMsrs);
        }

        Resources withControl() {
            return new Resources(memory, vcpus, true, relaxedMsrs);
        }

        Resources withRelaxedMsrs() {
            return new Resources(memory, vcpus, privileged, true);
        }
    }

    /** A domain of 64 MiB and one vCPU that runs a kernel file. */
    public static DomainConfig of(GuestImage image) {
        Objects.requireNonNull(image, "image");
        return new DomainConfig(image, null, new Resources(64L << 20, 1, false, false), ConsolePort.none(), true);
    }

    /** A domain of 64 MiB and one vCPU that runs a kernel written in Java. */
    public static DomainConfig of(GuestKernel kernel) {
        return new DomainConfig(
                Objects.requireNonNull(kernel.image(), "image"),
                kernel,
                new Resources(64L << 20, 1, false, false),
                ConsolePort.none(),
                true);
    }

    /** Sets the memory: whole pages, {@link #MIN_MEMORY} to {@link #MAX_MEMORY} bytes. */
    public DomainConfig memory(long bytes) {
        if (bytes < MIN_MEMORY || bytes > MAX_MEMORY || (bytes & 0xFFF) != 0) {
            throw new IllegalArgumentException("memory must be whole pages, " + (MIN_MEMORY >> 20) + " MiB to "
                    + (MAX_MEMORY >> 20) + " MiB: 0x" + Long.toHexString(bytes) + " bytes");
        }
        return new DomainConfig(image, kernel, resources.withMemory(bytes), console, consoleIoAllowed);
    }

    /** Sets the most vCPUs the domain may bring up, 1 to {@link #MAX_VCPUS}. */
    public DomainConfig vcpus(int count) {
        if (count < 1 || count > MAX_VCPUS) {
            throw new IllegalArgumentException("vCPUs out of range [1, " + MAX_VCPUS + "]: " + count);
        }
        return new DomainConfig(image, kernel, resources.withVcpus(count), console, consoleIoAllowed);
    }

    /** Makes it the control domain. */
    public DomainConfig privileged() {
        return new DomainConfig(image, kernel, resources.withControl(), console, consoleIoAllowed);
    }

    /**
     * Lets it read registers that the hypervisor does not know as 0 and write them without effect, where the version would
     * otherwise deny them (4.15 and later): XEN_X86_MSR_RELAXED of public/arch-x86/xen.h, msr_relaxed of xl.cfg.
     */
    public DomainConfig relaxedMsrs() {
        return new DomainConfig(image, kernel, resources.withRelaxedMsrs(), console, consoleIoAllowed);
    }

    /** Sets where its PV console and its console_io output go. */
    public DomainConfig console(ConsolePort port) {
        Objects.requireNonNull(port, "port");
        return new DomainConfig(image, kernel, resources, port, consoleIoAllowed);
    }

    /** Sets whether an unprivileged domain may write with console_io, as on a verbose or debug Xen. */
    public DomainConfig consoleIo(boolean allowed) {
        return new DomainConfig(image, kernel, resources, console, allowed);
    }

    /** The image. */
    public GuestImage image() {
        return image;
    }

    /** The Java kernel, if it is one. */
    public Optional<GuestKernel> kernel() {
        return Optional.ofNullable(kernel);
    }

    /** Memory in bytes. */
    public long memory() {
        return resources.memory;
    }

    /** Most vCPUs. */
    public int vcpus() {
        return resources.vcpus;
    }

    /** Whether it is the control domain. */
    public boolean isPrivileged() {
        return resources.privileged;
    }

    /** Whether registers that the hypervisor does not know read as 0. */
    public boolean hasRelaxedMsrs() {
        return resources.relaxedMsrs;
    }

    /** Its console. */
    public ConsolePort console() {
        return console;
    }

    /** Whether it may write with console_io. */
    public boolean consoleIoAllowed() {
        return consoleIoAllowed;
    }
}
