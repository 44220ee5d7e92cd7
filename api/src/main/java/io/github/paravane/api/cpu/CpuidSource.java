package io.github.paravane.api.cpu;

/** Answers CPUID. */
@FunctionalInterface
public interface CpuidSource {

    /** EAX to EDX for a leaf. */
    CpuidLeaf cpuid(int leaf, int subleaf);

    /**
     * Four registers.
     *
     * @param eax EAX
     * @param ebx EBX
     * @param ecx ECX
     * @param edx EDX
     */
    record CpuidLeaf(int eax, int ebx, int ecx, int edx) {

        /** What an unknown leaf reads as. */
        public static final CpuidLeaf ZERO = new CpuidLeaf(0, 0, 0, 0);
    }
}
