package io.github.paravane.mmu;

import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.PagingMode;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.paging.TableLevel;

/** Builds page tables in memory for tests: frames 1, 2, ... become tables, frame 1 is the root. */
final class Tables {

    static final long UPPER = Pte.PRESENT | Pte.RW | Pte.USER;

    final MachineMemory memory;
    final PagingMode mode;
    private long nextFrame = 2;

    Tables(MachineMemory memory, PagingMode mode) {
        this.memory = memory;
        this.mode = mode;
    }

    /** Stores {@code entry} at the level of that number for {@code linear}; makes tables above it where missing. */
    void set(int level, long linear, long entry) {
        memory.writeU64(entryMaddr(level, linear), entry);
    }

    long get(int level, long linear) {
        return memory.readU64(entryMaddr(level, linear));
    }

    long entryMaddr(int level, long linear) {
        long table = 1;
        for (TableLevel current : mode.levels()) {
            long maddr = (table << 12) + current.index(linear) * 8L;
            if (current.number() == level) {
                return maddr;
            }
            if (!Pte.isPresent(memory.readU64(maddr))) {
                memory.writeU64(maddr, Pte.of(nextFrame++, current.hasPermissions() ? UPPER : Pte.PRESENT));
            }
            table = Pte.mfn(memory.readU64(maddr));
        }
        throw new IllegalArgumentException("no level " + level);
    }
}
