package io.github.paravane.testkit.guest;

import java.util.Objects;

/**
 * A thread of a modelled kernel.
 *
 * @param linear address of its thread structure
 * @param proc address of its process
 * @param lwp address of its LWP, 0 for a thread of the kernel
 * @param kind what kind it is
 * @param name the process's command, the function that a kernel thread runs, or the name of the task queue
 * @param id number of the LWP in its process
 */
public record KernelThread(long linear, long proc, long lwp, Kind kind, String name, int id) {

    /** Bytes of a thread structure. */
    public static final int SIZE = 0x400;

    public KernelThread {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(name, "name");
    }

    /** Kinds of threads. */
    public enum Kind {
        /** Of a user process. */
        USER,
        /** Of the kernel, in a function of its own. */
        KERNEL,
        /** Of the kernel, serving a task queue. */
        TASKQ,
        /** TS_FREE: the structure waits for its next use. */
        FREE
    }
}
