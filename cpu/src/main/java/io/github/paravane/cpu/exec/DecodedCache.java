package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Instructions decoded one by one, for the emulator: guests write page tables in loops. An instruction is found only if
 * the bytes fetched now are those it was decoded from, so nothing has to be dropped when code is written.
 */
final class DecodedCache {

    private static final int SIZE = 64;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final @Nullable Insn[] slots = new Insn[SIZE];

    /** The instruction at {@code linear} if its bytes are the first ones of {@code bytes}; else null. */
    @Nullable
    Insn find(long linear, boolean long64, byte[] bytes, int available) {
        Insn insn = slots[(int) linear & SIZE - 1];
        if (insn == null || insn.long64 != long64 || insn.length > available) {
            return null;
        }
        int length = insn.length;
        boolean same = length <= 8
                ? low(bytes, 0, length) == insn.raw0
                : (long) LONGS.get(bytes, 0) == insn.raw0 && low(bytes, 8, length - 8) == insn.raw1;
        return same ? insn : null;
    }

    /** Whether an instruction was kept for {@code linear} that is longer than the bytes and begins with them. */
    boolean begins(long linear, boolean long64, byte[] bytes, int available) {
        Insn insn = slots[(int) linear & SIZE - 1];
        if (insn == null || insn.long64 != long64 || insn.length <= available) {
            return false;
        }
        return available <= 8
                ? low(bytes, 0, available) == (insn.raw0 & -1L >>> 64 - 8 * available)
                : (long) LONGS.get(bytes, 0) == insn.raw0
                        && low(bytes, 8, available - 8) == (insn.raw1 & -1L >>> 64 - 8 * (available - 8));
    }

    private static long low(byte[] bytes, int offset, int count) {
        return (long) LONGS.get(bytes, offset) & -1L >>> 64 - 8 * count;
    }

    /** Keeps an instruction placed at offset 0; it must not change any more. */
    void put(long linear, Insn insn) {
        if (insn.length > 0) {
            slots[(int) linear & SIZE - 1] = insn;
        }
    }
}
