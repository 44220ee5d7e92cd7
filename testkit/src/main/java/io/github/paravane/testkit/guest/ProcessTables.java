package io.github.paravane.testkit.guest;

/** What the modelled kernels do each in their own way: bring themselves up, and handle the tables of processes. */
interface ProcessTables {

    /** Makes an address space with nothing in its user half. */
    AddressSpace create(String name);

    /** Maps a page; the entry is complete. */
    void install(AddressSpace space, long linear, long entry);

    /** Takes write permission of a mapped page away, or gives it. */
    void setWritable(AddressSpace space, long linear, boolean writable);

    /** Maps another page in the place of one. */
    void replace(AddressSpace space, long linear, long entry);

    /** Unmaps a page, of a process that lives on or of one that is taken down and not loaded. */
    void clear(AddressSpace space, long linear, PteOperation why);

    /** Makes a space the current one, in a context switch to a thread with this kernel stack. */
    void switchTo(AddressSpace space, long stackTop);

    /** Takes down a space that is not current any more. */
    void destroy(AddressSpace space);

    /** Leaves the last space for the kernel's own tables. */
    void leave();
}
