package io.github.paravane.testkit.asm;

/** The notes by which a kernel tells a Xen domain builder what it needs (Xen {@code public/elfnote.h}). */
public enum XenNote {
    /** Any comment. */
    INFO(0, "", 0),
    /** Virtual address of the first instruction; without it the ELF entry counts. */
    ENTRY(1, "VIRT_ENTRY", 8),
    /** Virtual address of the page to fill with hypercall stubs; in the legacy string a page number from VIRT_BASE. */
    HYPERCALL_PAGE(2, "HYPERCALL_PAGE", 8),
    /** Virtual address at which the domain's first page is mapped. */
    VIRT_BASE(3, "VIRT_BASE", 8),
    /** What is to be subtracted from a segment's physical address. */
    PADDR_OFFSET(4, "ELF_PADDR_OFFSET", 8),
    /** The interface the kernel was written for; begins with xen-3.0. */
    XEN_VERSION(5, "XEN_VER", 0),
    /** Name of the operating system. */
    GUEST_OS(6, "GUEST_OS", 0),
    /** Version of the operating system. */
    GUEST_VERSION(7, "GUEST_VER", 0),
    /** Which kind of loader is wanted; generic. */
    LOADER(8, "LOADER", 0),
    /** For 32-bit kernels: yes, no or bimodal. */
    PAE_MODE(9, "PAE", 0),
    /** Names of features separated by bars, an exclamation mark before those required. */
    FEATURES(10, "FEATURES", 0),
    /** Whether symbols are to be loaded behind the kernel: yes. */
    BSD_SYMTAB(11, "BSD_SYMTAB", 0),
    /** Lowest acceptable start of the hypervisor, for 32-bit kernels. */
    HV_START_LOW(12, "", 8),
    /** Whether suspending returns 1 when cancelled. */
    SUSPEND_CANCEL(14, "", 4),
    /** Virtual address at which the list of machine frames is to be mapped. */
    INIT_P2M(15, "", 8),
    /** Whether the ramdisk may be left unmapped and be given by page number. */
    MOD_START_PFN(16, "", 4),
    /** Bit set of features supported. */
    SUPPORTED_FEATURES(17, "", 4);

    private final int type;
    private final String legacyKey;
    private final int width;

    XenNote(int type, String legacyKey, int width) {
        this.type = type;
        this.legacyKey = legacyKey;
        this.width = width;
    }

    /** The note's type number. */
    public int type() {
        return type;
    }

    /** The key in the legacy {@code __xen_guest} string, empty if there is none. */
    public String legacyKey() {
        return legacyKey;
    }

    /** Bytes of a numeric descriptor: 4 or 8; 0 for text. */
    public int width() {
        return width;
    }
}
