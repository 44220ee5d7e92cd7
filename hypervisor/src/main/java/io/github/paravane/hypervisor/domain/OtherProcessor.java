package io.github.paravane.hypervisor.domain;

import io.github.paravane.api.memory.MachineMemory;

/**
 * What another processor stores between two steps of the hypervisor's work for a vCPU. A machine runs its vCPUs in turn, so
 * the moments in which hypervisors have to expect such stores come to nothing here unless somebody fills them. Part of the
 * machine, so that a run repeats exactly.
 */
public interface OtherProcessor {

    /** Does nothing. */
    OtherProcessor IDLE = new OtherProcessor() {};

    /**
     * Called after a page fault or a general-protection fault, before its instruction is fetched for emulation.
     *
     * @param memory may be written to
     * @param instruction machine address of the first byte of the instruction
     */
    default void beforeEmulation(MachineMemory memory, long instruction) {}

    /**
     * Called when an emulated compare-and-exchange has read and validated, before it replaces the entry.
     *
     * @param memory may be written to
     * @param entry machine address of the L1 entry
     */
    default void beforeExchange(MachineMemory memory, long entry) {}

    /**
     * Called when a frame that nothing uses gets another type, between the flush of what TLBs may have of it and the
     * reference that makes everybody respect the new type; which of them is first is a matter of the version.
     *
     * @param memory may be written to
     * @param mfn the frame
     * @param vcpu the second vCPU of the domain that owns it
     */
    default void typeChange(MachineMemory memory, long mfn, OtherVcpu vcpu) {}
}
