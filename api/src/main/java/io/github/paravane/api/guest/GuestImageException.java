package io.github.paravane.api.guest;

/** A kernel or ramdisk cannot be made into a domain: which rule it breaks, and the value that breaks it. */
public final class GuestImageException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final Rule rule;
    private final long value;

    /** What a kernel must keep to. */
    public enum Rule {
        /** The file holds the ELF magic number, or gzip around one. */
        NOT_ELF,
        /** The file is 64-bit little-endian x86-64 of type EXEC or DYN. */
        NOT_X86_64,
        /** A header, segment, section or note lies inside the file. */
        TRUNCATED,
        /** Counts and sizes are within reason. */
        TOO_LARGE,
        /** Loadable segments do not overlap, and memory size is at least file size. */
        BAD_SEGMENT,
        /** The compressed data can be unpacked. */
        BAD_COMPRESSION,
        /** There are Xen notes or a __xen_guest section. */
        NO_XEN_NOTES,
        /** A note has the size and form of its type. */
        BAD_NOTE,
        /** The kernel is for xen-3.0 and loader generic. */
        NOT_FOR_XEN,
        /** Entry point, hypercall page and base addresses lie where they can be mapped. */
        BAD_ADDRESS,
        /** Kernel, ramdisk, tables and lists fit into the domain's memory. */
        NOT_ENOUGH_MEMORY,
        /** The kernel requires a feature that a plain domain does not have. */
        MISSING_FEATURE
    }

    /**
     * @param value the offending value: an offset, size, address or number
     * @param detail for people
     */
    public GuestImageException(Rule rule, long value, String detail) {
        super(rule + ": " + detail + " (0x" + Long.toHexString(value) + ")");
        this.rule = rule;
        this.value = value;
    }

    /** The rule. */
    public Rule rule() {
        return rule;
    }

    /** The value that breaks it. */
    public long value() {
        return value;
    }
}
