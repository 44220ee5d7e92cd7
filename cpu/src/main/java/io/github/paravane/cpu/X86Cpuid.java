package io.github.paravane.cpu;

import io.github.paravane.api.cpu.CpuidSource;
import io.github.paravane.cpu.decode.CpuFeatures;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * CPUID that describes exactly what {@link X86Core} implements, as an AMD processor of family 15 would (AMD APM vol 3,
 * appendix E): an instruction is executed if and only if its feature bit is set here.
 */
public final class X86Cpuid implements CpuidSource {
    private static final String VENDOR = "AuthenticAMD";
    private static final String BRAND = "Paravane virtual CPU";
    private static final int SIGNATURE = 0x0000_0F61;
    private static final int EXTENDED = 0x8000_0000;
    /** Bits 47-32 of CLFLUSH size in leaf 1 EBX: 8 quadwords. */
    private static final int CLFLUSH_SIZE = 8 << 8;

    /** Feature name to (leaf register index * 32 + bit): 0 is 1.EDX, 1 is 1.ECX, 2 is 7.EBX, 3 is 80000001.EDX, 4 ECX. */
    private static final Map<String, Integer> BITS = Map.ofEntries(
            Map.entry("FPU", 0),
            Map.entry("CX8", 8),
            Map.entry("SEP", 11),
            Map.entry("CMOV", 15),
            Map.entry("CLFSH", 19),
            Map.entry("MMX", 23),
            Map.entry("FXSR", 24),
            Map.entry("SSE", 25),
            Map.entry("SSE2", 26),
            Map.entry("SSE3", 32),
            Map.entry("SSSE3", 32 + 9),
            Map.entry("CX16", 32 + 13),
            Map.entry("SSE4_1", 32 + 19),
            Map.entry("SSE4_2", 32 + 20),
            Map.entry("MOVBE", 32 + 22),
            Map.entry("POPCNT", 32 + 23),
            Map.entry("RDRAND", 32 + 30),
            Map.entry("FSGSBASE", 64),
            Map.entry("BMI1", 64 + 3),
            Map.entry("BMI2", 64 + 8),
            Map.entry("ADX", 64 + 19),
            Map.entry("SYSCALL", 96 + 11),
            Map.entry("RDTSCP", 96 + 27),
            Map.entry("LAHF", 128),
            Map.entry("LZCNT", 128 + 5));

    /** Always there, with no instruction row of their own: TSC, MSR, PAE, PGE, PSE; NX and LM in the extended leaf. */
    private static final int BASE_EDX = 1 << 3 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 13;

    private static final int BASE_EXTENDED_EDX = 1 << 20 | 1 << 29;
    /** Bits of 1.EDX that AMD repeats in 80000001.EDX. */
    private static final int REPEATED = 0x0183_F3FF;

    private final int[] words = new int[5];

    public X86Cpuid() {
        for (String feature : CpuFeatures.OFFERED) {
            Integer place = BITS.get(feature);
            if (place == null) {
                throw new IllegalStateException("no CPUID bit for feature " + feature);
            }
            words[place >>> 5] |= 1 << (place & 31);
        }
        words[0] |= BASE_EDX;
        words[3] |= BASE_EXTENDED_EDX | (words[0] & REPEATED & ~(1 << 11));
    }

    /** Whether a feature is offered, by the name that the manuals give its bit. */
    public static boolean offers(String feature) {
        return CpuFeatures.OFFERED.contains(feature);
    }

    @Override
    public CpuidLeaf cpuid(int leaf, int subleaf) {
        if (leaf >= 0 && leaf <= 7) {
            return basic(leaf, subleaf);
        }
        return leaf < 0 && leaf <= EXTENDED + 8 ? extended(leaf) : CpuidLeaf.ZERO;
    }

    private CpuidLeaf basic(int leaf, int subleaf) {
        return switch (leaf) {
            case 0 -> vendor(7);
            case 1 -> new CpuidLeaf(SIGNATURE, CLFLUSH_SIZE | 1 << 16, words[1], words[0]);
            case 7 -> subleaf == 0 ? new CpuidLeaf(0, words[2], 0, 0) : CpuidLeaf.ZERO;
            default -> CpuidLeaf.ZERO;
        };
    }

    private static CpuidLeaf vendor(int maximum) {
        ByteBuffer text =
                ByteBuffer.wrap(VENDOR.getBytes(StandardCharsets.US_ASCII)).order(ByteOrder.LITTLE_ENDIAN);
        return new CpuidLeaf(maximum, text.getInt(0), text.getInt(8), text.getInt(4));
    }

    private CpuidLeaf extended(int leaf) {
        int number = leaf - EXTENDED;
        return switch (number) {
            case 0 -> vendor(EXTENDED + 8);
            case 1 -> new CpuidLeaf(SIGNATURE, 0, words[4], words[3]);
            case 2, 3, 4 -> brand(16 * (number - 2));
            case 8 -> new CpuidLeaf(48 << 8 | 48, 0, 0, 0);
            default -> CpuidLeaf.ZERO;
        };
    }

    private static CpuidLeaf brand(int offset) {
        byte[] padded = new byte[48];
        byte[] text = BRAND.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, padded, 0, text.length);
        ByteBuffer words = ByteBuffer.wrap(padded).order(ByteOrder.LITTLE_ENDIAN);
        return new CpuidLeaf(
                words.getInt(offset), words.getInt(offset + 4), words.getInt(offset + 8), words.getInt(offset + 12));
    }
}
