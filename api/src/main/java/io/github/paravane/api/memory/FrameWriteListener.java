package io.github.paravane.api.memory;

/** Told when a watched frame is written; see {@link MachineMemory#watch}. Runs on the writer's thread, must not throw. */
@FunctionalInterface
public interface FrameWriteListener {

    /** Called before the store to {@code mfn} becomes visible to the caller's next read; watching has ended already. */
    void frameWritten(long mfn);
}
