package io.github.paravane.mmu;

/**
 * Told of each access that a page walk makes to machine memory; for teaching, tracing and tests.
 *
 * <p>Walks for {@link Mmu#walk} are not reported. A listener must not throw and must not use the MMU.
 */
@FunctionalInterface
public interface WalkListener {

    /**
     * Called after the access.
     *
     * @param reason why the walk touched memory
     * @param maddr machine address of the entry
     * @param value the entry read, or the entry stored for {@link WalkAccess#AD_UPDATE}
     */
    void accessed(WalkAccess reason, long maddr, long value);
}
