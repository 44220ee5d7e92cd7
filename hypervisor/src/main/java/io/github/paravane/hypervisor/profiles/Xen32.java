package io.github.paravane.hypervisor.profiles;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.BitMask;
import io.github.paravane.api.profile.EntryRules;
import io.github.paravane.api.profile.GrantRules;
import io.github.paravane.api.profile.MemoryRules;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.api.profile.PrivilegedRules;
import io.github.paravane.api.profile.PrivilegedRules.DebugRegisterRules;
import io.github.paravane.api.profile.Provenance;
import io.github.paravane.api.profile.PteRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.api.profile.ServiceRules;
import io.github.paravane.api.profile.VersionRules;

/** Xen 3.2 to 3.4 (2008 - 2009). */
final class Xen32 {

    private static final BitMask TSD_AND_DE = Masks.of(1 << 2 | 1 << 3);
    static final BitMask UPPER = Masks.of(Pte.PSE | Pte.GLOBAL | Pte.PWT | Pte.PCD);

    /**
     * Cache attributes refused (3052b875c7); DF clear at syscall (c461d64b66); callbacks for 32-bit system calls
     * (cd75d47348); NMIs are trap 2; call gates neutralised (70ad570b27); writes of CR4 never fault (e33d4a7316).
     */
    static final AbiProfile XEN_3_2 = CompatDomains.since32(CpuidMasks.since32(Xen31.XEN_3_1_2.toBuilder("xen-3.2")))
            .provenance(new Provenance("3.2", "Xen tag 3.2.0-rc6"))
            .without(Quirk.NO_TRAP_AFTER_EMULATION, Quirk.WRMSR_WIDE)
            .with(Quirk.VCPU_INFO_MISALIGNED)
            // 70ee40b004, 33b615a1ae; from cd75d47348 to 4.2 (63a9a8edb9)
            .without(Quirk.NMI_GATE_MUST_MASK, Quirk.CONTEXT_BREAKPOINTS_UNCHECKED)
            .with(Quirk.SYSENTER_FAULT_MASKS)
            .set(PteRules.L1_DISALLOWED, Masks.of(Pte.PAT | Pte.PWT | Pte.PCD))
            .set(PteRules.L2_DISALLOWED, UPPER)
            .set(PteRules.L3_L4_DISALLOWED, UPPER)
            .set(EntryRules.SYSCALL_CLEARS_DF, true)
            .set(EntryRules.SYSCALL32_CALLBACKS, true)
            .set(EntryRules.NMI_IS_TRAP_2, true)
            // 606ab7a468, 76328d5bec
            .without(Quirk.GRANT_DROPPED_BEFORE_FLUSH, Quirk.STORE_TO_ANY_FRAME)
            .set(EntryRules.CANONICAL_CALLBACKS, true)
            .set(MmuRules.TYPE_COUNT_BITS, 26)
            .set(GrantRules.OPS, Masks.of(0b1111_0111))
            .set(PrivilegedRules.CR4_WRITABLE, TSD_AND_DE)
            .set(PrivilegedRules.CR4_MISMATCH_IGNORED, true)
            .set(PrivilegedRules.CALL_GATE_DPL_0, true)
            // with their emulation (70ad570b27), to 4.7 (ee1cc4bfdc) and 4.21 (03878fba4a)
            .with(Quirk.GATE_SCALES_NO_INDEX, Quirk.GATE_FAULT_TOO_FAR)
            .set(PrivilegedRules.DEBUG_REGISTERS, DebugRegisterRules.IO_BREAKPOINTS_WITH_DE)
            .set(VersionRules.MINOR, 2)
            .set(VersionRules.EXTRA, ".0")
            .set(
                    VersionRules.HYPERCALLS,
                    Xen31.XEN_3_1_2.get(VersionRules.HYPERCALLS).with(27, "xsm_op"))
            .set(VersionRules.VCPU_OPS, Masks.upTo(11))
            .build();

    /** MMU_PT_UPDATE_PRESERVE_AD (2a34bc2edd); one type for GDT and LDT pages (69f74e87be); a closed port is not pending. */
    static final AbiProfile XEN_3_3 = CompatDomains.since33(XEN_3_2.toBuilder("xen-3.3"))
            .provenance(new Provenance("3.3", "Xen tag 3.3.0-branched"))
            .set(MmuRules.LAST_MMU_UPDATE_COMMAND, 2)
            .set(MmuRules.OTHER_DOMAIN_PRIVILEGED, false)
            .set(MemoryRules.DOMAIN_LOOKUP, MemoryRules.DomainLookup.OWN_NUMBER_IS_FOREIGN)
            // 61730c75ce, 08286e1a3c
            .without(Quirk.TRANSFER_WITHOUT_FLUSH, Quirk.RESERVED_BITS_EMULATED)
            // 69f74e87be, to 4.8 (eaf537342c)
            .with(Quirk.STOLEN_FRAME_KEEPS_TYPE)
            .set(PrivilegedRules.MERGED_DESCRIPTOR_TYPE, true)
            .set(ServiceRules.CLOSE_CLEARS_PENDING, true)
            .set(PteRules.TARGET_LENDS_RIGHTS, true)
            .set(ServiceRules.DEVICE_OPS, deviceOps(16, 11))
            .set(VersionRules.MINOR, 3)
            .set(VersionRules.FEATURES, Masks.of(0x20))
            .set(VersionRules.HYPERCALLS, XEN_3_2.get(VersionRules.HYPERCALLS).with(48, "mca"))
            .set(VersionRules.VCPU_OPS, Masks.upTo(12))
            .build();

    /** MMUEXT_CLEAR_PAGE and COPY_PAGE (043e01a4f8); the INIT_P2M note (c6d8d541e9); translate_gpfn_list goes. */
    static final AbiProfile XEN_3_4 = CompatDomains.since34(CpuidMasks.since34(XEN_3_3.toBuilder("xen-3.4")))
            .provenance(new Provenance("3.4", "Xen tag 3.4.0-rc3"))
            .with(Quirk.POPULATE_ON_DEMAND_CRASHES)
            // 043e01a4f8, of any frame to 4.9 (3724385e39)
            .with(Quirk.DEVICE_PAGES_CLEARED)
            .set(MmuRules.LAST_MMUEXT_COMMAND, 17)
            .set(MmuRules.FORMER_TABLES_REVALIDATED, false)
            // 178c9c3991
            .set(MmuRules.FLUSH_ON_DROPPED_TABLE, false)
            // 76596d0d07
            .set(MmuRules.INTERRUPTIBLE, MmuRules.Interruptible.PINS_AND_UPDATES)
            .set(MmuRules.EXTENT_SHIFT, 6)
            .set(MmuRules.MAX_EXTENTS, -1L >>> 6)
            .set(MmuRules.TYPE_COUNT_BITS, 48)
            .set(PteRules.SUPERPAGE_OPTION, true)
            // bd1cd81d64, to 4.7 (fe360c90ea): XSA-148
            .set(PteRules.L2_DISALLOWED, Masks.of(UPPER.bits() & ~Pte.PSE))
            // 4ec4b58e00
            .without(Quirk.GRANT_FRAME_UNMASKED, Quirk.GRANT_AVAILABLE_IGNORED)
            // with superpages (bd1cd81d64), to 4.0 (daf7926d53)
            .with(Quirk.SUPERPAGE_FRAMES_UNCHECKED)
            .set(PteRules.GRANT_FLAGS, Masks.of(Pte.PRESENT | Pte.ACCESSED | Pte.DIRTY | Pte.NX))
            .set(ServiceRules.POLL_SEES_EVENTS, true)
            .set(MmuRules.PAGES_OF_FOREIGN, true)
            .set(ServiceRules.DEVICE_OPS, deviceOps(20, 11, 18))
            .set(VersionRules.MINOR, 4)
            .set(VersionRules.FEATURES, Masks.of(0xE0))
            .set(VersionRules.START_INFO_P2M_FIELDS, true)
            .set(VersionRules.MEMORY_OPS, Masks.of(Masks.upTo(17).bits() & ~(1 << 8 | 1 << 15)))
            .build();

    private Xen32() {}

    /** PHYSDEVOP numbers from 4 to {@code last} without {@code missing}. */
    static BitMask deviceOps(int last, int... missing) {
        long bits = Masks.range(4, last).bits();
        for (int command : missing) {
            bits &= ~(1L << command);
        }
        return Masks.of(bits);
    }
}
