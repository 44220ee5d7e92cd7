package io.github.paravane.testkit.guest;

import java.util.Objects;

/**
 * A function of a modelled kernel: its name, and the one object it works on, from which it loads.
 *
 * @param module the kernel module it belongs to
 * @param name the function
 * @param arg0 its first argument
 * @param path when the kernel calls it
 */
public record KernelFunction(String module, String name, long arg0, Path path) {

    public KernelFunction {
        Objects.requireNonNull(module, "module");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(path, "path");
    }

    /** A function of genunix. */
    public KernelFunction(String name, long arg0, Path path) {
        this("genunix", name, arg0, path);
    }

    /** A way through the kernel. */
    public enum Path {
        /** In every system call. */
        SYSCALL,
        /** After the switch to a process, before it is returned to. */
        RETURN_TO_USER
    }
}
