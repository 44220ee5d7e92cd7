package io.github.paravane.testkit.soak;

import java.util.List;
import java.util.Objects;
import java.util.Random;

/**
 * A kernel made by chance, the same for the same seed and kernels.
 *
 * @param seed what it was made from
 * @param kind how it was made
 * @param file the kernel file
 * @param memory bytes of memory that it gets
 * @param vcpus vCPUs that it gets
 */
public record HostileGuest(long seed, Kind kind, byte[] file, long memory, int vcpus) {

    private static final long SMALL = 4 << 20;
    private static final long LARGE = 32 << 20;

    /** Ways of making a guest. */
    public enum Kind {
        /** Random bytes as code, most of it with hypercalls of random arguments in between. */
        BYTES,
        /** Random trap tables, callbacks, stacks and iret frames, and software interrupts. */
        ENTRIES,
        /** A kernel that works, with some bytes of its code and data changed. */
        MUTATION,
        /** A kernel file with some bytes of its headers and notes changed. */
        SPOILT_FILE
    }

    public HostileGuest {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(file, "file");
    }

    /** The guest of a seed; {@code kernels} are mutated beside the ones of this library. */
    public static HostileGuest of(long seed, List<byte[]> kernels) {
        Random random = new Random(seed);
        int vcpus = 1 + random.nextInt(8) / 7;
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> new HostileGuest(seed, Kind.BYTES, RandomKernels.bytes(random), SMALL, vcpus);
            case 3, 4, 5 -> new HostileGuest(seed, Kind.ENTRIES, RandomKernels.entries(random), SMALL, vcpus);
            case 6 -> new HostileGuest(seed, Kind.MUTATION, Mutations.ofCode(random, kernels), memory(kernels), 2);
            default ->
                new HostileGuest(seed, Kind.SPOILT_FILE, Mutations.ofFile(random, kernels), memory(kernels), vcpus);
        };
    }

    private static long memory(List<byte[]> kernels) {
        return kernels.isEmpty() ? SMALL : LARGE;
    }
}
