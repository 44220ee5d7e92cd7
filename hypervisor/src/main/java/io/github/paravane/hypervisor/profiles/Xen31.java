package io.github.paravane.hypervisor.profiles;

import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.EntryRules;
import io.github.paravane.api.profile.EntryRules.SyscallR11;
import io.github.paravane.api.profile.GrantRules;
import io.github.paravane.api.profile.MemoryRules;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.api.profile.PrivilegedRules;
import io.github.paravane.api.profile.PrivilegedRules.PortStringBase;
import io.github.paravane.api.profile.Provenance;
import io.github.paravane.api.profile.PteRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.api.profile.VersionRules;

/** Xen 3.1.0 to 3.1.2 (2007): three releases with one ABI, and two bugs by which a guest can tell them apart. */
final class Xen31 {

    /**
     * A failing base load keeps the old table (0f120a302a); linear entries at L2 and L3 (363f33fde2); a fast gate for
     * int 0x80 that forgets its mask flag (3e1b9525de); periodic and single-shot timers. A compare-and-exchange of a
     * page-table entry still stores what the guest gave, as since 3.0.3.
     */
    static final AbiProfile XEN_3_1_0 = CompatDomains.since31(
                    CpuidMasks.since31(Xen30.XEN_3_0_4.toBuilder("xen-3.1.0")))
            .provenance(new Provenance("3.1.0", "Xen tag 3.1.0-branched"))
            .set(PteRules.LINEAR_LEVELS, Masks.range(2, 4))
            .set(VersionRules.RAMDISK_IN_PAGES, true)
            .set(GrantRules.OPS, Masks.of(0b111_0111))
            .set(GrantRules.MAX_FRAMES, 32)
            .set(PteRules.NX_NEEDS_PROCESSOR, true)
            .set(MmuRules.FAILED_BASE_KEEPS_OLD, true)
            .set(MmuRules.FOREIGN_BEFORE_BUFFER, false)
            .set(MemoryRules.MIN_ADDRESS_BITS, 13)
            .set(EntryRules.INT80_FAST_GATE, true)
            // fe30060046, 0ada151b05, b7a3ba02bd
            .without(Quirk.REP_ON_ANY_INSTRUCTION, Quirk.CONTEXT_WITHOUT_USER_ROOT, Quirk.LOCK_IGNORED)
            .set(EntryRules.INT80_MASK_HONOURED, false)
            // 8d6e195a2d; unchecked to 4.13 (93021cbe88)
            .set(PrivilegedRules.PORT_STRING_BASE, PortStringBase.DESCRIPTOR_UNCHECKED)
            .with(Quirk.EMULATION_IGNORES_LDT_LIMIT)
            .set(GrantRules.REFERENCE_FIRST, false)
            .set(GrantRules.MAX_HANDLES, 131071)
            .set(VersionRules.MINOR, 1)
            .set(VersionRules.EXTRA, ".0")
            .set(VersionRules.CAPABILITIES, "xen-3.0-x86_64 xen-3.0-x86_32p ")
            .set(VersionRules.EVENT_OPS, Masks.upTo(10))
            .set(VersionRules.VCPU_OPS, Masks.upTo(9))
            .set(VersionRules.MEMORY_OPS, Masks.upTo(14))
            .build();

    /** The syscall trampoline leaves an address of the hypervisor's text in r11 (back-port of 369bafdb1c). */
    static final AbiProfile XEN_3_1_1 = XEN_3_1_0.toBuilder("xen-3.1.1")
            .provenance(new Provenance(
                    "3.1.1",
                    "3.1.0 with the back-port of 369bafdb1c, as reported by Solaris bug 6616864; tree not read"))
            .set(EntryRules.SYSCALL_R11, SyscallR11.HYPERVISOR_TEXT)
            .set(VersionRules.EXTRA, ".1")
            .build();

    /** r11 is the user's RFLAGS again (b28b3c245a), and a compare-and-exchange adjusts (4144e156c0). */
    static final AbiProfile XEN_3_1_2 = XEN_3_1_1.toBuilder("xen-3.1.2")
            .provenance(new Provenance(
                    "3.1.2", "3.1.1 with b28b3c245a and 4144e156c0, as announced for that release; tree not read"))
            .set(EntryRules.SYSCALL_R11, SyscallR11.USER_RFLAGS)
            .set(MmuRules.PTWR_CMPXCHG_ADJUSTS, true)
            .set(VersionRules.EXTRA, ".2")
            .build();

    private Xen31() {}
}
