package io.github.paravane.hypervisor.domain;

/**
 * Decides when the validation of a page table is interrupted. A real hypervisor stops there because something else is
 * due, and the continuation of the hypercall goes on at the same entry. Here the validation goes on at once; what differs
 * is what the published bugs of that path make of it. Part of the machine, so that a run repeats exactly.
 */
@FunctionalInterface
public interface Preemption {

    /** Never. */
    Preemption NEVER = (mfn, level, slot) -> false;

    /**
     * Asked before each entry of a table in validation.
     *
     * @param mfn the table
     * @param level 1 to 4
     * @param slot 0 to 511, the entry that is next
     */
    boolean isDue(long mfn, int level, int slot);
}
