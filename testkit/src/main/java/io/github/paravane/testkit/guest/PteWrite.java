package io.github.paravane.testkit.guest;

import java.util.List;

/** How a kernel writes a page-table entry. */
public enum PteWrite {
    /** LOCK CMPXCHG on the read-only mapping of the table, as Solaris does: emulated by the hypervisor. */
    LOCKED_COMPARE_EXCHANGE,
    /** CMPXCHG without LOCK on the read-only mapping. */
    COMPARE_EXCHANGE,
    /** MOV on the read-only mapping, as Linux does early in boot. */
    STORE,
    /** Hypercall mmu_update. */
    MMU_UPDATE,
    /** Hypercall update_va_mapping, which reaches the tables that are loaded. */
    VA_MAPPING,
    /** XCHG on the read-only mapping, as Linux clears entries. */
    EXCHANGE,
    /** Hypercall mmu_update with MMU_PT_UPDATE_PRESERVE_AD: A and D stay as they are in the table; since Xen 3.3. */
    MMU_UPDATE_PRESERVE_AD,
    /** LOCK AND of the entry's low byte, as Linux takes write permission away; it can clear bits 7:0 only. */
    LOCKED_AND;

    /** The ways in which Solaris and Linux of 2007 could store any entry. */
    public static final List<PteWrite> CLASSIC =
            List.of(LOCKED_COMPARE_EXCHANGE, COMPARE_EXCHANGE, STORE, MMU_UPDATE, VA_MAPPING);
}
