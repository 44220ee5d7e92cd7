package io.github.paravane.api.guest;

import java.util.Objects;

/** What a domain is built from: a kernel file, an optional ramdisk, a command line. Immutable. */
public final class GuestImage {

    private final byte[] kernel;
    private final byte[] ramdisk;
    private final String commandLine;

    private GuestImage(byte[] kernel, byte[] ramdisk, String commandLine) {
        this.kernel = kernel;
        this.ramdisk = ramdisk;
        this.commandLine = commandLine;
    }

    /** A kernel: an ELF64 file with Xen notes or a {@code __xen_guest} section, raw or gzip; checked when built. */
    public static GuestImage of(byte[] kernel) {
        return new GuestImage(kernel.clone(), new byte[0], "");
    }

    /** The same with a ramdisk. */
    public GuestImage withRamdisk(byte[] bytes) {
        return new GuestImage(kernel, bytes.clone(), commandLine);
    }

    /** The same with a command line. */
    public GuestImage withCommandLine(String text) {
        return new GuestImage(kernel, ramdisk, Objects.requireNonNull(text, "text"));
    }

    /** A copy of the kernel file. */
    public byte[] kernel() {
        return kernel.clone();
    }

    /** A copy of the ramdisk; empty without one. */
    public byte[] ramdisk() {
        return ramdisk.clone();
    }

    /** The command line; empty without one. */
    public String commandLine() {
        return commandLine;
    }
}
