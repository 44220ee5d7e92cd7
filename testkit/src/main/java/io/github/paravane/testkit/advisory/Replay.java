package io.github.paravane.testkit.advisory;

import io.github.paravane.api.cpu.CpuCoreFactory;
import io.github.paravane.api.observe.MachineObserver;
import io.github.paravane.api.observe.Observers;
import io.github.paravane.api.paging.Tlb;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.cpu.X86Core;
import io.github.paravane.mmu.Mmu;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Plays the trial of a known bug: on the profile that has it unless told otherwise, with our core and TLB unless others
 * are given. Immutable; each method gives a changed copy.
 */
public final class Replay {

    private final KnownBug bug;
    private final AbiProfile profile;
    private final CpuCoreFactory cores;
    private final Supplier<Tlb> tlbs;
    private final MachineObserver observer;

    private Replay(
            KnownBug bug, AbiProfile profile, CpuCoreFactory cores, Supplier<Tlb> tlbs, MachineObserver observer) {
        this.bug = bug;
        this.profile = profile;
        this.cores = cores;
        this.tlbs = tlbs;
        this.observer = observer;
    }

    /** A replay on the profile that has the bug. */
    public static Replay of(KnownBug bug) {
        return new Replay(
                bug,
                bug.faulty(),
                X86Core.factory(),
                () -> Mmu.directMappedTlb(Mmu.DEFAULT_TLB_SIZE),
                Observers.none());
    }

    /** On another version. */
    public Replay on(AbiProfile other) {
        return new Replay(bug, Objects.requireNonNull(other, "profile"), cores, tlbs, observer);
    }

    /** On the profile that does not have the bug. */
    public Replay onFixed() {
        return on(bug.fixed());
    }

    /** With another CPU core. */
    public Replay cores(CpuCoreFactory factory) {
        return new Replay(bug, profile, Objects.requireNonNull(factory, "factory"), tlbs, observer);
    }

    /** With another TLB. */
    public Replay tlbs(Supplier<Tlb> supplier) {
        return new Replay(bug, profile, cores, Objects.requireNonNull(supplier, "supplier"), observer);
    }

    /** Watched by {@code watcher}. */
    public Replay observer(MachineObserver watcher) {
        return new Replay(bug, profile, cores, tlbs, Objects.requireNonNull(watcher, "watcher"));
    }

    /** Plays it. */
    public Result play() {
        return new Result(bug, profile, bug.trial().play(new Stand(profile, cores, tlbs, observer)));
    }

    /**
     * What came of one replay.
     *
     * @param bug the bug
     * @param profile the version it was played on
     * @param finding what was found
     */
    public record Result(KnownBug bug, AbiProfile profile, Finding finding) {

        /** What was found, in one word. */
        public Outcome outcome() {
            return finding.outcome();
        }

        /** One line: {@code xsa-193 on xen-4.7: FAILURE, the hypervisor crashed}. */
        @Override
        public String toString() {
            return bug.id() + " on " + profile.name() + ": " + finding.outcome() + ", " + finding.summary();
        }
    }
}
