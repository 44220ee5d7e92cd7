package io.github.paravane.testkit.advisory;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.observe.MachineObserver;
import io.github.paravane.api.profile.CompatRules;
import io.github.paravane.hypervisor.domain.HostOptions;
import io.github.paravane.hypervisor.domain.OtherProcessor;
import io.github.paravane.hypervisor.machine.ConsolePort;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunResult;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A trial by a guest in machine code that prints its own verdict, so that the same file tells the same on a real Xen.
 * Its console shows lines of two forms: {@code evidence NAME VALUE} and, last, {@code verdict OUTCOME SENTENCE}.
 *
 * <p>A hypervisor that dies is FAILURE. A guest that dies without a verdict is ERROR, unless the trial says that a
 * crash of the domain is what the bug does.
 */
public final class GuestTrial implements Trial {

    private static final long MEMORY = 32L << 20;
    private static final Preparation PLAIN = new Preparation(MEMORY, false);
    private static final String EVIDENCE = "evidence ";
    private static final String VERDICT = "verdict ";

    private final Supplier<byte[]> elf;
    private final Outcome crash;
    private final Place place;
    private final Preparation domain;

    /** What the guest's domain is. */
    private record Preparation(long memory, boolean compat) {}

    /** Where the guest is to run, and how long it may go round. */
    private record Place(boolean privileged, int vcpus, HostOptions host, int endless, Supplier<OtherProcessor> other) {

        /** No other processor. */
        static final Supplier<OtherProcessor> NONE = () -> OtherProcessor.IDLE;
    }

    private GuestTrial(Supplier<byte[]> elf, Outcome crash, Place place, Preparation domain) {
        this.elf = Objects.requireNonNull(elf, "elf");
        this.crash = Objects.requireNonNull(crash, "crash");
        this.place = place;
        this.domain = domain;
    }

    /** A trial by the guest that {@code elf} assembles. */
    public static GuestTrial of(Supplier<byte[]> elf) {
        return new GuestTrial(elf, Outcome.ERROR, new Place(false, 1, HostOptions.DEFAULT, 0, Place.NONE), PLAIN);
    }

    /** The same; a domain that crashes without a verdict is {@code outcome}. */
    public GuestTrial crashMeans(Outcome outcome) {
        return new GuestTrial(elf, outcome, place, domain);
    }

    /** The same, in the control domain. */
    public GuestTrial inControlDomain() {
        return new GuestTrial(elf, crash, new Place(true, place.vcpus, place.host, place.endless, place.other), domain);
    }

    /** The same, in a domain that may bring up so many vCPUs. */
    public GuestTrial vcpus(int count) {
        return new GuestTrial(
                elf, crash, new Place(place.privileged, count, place.host, place.endless, place.other), domain);
    }

    /** The same, on a host with other features or boot options. */
    public GuestTrial on(HostOptions options) {
        Objects.requireNonNull(options, "options");
        return new GuestTrial(
                elf, crash, new Place(place.privileged, place.vcpus, options, place.endless, place.other), domain);
    }

    /** The same; a guest that raises {@code traps} traps one after another at one instruction is FAILURE. */
    public GuestTrial endlessAfter(int traps) {
        return new GuestTrial(
                elf, crash, new Place(place.privileged, place.vcpus, place.host, traps, place.other), domain);
    }

    /** The same, beside another processor, one for each time it is played; nobody can repeat that on a real Xen. */
    public GuestTrial beside(Supplier<OtherProcessor> other) {
        Objects.requireNonNull(other, "other");
        return new GuestTrial(
                elf, crash, new Place(place.privileged, place.vcpus, place.host, place.endless, other), domain);
    }

    /** The same for a 32-bit guest, of a {@link io.github.paravane.testkit.runtime.CompatRuntime}: SKIP without such domains. */
    public GuestTrial compat() {
        return new GuestTrial(elf, crash, place, new Preparation(domain.memory, true));
    }

    /** The same, in a domain of so many bytes. */
    public GuestTrial memory(long bytes) {
        return new GuestTrial(elf, crash, place, new Preparation(bytes, domain.compat));
    }

    /** Whether its guest is a 32-bit one. */
    public boolean isCompat() {
        return domain.compat;
    }

    /** Whether its guest tells on a real Xen what it tells here. */
    public boolean isExportable() {
        return place.other == Place.NONE;
    }

    /** The vCPUs that its domain must have. */
    public int vcpus() {
        return place.vcpus;
    }

    /** Whether it needs the rights of the control domain. */
    public boolean isPrivileged() {
        return place.privileged;
    }

    /** The bootable PV kernel, as an ELF file. */
    public byte[] image() {
        return elf.get();
    }

    @Override
    public Finding play(Stand stand) {
        if (domain.compat && stand.profile().get(CompatRules.OFFERED) == CompatRules.Offer.NONE) {
            return Finding.of(Outcome.SKIP, "this version runs no 32-bit domains");
        }
        ByteArrayOutputStream console = new ByteArrayOutputStream();
        DomainConfig config = DomainConfig.of(GuestImage.of(image()))
                .memory(domain.memory)
                .vcpus(place.vcpus)
                .console(ConsolePort.output(console));
        PvMachine.Builder builder = stand.machine()
                .options(place.host)
                .otherProcessor(place.other.get())
                .domain(place.privileged ? config.privileged() : config);
        Treadmill treadmill = new Treadmill(place.endless);
        PvMachine machine = (place.endless > 0 ? builder.observer(treadmill) : builder).build();
        treadmill.machine = machine;
        RunResult end = stand.run(machine);
        if (end.kind() == RunResult.Kind.STOPPED) {
            return Finding.of(Outcome.FAILURE, "the guest faults for ever")
                    .with("rip", treadmill.rip)
                    .with("traps", treadmill.traps);
        }
        return read(console.toString(StandardCharsets.ISO_8859_1), end);
    }

    /** Stops a machine whose guest raises trap after trap at one place. */
    private static final class Treadmill implements MachineObserver {

        private final int most;
        private @Nullable PvMachine machine;
        private long rip;
        private int traps;

        Treadmill(int most) {
            this.most = most;
        }

        @Override
        public void trap(MachineEvent.TrapRaised event) {
            traps = event.rip() == rip ? traps + 1 : 1;
            rip = event.rip();
            PvMachine mine = machine;
            if (traps == most && mine != null) {
                mine.stop();
            }
        }
    }

    /** What a console said, whether of our machine or of a real one; {@code end} is how the machine ended. */
    private Finding read(String console, RunResult end) {
        Finding finding = parse(console);
        if (end.kind() == RunResult.Kind.HYPERVISOR_CRASHED) {
            return new Finding(Outcome.FAILURE, "the hypervisor crashed: " + end.detail(), finding.evidence());
        }
        if (finding.outcome() == Outcome.ERROR && end.kind() == RunResult.Kind.CRASHED) {
            return new Finding(crash, "the domain crashed: " + end.detail(), finding.evidence());
        }
        if (finding.outcome() == Outcome.ERROR && end.kind() != RunResult.Kind.SHUT_DOWN) {
            return new Finding(Outcome.ERROR, "the guest did not end: " + end, finding.evidence());
        }
        return finding;
    }

    /** The finding that the lines of a console hold; ERROR if there is no verdict. */
    public static Finding parse(String console) {
        Finding finding = Finding.of(Outcome.ERROR, "the guest said no verdict");
        for (String line : console.split("\r?\n")) {
            String[] words = line.split(" ", 3);
            if (line.startsWith(EVIDENCE) && words.length == 3) {
                finding = finding.with(new Evidence(words[1], words[2]));
            } else if (line.startsWith(VERDICT) && words.length >= 2) {
                Outcome outcome = outcome(words[1]);
                String sentence = words.length == 3 ? words[2] : "";
                finding = new Finding(outcome, sentence, finding.evidence());
            }
        }
        return finding;
    }

    private static Outcome outcome(String word) {
        for (Outcome outcome : Outcome.values()) {
            if (outcome.name().equals(word)) {
                return outcome;
            }
        }
        return Outcome.ERROR;
    }
}
