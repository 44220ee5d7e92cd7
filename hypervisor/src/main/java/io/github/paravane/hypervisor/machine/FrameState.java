package io.github.paravane.hypervisor.machine;

import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.frame.TypeInfo;

/**
 * What the hypervisor knows of one machine frame at one moment.
 *
 * @param mfn the frame
 * @param owner a domain id, 0x7FF2 for the hypervisor's own, -1 for a free frame
 * @param count general references, one of them for "allocated"
 * @param type {@code none}, {@code l1} to {@code l4}, {@code segments}, {@code ldt}, {@code writable}
 * @param typeCount type references
 * @param pinned whether a pin is among them
 */
public record FrameState(long mfn, int owner, int count, String type, long typeCount, boolean pinned) {

    static FrameState of(FrameTable frames, long mfn) {
        if (!frames.exists(mfn)) {
            throw new IllegalArgumentException("no such frame: 0x" + Long.toHexString(mfn));
        }
        long info = frames.typeInfo(mfn);
        return new FrameState(
                mfn,
                frames.owner(mfn),
                frames.count(mfn),
                TypeInfo.name(TypeInfo.type(info)),
                TypeInfo.count(info),
                (info & TypeInfo.PINNED) != 0);
    }
}
