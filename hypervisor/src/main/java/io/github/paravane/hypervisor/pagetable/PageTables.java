package io.github.paravane.hypervisor.pagetable;

import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.PteRules;
import io.github.paravane.hypervisor.descriptor.SegmentFrames;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.grant.GrantTables;
import java.util.List;

/** Frame types, page tables, bases and the M2P of one machine, wired together. */
public final class PageTables {

    private final Platform platform;
    private final HypervisorTables hypervisorTables;
    private final TlbFlushes flushes;
    private final TypedFrames frames;
    private final EntryUpdater updater;
    private final LinearWalk walk;
    private final BatchedTables batches;
    private final Pins pins;
    private final SegmentFrames segments;
    private final BaseTables bases;
    private final DomainMemory memory;
    private final GrantTables grants;
    private final Superpages superpages;
    private final Interruptions interruptions;
    private final boolean precise;

    private PageTables(Platform platform) {
        this.platform = platform;
        precise = platform.profile().get(PteRules.PRECISE_ERRNO);
        PageTableWriter writer = new PageTableWriter(platform);
        hypervisorTables = new HypervisorTables(platform, writer);
        flushes = new TlbFlushes(platform);
        DomainBits bits = new DomainBits(platform);
        EntryValidator validator = new EntryValidator(platform, bits, hypervisorTables.m2p());
        interruptions = new Interruptions(platform);
        TableAudit audit = new TableAudit(platform, validator, bits, writer, hypervisorTables, interruptions);
        superpages = validator.superpages();
        frames = new TypedFrames(platform, flushes, hypervisorTables.m2p(), audit, interruptions);
        validator.connect(frames);
        updater = new EntryUpdater(platform, bits, validator, writer, frames);
        walk = new LinearWalk(platform, writer);
        batches = new BatchedTables(this, updater, validator.backPointers());
        frames.connect(batches);
        pins = new Pins(platform, frames, validator.backPointers());
        segments = new SegmentFrames(platform, frames);
        bases = new BaseTables(this, platform);
        memory = new DomainMemory(this, platform);
        grants = new GrantTables(this);
    }

    /**
     * Makes the hypervisor's own frames and tables in a machine whose frames are all free, and gives the platform its page
     * tables. {@link IllegalArgumentException} if the machine is too small, see {@link HypervisorTables#overhead}.
     */
    public static PageTables install(Platform platform) {
        PageTables tables = new PageTables(platform);
        platform.setPageTables(tables);
        return tables;
    }

    /** The machine they belong to. */
    public Platform platform() {
        return platform;
    }

    /** A fresh count of all references, to compare with the counts kept. */
    public FrameRecount recount() {
        return FrameRecount.of(this);
    }

    /** What guests can reach or write and must not, in words; empty if all is well. */
    public List<String> forbiddenAccess() {
        return AccessAudit.of(this);
    }

    /** General and type references. */
    public TypedFrames frames() {
        return frames;
    }

    /** When hypercalls are interrupted. */
    public Interruptions interruptions() {
        return interruptions;
    }

    /** Replaces single entries. */
    public EntryUpdater updater() {
        return updater;
    }

    /** Finds the L1 entry of a linear address. */
    public LinearWalk walk() {
        return walk;
    }

    /** Tables that guests may write for a while, in the versions that let them. */
    public BatchedTables batches() {
        return batches;
    }

    /** References of entries that map 2 MiB, and marks. */
    public Superpages superpages() {
        return superpages;
    }

    /** Pins. */
    public Pins pins() {
        return pins;
    }

    /** References of GDT and LDT. */
    public SegmentFrames segments() {
        return segments;
    }

    /** Kernel and user base tables. */
    public BaseTables bases() {
        return bases;
    }

    /** Flushes. */
    public TlbFlushes flushes() {
        return flushes;
    }

    /** The hypervisor's slots of L4 tables. */
    public HypervisorTables hypervisorTables() {
        return hypervisorTables;
    }

    /** The machine-to-physical table. */
    public M2p m2p() {
        return hypervisorTables.m2p();
    }

    /** Frames of domains: allocation, giving back, and the end. */
    public DomainMemory memory() {
        return memory;
    }

    /** Grant tables. */
    public GrantTables grants() {
        return grants;
    }

    /** The errno that a guest gets for a rule that refused. */
    public XenErrno errno(EntryRule rule) {
        return rule.errno(precise);
    }

    /** The outcome of a hypercall that ended with a rule. */
    public HypercallOutcome outcome(EntryRule rule) {
        return rule.isAccepted() ? HypercallOutcome.OK : HypercallOutcome.failed(errno(rule));
    }
}
