package io.github.paravane.hypervisor.pagetable;

import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.SegmentTables;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.frame.TypeInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts all references anew from what holds them: allocations, pins, bases, descriptor tables and the entries of all
 * tables. Slow and independent of the incremental counts, to check them.
 */
public final class FrameRecount {

    private final Platform platform;
    private final FrameTable frames;
    private final MachineMemory memory;
    private final long[] general;
    private final long[] typed;
    private final Superpages superpages;
    private final TypedFrames typedFrames;
    private final Map<Long, Integer> entriesOf = new HashMap<>();

    private FrameRecount(Platform platform, Superpages superpages, TypedFrames typedFrames) {
        this.superpages = superpages;
        this.typedFrames = typedFrames;
        this.platform = platform;
        this.frames = platform.frames();
        this.memory = platform.memory();
        this.general = new long[(int) frames.frames()];
        this.typed = new long[(int) frames.frames()];
    }

    /**
     * A frame whose counts differ.
     *
     * @param general references found
     * @param count the general count kept
     * @param typed type references found
     * @param typeCount the type count kept
     */
    public record Difference(long mfn, String type, long general, long count, long typed, long typeCount) {}

    /** Counts now. */
    static FrameRecount of(PageTables tables) {
        FrameRecount recount = new FrameRecount(tables.platform(), tables.superpages(), tables.frames());
        recount.countAll(tables);
        return recount;
    }

    /** The frames of domains whose counts are not what the references add up to, in words; empty if all is well. */
    public List<String> differences() {
        return compare().stream().map(Difference::toString).toList();
    }

    private void countAll(PageTables tables) {
        for (int mfn = 0; mfn < general.length; mfn++) {
            if (isDomains(mfn)) {
                countFrame(mfn);
            }
            if (superpages.holders(mfn) > 0) {
                both(mfn);
            }
        }
        for (Domain domain : platform.domains()) {
            for (Vcpu vcpu : domain.vcpus()) {
                countVcpu(vcpu);
            }
        }
        tables.memory().forEachHold((mfn, writable) -> {
            general[(int) mfn]++;
            typed[(int) mfn] += writable ? 1 : 0;
        });
    }

    private boolean isDomains(long mfn) {
        int owner = frames.owner(mfn);
        return owner >= 0 && owner < FrameTable.IO;
    }

    private void countFrame(int mfn) {
        long info = frames.typeInfo(mfn);
        if ((info & TypeInfo.RELEASED) == 0) {
            general[mfn]++;
            typed[mfn] += (info & TypeInfo.SHARED) != 0 ? 1 : 0;
        }
        if ((info & TypeInfo.PINNED) != 0) {
            both(mfn);
        }
        if (TypeInfo.isTable(info)) {
            countEntries(mfn, TypeInfo.type(info), TableAudit.ENTRIES);
        } else if (TypeInfo.count(info) == 1 && (info & TypeInfo.VALIDATED) == 0) {
            // Interrupted in validation, or while it drops what it held.
            both(mfn);
            countEntries(mfn, TypeInfo.type(info), typedFrames.partlyHeld(mfn));
        }
    }

    private void countEntries(int table, int level, int end) {
        for (int slot = 0; slot < end; slot++) {
            long maddr = ((long) table << 12) + 8 * slot;
            long entry = platform.pageTables().batches().counted(maddr, memory.readU64(maddr));
            long target = Pte.mfn(entry);
            if (!Pte.isPresent(entry)
                    || level == 4 && HypervisorTables.isHypervisorSlot(slot)
                    || CompatTables.isHypervisorSlot(frames.typeInfo(table), level, slot)
                    || level > 1 && target == table
                    || !frames.exists(target)
                    || !isDomains(target)) {
                continue;
            }
            boolean superpage = level == 2 && (entry & Pte.PSE) != 0;
            if (superpage && superpages.canBeMarked()) {
                entriesOf.merge(target, 1, Integer::sum);
                continue;
            }
            for (long mfn = target; mfn < target + (superpage ? Superpages.FRAMES : 1); mfn++) {
                general[(int) mfn]++;
                typed[(int) mfn] += level > 1 && !superpage || (entry & Pte.RW) != 0 ? 1 : 0;
            }
        }
    }

    private void countVcpu(Vcpu vcpu) {
        if (vcpu.guestRoot() != 0) {
            both(vcpu.guestRoot());
        }
        if (vcpu.userBase() != 0) {
            both(vcpu.userBase());
        }
        for (int page = 0; page < SegmentTables.GUEST_GDT_PAGES; page++) {
            if (vcpu.segments().gdtFrame(page) >= 0) {
                both(vcpu.segments().gdtFrame(page));
            }
        }
        for (int page = 0; page < SegmentTables.LDT_PAGES; page++) {
            if (vcpu.segments().ldtFrame(page) >= 0) {
                both(vcpu.segments().ldtFrame(page));
            }
        }
    }

    private void both(long mfn) {
        general[(int) mfn]++;
        typed[(int) mfn]++;
    }

    /** As {@link #differences}, in fields. */
    public List<Difference> compare() {
        List<Difference> result = new ArrayList<>();
        for (int mfn = 0; mfn < general.length; mfn++) {
            long info = frames.typeInfo(mfn);
            if (isDomains(mfn) && (general[mfn] != frames.count(mfn) || typed[mfn] != TypeInfo.count(info))) {
                result.add(new Difference(
                        mfn,
                        TypeInfo.name(TypeInfo.type(info)),
                        general[mfn],
                        frames.count(mfn),
                        typed[mfn],
                        TypeInfo.count(info)));
            }
        }
        for (long mfn = 0; mfn < general.length; mfn += Superpages.FRAMES) {
            int found = entriesOf.getOrDefault(mfn, 0) + (superpages.isMarked(mfn) ? 1 : 0);
            if (superpages.canBeMarked() && found != superpages.holders(mfn)) {
                result.add(new Difference(mfn, "superpage", found, superpages.holders(mfn), found, found));
            }
        }
        return result;
    }
}
