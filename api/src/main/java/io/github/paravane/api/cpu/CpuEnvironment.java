package io.github.paravane.api.cpu;

import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.AddressTranslator;
import java.util.Objects;

/**
 * Everything a core is built on.
 *
 * @param memory machine memory
 * @param translator linear to machine addresses
 * @param traps where traps go
 * @param descriptors the descriptor tables, for segment loads and far transfers
 * @param cpuid what CPUID answers
 * @param timeStamp what RDTSC answers
 */
public record CpuEnvironment(
        MachineMemory memory,
        AddressTranslator translator,
        TrapHandler traps,
        DescriptorTables descriptors,
        CpuidSource cpuid,
        TimeStampSource timeStamp) {

    public CpuEnvironment {
        Objects.requireNonNull(memory, "memory");
        Objects.requireNonNull(translator, "translator");
        Objects.requireNonNull(traps, "traps");
        Objects.requireNonNull(descriptors, "descriptors");
        Objects.requireNonNull(cpuid, "cpuid");
        Objects.requireNonNull(timeStamp, "timeStamp");
    }
}
