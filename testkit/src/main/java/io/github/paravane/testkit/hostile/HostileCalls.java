package io.github.paravane.testkit.hostile;

import io.github.paravane.api.guest.KernelPort;
import io.github.paravane.api.paging.Pte;
import java.util.SplittableRandom;

/** The operations of a hostile kernel, one at random each time. */
final class HostileCalls {

    private static final int MMU_UPDATE = 1, MEMORY_OP = 12, VA_MAPPING = 14, MMUEXT_OP = 26;
    private static final int SET_GDT = 2, UPDATE_DESCRIPTOR = 10, VA_MAPPING_OTHER = 22, MULTICALL = 13;
    private static final int MAX_BATCH = 24;
    private static final int INVLPG = 2;
    private static final int[] FLUSHES = {0, 1, 2, 5, 6, 2, 2, 3};

    private final KernelPort port;
    private final HostileMemory memory;
    private final SplittableRandom random;
    private final HostilePair pair;
    private final HostileGrants grants;
    private final int self;
    private final long at;

    HostileCalls(KernelPort port, HostileMemory memory, SplittableRandom random, HostilePair pair, int self) {
        this.port = port;
        this.memory = memory;
        this.random = random;
        this.pair = pair;
        this.self = self;
        this.grants = new HostileGrants(port, memory, random, pair.domidOfOther(self));
        at = memory.arguments();
    }

    /** Does one call or store; the number of operations in it. */
    int next() {
        int choice = random.nextInt(100);
        if (choice < 30) {
            return mmuUpdate();
        }
        if (choice < 50) {
            return mmuExt();
        }
        if (choice < 62) {
            return vaMapping();
        }
        if (choice < 72) {
            return store();
        }
        if (choice < 78) {
            return makeTable();
        }
        if (choice < 84) {
            return reservation();
        }
        if (choice < 96) {
            return grants.next();
        }
        return choice < 98 ? descriptors() : multicall();
    }

    private long[] foreign() {
        return pair.framesOfOther(self);
    }

    private int foreignDomain() {
        int choice = random.nextInt(64);
        if (choice > 3) {
            return HostileMemory.SELF;
        }
        int other = pair.domidOfOther(self);
        int[] domains = {other, 1, 0x7FF1, 0x7FF2};
        return domains[choice] | (random.nextInt(8) == 0 ? other + 1 << 16 : 0);
    }

    private int mmuUpdate() {
        int count = 1 + random.nextInt(MAX_BATCH);
        for (int i = 0; i < count; i++) {
            int command = random.nextInt(40);
            int level = 1 + random.nextInt(4);
            boolean any = random.nextInt(5) == 0;
            port.store(at + 16L * i, 8, (any ? memory.slot() : memory.slot(level)) | (command < 8 ? command : 0));
            port.store(at + 16L * i + 8, 8, any ? memory.entry(foreign()) : memory.entry(level, foreign()));
        }
        long done = random.nextInt(8) == 0 ? at + 1024 : 0;
        port.hypercall(MMU_UPDATE, at, count, done, foreignDomain());
        return count;
    }

    private int mmuExt() {
        int count = 1 + random.nextInt(8);
        for (int i = 0; i < count; i++) {
            int command = random.nextInt(64);
            // Mostly pins and unpins; a new base from time to time, for most of them end badly.
            int chosen = command < 24 ? command : command % 2 == 0 ? 4 : random.nextInt(4);
            if (chosen <= 4 && random.nextInt(4) != 0) {
                int level = 1 + random.nextInt(4);
                port.store(at + 24L * i, 8, chosen == 4 ? 4 : level - 1);
                port.store(at + 24L * i + 8, 8, memory.mfn(memory.tableIndex(level)));
                port.store(at + 24L * i + 16, 8, 0);
                continue;
            }
            boolean base = chosen == 5 || chosen == 15;
            port.store(at + 24L * i, 8, chosen);
            port.store(at + 24L * i + 8, 8, base ? base(chosen == 5) : memory.frame(foreign()));
            port.store(at + 24L * i + 16, 8, chosen == 17 ? memory.frame(foreign()) : random.nextInt(64));
        }
        port.hypercall(MMUEXT_OP, at, count, 0, foreignDomain());
        return count;
    }

    /** Mostly a base without which the kernel is not lost. */
    private long base(boolean kernel) {
        if (random.nextInt(400) == 0) {
            return memory.frame(foreign());
        }
        return kernel ? memory.root() : random.nextInt(4) == 0 ? 0 : memory.mfn(memory.tableIndex(4));
    }

    private int vaMapping() {
        long linear = memory.target();
        long entry = memory.entry(foreign());
        int flush = FLUSHES[random.nextInt(FLUSHES.length)];
        if (random.nextInt(32) == 0) {
            port.hypercall(VA_MAPPING_OTHER, linear, entry, flush, foreignDomain());
        } else {
            port.hypercall(VA_MAPPING, linear, entry, flush);
        }
        return 1;
    }

    private int store() {
        boolean table = random.nextInt(4) != 0;
        long linear = table ? memory.tableAddress() : memory.linear(memory.index()) + 8L * memory.smallSlot();
        long entry = memory.entry(foreign());
        switch (random.nextInt(8)) {
            case 0 -> port.compareExchange(linear, port.load(linear, 8), entry, true);
            case 1 -> port.compareExchange(linear, entry, 0, false);
            case 2 -> port.exchange(linear, entry);
            case 3 -> port.store(linear + random.nextInt(8), 1, entry);
            case 4 -> port.store(linear + 4L * random.nextInt(2), 4, entry);
            case 5 -> port.lockedAnd8(linear, random.nextInt(256));
            default -> port.store(linear, 8, entry);
        }
        return 1;
    }

    /** What a well-behaved kernel does to get a table: fills a page, maps it read-only and pins it. */
    private int makeTable() {
        int index = memory.index();
        long linear = memory.linear(index);
        long mfn = memory.mfn(index);
        port.hypercall(VA_MAPPING, linear, Pte.of(mfn, 0x67), INVLPG);
        for (int i = random.nextInt(6); i > 0; i--) {
            port.store(linear + 8L * memory.smallSlot(), 8, memory.entry(foreign()));
        }
        if (random.nextInt(4) == 0) {
            port.store(linear + 8L * 300, 8, Pte.of(mfn, 0x5));
        }
        port.hypercall(VA_MAPPING, linear, Pte.of(mfn, 0x65), INVLPG);
        port.store(at, 8, random.nextInt(4));
        port.store(at + 8, 8, mfn);
        port.hypercall(MMUEXT_OP, at, 1, 0, HostileMemory.SELF);
        return 4;
    }

    private int reservation() {
        int index = memory.index();
        int kind = random.nextInt(8);
        long list = at + 256;
        port.store(list, 8, memory.mfn(index));
        port.store(at, 8, list);
        port.store(at + 8, 8, 1);
        port.store(at + 16, 8, random.nextInt(40) == 0 ? random.nextInt(12) : 0);
        port.store(at + 24, 8, random.nextInt(40) == 0 ? 1 + random.nextInt(2) : HostileMemory.SELF);
        if (kind == 0) {
            exchange(index);
            return 1;
        }
        port.hypercall(VA_MAPPING, memory.linear(index), 0, INVLPG);
        if (port.hypercall(MEMORY_OP, 1, at) == 1) {
            port.store(list, 8, memory.pfn(index));
            if (port.hypercall(MEMORY_OP, random.nextInt(4) == 0 ? 0 : 6, at) == 1) {
                memory.setMfn(index, port.load(list, 8));
                port.hypercall(VA_MAPPING, memory.linear(index), Pte.of(memory.mfn(index), 0x67), INVLPG);
            }
        }
        return 4;
    }

    private void exchange(int index) {
        port.hypercall(VA_MAPPING, memory.linear(index), 0, INVLPG);
        port.store(at + 264, 8, memory.pfn(index));
        port.store(at + 32, 8, at + 264);
        port.store(at + 40, 8, 1);
        port.store(at + 48, 8, 0);
        port.store(at + 56, 8, HostileMemory.SELF);
        port.store(at + 64, 8, 0);
        if (port.hypercall(MEMORY_OP, 11, at) == 0) {
            memory.setMfn(index, port.load(at + 264, 8));
        }
    }

    private int descriptors() {
        if (random.nextBoolean()) {
            int frames = 1 + random.nextInt(3);
            for (int i = 0; i < frames; i++) {
                port.store(at + 8L * i, 8, memory.frame(foreign()));
            }
            port.hypercall(SET_GDT, at, random.nextInt(3) == 0 ? 0 : 512 * frames);
        } else {
            long descriptor = random.nextLong() & (random.nextBoolean() ? -1L : ~(1L << 47));
            port.hypercall(UPDATE_DESCRIPTOR, memory.slot(), descriptor);
        }
        return 1;
    }

    /** A list of single updates by linear address, and now and then of itself. */
    private int multicall() {
        int count = 1 + random.nextInt(8);
        for (int i = 0; i < count; i++) {
            long entry = at + 1024 + 64L * i;
            port.store(entry, 8, random.nextInt(16) == 0 ? MULTICALL : VA_MAPPING);
            port.store(entry + 16, 8, memory.target());
            port.store(entry + 24, 8, memory.entry(foreign()));
            port.store(entry + 32, 8, FLUSHES[random.nextInt(FLUSHES.length)]);
        }
        port.hypercall(MULTICALL, at + 1024, count);
        return count;
    }
}
