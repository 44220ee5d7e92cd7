package io.github.paravane.testkit.guest;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The tables of one process: a kernel root, a user root, and below both the tables of the user half. Linear addresses are
 * those of the kernel's own mapping of its memory.
 */
public final class AddressSpace {

    private final String name;
    private final long kernelRoot;
    private final long userRoot;
    private final List<Long> tables = new ArrayList<>();
    private final List<Long> leafTables = new ArrayList<>();
    private final Map<Long, Long> pages = new TreeMap<>();
    private final Set<Long> shared = new HashSet<>();
    private boolean pinned;

    AddressSpace(String name, long kernelRoot, long userRoot) {
        this.name = name;
        this.kernelRoot = kernelRoot;
        this.userRoot = userRoot;
    }

    /** The process's name. */
    public String name() {
        return name;
    }

    /** The root that is loaded in guest-kernel mode. */
    public long kernelRoot() {
        return kernelRoot;
    }

    /** The root that is loaded in guest-user mode. */
    public long userRoot() {
        return userRoot;
    }

    /** Whether the roots are pinned, so that the hypervisor has validated all of it. */
    public boolean isPinned() {
        return pinned;
    }

    /** The user pages: address in the process, and the page in the kernel's mapping. */
    public Map<Long, Long> pages() {
        return Collections.unmodifiableMap(pages);
    }

    void setPinned(boolean value) {
        pinned = value;
    }

    void addTable(long table, boolean leaf) {
        tables.add(table);
        if (leaf) {
            leafTables.add(table);
        }
    }

    /** Tables below the roots, the nearest to a root first on each way down. */
    List<Long> tables() {
        return tables;
    }

    List<Long> leafTables() {
        return leafTables;
    }

    void putPage(long linear, long page) {
        pages.put(linear, page);
    }

    void removePage(long linear) {
        pages.remove(linear);
        shared.remove(linear);
    }

    /** Whether a page is read-only just because a fork made it so. */
    boolean isShared(long linear) {
        return shared.contains(linear);
    }

    void setShared(long linear, boolean value) {
        if (value) {
            shared.add(linear);
        } else {
            shared.remove(linear);
        }
    }
}
