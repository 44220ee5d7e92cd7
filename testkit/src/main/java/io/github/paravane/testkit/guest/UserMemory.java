package io.github.paravane.testkit.guest;

import io.github.paravane.api.guest.KernelPort;
import io.github.paravane.api.paging.Pte;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The pages of processes: programs, what system calls map, and what two processes share until one writes. */
final class UserMemory {

    private static final long USER_LEAF = Pte.PRESENT | Pte.USER | Pte.ACCESSED | Pte.DIRTY;
    private static final long DATA_BITS = USER_LEAF | Pte.RW | Pte.NX;
    private static final long FIRST = 0x1_0000;
    private static final long END = 0x7FFF_FFFF_F000L;
    private static final int MOST_PAGES = 64;
    private static final int WRITE_TO_PRESENT = 3;

    private final KernelPort port;
    private final KernelSpace space;
    private final ProcessTables tables;
    private final KernelModel model;
    private final Map<Long, Integer> sharers = new HashMap<>();

    UserMemory(KernelPort port, KernelSpace space, ProcessTables tables, KernelModel model) {
        this.port = port;
        this.space = space;
        this.tables = tables;
        this.model = model;
    }

    /** Makes the pages of a program. */
    void load(AddressSpace process, byte[] code) {
        if (code.length > 4096) {
            throw new IllegalArgumentException("a program is at most one page: 0x" + Integer.toHexString(code.length));
        }
        long page = add(process, UserProgram.CODE, USER_LEAF);
        for (int n = 0; n < code.length; n++) {
            port.store(page + n, 1, code[n] & 0xFF);
        }
        add(process, UserProgram.STACK, DATA_BITS);
        add(process, UserProgram.DATA, DATA_BITS);
    }

    private long add(AddressSpace process, long linear, long bits) {
        long page = space.allocate();
        put(process, linear, page, bits);
        return page;
    }

    private void put(AddressSpace process, long linear, long page, long bits) {
        tables.install(process, linear, Pte.of(space.mfn(page), bits));
        process.putPage(linear, page);
        sharers.merge(page, 1, Integer::sum);
        model.record(space.mapping(process.kernelRoot(), linear));
    }

    boolean isMapped(AddressSpace process, long from, long length) {
        for (long page = from & ~0xFFFL; Long.compareUnsigned(page, from + length) < 0; page += 4096) {
            if (!process.pages().containsKey(page)) {
                return false;
            }
        }
        return true;
    }

    /** Maps a zero page at a page address of the user half that is free. */
    boolean map(AddressSpace process, long linear) {
        if ((linear & 0xFFF) != 0
                || linear < FIRST
                || linear >= END
                || process.pages().containsKey(linear)
                || process.pages().size() >= MOST_PAGES) {
            return false;
        }
        add(process, linear, DATA_BITS);
        return true;
    }

    boolean unmap(AddressSpace process, long linear) {
        Long page = process.pages().get(linear);
        if (page == null) {
            return false;
        }
        tables.clear(process, linear, PteOperation.CLEAR);
        process.removePage(linear);
        drop(page);
        return true;
    }

    private void drop(long page) {
        if (sharers.merge(page, -1, Integer::sum) == 0) {
            sharers.remove(page);
            space.release(page);
        }
    }

    boolean protect(AddressSpace process, long linear, boolean writable) {
        Long page = process.pages().get(linear);
        if (page == null || writable && sharers.getOrDefault(page, 1) > 1) {
            return false;
        }
        process.setShared(linear, false);
        tables.setWritable(process, linear, writable);
        return true;
    }

    /** Maps all pages of one process in another; what could be written can be by neither, until it is. */
    void copy(AddressSpace from, AddressSpace to) {
        for (Map.Entry<Long, Long> each : from.pages().entrySet()) {
            long linear = each.getKey();
            if (linear == UserProgram.CODE) {
                put(to, linear, each.getValue(), USER_LEAF);
            } else {
                tables.setWritable(from, linear, false);
                put(to, linear, each.getValue(), DATA_BITS & ~Pte.RW);
                from.setShared(linear, true);
                to.setShared(linear, true);
            }
        }
    }

    /** Whether a write fault met a page that fork had made read-only; then the process has a page of its own now. */
    boolean copyOnWrite(AddressSpace process, long address, long errorCode) {
        long linear = address & ~0xFFFL;
        Long page = process.pages().get(linear);
        if (page == null || (errorCode & WRITE_TO_PRESENT) != WRITE_TO_PRESENT || !process.isShared(linear)) {
            return false;
        }
        process.setShared(linear, false);
        if (sharers.getOrDefault(page, 1) == 1) {
            tables.setWritable(process, linear, true);
            return true;
        }
        long copy = space.allocate();
        for (int at = 0; at < 4096; at += 8) {
            port.store(copy + at, 8, port.load(page + at, 8));
        }
        tables.replace(process, linear, Pte.of(space.mfn(copy), DATA_BITS));
        process.putPage(linear, copy);
        sharers.merge(copy, 1, Integer::sum);
        drop(page);
        return true;
    }

    /** Takes all pages of a process whose tables are no longer loaded. */
    void release(AddressSpace process) {
        List<Map.Entry<Long, Long>> pages = List.copyOf(process.pages().entrySet());
        for (Map.Entry<Long, Long> each : pages) {
            tables.clear(process, each.getKey(), PteOperation.FREE);
            process.removePage(each.getKey());
            drop(each.getValue());
        }
    }
}
