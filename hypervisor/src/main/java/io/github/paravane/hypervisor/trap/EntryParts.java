package io.github.paravane.hypervisor.trap;

/**
 * What the trap routers of one machine share.
 *
 * @param bounce entries into the guest kernel
 * @param privileged emulation of privileged instructions
 * @param cpuid what CPUID answers with the forced-emulation prefix
 * @param resolver repairs of write faults, with the assist of writable page tables
 * @param devices repairs of write faults without it
 */
public record EntryParts(
        BounceFrames bounce,
        PrivilegedOps privileged,
        GuestCpuid cpuid,
        WriteFaultResolver resolver,
        WriteFaultResolver devices) {}
