package io.github.paravane.testkit.soak;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.api.guest.GuestImageException;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Runs {@link HostileGuest}s one after the other, each in a machine of its own with virtual time, and checks after each that
 * every frame's references are what they must be, and that the domain's end gives every frame back.
 *
 * <p>What a machine throws for a guest leaves {@link #run}: that is the defect a soak looks for.
 */
public final class GuestSoak {

    private static final Duration LONGEST = Duration.ofSeconds(20);
    private static final long LATE = 5_000_000_000L;

    private final AbiProfile profile;
    private final List<byte[]> kernels;
    private final RunLimits limits;

    /** How a guest ended. */
    public enum Ending {
        SHUT_DOWN,
        CRASHED,
        INSTRUCTION_LIMIT,
        TIME_LIMIT,
        /** All its vCPUs wait for ever. */
        IDLE,
        /** It used an instruction that the processor does not have but says so. */
        UNSUPPORTED,
        /** The file is no kernel, and the builder said so. */
        REFUSED
    }

    /**
     * @param kernels kernel files to mutate beside the library's own
     * @param instructions how many a guest may execute
     */
    public GuestSoak(AbiProfile profile, List<byte[]> kernels, long instructions) {
        this.profile = Objects.requireNonNull(profile, "profile");
        this.kernels = List.copyOf(kernels);
        limits = RunLimits.none().instructions(instructions).within(LONGEST);
    }

    /** Runs the guest of a seed. {@link IllegalStateException} if it left something behind or did not stop in time. */
    public Ending run(long seed) {
        HostileGuest guest = HostileGuest.of(seed, kernels);
        PvMachine machine;
        try {
            machine = PvMachine.builder(profile)
                    .virtualTime()
                    .domain(DomainConfig.of(GuestImage.of(guest.file()))
                            .memory(guest.memory())
                            .vcpus(guest.vcpus()))
                    .build();
        } catch (GuestImageException refused) {
            return Ending.REFUSED;
        }
        long start = System.nanoTime();
        RunResult result = machine.run(limits);
        require(guest, System.nanoTime() - start < LONGEST.toNanos() + LATE, "did not stop in time");
        audit(guest, machine);
        Domain domain = machine.domains().get(0);
        if (domain.isRunning()) {
            domain.crash("out of time");
        }
        require(guest, machine.destroy(domain) == 0, "its end leaves frames allocated");
        audit(guest, machine);
        return switch (result.kind()) {
            case SHUT_DOWN -> Ending.SHUT_DOWN;
            case CRASHED, HYPERVISOR_CRASHED -> Ending.CRASHED;
            case INSTRUCTION_LIMIT -> Ending.INSTRUCTION_LIMIT;
            case TIME_LIMIT, STOPPED -> Ending.TIME_LIMIT;
            case IDLE -> Ending.IDLE;
            case UNSUPPORTED -> Ending.UNSUPPORTED;
        };
    }

    private static void audit(HostileGuest guest, PvMachine machine) {
        List<String> differences = machine.auditFrames();
        require(guest, differences.isEmpty(), String.join("; ", differences));
    }

    private static void require(HostileGuest guest, boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException("guest " + guest.seed() + " (" + guest.kind() + "): " + otherwise);
        }
    }
}
