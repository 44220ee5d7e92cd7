package io.github.paravane.hypervisor.pagetable;

import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.memory.FrameRange;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.GrantRules;
import io.github.paravane.api.profile.GrantRules.ImplicitUnmap;
import io.github.paravane.api.profile.PteRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.frame.TypeInfo;
import org.jspecify.annotations.Nullable;

/** Takes the references that a present entry needs, and drops them again (abi-reference 1.6, 1.7, 2.5). */
final class EntryValidator {

    /** A frame number with all 40 bits set: what an entry of all ones names. */
    private static final long ALL_ONES = 0xFF_FFFF_FFFFL;

    private static final FrameRange NO_FRAMES = new FrameRange(0, 0);
    private static final int MARK_MAX = Short.MAX_VALUE;
    private static final int MARK_MIN = Short.MIN_VALUE;

    private final Platform platform;
    private final FrameTable frames;
    private final DomainBits kinds;
    private final EntryBits bits;
    private final boolean linearDepthOne;
    private final ImplicitUnmap implicitUnmap;
    private final boolean linearInverted;
    private final boolean refusalAsserts;
    private final boolean saysL1Reason;
    private final boolean targetLends;
    private final M2p m2p;
    private final @Nullable BackPointers backPointers;
    private final Superpages superpages;
    private final FrameRange readOnlyDevices;
    private final long deviceFrames;
    private @Nullable TypedFrames typed;

    EntryValidator(Platform platform, DomainBits kinds, M2p m2p) {
        this.m2p = m2p;
        this.platform = platform;
        this.frames = platform.frames();
        this.kinds = kinds;
        this.bits = kinds.wide();
        AbiProfile profile = platform.profile();
        linearInverted = profile.has(Quirk.LINEAR_RESULT_INVERTED);
        refusalAsserts = profile.has(Quirk.REFUSED_TYPE_ASSERTS);
        saysL1Reason = profile.get(PteRules.L1_REASON_IN_L2);
        targetLends = profile.get(PteRules.TARGET_LENDS_RIGHTS);
        superpages = new Superpages(platform);
        readOnlyDevices = profile.get(PteRules.READ_ONLY_DEVICES)
                ? platform.options().readOnlyDevices().orElse(NO_FRAMES)
                : NO_FRAMES;
        deviceFrames = profile.get(PteRules.DEVICES_WITHIN_WIDTH)
                ? 1L << platform.options().physicalWidth() - 12
                : ALL_ONES + 1;
        implicitUnmap = profile.get(GrantRules.IMPLICIT_UNMAP);
        linearDepthOne = profile.get(PteRules.LINEAR_DEPTH_ONE);
        backPointers = profile.get(PteRules.BACK_POINTERS) ? new BackPointers((int) frames.frames()) : null;
    }

    /** Completes construction: validation of an entry and of the table it names call each other. */
    void connect(TypedFrames typedFrames) {
        typed = typedFrames;
    }

    private TypedFrames typed() {
        TypedFrames result = typed;
        if (result == null) {
            throw new IllegalStateException("not connected");
        }
        return result;
    }

    /**
     * Takes the references of a present entry.
     *
     * @param maddr where the entry is or will be
     * @param owner domain that owns the table
     * @param target domain that must own a page that an L1 entry maps
     */
    EntryRule take(int level, long entry, long maddr, int owner, int target) {
        if (isDisallowed(level, entry, owner)) {
            return EntryRule.DISALLOWED_BITS;
        }
        return level == 1 ? takePage(entry, owner, target) : takeTable(level, entry, maddr, owner);
    }

    /** Whether a present entry has a bit that {@code owner} may not set. */
    boolean isDisallowed(int level, long entry, int owner) {
        EntryBits rules = kinds.of(owner);
        return rules.isDisallowed(level, entry, false)
                && (!mayAccessDevices(owner) || rules.isDisallowed(level, entry, true));
    }

    private EntryRule takePage(long entry, int owner, int target) {
        long mfn = Pte.mfn(entry);
        if (!frames.exists(mfn) || frames.owner(mfn) == FrameTable.IO) {
            return takeDevicePage(mfn, owner, target);
        }
        int real = frames.owner(mfn);
        if (target == FrameTable.XEN && m2p.contains(mfn)) {
            return takeM2p(entry);
        }
        if (real >= FrameTable.IO
                || real != target && !(targetLends && target != owner && mayAccessDevices(target))
                || !typed().getPage(mfn, real)) {
            return EntryRule.FRAME_NOT_OWNED;
        }
        boolean write = (entry & Pte.RW) != 0;
        if (write && !typed().takeType(mfn, TypeInfo.WRITABLE).isAccepted()) {
            typed().putPage(mfn);
            return EntryRule.FRAME_NOT_WRITABLE;
        }
        if (EntryBits.changesCaching(entry) && (frames.typeInfo(mfn) & TypeInfo.SHARED) != 0) {
            dropPage(mfn, write);
            return EntryRule.CACHING_OF_SHARED_FRAME;
        }
        return EntryRule.ACCEPTED;
    }

    /** A frame of the M2P, which the hypervisor shares read-only with whoever may name it as target. */
    private static EntryRule takeM2p(long entry) {
        if ((entry & Pte.RW) != 0) {
            return EntryRule.FRAME_NOT_WRITABLE;
        }
        return EntryBits.changesCaching(entry) ? EntryRule.CACHING_OF_SHARED_FRAME : EntryRule.ACCEPTED;
    }

    private EntryRule takeDevicePage(long mfn, int owner, int target) {
        int asked = target == FrameTable.IO ? current() : target;
        if (mfn < deviceFrames && mayAccessDevices(asked) && mayAccessDevices(owner)) {
            return readOnlyDevices.contains(mfn) ? EntryRule.ACCEPTED_READ_ONLY : EntryRule.ACCEPTED_DEVICE;
        }
        return mfn == ALL_ONES ? EntryRule.INVALID_FRAME : EntryRule.NO_SUCH_FRAME;
    }

    private EntryRule takeTable(int level, long entry, long maddr, int owner) {
        long mfn = Pte.mfn(entry);
        if (level == 2 && (entry & Pte.PSE) != 0) {
            return bits.superpages() ? superpages.take(typed(), entry, owner) : EntryRule.SUPERPAGE;
        }
        BackPointers pointers = backPointers;
        if (pointers != null && frames.exists(mfn)) {
            EntryRule refusal = pointers.hook(frames.typeInfo(mfn), mfn, level, maddr);
            if (!refusal.isAccepted()) {
                return refusal;
            }
        }
        EntryRule rule = typed().takePageAndType(mfn, owner, level - 1);
        if (rule.isAccepted()) {
            return rule;
        }
        if (rule == EntryRule.TYPE_CONFLICT && TypeInfo.type(frames.typeInfo(mfn)) == level) {
            EntryRule linear = takeLinear(level, entry, maddr >>> 12, owner);
            if (linearInverted && linear.isAccepted()) {
                drop(level, entry, maddr >>> 12);
                return EntryRule.TYPE_CONFLICT;
            }
            return linear;
        }
        if (refusalAsserts && level == TypeInfo.L2 && rule.errno(true) != XenErrno.EINVAL) {
            platform.crash("assertion failed: rc == -EINVAL, but " + rule);
        }
        return level != 2 || saysL1Reason || rule.errno(true) == XenErrno.EINVAL || rule == EntryRule.INTERRUPTED
                ? rule
                : EntryRule.L1_TABLE_REFUSED;
    }

    /** Where tables are hooked, in the version that binds them to one place; else null. */
    @Nullable
    BackPointers backPointers() {
        return backPointers;
    }

    /** Takes the references of the last entry of a 32-bit domain's L3 table, whose L2 table nobody else may use. */
    EntryRule takeLastOfRoot(long entry, int owner) {
        if (!Pte.isPresent(entry)) {
            return EntryRule.COMPAT_LAST_SLOT_EMPTY;
        }
        if (isDisallowed(TypeInfo.L3, entry, owner)) {
            return EntryRule.DISALLOWED_BITS;
        }
        long mfn = Pte.mfn(entry);
        EntryRule rule = typed().takePageAndType(mfn, owner, TypeInfo.L2 | TypeInfo.WITH_XEN_SLOTS);
        if (rule.isAccepted() && TypeInfo.count(frames.typeInfo(mfn)) != 1) {
            typed().putPageAndType(mfn);
            return EntryRule.COMPAT_LAST_SLOT_SHARED;
        }
        return rule;
    }

    /** A table that names a table of its own level; itself without any reference. */
    private EntryRule takeLinear(int level, long entry, long table, int owner) {
        if (!kinds.of(owner).allowsLinear(level)) {
            return EntryRule.LINEAR_LEVEL;
        }
        if ((entry & Pte.RW) != 0) {
            return EntryRule.LINEAR_WRITABLE;
        }
        long mfn = Pte.mfn(entry);
        if (mfn == table) {
            return EntryRule.ACCEPTED;
        }
        if (frames.owner(table) != owner || !TypeInfo.isTable(frames.typeInfo(mfn))) {
            return EntryRule.TYPE_CONFLICT;
        }
        if (linearDepthOne) {
            int entries = frames.mark(table);
            int uses = frames.mark(mfn);
            if (entries < 0 || entries >= MARK_MAX || uses > 0 || uses <= MARK_MIN) {
                return EntryRule.LINEAR_DEPTH;
            }
        }
        if (!typed().getPage(mfn, owner)) {
            return EntryRule.COUNT_OVERFLOW;
        }
        EntryRule rule = typed().takeType(mfn, TypeInfo.takenType(frames.typeInfo(mfn)));
        if (!rule.isAccepted()) {
            typed().putPage(mfn);
        } else if (linearDepthOne) {
            frames.setMark(table, frames.mark(table) + 1);
            frames.setMark(mfn, frames.mark(mfn) - 1);
        }
        return rule;
    }

    /** Drops the references of an entry that {@link #take} accepted, with whatever adjustment was stored. */
    void drop(int level, long entry, long table) {
        if (!Pte.isPresent(entry)) {
            return;
        }
        long mfn = Pte.mfn(entry);
        if (level == 1) {
            if (implicitUnmap != ImplicitUnmap.UNNOTICED && (entry & GrantRules.MARKER) != 0) {
                tellOfGrant(entry, frames.owner(table));
            }
            if (isCounted(mfn)) {
                dropPage(mfn, (entry & Pte.RW) != 0);
            }
            return;
        }
        if (mfn == table) {
            return;
        }
        if (!frames.exists(mfn)) {
            typed().miscounted("an entry that was never validated names no frame", mfn);
            return;
        }
        if (level == 2 && (entry & Pte.PSE) != 0) {
            superpages.drop(typed(), entry);
            return;
        }
        if (linearDepthOne && TypeInfo.type(frames.typeInfo(mfn)) == level) {
            frames.setMark(table, frames.mark(table) - 1);
            frames.setMark(mfn, frames.mark(mfn) + 1);
        }
        typed().putPageAndType(mfn);
    }

    /** References of superpages. */
    Superpages superpages() {
        return superpages;
    }

    /** Drops the writable reference of an L1 entry that keeps its other ones. */
    void dropWritable(long entry) {
        long mfn = Pte.mfn(entry);
        if (isCounted(mfn)) {
            typed().putType(mfn);
        }
    }

    /** Whether entries hold references to a frame: not to devices nor to the M2P. */
    private boolean isCounted(long mfn) {
        return frames.exists(mfn) && frames.owner(mfn) != FrameTable.IO && frames.owner(mfn) != FrameTable.XEN;
    }

    /** An update, and not the end of the mapping, takes away the entry for a grant. */
    private void tellOfGrant(long entry, int owner) {
        Domain domain = platform.domain(owner);
        Vcpu caller = platform.currentOrNull();
        if (domain == null || !domain.isRunning() || caller == null) {
            return;
        }
        if (implicitUnmap == ImplicitUnmap.CRASH) {
            domain.crash("implicit unmap of the grant entry 0x" + Long.toHexString(entry));
        } else {
            caller.raiseGeneralProtection();
        }
    }

    private void dropPage(long mfn, boolean write) {
        if (write) {
            typed().putType(mfn);
        }
        typed().putPage(mfn);
    }

    private int current() {
        return platform.current().domain().id();
    }

    private boolean mayAccessDevices(int domid) {
        Domain domain = platform.domain(domid);
        return domain != null && domain.isPrivileged();
    }
}
