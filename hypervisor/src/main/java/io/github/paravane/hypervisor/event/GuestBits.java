package io.github.paravane.hypervisor.event;

import io.github.paravane.api.memory.MachineMemory;

/** Bitmaps of 64-bit words in machine memory that a guest shares. */
final class GuestBits {

    private final MachineMemory memory;

    GuestBits(MachineMemory memory) {
        this.memory = memory;
    }

    boolean test(long bitmap, int bit) {
        return (memory.readU64(word(bitmap, bit)) >>> bit & 1) != 0;
    }

    /** Sets a bit; whether it was set before. */
    boolean set(long bitmap, int bit) {
        long old = memory.readU64(word(bitmap, bit));
        memory.writeU64(word(bitmap, bit), old | 1L << bit);
        return (old >>> bit & 1) != 0;
    }

    /** Clears a bit; whether it was set before. */
    boolean clear(long bitmap, int bit) {
        long old = memory.readU64(word(bitmap, bit));
        memory.writeU64(word(bitmap, bit), old & ~(1L << bit));
        return (old >>> bit & 1) != 0;
    }

    private static long word(long bitmap, int bit) {
        return bitmap + (bit >>> 6 << 3);
    }
}
