package io.github.paravane.hypervisor.machine;

import io.github.paravane.api.cpu.CpuCoreFactory;
import io.github.paravane.api.guest.GuestImageException;
import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.observe.MachineObserver;
import io.github.paravane.api.observe.Observers;
import io.github.paravane.api.paging.PagingUnit;
import io.github.paravane.api.paging.Tlb;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.cpu.X86Core;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.HostOptions;
import io.github.paravane.hypervisor.domain.OtherProcessor;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.Preemption;
import io.github.paravane.hypervisor.time.MachineClock;
import io.github.paravane.hypervisor.time.RealClock;
import io.github.paravane.hypervisor.time.VirtualClock;
import io.github.paravane.mmu.Mmu;
import io.github.paravane.mmu.memory.LazyMemory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A paravirtual machine: a hypervisor of one ABI and its domains.
 *
 * <p>It is used by one thread at a time; only {@link #stop} may be called from another. With {@link Builder#virtualTime}
 * and equal inputs, runs are equal, instruction by instruction and event by event. Nothing a guest does throws out of
 * {@link #run}. Memory is given back with the object; there is nothing to close.
 */
public final class PvMachine {

    private final Wiring wiring;

    private PvMachine(Builder builder) {
        wiring = new Wiring(builder);
    }

    /** A machine that speaks {@code profile}, to be completed with at least one domain. */
    public static Builder builder(AbiProfile profile) {
        return new Builder(Objects.requireNonNull(profile, "profile"));
    }

    /** Runs until every domain has ended or a limit is met; may be called again after a limit. */
    public RunResult run(RunLimits limits) {
        return wiring.loop().run(Objects.requireNonNull(limits, "limits"));
    }

    /** Makes a running {@link #run}, or the next one, return soon. Safe from any thread. */
    public void stop() {
        wiring.loop().stop();
    }

    /** Machine memory. */
    public MachineMemory memory() {
        return wiring.platform().memory();
    }

    /** The domains, in the order of the builder; ids start at 1, a privileged domain has 0. */
    public List<Domain> domains() {
        return wiring.platform().domains();
    }

    /** What the parts of the hypervisor share: frames, clock, profile. */
    public Platform platform() {
        return wiring.platform();
    }

    /** Owner, type and counts of a frame as they are now; {@link IllegalArgumentException} if there is no such frame. */
    public FrameState frame(long mfn) {
        return FrameState.of(wiring.platform().frames(), mfn);
    }

    /** Guest instructions executed, all vCPUs together. */
    public long instructions() {
        return wiring.loop().retired();
    }

    /** The last hypercalls that have ended, oldest first, those inside multicalls included. */
    public List<MachineEvent.HypercallDone> recentHypercalls() {
        return wiring.hypercalls().recentCalls();
    }

    /** Counts every reference from scratch and compares; the differences in words, empty if there are none. */
    public List<String> auditFrames() {
        return wiring.auditFrames();
    }

    /**
     * Looks in all page tables in use and in all TLBs for frames that a guest can write although they are page tables, and
     * for frames that a domain reaches without owning them or having been granted them; in words, empty if there are none.
     */
    public List<String> auditAccess() {
        return wiring.auditAccess();
    }

    /** Number of frames that belong to a domain, those included that the hypervisor shares with it. */
    public long framesOf(Domain domain) {
        return wiring.framesOf(Objects.requireNonNull(domain, "domain"));
    }

    /** Takes every frame of a domain that has ended away from it; the number of frames it still owns, normally 0. */
    public long destroy(Domain domain) {
        return wiring.destroy(Objects.requireNonNull(domain, "domain"));
    }

    /** Collects what a machine is made of. */
    public static final class Builder {

        final AbiProfile profile;
        final List<DomainConfig> domains = new ArrayList<>();
        final Map<String, Hypercall> hypercalls = new HashMap<>();
        MachineClock clock = new RealClock();
        MachineObserver observer = Observers.none();
        CpuCoreFactory cores = X86Core.factory();
        Supplier<Tlb> tlbs = () -> Mmu.directMappedTlb(Mmu.DEFAULT_TLB_SIZE);
        LongFunction<? extends MachineMemory> memory = LazyMemory::new;

        @Nullable
        Function<? super MachineMemory, ? extends PagingUnit> pagingUnits;

        HostOptions options = HostOptions.DEFAULT;
        Preemption preemption = Preemption.NEVER;
        OtherProcessor otherProcessor = OtherProcessor.IDLE;
        long spareMemory;

        private Builder(AbiProfile profile) {
            this.profile = profile;
        }

        /** Adds a domain. */
        public Builder domain(DomainConfig config) {
            domains.add(Objects.requireNonNull(config, "config"));
            return this;
        }

        /** Adds a watcher; several are told in order. */
        public Builder observer(MachineObserver value) {
            Objects.requireNonNull(value, "value");
            observer = observer == Observers.none() ? value : Observers.of(observer, value);
            return this;
        }

        /** Replaces a hypercall, or adds one that the profile names; see {@code VersionRules.HYPERCALLS}. */
        public Builder hypercall(String name, Hypercall implementation) {
            hypercalls.put(
                    Objects.requireNonNull(name, "name"), Objects.requireNonNull(implementation, "implementation"));
            return this;
        }

        /** Replaces the CPU core. */
        public Builder cores(CpuCoreFactory factory) {
            cores = Objects.requireNonNull(factory, "factory");
            return this;
        }

        /** Replaces the TLB; asked once for each vCPU. */
        public Builder tlbs(Supplier<Tlb> supplier) {
            tlbs = Objects.requireNonNull(supplier, "supplier");
            return this;
        }

        /**
         * Replaces the MMU: asked once for each vCPU, with machine memory. What {@link #tlbs} and {@link #options} say of
         * TLB, NX and address width is then the unit's own affair.
         */
        public Builder pagingUnits(Function<? super MachineMemory, ? extends PagingUnit> factory) {
            pagingUnits = Objects.requireNonNull(factory, "factory");
            return this;
        }

        /**
         * Replaces machine memory: asked once by {@link #build}, with the number of frames, which it must provide; all
         * zero.
         */
        public Builder memory(LongFunction<? extends MachineMemory> factory) {
            memory = Objects.requireNonNull(factory, "factory");
            return this;
        }

        /** Replaces the clock. */
        public Builder clock(MachineClock value) {
            clock = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Uses a clock that counts instructions, so that runs repeat exactly. */
        public Builder virtualTime() {
            return clock(new VirtualClock());
        }

        /** Sets features of the processor and boot options of the hypervisor. */
        public Builder options(HostOptions value) {
            options = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets when hypercalls are interrupted although no event is pending; never unless set. */
        public Builder preemption(Preemption value) {
            preemption = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets what another processor stores in the middle of the hypervisor's work; nothing unless set. */
        public Builder otherProcessor(OtherProcessor value) {
            otherProcessor = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Adds free machine memory that domains can ask for beyond what they start with; whole pages. */
        public Builder spareMemory(long bytes) {
            if (bytes < 0 || (bytes & 0xFFF) != 0 || bytes > DomainConfig.MAX_MEMORY) {
                throw new IllegalArgumentException("spare memory must be whole pages in [0, 0x"
                        + Long.toHexString(DomainConfig.MAX_MEMORY) + "]: 0x" + Long.toHexString(bytes));
            }
            spareMemory = bytes;
            return this;
        }

        /**
         * Builds every domain; {@link GuestImageException} says what is wrong with an image, {@link
         * IllegalStateException} that there is no domain, or that memory has another number of frames than asked for.
         */
        public PvMachine build() {
            if (domains.isEmpty()) {
                throw new IllegalStateException("a machine needs at least one domain");
            }
            return new PvMachine(this);
        }
    }
}
