package io.github.paravane.testkit.paging;

import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.PageFault;
import io.github.paravane.api.paging.PageFault.Reason;
import io.github.paravane.api.paging.PagingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Says what a processor makes of page tables, by following chapter 4 of the Intel SDM vol 3 literally and slowly: an oracle
 * for faster walkers, written without their level tables and masks. It reads memory and changes nothing; the A and D bits
 * that a processor would set are part of the answer.
 *
 * <pre>{@code
 * WalkOutcome outcome = new ReferenceWalker(memory, PagingMode.FOUR_LEVEL, WalkSettings.DEFAULT)
 *         .walk(root, 0x40_0000, Access.USER | Access.WRITE);
 * }</pre>
 *
 * <p>Where the manual leaves the choice, the rules are those of {@link PageFault}: entries are judged for P and reserved
 * bits on the way down, then for rights; the entry nearest the root that refuses is named, and in it U/S before R/W before
 * NX. An entry that names a frame beyond memory counts as reserved-bit violation with reason NO_SUCH_FRAME, a leaf only
 * after the rights were granted. The PAE root is read at each walk.
 */
public final class ReferenceWalker {
    private final MachineMemory memory;
    private final PagingMode mode;
    private final WalkSettings settings;

    /** A walker of tables in {@code memory}. */
    public ReferenceWalker(MachineMemory memory, PagingMode mode, WalkSettings settings) {
        this.memory = Objects.requireNonNull(memory, "memory");
        this.mode = Objects.requireNonNull(mode, "mode");
        this.settings = Objects.requireNonNull(settings, "settings");
    }

    /** The outcome for a canonical address and bits of {@link Access}, with the root table in frame {@code root}. */
    public WalkOutcome walk(long root, long linear, int access) {
        Walk walk = new Walk(linear, access);
        PageFault fault = mode == PagingMode.PAE ? walk.pae(root) : walk.fourLevel(root);
        return fault != null ? new WalkOutcome.Faulted(fault) : walk.translated();
    }

    /** One entry met on the way. */
    private record Step(int level, long maddr, long entry) {
        boolean bit(int number) {
            return (entry >>> number & 1) != 0;
        }

        long bits(int high, int low) {
            return ReferenceWalker.bits(entry, high, low);
        }

        /** The frame number in bits 51:12. */
        long frame() {
            return bits(51, 12);
        }
    }

    private static long bits(long value, int high, int low) {
        return value << 63 - high >>> 63 - high + low;
    }

    private final class Walk {
        private final long linear;
        private final int access;
        private final boolean isUser;
        private final boolean isWrite;
        private final boolean isFetch;
        private final List<Step> steps = new ArrayList<>();
        private long pageBase;
        private int pageShift;

        Walk(long linear, int access) {
            this.linear = linear;
            this.access = access;
            this.isUser = (access & Access.USER) != 0;
            this.isWrite = (access & Access.WRITE) != 0;
            this.isFetch = (access & Access.FETCH) != 0;
        }

        /** Section 4.5.4, "Linear-address translation with 4-level paging". */
        @Nullable
        PageFault fourLevel(long root) {
            if (root >= memory.frames()) {
                return fault(Reason.NO_SUCH_FRAME, null);
            }
            Step pml4e = read(4, root, bits(linear, 47, 39));
            PageFault fault = judge(pml4e, reservedInAnyEntry(pml4e) || pml4e.bit(7));
            if (fault != null) {
                return fault;
            }
            Step pdpte = read(3, pml4e.frame(), bits(linear, 38, 30));
            if (pdpte.bit(7) && settings.gigabytePages()) {
                fault = judge(pdpte, reservedInAnyEntry(pdpte) || pdpte.bits(29, 13) != 0);
                return fault != null ? fault : page(pdpte.bits(51, 30) << 30, 30);
            }
            fault = judge(pdpte, reservedInAnyEntry(pdpte) || pdpte.bit(7));
            return fault != null ? fault : pageDirectory(pdpte);
        }

        /** Section 4.4.2, "Linear-address translation with PAE paging". */
        @Nullable
        PageFault pae(long root) {
            if (root >= memory.frames()) {
                return fault(Reason.NO_SUCH_FRAME, null);
            }
            Step pdpte = read(3, root, bits(linear, 31, 30));
            boolean reserved = pdpte.bits(2, 1) != 0 || pdpte.bits(8, 5) != 0 || beyondPhysical(pdpte, 63);
            PageFault fault = judge(pdpte, reserved);
            return fault != null ? fault : pageDirectory(pdpte);
        }

        /** The levels that both modes share: page directory and page table. */
        private @Nullable PageFault pageDirectory(Step pdpte) {
            Step pde = read(2, pdpte.frame(), bits(linear, 29, 21));
            boolean large = pde.bit(7);
            PageFault fault = judge(pde, reservedInAnyEntry(pde) || large && pde.bits(20, 13) != 0);
            if (fault != null) {
                return fault;
            }
            if (large) {
                return page(pde.bits(51, 21) << 21, 21);
            }
            Step pte = read(1, pde.frame(), bits(linear, 20, 12));
            fault = judge(pte, reservedInAnyEntry(pte));
            return fault != null ? fault : page(pte.frame() << 12, 12);
        }

        private Step read(int level, long table, long index) {
            long maddr = (table << 12) + index * 8;
            Step step = new Step(level, maddr, memory.readU64(maddr));
            steps.add(step);
            return step;
        }

        /** Bits that are reserved in every entry below the PAE root (4.4.2 and 4.5.4, figures 4-7 and 4-11). */
        private boolean reservedInAnyEntry(Step step) {
            boolean fromPhysical = mode == PagingMode.PAE ? beyondPhysical(step, 62) : beyondPhysical(step, 51);
            return fromPhysical || step.bit(63) && !settings.noExecute();
        }

        private boolean beyondPhysical(Step step, int highest) {
            for (int bit = settings.physicalWidth(); bit <= highest; bit++) {
                if (step.bit(bit)) {
                    return true;
                }
            }
            return false;
        }

        /** P, then reserved bits, then whether the frame named as the next table exists. */
        private @Nullable PageFault judge(Step step, boolean reserved) {
            if (!step.bit(0)) {
                return fault(Reason.NOT_PRESENT, step);
            }
            if (reserved) {
                return fault(Reason.RESERVED_BIT, step);
            }
            boolean namesTable = step.level != 1 && !isLeaf(step);
            return namesTable && step.frame() >= memory.frames() ? fault(Reason.NO_SUCH_FRAME, step) : null;
        }

        private boolean isLeaf(Step step) {
            boolean mayBeLarge = step.level == 2 || step.level == 3 && mode != PagingMode.PAE;
            return step.level == 1 || mayBeLarge && step.bit(7);
        }

        /** Section 4.6, "Access rights", for the page that the last step maps. */
        private @Nullable PageFault page(long base, int shift) {
            pageBase = base;
            pageShift = shift;
            for (Step step : withPermissions()) {
                if (isUser && !step.bit(2)) {
                    return fault(Reason.NOT_USER, step);
                }
                if (isWrite && !step.bit(1) && (isUser || settings.writeProtect())) {
                    return fault(Reason.NOT_WRITABLE, step);
                }
                if (isFetch && settings.noExecute() && step.bit(63)) {
                    return fault(Reason.NOT_EXECUTABLE, step);
                }
            }
            return maddr() >>> 12 >= memory.frames() ? fault(Reason.NO_SUCH_FRAME, steps.get(steps.size() - 1)) : null;
        }

        private long maddr() {
            return pageBase + bits(linear, pageShift - 1, 0);
        }

        /** Every entry but the PAE root's takes part in access rights and in A. */
        private List<Step> withPermissions() {
            return steps.stream()
                    .filter(step -> mode != PagingMode.PAE || step.level != 3)
                    .toList();
        }

        /** Section 4.7, "Page-fault exceptions". */
        private PageFault fault(Reason reason, @Nullable Step step) {
            boolean reserved = reason == Reason.RESERVED_BIT || reason == Reason.NO_SUCH_FRAME;
            int code = reason == Reason.NOT_PRESENT ? 0 : 1;
            code += isWrite ? 1 << 1 : 0;
            code += isUser ? 1 << 2 : 0;
            code += reserved ? 1 << 3 : 0;
            code += isFetch && settings.noExecute() ? 1 << 4 : 0;
            return step == null
                    ? new PageFault(linear, code, reason, 0, 0, -1, rightsDownTo(null))
                    : new PageFault(linear, code, reason, step.level, step.entry, step.maddr, rightsDownTo(step));
        }

        private long rightsDownTo(@Nullable Step last) {
            boolean writable = true;
            boolean user = true;
            boolean noExecute = false;
            for (Step step : withPermissions()) {
                if (last == null || step.level < last.level) {
                    break;
                }
                writable &= step.bit(1);
                user &= step.bit(2);
                noExecute |= step.bit(63);
            }
            return (writable ? 1L << 1 : 0) | (user ? 1L << 2 : 0) | (noExecute ? 1L << 63 : 0);
        }

        /** Section 4.8, "Accessed and dirty flags". */
        WalkOutcome translated() {
            Map<Long, Long> updates = new HashMap<>();
            Step leaf = steps.get(steps.size() - 1);
            for (Step step : withPermissions()) {
                long before = updates.getOrDefault(step.maddr, step.entry);
                long after = before | 1 << 5 | (isWrite && step.level == leaf.level ? 1 << 6 : 0);
                if (after != before) {
                    updates.put(step.maddr, after);
                }
            }
            boolean readOnly = withPermissions().stream().anyMatch(step -> !step.bit(1));
            boolean writable = !readOnly || !isUser && !settings.writeProtect();
            return new WalkOutcome.Translated(maddr(), pageShift, leaf.entry, writable, updates);
        }
    }
}
