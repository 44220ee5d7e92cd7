package io.github.paravane.cpu.decode;

import java.util.Set;

/** The CPUID features that the core implements, by the names that {@code opcodes.txt} uses in its last column. */
public final class CpuFeatures {
    /** What is offered: CPUID says exactly this, and every other feature's instructions are undefined. */
    public static final Set<String> OFFERED = Set.of(
            "FPU",
            "CX8",
            "CMOV",
            "CLFSH",
            "MMX",
            "FXSR",
            "SSE",
            "SSE2",
            "SSE3",
            "SSSE3",
            "SSE4_1",
            "SSE4_2",
            "SYSCALL",
            "CX16",
            "POPCNT",
            "MOVBE",
            "BMI1",
            "BMI2",
            "LZCNT",
            "LAHF",
            "FSGSBASE",
            "ADX",
            "RDTSCP",
            "SEP");

    private CpuFeatures() {}
}
