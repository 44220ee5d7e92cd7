package io.github.paravane.api.paging;

import org.jspecify.annotations.Nullable;

/**
 * What a CPU core sees of an MMU: linear to machine addresses. A core implements nothing of paging and an MMU nothing of
 * execution; either side can be replaced.
 */
public interface AddressTranslator {

    /** What {@link #translate} returns when there is no translation. */
    long FAULT = -1;

    /**
     * The machine address of {@code linear} for an {@link Access}, or {@link #FAULT}.
     *
     * <p>The caller has checked that {@code linear} is canonical, and splits accesses at page boundaries. A translation
     * may set Accessed and Dirty bits. It never throws for what a guest's tables contain.
     *
     * @param access bits of {@link Access}
     */
    long translate(long linear, int access);

    /**
     * Why the latest {@link #translate} that returned {@link #FAULT} did so; null if none has. A later successful
     * translation does not reset it, so that a hit has nothing to write.
     */
    @Nullable
    PageFault fault();
}
