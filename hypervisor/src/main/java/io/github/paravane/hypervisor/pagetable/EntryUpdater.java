package io.github.paravane.hypervisor.pagetable;

import io.github.paravane.api.observe.MachineEvent.Origin;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.CompatRules;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.frame.FrameTable;

/**
 * Replaces one entry of a page table: validate, adjust, store, drop what the old entry held (abi-reference 1.4 to 1.7,
 * 2.5, 2.6). Flushing is the caller's business.
 */
public final class EntryUpdater {

    private static final long ACCESSED_DIRTY = Pte.ACCESSED | Pte.DIRTY;

    private final Platform platform;
    private final FrameTable frames;
    private final DomainBits kinds;
    private final EntryBits bits;
    private final boolean completesHalves;
    private final EntryValidator validator;
    private final PageTableWriter writer;
    private final TypedFrames typed;
    private boolean overtaken;

    EntryUpdater(
            Platform platform, DomainBits kinds, EntryValidator validator, PageTableWriter writer, TypedFrames typed) {
        this.platform = platform;
        this.frames = platform.frames();
        this.kinds = kinds;
        this.bits = kinds.wide();
        completesHalves = platform.profile().get(CompatRules.UPPER_HALF_COMPLETED);
        this.validator = validator;
        this.writer = writer;
        this.typed = typed;
    }

    /**
     * Replaces the entry at {@code maddr}, which lies in a frame that is a table of {@code level} in use.
     *
     * @param wanted the entry that the guest asks for
     * @param preserve whether the A and D bits of the old entry are kept
     * @param target domain whose frames an L1 entry may map, usually the table's owner
     * @param origin for observers
     */
    public EntryRule update(int level, long maddr, long wanted, boolean preserve, int target, Origin origin) {
        EntryRule rule = replace(level, maddr, wanted, preserve, target, origin);
        if (!rule.isAccepted() && rule != EntryRule.INTERRUPTED) {
            typed.tellRejected(rule, level, maddr, wanted, Pte.mfn(wanted));
        }
        return rule;
    }

    private EntryRule replace(int level, long maddr, long wanted, boolean preserve, int target, Origin origin) {
        if (level == 4 && HypervisorTables.isHypervisorSlot((int) (maddr >>> 3) & 511)) {
            return EntryRule.HYPERVISOR_SLOT;
        }
        int owner = frames.owner(maddr >>> 12);
        EntryBits rules = kinds.of(owner);
        if (rules != bits) {
            EntryRule reserved = compatSlot(level, maddr);
            if (!reserved.isAccepted()) {
                return reserved;
            }
        }
        long old = writer.read(maddr);
        long stored = wanted;
        boolean drop = true;
        EntryRule accepted = EntryRule.ACCEPTED;
        if (Pte.isPresent(wanted)) {
            if (validator.isDisallowed(level, wanted, owner)) {
                return EntryRule.DISALLOWED_BITS;
            }
            stored = rules.adjust(level, wanted);
            if (rules.isSameButForHarmlessBits(level, old, stored)) {
                drop = false;
            } else {
                long checked = rules == bits || rules.adjustsFirst() ? stored : wanted;
                EntryRule rule = validator.take(level, checked, maddr, owner, target);
                if (!rule.isAccepted()) {
                    return rule;
                }
                stored = rules.forDevice(stored, rule);
                accepted = rule;
            }
        }
        if (bits.isDangerous(stored)) {
            return crashForL1tf(owner, stored);
        }
        if (preserve) {
            stored |= old & ACCESSED_DIRTY;
        }
        writer.store(owner, origin, level, maddr, old, wanted, stored);
        if (drop) {
            validator.drop(level, old, maddr >>> 12);
        }
        return accepted;
    }

    /** Slots of a 32-bit domain's tables that are not its own. */
    private EntryRule compatSlot(int level, long maddr) {
        int slot = (int) (maddr >>> 3) & 511;
        if (CompatTables.isHypervisorSlot(frames.typeInfo(maddr >>> 12), level, slot)) {
            return EntryRule.COMPAT_HYPERVISOR_SLOT;
        }
        return level == 3 && slot >= CompatTables.LAST_ROOT_SLOT ? EntryRule.COMPAT_LAST_SLOT : EntryRule.ACCEPTED;
    }

    /** An emulated store to an L1 entry: always validated anew, flags included. */
    public EntryRule emulateStore(long maddr, long wanted) {
        int owner = frames.owner(maddr >>> 12);
        EntryRule rule = takeL1(maddr, wanted, owner);
        if (rule.isAccepted()) {
            storeEmulated(maddr, wanted, adjusted(owner, wanted, rule), owner);
        }
        return rule;
    }

    /**
     * As {@link #emulateStore} for a store of 4 bytes to the upper half of a 32-bit domain's entry: if the two halves do not
     * fit together, the entry is stored without P, and the lower half is expected next.
     */
    public EntryRule emulateUpperHalf(long maddr, long wanted) {
        int owner = frames.owner(maddr >>> 12);
        EntryRule rule = takeL1(maddr, wanted, owner);
        if (rule.isAccepted()) {
            storeEmulated(maddr, wanted, adjusted(owner, wanted, rule), owner);
        } else if (completesHalves && kinds.isCompat(owner) && rule != EntryRule.L1TF) {
            storeEmulated(maddr, wanted, wanted & ~Pte.PRESENT, owner);
            return EntryRule.ACCEPTED;
        }
        return rule;
    }

    private void storeEmulated(long maddr, long wanted, long stored, int owner) {
        long old = writer.read(maddr);
        writer.store(owner, Origin.EMULATED_STORE, 1, maddr, old, wanted, stored);
        validator.drop(1, old, maddr >>> 12);
    }

    /**
     * An emulated compare-and-exchange of an L1 entry. A mismatch is accepted and changes nothing: the caller compares
     * the entry itself before.
     *
     * @param adjusts whether the adjusted entry is stored; false stores the guest's raw value
     */
    public EntryRule emulateExchange(long maddr, long expected, long wanted, boolean adjusts) {
        int owner = frames.owner(maddr >>> 12);
        EntryRule rule = takeL1(maddr, wanted, owner);
        if (rule.isAccepted()) {
            long stored = adjusts ? adjusted(owner, wanted, rule) : wanted;
            platform.otherProcessor().beforeExchange(platform.memory(), maddr);
            overtaken = !writer.compareAndStore(
                    owner, Origin.EMULATED_COMPARE_EXCHANGE, 1, maddr, expected, wanted, stored);
            validator.drop(1, overtaken ? stored : expected, maddr >>> 12);
        }
        return rule;
    }

    /** Whether the last accepted {@link #emulateExchange} found another entry than the expected one and stored nothing. */
    public boolean wasOvertaken() {
        return overtaken;
    }

    /**
     * Validates an L1 entry that the guest has stored itself where {@code old} was; false if it is refused.
     */
    boolean validateWritten(long maddr, long old, long wanted) {
        int owner = frames.owner(maddr >>> 12);
        if (Pte.isPresent(wanted) && old == (wanted | Pte.RW)) {
            // Merely write-protected.
            validator.dropWritable(wanted);
            writer.store(owner, Origin.BATCHED_STORE, 1, maddr, old, wanted, wanted);
            return true;
        }
        EntryRule rule = takeL1(maddr, wanted, owner);
        if (rule.isAccepted()) {
            writer.store(owner, Origin.BATCHED_STORE, 1, maddr, old, wanted, adjusted(owner, wanted, rule));
            validator.drop(1, old, maddr >>> 12);
        }
        return rule.isAccepted();
    }

    private EntryRule takeL1(long maddr, long wanted, int owner) {
        if (!Pte.isPresent(wanted)) {
            if (!bits.isDangerous(wanted)) {
                return EntryRule.ACCEPTED;
            }
            typed.tellRejected(EntryRule.L1TF, 1, maddr, wanted, Pte.mfn(wanted));
            return crashForL1tf(owner, wanted);
        }
        EntryRule rule = validator.take(1, wanted, maddr, owner, owner);
        if (!rule.isAccepted()) {
            typed.tellRejected(rule, 1, maddr, wanted, Pte.mfn(wanted));
        }
        return rule;
    }

    private EntryRule crashForL1tf(int owner, long entry) {
        Domain domain = platform.domain(owner);
        if (domain != null) {
            domain.crash("L1TF-vulnerable entry 0x" + Long.toHexString(entry));
        }
        return EntryRule.L1TF;
    }

    private long adjusted(int owner, long wanted, EntryRule rule) {
        EntryBits rules = kinds.of(owner);
        return rules.adjust(1, rules.forDevice(wanted, rule));
    }

    /** Stores a grant mapping's entry, whose references the grant code has taken; drops what the old entry held. */
    public void storeGrant(long maddr, long entry) {
        int owner = frames.owner(maddr >>> 12);
        long old = writer.read(maddr);
        writer.store(owner, Origin.GRANT, 1, maddr, old, entry, kinds.of(owner).adjust(1, entry));
        validator.drop(1, old, maddr >>> 12);
    }

    /** Stores a grant mapping's entry in place of another one, whose references the caller drops. */
    public void replaceGrant(long maddr, long entry) {
        int owner = frames.owner(maddr >>> 12);
        writer.store(
                owner,
                Origin.GRANT,
                1,
                maddr,
                writer.read(maddr),
                entry,
                kinds.of(owner).adjust(1, entry));
    }

    /** Clears a grant mapping's entry, whose references the grant code drops. */
    public void clearGrant(long maddr) {
        int owner = frames.owner(maddr >>> 12);
        writer.store(owner, Origin.GRANT, 1, maddr, writer.read(maddr), 0, 0);
    }

    /** Stores into a frame that holds a writable reference, as the guest could itself. */
    public void storeUnchecked(long maddr, long value) {
        writer.storeUnchecked(maddr, value);
    }

    /** Stores a legal descriptor in its fixed-up form. */
    public void storeDescriptor(long maddr, long descriptor) {
        writer.storeDescriptor(maddr, descriptor);
    }

    /** The 8 bytes at a machine address. */
    public long read(long maddr) {
        return writer.read(maddr);
    }
}
