package io.github.paravane.testkit.guest;

/** Why a kernel writes a leaf entry. */
public enum PteOperation {
    /** Mapping a page of its own while it boots. */
    BOOT,
    /** Mapping a page where nothing was mapped. */
    INSTALL,
    /** Taking write permission away. */
    PROTECT,
    /** Changing an entry that stays present, for instance giving write permission. */
    UPDATE,
    /** Unmapping a page of a process that lives on. */
    CLEAR,
    /** Unmapping a page of a process that is being taken down. */
    FREE
}
