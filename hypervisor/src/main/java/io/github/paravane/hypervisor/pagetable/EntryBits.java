package io.github.paravane.hypervisor.pagetable;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.CompatRules;
import io.github.paravane.api.profile.GrantRules;
import io.github.paravane.api.profile.GrantRules.ImplicitUnmap;
import io.github.paravane.api.profile.PteRules;
import io.github.paravane.api.profile.PteRules.L1Adjustment;
import io.github.paravane.hypervisor.domain.HostOptions;

/** Which bits an entry may have and which are added, by level, as the profile says (abi-reference 1.4, 1.5, 2.6). */
final class EntryBits {

    private static final long COMPAT_L3_ADDED = Pte.USER | Pte.RW;
    private static final long COMPAT_L3_REMOVED = COMPAT_L3_ADDED | Pte.ACCESSED;
    private static final long CACHING = Pte.PAT | Pte.PCD | Pte.PWT;

    private final long[] disallowed = new long[5];
    private final long[] added = new long[5];
    private final long[] compared = new long[5];
    private final boolean adjustsL1;
    private final boolean devicesUncached;
    private final boolean superpages;
    private final long linearLevels;
    private final boolean adjustsFirst;
    private final long dangerousBelow;

    EntryBits(AbiProfile profile, HostOptions options, long frames) {
        this(profile, options, frames, false);
    }

    /** {@code compat}: for 32-bit domains (abi-reference 8.2). */
    EntryBits(AbiProfile profile, HostOptions options, long frames, boolean compat) {
        disallowed[1] = profile.get(PteRules.L1_DISALLOWED).bits();
        if (profile.get(GrantRules.IMPLICIT_UNMAP) != ImplicitUnmap.UNNOTICED) {
            disallowed[1] |= GrantRules.MARKER;
        }
        disallowed[2] = profile.get(PteRules.L2_DISALLOWED).bits();
        disallowed[3] = profile.get(PteRules.L3_L4_DISALLOWED).bits();
        disallowed[4] = disallowed[3];
        if (compat) {
            disallowed[3] = profile.get(CompatRules.L3_DISALLOWED).bits();
        }
        if (!options.noExecute() && profile.get(PteRules.NX_NEEDS_PROCESSOR)) {
            for (int level = 1; level <= 4; level++) {
                disallowed[level] |= Pte.NX;
            }
        }
        superpages = options.superpages() && profile.get(PteRules.SUPERPAGE_OPTION);
        if (superpages) {
            disallowed[2] &= ~Pte.PSE;
        }
        added[2] = compat ? 0 : profile.get(PteRules.L2_L3_ADDED).bits();
        added[3] = compat ? COMPAT_L3_ADDED : added[2];
        linearLevels = !options.linearTables()
                ? 0
                : profile.get(compat ? CompatRules.LINEAR_LEVELS : PteRules.LINEAR_LEVELS)
                        .bits();
        adjustsFirst = compat && profile.get(CompatRules.L3_ADJUSTED_FIRST);
        added[4] = profile.get(PteRules.L4_ADDED).bits();
        compared[1] = ~profile.get(PteRules.L1_FAST_PATH).bits();
        for (int level = 2; level <= 4; level++) {
            compared[level] = ~profile.get(PteRules.UPPER_FAST_PATH).bits();
        }
        devicesUncached = profile.get(PteRules.DEVICES_UNCACHED);
        if (superpages) {
            compared[2] |= Pte.PSE | Pte.RW;
        }
        dangerousBelow = options.vulnerableToL1tf() && profile.get(PteRules.L1TF_CHECK) ? frames << 12 : 0;
        adjustsL1 = !compat && profile.get(PteRules.L1_ADJUSTMENT) == L1Adjustment.KERNEL_BIT_52_USER_GLOBAL;
    }

    /** Whether a present entry has a bit that it may not have; {@code cacheControl} permits the caching bits of an L1. */
    boolean isDisallowed(int level, long entry, boolean cacheControl) {
        long mask = disallowed[level];
        return (entry & (level == 1 && cacheControl ? mask & ~CACHING : mask)) != 0;
    }

    /** Whether an L2 entry may map 2 MiB. */
    boolean superpages() {
        return superpages;
    }

    /** Whether a table of {@code level} may name a table of its own level. */
    boolean allowsLinear(int level) {
        return (linearLevels >>> level & 1) != 0;
    }

    /** Whether what is validated has the bits already that the hypervisor adds. */
    boolean adjustsFirst() {
        return adjustsFirst;
    }

    /** An entry of a 32-bit domain's L3 table that is no longer one: without the bits that were added. */
    static long unadjustRoot(long entry) {
        return Pte.isPresent(entry) ? entry & ~COMPAT_L3_REMOVED : entry;
    }

    /** What is stored for an entry. */
    long adjust(int level, long entry) {
        if (!Pte.isPresent(entry)) {
            return entry;
        }
        return level == 1 ? adjustL1(entry) : entry | added[level];
    }

    private long adjustL1(long entry) {
        if (!adjustsL1) {
            return entry;
        }
        long result = entry;
        if ((result & Pte.USER) == 0) {
            result |= Pte.USER | Pte.GUEST_KERNEL;
        }
        if ((result & Pte.GUEST_KERNEL) == 0) {
            result |= Pte.USER | Pte.GLOBAL;
        }
        return result;
    }

    /** Whether two entries differ only in bits that need no validation; never if one of them is not present. */
    boolean isSameButForHarmlessBits(int level, long old, long wanted) {
        return ((old ^ wanted) & (compared[level] | Pte.PRESENT)) == 0;
    }

    /** Whether an entry is cached otherwise than write-back. */
    static boolean changesCaching(long entry) {
        return (entry & CACHING) != 0;
    }

    /** Whether an entry that is not present lets a vulnerable processor read memory through it (L1TF). */
    boolean isDangerous(long entry) {
        long maddr = entry & Pte.FRAME_MASK;
        return maddr != 0 && maddr < dangerousBelow && !Pte.isPresent(entry);
    }

    /** What is stored for an entry that was accepted with {@code rule}: one for device memory is changed. */
    long forDevice(long entry, EntryRule rule) {
        if (rule != EntryRule.ACCEPTED_DEVICE && rule != EntryRule.ACCEPTED_READ_ONLY) {
            return entry;
        }
        long allowed = rule == EntryRule.ACCEPTED_READ_ONLY ? entry & ~Pte.RW : entry;
        return devicesUncached ? uncached(allowed) : allowed;
    }

    /** The entry made uncached unless it is so already; write-combining stays (XSA-154). */
    private static long uncached(long entry) {
        switch ((int) (entry & CACHING)) {
            case 0:
                return entry | Pte.PWT | Pte.PCD;
            case (int) Pte.PWT:
            case (int) (Pte.PWT | Pte.PAT):
                return entry & ~Pte.PAT | Pte.PCD;
            default:
                return entry;
        }
    }
}
