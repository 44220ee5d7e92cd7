package io.github.paravane.hypervisor.domain;

import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.observe.MachineObserver;
import io.github.paravane.api.observe.Observers;
import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.AddressTranslator;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.pagetable.PageTables;
import io.github.paravane.hypervisor.time.MachineClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What all parts of one hypervisor share: memory, frames, profile, observer, clock, the domains and the running vCPU.
 * Made by the machine builder; there is one per machine and no other global state.
 */
public final class Platform {

    private final MachineMemory memory;
    private final FrameTable frames;
    private final AbiProfile profile;
    private final MachineObserver observer;
    private final boolean observed;
    private final MachineClock clock;
    private final HostOptions options;
    private final Deadline deadline = new Deadline();
    private final List<Domain> domains = new ArrayList<>();
    private final boolean interruptibleAtOnce;
    private boolean compatDomains;
    private long flushes;
    private Preemption preemption = Preemption.NEVER;
    private OtherProcessor otherProcessor = OtherProcessor.IDLE;
    private @Nullable String crash;
    private @Nullable Vcpu current;
    private @Nullable PageTables pageTables;

    public Platform(
            MachineMemory memory, FrameTable frames, AbiProfile profile, MachineObserver observer, MachineClock clock) {
        this(memory, frames, profile, observer, clock, HostOptions.DEFAULT);
    }

    public Platform(
            MachineMemory memory,
            FrameTable frames,
            AbiProfile profile,
            MachineObserver observer,
            MachineClock clock,
            HostOptions options) {
        this.memory = Objects.requireNonNull(memory, "memory");
        this.frames = Objects.requireNonNull(frames, "frames");
        this.profile = Objects.requireNonNull(profile, "profile");
        this.observer = Objects.requireNonNull(observer, "observer");
        this.observed = observer != Observers.none();
        this.clock = Objects.requireNonNull(clock, "clock");
        this.options = Objects.requireNonNull(options, "options");
        interruptibleAtOnce = profile.get(MmuRules.INTERRUPTIBLE_AT_ONCE);
    }

    /** Machine memory. */
    public MachineMemory memory() {
        return memory;
    }

    /** Owners, types and counts. */
    public FrameTable frames() {
        return frames;
    }

    /** The ABI spoken. */
    public AbiProfile profile() {
        return profile;
    }

    /** The observer; ask {@link #observed} before making an event. */
    public MachineObserver observer() {
        return observer;
    }

    /** Whether anybody watches. */
    public boolean observed() {
        return observed;
    }

    /** The machine's clock. */
    public MachineClock clock() {
        return clock;
    }

    /** What the processor has and how the hypervisor was booted. */
    public HostOptions options() {
        return options;
    }

    /** When the validation of a page table is interrupted. */
    public Preemption preemption() {
        return preemption;
    }

    /** Counts a flush of a vCPU's TLB, or a load of a base table: the hypervisor's own translations are gone as well. */
    public void countFlush() {
        flushes++;
    }

    /** Number of flushes and loads so far. */
    public long flushes() {
        return flushes;
    }

    /** Whether the running vCPU has an event that is not masked, so that a long hypercall is left for it. */
    public boolean hasEventDue() {
        Vcpu vcpu = current;
        if (vcpu == null) {
            return false;
        }
        int upcall = memory.readU16(vcpu.infoMaddr());
        return upcall != 0 && upcall <= 0xFF;
    }

    /** The same where versions differ about the first request. */
    public boolean isDueBefore(int done) {
        return done == 0 ? interruptibleAtOnce && hasEventDue() : isDueBetween(done);
    }

    /** Whether a hypercall is left before its next request; {@code done} are done. */
    public boolean isDueBetween(int done) {
        return done > 0 && (hasEventDue() || preemption.isDueBetween(done));
    }

    /** Sets when validation is interrupted; while the machine is built. */
    public void setPreemption(Preemption value) {
        preemption = Objects.requireNonNull(value, "value");
    }

    /** What another processor stores meanwhile. */
    public OtherProcessor otherProcessor() {
        return otherProcessor;
    }

    /** Sets what another processor stores meanwhile; while the machine is built. */
    public void setOtherProcessor(OtherProcessor value) {
        otherProcessor = Objects.requireNonNull(value, "value");
    }

    /** The instruction at RIP of a vCPU is about to be fetched for emulation. */
    public void beforeEmulation(Vcpu vcpu) {
        if (otherProcessor != OtherProcessor.IDLE) {
            long maddr = vcpu.guestMemory().translate(vcpu.registers().rip(), Access.FETCH | Access.USER);
            if (maddr != AddressTranslator.FAULT) {
                otherProcessor.beforeEmulation(memory, maddr);
            }
        }
    }

    /** When the current run must end. */
    public Deadline deadline() {
        return deadline;
    }

    /** The domains, by creation; unmodifiable view. */
    public List<Domain> domains() {
        return List.copyOf(domains);
    }

    /** Number of domains. */
    public int domainCount() {
        return domains.size();
    }

    /** The domain with an id, or null. */
    public @Nullable Domain domain(int id) {
        for (Domain each : domains) {
            if (each.id() == id) {
                return each;
            }
        }
        return null;
    }

    /** Adds a domain; {@link IllegalStateException} if its id is taken. */
    public void add(Domain domain) {
        if (domain(domain.id()) != null) {
            throw new IllegalStateException("domain id is taken: " + domain.id());
        }
        domains.add(domain);
        compatDomains |= domain.isCompat();
    }

    /** Whether there is, or was, a 32-bit domain. */
    public boolean hasCompatDomains() {
        return compatDomains;
    }

    /** Forgets a domain whose frames are gone. */
    public void remove(Domain domain) {
        domains.remove(domain);
    }

    /**
     * Ends the hypervisor, and with it every domain: what a {@link io.github.paravane.api.profile.Quirk} does to a real
     * host. The first end counts.
     */
    public void crash(String detail) {
        if (crash == null) {
            crash = Objects.requireNonNull(detail, "detail");
            for (Domain each : domains) {
                each.crash("the hypervisor crashed: " + detail);
            }
        }
    }

    /** How the hypervisor died, or null while it lives. */
    public @Nullable String crash() {
        return crash;
    }

    /** Frame types, page tables and the M2P. */
    public PageTables pageTables() {
        PageTables mine = pageTables;
        if (mine == null) {
            throw new IllegalStateException("the platform has no page tables yet");
        }
        return mine;
    }

    /** Sets the page tables, once, while the machine is built. */
    public void setPageTables(PageTables value) {
        if (pageTables != null) {
            throw new IllegalStateException("the platform has page tables already");
        }
        pageTables = Objects.requireNonNull(value, "value");
    }

    /** The vCPU that runs now: the caller of a hypercall, the source of a trap. */
    public Vcpu current() {
        Vcpu vcpu = current;
        if (vcpu == null) {
            throw new IllegalStateException("no vCPU is running");
        }
        return vcpu;
    }

    /** The vCPU that runs now, or null. */
    public @Nullable Vcpu currentOrNull() {
        return current;
    }

    /**
     * Whether an access of the hypervisor to guest memory at {@code linear}, which found no translation, should be tried
     * again: the table behind it was one that the guest wrote, and is validated now.
     */
    public boolean repairs(Domain domain, long linear) {
        PageTables mine = pageTables;
        return mine != null && mine.batches().reattach(domain, linear);
    }

    /** Sets the vCPU that runs; null between runs. */
    public void setCurrent(@Nullable Vcpu vcpu) {
        current = vcpu;
    }
}
