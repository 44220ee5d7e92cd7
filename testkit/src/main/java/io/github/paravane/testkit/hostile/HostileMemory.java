package io.github.paravane.testkit.hostile;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.guest.KernelPort;
import io.github.paravane.api.guest.StartInfo;
import io.github.paravane.api.paging.Pte;
import java.util.SplittableRandom;

/** What a hostile kernel knows of its memory, which it no longer trusts: places, frames, and random entries of them. */
final class HostileMemory {

    static final long BASE = 0xFFFF_FFFF_8000_0000L;
    static final int SELF = 0x7FF0;

    private static final int GRANT_TABLE_OP = 20;
    private static final int UPDATE_VA_MAPPING = 14;
    private static final int MAX_POOL = 160;

    /** Pages below are the kernel's own, which it had better not lose. */
    private static final int FIRST_POOL = 300;

    /** Frames that are tables now and then, and are mapped read-only at first; their levels are 1 to 4 in turn. */
    static final int TABLES = 64;

    private static final int WINDOW_PAGE = FIRST_POOL - 1;
    private static final long WINDOW_SLOT = 5;
    private static final int MMU_UPDATE = 1;
    private static final int LAST_POOL_SLOT = 511;

    private final SplittableRandom random;
    private final long arguments;
    private final long grantTable;
    private final long[] pool;
    private final int[] poolPages;
    private final long[] bootTables;
    private final long firstTable;
    private final int leafTable;
    private boolean hasWindow;

    HostileMemory(KernelPort port, SplittableRandom random) {
        this.random = random;
        StartInfo info = port.startInfo();
        arguments = port.registers().gpr(Registers.RSP) + 0xFFF & ~0xFFFL;
        grantTable = arguments + 0x1000;
        int pages = (int) Math.min(Math.min(info.nrPages(), 512) - FIRST_POOL, MAX_POOL);
        pool = new long[pages];
        poolPages = new int[pages];
        for (int i = 0; i < pages; i++) {
            poolPages[i] = FIRST_POOL + i;
            pool[i] = port.load(info.mfnList() + 8L * (FIRST_POOL + i), 8);
        }
        firstTable = info.ptBase();
        bootTables = new long[(int) info.nrPtFrames()];
        for (int i = 0; i < bootTables.length; i++) {
            bootTables[i] = port.load(info.mfnList() + 8L * ((firstTable - BASE >>> 12) + i), 8);
        }
        leafTable = findLeafTable(port);
        mapGrantTable(port);
        openWindow(port, port.load(info.mfnList() + 8L * WINDOW_PAGE, 8));
        for (int i = 0; i < TABLES; i++) {
            port.hypercall(UPDATE_VA_MAPPING, linear(i), Pte.of(pool[i], 0x65), 2);
        }
    }

    /** Which of the boot tables maps the pages that are played with. */
    private int findLeafTable(KernelPort port) {
        for (int i = 0; i < bootTables.length; i++) {
            if (Pte.mfn(port.load(firstTable + 0x1000L * i + 8L * FIRST_POOL, 8)) == pool[0]) {
                return i;
            }
        }
        throw new IllegalStateException("no boot table maps page " + FIRST_POOL);
    }

    /**
     * Maps the L1 table a second time, by an L1 table of its own: where stores come in batches, a table that is seen through
     * itself only is never written in one.
     */
    private void openWindow(KernelPort port, long mfn) {
        long page = BASE + ((long) WINDOW_PAGE << 12);
        port.store(page + 8L * WINDOW_SLOT, 8, Pte.of(bootTables[leafTable], 0x65));
        port.hypercall(UPDATE_VA_MAPPING, page, Pte.of(mfn, 0x65), 2);
        for (int i = 0; i < bootTables.length; i++) {
            long first = port.load(firstTable + 0x1000L * i, 8);
            if (Pte.isPresent(first) && Pte.mfn(first) == bootTables[leafTable]) {
                port.store(arguments, 8, bootTables[i] << 12 | 8 * WINDOW_SLOT);
                port.store(arguments + 8, 8, Pte.of(mfn, 0x67));
                hasWindow = port.hypercall(MMU_UPDATE, arguments, 1, 0, SELF) == 0;
            }
        }
    }

    private void mapGrantTable(KernelPort port) {
        port.store(arguments, 8, SELF | 1L << 32);
        port.store(arguments + 16, 8, arguments + 64);
        port.hypercall(GRANT_TABLE_OP, 2, arguments, 1);
        long mfn = port.load(arguments + 64, 8);
        port.hypercall(UPDATE_VA_MAPPING, grantTable, Pte.of(mfn, 0x67), 2);
    }

    /** Linear address of the page for arguments. */
    long arguments() {
        return arguments;
    }

    /** Linear address of the first frame of the domain's grant table, in version 1 or 2. */
    long grantTable() {
        return grantTable;
    }

    /** The L4 table that the domain was started with. */
    long root() {
        return bootTables[0];
    }

    /** Number of frames to play with. */
    int size() {
        return pool.length;
    }

    /** A random index into the frames to play with. */
    int index() {
        return random.nextInt(pool.length);
    }

    /** The frame at an index, if the domain has not lost it. */
    long mfn(int index) {
        return pool[index];
    }

    /** Another frame is at an index now. */
    void setMfn(int index, long mfn) {
        pool[index] = mfn;
    }

    /** The linear address at which a frame was mapped at first. */
    long linear(int index) {
        return BASE + ((long) poolPages[index] << 12);
    }

    /** The pfn at an index. */
    long pfn(int index) {
        return poolPages[index];
    }

    /** A random frame: mostly one of the pool. */
    long frame(long[] foreign) {
        int choice = random.nextInt(100);
        if (choice < 78) {
            return pool[choice < 40 ? random.nextInt(TABLES) : index()];
        }
        if (choice < 88) {
            return bootTables[random.nextInt(bootTables.length)];
        }
        if (choice < 94 && foreign.length > 0) {
            return foreign[random.nextInt(foreign.length)];
        }
        if (choice < 97) {
            return random.nextInt(2048);
        }
        return choice < 99 ? 1L << 32 | random.nextInt() & 0xFFFF : 0xFF_FFFF_FFFFL;
    }

    /** An index of a frame that is to be a table of {@code level}; of a page for level 0. */
    int tableIndex(int level) {
        return level == 0 ? TABLES + random.nextInt(pool.length - TABLES) : random.nextInt(TABLES / 4) * 4 + level - 1;
    }

    /** An entry for a table of {@code level}: mostly one that fits. */
    long entry(int level, long[] foreign) {
        int choice = random.nextInt(16);
        if (choice < 3) {
            return entry(foreign);
        }
        if (choice == 3) {
            return 0;
        }
        boolean linear = choice == 4;
        long mfn = pool[tableIndex(linear ? level : level - 1)];
        boolean readOnly = linear || random.nextInt(4) == 0;
        return Pte.of(mfn, readOnly ? 0x5 : 0x7);
    }

    /** A random entry: mostly present and legal. */
    long entry(long[] foreign) {
        long flags = Pte.PRESENT;
        int bits = random.nextInt();
        flags |= (bits & 1) != 0 ? Pte.RW : 0;
        flags |= (bits & 6) != 0 ? Pte.USER : 0;
        flags |= (bits & 8) != 0 ? Pte.ACCESSED : 0;
        flags |= (bits & 16) != 0 ? Pte.DIRTY : 0;
        int choice = random.nextInt(100);
        if (choice < 12) {
            flags &= ~Pte.PRESENT;
        } else if (choice < 24) {
            flags |= 1L << random.nextInt(64) & ~Pte.FRAME_MASK;
        }
        return choice == 99 ? 0 : Pte.of(frame(foreign), flags);
    }

    /** A machine address in a frame that is to be a table of {@code level}. */
    long slot(int level) {
        return pool[tableIndex(level)] << 12 | (long) smallSlot() << 3;
    }

    /** A machine address in a random frame: mostly of the pool, where tables are made; rarely in one of the boot tables. */
    long slot() {
        int choice = random.nextInt(1000);
        if (choice < 990) {
            return pool[index()] << 12 | (long) smallSlot() << 3;
        }
        // The L1 table with the pages that are played with; the others, without which nothing goes on, less often.
        long table = bootTables[choice < 999 ? leafTable : random.nextInt(bootTables.length)];
        return table << 12 | (long) poolSlot() << 3;
    }

    private int poolSlot() {
        return FIRST_POOL + random.nextInt(LAST_POOL_SLOT + 1 - FIRST_POOL);
    }

    /** A random slot of a table; few differ, so that entries meet. */
    int smallSlot() {
        int choice = random.nextInt(16);
        return choice == 0 ? 256 + random.nextInt(16) : choice == 1 ? random.nextInt(512) : random.nextInt(24);
    }

    /** A linear address at which one of the boot tables is mapped read-only. */
    long tableAddress() {
        long table = hasWindow && random.nextBoolean()
                ? BASE + (WINDOW_SLOT << 21) + (WINDOW_SLOT << 12)
                : firstTable + 0x1000L * leafTable;
        return table + 8L * poolSlot();
    }

    /** A random linear address to map something at. */
    long target() {
        return random.nextInt(50) == 0 ? random.nextLong() & ~0xFFFL : linear(index());
    }
}
