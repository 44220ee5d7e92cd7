package io.github.paravane.hypervisor.pagetable;

import io.github.paravane.api.observe.MachineEvent.Origin;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.CompatRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.descriptor.DescriptorRules;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.frame.TypeInfo;
import org.jspecify.annotations.Nullable;

/**
 * Audits a frame that becomes a table or descriptor page, and drops what the entries of a former table hold
 * (abi-reference 2.4).
 *
 * <p>Entries are adjusted in memory one after the other. Where an entry is refused, the references taken so far are
 * dropped again, but the adjusted entries stay adjusted, as guests can see.
 */
final class TableAudit {

    static final int ENTRIES = 512;

    private static final long FRAMES_BELOW_4G = 1L << 20;

    private final FrameTable frames;
    private final Platform platform;
    private final EntryValidator validator;
    private final DomainBits kinds;
    private final PageTableWriter writer;
    private final HypervisorTables hypervisorTables;
    private final DescriptorRules descriptors;
    private final DescriptorRules compatDescriptors;
    private final boolean rootsBelow4G;
    private final boolean rootKeepsBits;
    private boolean unwinding;
    private final boolean l1Ignored;
    private final Interruptions stops;
    private final PartialTables partial = new PartialTables();
    private final boolean countReset;
    private final boolean usesKept;
    private int interruptions;

    TableAudit(
            Platform platform,
            EntryValidator validator,
            DomainBits kinds,
            PageTableWriter writer,
            HypervisorTables hypervisorTables,
            Interruptions stops) {
        this.platform = platform;
        this.frames = platform.frames();
        this.validator = validator;
        this.kinds = kinds;
        rootKeepsBits = platform.profile().has(Quirk.FAILED_ROOT_KEEPS_BITS);
        rootsBelow4G = platform.profile().get(CompatRules.ROOT_BELOW_4G);
        this.writer = writer;
        this.hypervisorTables = hypervisorTables;
        this.stops = stops;
        countReset = platform.profile().has(Quirk.LINEAR_COUNT_RESET);
        usesKept = platform.profile().has(Quirk.LINEAR_USES_KEPT);
        l1Ignored = platform.profile().has(Quirk.L1_AUDIT_IGNORED);
        this.descriptors = new DescriptorRules(platform.profile());
        compatDescriptors = DescriptorRules.compat(platform.profile());
    }

    /** Where tables are hooked, in the version that binds them to one place; else null. */
    @Nullable
    BackPointers backPointers() {
        return validator.backPointers();
    }

    /**
     * Audits the content of a frame for a type other than writable, or goes on where it was interrupted. After
     * {@link EntryRule#INTERRUPTED} the entries so far hold their references.
     */
    EntryRule promote(TypedFrames typed, long mfn, int type) {
        interruptions = 0;
        if (type > TypeInfo.L4) {
            return promoteDescriptors(typed, mfn);
        }
        int owner = frames.owner(mfn);
        EntryBits bits = kinds.of(owner);
        boolean root = isCompatRoot(mfn, type);
        if (root) {
            if (isTooHigh(mfn, owner)) {
                return EntryRule.COMPAT_ROOT_HIGH;
            }
            hypervisorTables.compat().clearRest(mfn);
        }
        int end = root ? CompatTables.ROOT_SLOTS : ENTRIES;
        long table = mfn << 12;
        PartialTables.Progress progress = partial.take(mfn);
        int times = progress.times();
        int resumedAt = progress.resumedAt();
        for (int slot = progress.next(); slot < end; slot++) {
            if (slot > progress.next() && stops.isDue(mfn, type, slot)) {
                times++;
                resumedAt = slot;
                if (countReset) {
                    frames.setMark(mfn, 0);
                }
                if (stops.mayStop(type)) {
                    partial.put(mfn, new PartialTables.Progress(slot, times, resumedAt));
                    return EntryRule.INTERRUPTED;
                }
            }
            if (isHypervisors(mfn, type, slot)) {
                continue;
            }
            long maddr = table + 8 * slot;
            long entry = writer.read(maddr);
            boolean last = root && slot == CompatTables.LAST_ROOT_SLOT;
            if (!Pte.isPresent(entry) && !last) {
                if (bits.isDangerous(entry)) {
                    typed.tellRejected(EntryRule.L1TF, type, maddr, entry, Pte.mfn(entry));
                    unwind(mfn, type, slot, 0);
                    return crashForL1tf(owner, entry);
                }
                continue;
            }
            EntryRule rule =
                    last ? validator.takeLastOfRoot(entry, owner) : validator.take(type, entry, maddr, owner, owner);
            if (rule == EntryRule.INTERRUPTED) {
                partial.put(mfn, new PartialTables.Progress(slot, times, resumedAt));
                return rule;
            }
            if (!rule.isAccepted()) {
                typed.tellRejected(rule, type, maddr, entry, Pte.mfn(entry));
                unwind(mfn, type, slot, usesKept ? resumedAt : 0);
                interruptions = times;
                return l1Ignored && type == TypeInfo.L1 ? EntryRule.ACCEPTED : rule;
            }
            long stored = bits.adjust(type, bits.forDevice(entry, rule));
            if (stored != entry) {
                writer.store(owner, Origin.PROMOTION, type, maddr, entry, entry, stored);
            }
        }
        if (type == TypeInfo.L4) {
            Domain domain = platform.domain(owner);
            hypervisorTables.fillSlots(mfn, domain != null && domain.assists(Domain.ASSIST_M2P_STRICT));
        } else if ((frames.typeInfo(mfn) & TypeInfo.XEN_SLOTS) != 0) {
            hypervisorTables.compat().fillSlots(mfn);
        }
        return EntryRule.ACCEPTED;
    }

    /** Whether a frame is, or becomes, the L3 table of a 32-bit domain, of which four entries count. */
    private boolean isCompatRoot(long mfn, int level) {
        return level == TypeInfo.L3 && kinds.isCompat(frames.owner(mfn));
    }

    /** Without pae_extended_cr3 CR3 holds a machine address of 32 bits; Xen's tools may build higher up. */
    private boolean isTooHigh(long mfn, int owner) {
        Domain domain = platform.domain(owner);
        return rootsBelow4G
                && mfn >= FRAMES_BELOW_4G
                && domain != null
                && !domain.assists(Domain.ASSIST_PAE_EXTENDED_CR3)
                && domain.vcpus().get(0).initialised();
    }

    private boolean isHypervisors(long mfn, int level, int slot) {
        return level == TypeInfo.L4
                ? HypervisorTables.isHypervisorSlot(slot)
                : CompatTables.isHypervisorSlot(frames.typeInfo(mfn), level, slot);
    }

    private EntryRule crashForL1tf(int owner, long entry) {
        Domain domain = platform.domain(owner);
        if (domain != null) {
            domain.crash("L1TF-vulnerable entry 0x" + Long.toHexString(entry));
        }
        return EntryRule.L1TF;
    }

    /** Drops what the entries of a table hold whose validation was interrupted and does not go on. */
    void abandon(long mfn, int level) {
        unwind(mfn, level, partial.take(mfn).next(), 0);
    }

    /** Entries of a table that hold references although its validation is not complete. */
    int partlyHeld(long mfn) {
        return partial.held(mfn);
    }

    /** How often the validation was interrupted that was the last to fail. */
    int interruptions() {
        return interruptions;
    }

    /**
     * Drops what the entries before {@code failedSlot} hold.
     *
     * @param keptBelow the linear targets of entries before this one stay marked as in use
     */
    private void unwind(long mfn, int level, int failedSlot, int keptBelow) {
        unwinding = true;
        for (int slot = failedSlot - 1; slot >= 0; slot--) {
            long target = Pte.mfn(writer.read((mfn << 12) + 8 * slot));
            int uses = slot < keptBelow && frames.exists(target) ? frames.mark(target) : 0;
            drop(mfn, level, slot);
            if (uses < 0) {
                frames.setMark(target, uses);
            }
        }
        unwinding = false;
    }

    /** Drops the references that the entries of a table hold. */
    void demote(long mfn, int level) {
        for (int slot = ENTRIES - 1; slot >= 0; slot--) {
            drop(mfn, level, slot);
        }
    }

    /** As {@link #demote}, of the entries below {@code end}, until interrupted; the entries that still hold references. */
    int demoteSome(long mfn, int level, int end) {
        for (int slot = end - 1; slot >= 0; slot--) {
            if (slot < end - 1 && stops.stopsRelease(mfn, level, slot)) {
                return slot + 1;
            }
            drop(mfn, level, slot);
        }
        return 0;
    }

    private void drop(long mfn, int level, int slot) {
        if (isHypervisors(mfn, level, slot)) {
            return;
        }
        long maddr = (mfn << 12) + 8L * slot;
        long entry = writer.read(maddr);
        validator.drop(level, entry, mfn);
        boolean keeps = unwinding && rootKeepsBits;
        if (level == TypeInfo.L3 && Pte.isPresent(entry) && !keeps && isCompatRoot(mfn, level)) {
            long given = EntryBits.unadjustRoot(entry);
            writer.store(frames.owner(mfn), Origin.PROMOTION, level, maddr, entry, given, given);
        }
    }

    private EntryRule promoteDescriptors(TypedFrames typed, long mfn) {
        DescriptorRules rules = kinds.isCompat(frames.owner(mfn)) ? compatDescriptors : descriptors;
        for (long maddr = mfn << 12; maddr < mfn + 1 << 12; maddr += 8) {
            long descriptor = writer.read(maddr);
            if (!rules.isLegal(descriptor)) {
                typed.tellRejected(EntryRule.BAD_DESCRIPTOR, 0, maddr, descriptor, mfn);
                return EntryRule.BAD_DESCRIPTOR;
            }
            long fixed = rules.fixUp(descriptor);
            if (fixed != descriptor) {
                writer.storeDescriptor(maddr, fixed);
            }
        }
        return EntryRule.ACCEPTED;
    }
}
