package io.github.paravane.testkit.guest;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** How a kernel writes leaf entries, by operation, and whether it asks for G itself. Immutable. */
public final class PteHabits {

    private final Map<PteOperation, PteWrite> ways;
    private final boolean setsGlobal;

    private PteHabits(Map<PteOperation, PteWrite> ways, boolean setsGlobal) {
        this.ways = new EnumMap<>(ways);
        this.setsGlobal = setsGlobal;
    }

    /** Every operation in one way. */
    public static PteHabits all(PteWrite how) {
        Objects.requireNonNull(how, "how");
        Map<PteOperation, PteWrite> ways = new EnumMap<>(PteOperation.class);
        for (PteOperation each : PteOperation.values()) {
            ways.put(each, how);
        }
        return new PteHabits(ways, false);
    }

    /** Solaris: LOCK CMPXCHG on the read-only table, mmu_update while a process is taken down. */
    public static PteHabits solaris() {
        return all(PteWrite.LOCKED_COMPARE_EXCHANGE).with(PteOperation.FREE, PteWrite.MMU_UPDATE);
    }

    /**
     * Linux 6.1: MOV early in boot, update_va_mapping for the process that runs and mmu_update for others, LOCK AND of
     * the low byte to protect, mmu_update that keeps A and D to change, XCHG to clear.
     */
    public static PteHabits linux() {
        return all(PteWrite.VA_MAPPING)
                .with(PteOperation.BOOT, PteWrite.STORE)
                .with(PteOperation.PROTECT, PteWrite.LOCKED_AND)
                .with(PteOperation.UPDATE, PteWrite.MMU_UPDATE_PRESERVE_AD)
                .with(PteOperation.CLEAR, PteWrite.EXCHANGE)
                .with(PteOperation.FREE, PteWrite.EXCHANGE);
    }

    /** The same but for one operation. */
    public PteHabits with(PteOperation operation, PteWrite how) {
        Map<PteOperation, PteWrite> changed = new EnumMap<>(ways);
        changed.put(Objects.requireNonNull(operation, "operation"), Objects.requireNonNull(how, "how"));
        return new PteHabits(changed, setsGlobal);
    }

    /** The same, with G in the entries of the kernel's own pages, as on bare hardware. */
    public PteHabits withGlobal() {
        return new PteHabits(ways, true);
    }

    /** The way of an operation. */
    public PteWrite way(PteOperation operation) {
        return Objects.requireNonNull(ways.get(operation), "way");
    }

    /** Whether entries of kernel pages get G. */
    public boolean setsGlobal() {
        return setsGlobal;
    }
}
