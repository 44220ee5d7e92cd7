package io.github.paravane.hypervisor.domain;

/**
 * Decides when a long hypercall is interrupted although no event is pending: a real hypervisor stops there because
 * something else is due, such as another vCPU's turn. The guest's registers then hold the arguments to go on with, its
 * events are delivered, and it makes the hypercall again. A pending event that is not masked interrupts anyway. Part of the
 * machine, so that a run repeats exactly.
 *
 * <p>No question is asked before the first step of a call, so that each makes progress, however often the answer is yes.
 * What profiles cannot interrupt ({@code MmuRules.INTERRUPTIBLE}) goes on at once; only the published bugs of that path
 * notice.
 */
@FunctionalInterface
public interface Preemption {

    /** Never. */
    Preemption NEVER = (mfn, level, slot) -> false;

    /** Wherever it is possible. */
    Preemption ALWAYS = new Preemption() {
        @Override
        public boolean isDue(long mfn, int level, int slot) {
            return true;
        }

        @Override
        public boolean isDueInRelease(long mfn, int level, int slot) {
            return true;
        }

        @Override
        public boolean isDueBetween(int done) {
            return true;
        }
    };

    /**
     * Asked before each entry of a table in validation.
     *
     * @param mfn the table
     * @param level 1 to 4
     * @param slot 1 to 511, the entry that is next
     */
    boolean isDue(long mfn, int level, int slot);

    /**
     * Asked before each entry of a table whose last reference is gone, from its end to its beginning.
     *
     * @param mfn the table
     * @param level 2 to 4
     * @param slot 0 to 510, the entry that is next
     */
    default boolean isDueInRelease(long mfn, int level, int slot) {
        return false;
    }

    /**
     * Asked before each request of a batch, extent of a memory_op and entry of a multicall.
     *
     * @param done how many of them this call has done; positive
     */
    default boolean isDueBetween(int done) {
        return false;
    }
}
