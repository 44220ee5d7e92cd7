package io.github.paravane.testkit.guest;

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
    /** Hypercall update_va_mapping. */
    VA_MAPPING
}
