package io.github.paravane.testkit.hostile;

import io.github.paravane.api.guest.KernelPort;
import java.util.SplittableRandom;

/** Random use of grants between two domains. */
final class HostileGrants {

    private static final int GRANT_TABLE_OP = 20;
    private static final int MAP = 0, UNMAP = 1, TRANSFER = 4, COPY = 5, REPLACE = 7, SET_VERSION = 8, SWAP = 11;
    private static final int REFERENCES = 24;
    private static final int HANDLES = 16;

    private final KernelPort port;
    private final HostileMemory memory;
    private final SplittableRandom random;
    private final int other;
    private final long at;
    private int version = 1;

    HostileGrants(KernelPort port, HostileMemory memory, SplittableRandom random, int other) {
        this.port = port;
        this.memory = memory;
        this.random = random;
        this.other = other;
        at = memory.arguments();
    }

    int next() {
        int choice = random.nextInt(100);
        if (choice < 30) {
            grant();
        } else if (choice < 52) {
            map();
        } else if (choice < 76) {
            unmap();
        } else if (choice < 92) {
            copy();
        } else if (choice < 96) {
            transfer();
        } else if (choice < 98) {
            swap();
        } else {
            setVersion();
        }
        return 1;
    }

    private int reference() {
        return random.nextInt(64) == 0 ? random.nextInt() : 8 + random.nextInt(REFERENCES);
    }

    private void grant() {
        int reference = 8 + random.nextInt(REFERENCES);
        int choice = random.nextInt(16);
        int flags = choice < 10 ? 1 : choice < 12 ? 5 : choice < 14 ? 2 : choice == 14 ? 3 : random.nextInt(1 << 16);
        if (random.nextInt(16) == 0) {
            flags |= 1 << 8;
        }
        long header = flags | (random.nextInt(32) == 0 ? 0L : other) << 16;
        long mfn = memory.frame(new long[0]);
        if (version == 1) {
            port.store(memory.grantTable() + 8L * reference, 8, header | mfn << 32);
        } else {
            long part = (long) random.nextInt(4096) << 32 | (long) random.nextInt(4096) << 48;
            port.store(memory.grantTable() + 16L * reference, 8, header | part);
            port.store(memory.grantTable() + 16L * reference + 8, 8, mfn);
        }
    }

    private long host(boolean byEntry) {
        return byEntry ? memory.slot() : memory.target();
    }

    private void map() {
        boolean byEntry = random.nextBoolean();
        int flags = (random.nextInt(8) == 0 ? 1 : 0)
                | (random.nextInt(8) == 0 ? 0 : 2)
                | (random.nextInt(3) == 0 ? 4 : 0)
                | (random.nextInt(8) == 0 ? 8 : 0)
                | (byEntry ? 16 : 0);
        port.store(at, 8, host(byEntry));
        port.store(at + 8, 8, flags | (long) reference() << 32);
        port.store(at + 16, 8, random.nextInt(32) == 0 ? 0x7FF0 : other);
        port.hypercall(GRANT_TABLE_OP, MAP, at, 1);
        if (port.load(at + 18, 2) == 0) {
            // Where it was mapped is kept beside the arguments, so that it can be ended properly.
            long handle = port.load(at + 20, 4) % HANDLES;
            port.store(at + 2048 + 16 * handle, 8, host(byEntry));
            port.store(at + 2048 + 16 * handle, 8, port.load(at, 8));
            port.store(at + 2056 + 16 * handle, 8, port.load(at + 24, 8));
        }
    }

    private void unmap() {
        long handle = random.nextInt(HANDLES);
        boolean replace = random.nextInt(6) == 0;
        port.store(at, 8, random.nextInt(8) == 0 ? host(random.nextBoolean()) : port.load(at + 2048 + 16 * handle, 8));
        port.store(
                at + 8,
                8,
                replace ? memory.target() : random.nextInt(3) == 0 ? 0 : port.load(at + 2056 + 16 * handle, 8));
        port.store(at + 16, 8, handle);
        port.hypercall(GRANT_TABLE_OP, replace ? REPLACE : UNMAP, at, 1);
    }

    private void copy() {
        side(0, random.nextInt(4) != 0);
        boolean byReference = random.nextBoolean();
        side(16, byReference);
        int length = random.nextInt(8) == 0 ? random.nextInt(65536) : random.nextInt(256);
        int flags = random.nextInt(4) == 0 ? random.nextInt(4) : 1 | (byReference ? 2 : 0);
        port.store(at + 32, 8, length | (long) flags << 16);
        port.hypercall(GRANT_TABLE_OP, COPY, at, 1);
    }

    private void side(int offset, boolean byReference) {
        port.store(at + offset, 8, byReference ? reference() : memory.frame(new long[0]));
        int domain = byReference ? other : 0x7FF0;
        port.store(at + offset + 8, 8, domain | (long) random.nextInt(4200) << 16);
    }

    private void transfer() {
        int index = memory.index();
        port.hypercall(14, memory.linear(index), 0, 2);
        port.store(at, 8, memory.mfn(index));
        port.store(at + 8, 8, other | (long) reference() << 32);
        port.hypercall(GRANT_TABLE_OP, TRANSFER, at, 1);
    }

    private void swap() {
        port.store(at, 8, reference() & 0xFFFF_FFFFL | (long) reference() << 32);
        port.hypercall(GRANT_TABLE_OP, SWAP, at, 1);
    }

    private void setVersion() {
        port.store(at, 8, 1 + random.nextInt(2));
        port.hypercall(GRANT_TABLE_OP, SET_VERSION, at, 1);
        version = (int) port.load(at, 4) == 2 ? 2 : 1;
    }
}
