package io.github.paravane.testkit.advisory;

import java.util.Locale;

/** The part of the ABI that a bug is in. */
public enum Layer {
    /** Validation, types and reference counts of page tables. */
    PAGING,
    /** What stays in the TLB. */
    TLB,
    /** Emulation of page-table writes. */
    PTE_EMULATION,
    /** Grant tables. */
    GRANT,
    /** Ways into and out of the guest kernel. */
    ENTRY,
    /** Hypercalls, their pointers and the vCPU context. */
    HYPERCALL,
    /** Segment descriptors and gates. */
    DESCRIPTOR,
    /** Privileged instructions. */
    PRIVILEGED,
    /** The guest's own bug, made possible or visible by the ABI. */
    GUEST;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
