package io.github.paravane.testkit.hostile;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.api.guest.GuestKernel;
import io.github.paravane.api.guest.IretFrame;
import io.github.paravane.api.guest.KernelEntry;
import io.github.paravane.api.guest.KernelPort;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.PvKernelImage;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A guest kernel that makes random page-table, memory and grant hypercalls and stores into its page tables, a number of
 * them at a time, and yields then. The same seed gives the same operations on the same machine.
 */
final class HostileKernel implements GuestKernel {

    private static final int SET_TRAP_TABLE = 0;
    private static final int VM_ASSIST = 21;
    private static final int SCHED_OP = 29;
    private static final int FRAME_WORDS = 8;

    private final int self;
    private final HostilePair pair;
    private final SplittableRandom random;
    private @Nullable HostileCalls calls;

    HostileKernel(int self, HostilePair pair, SplittableRandom random) {
        this.self = self;
        this.pair = pair;
        this.random = random;
    }

    @Override
    public GuestImage image() {
        return GuestImage.of(
                PvKernelImage.of(new Assembler(HostileMemory.BASE).ud2().assemble())
                        .toElf());
    }

    @Override
    public void boot(KernelPort port) {
        port.hypercall(VM_ASSIST, 0, 2);
        HostileMemory memory = new HostileMemory(port, random);
        long at = memory.arguments();
        int[] vectors = {Trap.UD, Trap.GP, Trap.PF};
        for (int i = 0; i < vectors.length; i++) {
            port.store(at + 16L * i, 8, vectors[i] | 0xE033L << 16);
            port.store(at + 16L * i + 8, 8, port.handlerAddress(vectors[i]));
        }
        port.store(at + 16L * vectors.length + 8, 8, 0);
        port.hypercall(SET_TRAP_TABLE, at);
        pair.add(self, memory);
        calls = new HostileCalls(port, memory, random, pair, self);
        attack(port);
    }

    @Override
    public void resumed(KernelPort port, long result) {
        attack(port);
    }

    private void attack(KernelPort port) {
        HostileCalls mine = calls;
        if (mine == null) {
            throw new IllegalStateException("not booted");
        }
        while (true) {
            long faultsBefore = pair.faults();
            for (int i = 0; i < HostilePair.SLICE; i++) {
                int done = mine.next();
                pair.count(done);
            }
            if (pair.faults() - faultsBefore > HostilePair.SLICE / 2) {
                pair.lost(self);
            }
            pair.sliceEnded();
            port.hypercall(SCHED_OP, 0, 0);
        }
    }

    /** A fault: the access is left out. */
    @Override
    public void entered(KernelPort port, KernelEntry entry) {
        boolean hasCode = entry.handler() != Trap.UD;
        long[] frame = new long[FRAME_WORDS];
        for (int n = 0; n < (hasCode ? FRAME_WORDS : FRAME_WORDS - 1); n++) {
            frame[n] = port.load(entry.frame() + 8L * n, 8);
        }
        int rip = hasCode ? 3 : 2;
        pair.faulted();
        port.iret(new IretFrame(
                0,
                frame[1],
                frame[0],
                0,
                frame[rip] + 1,
                frame[rip + 1],
                frame[rip + 2],
                frame[rip + 3],
                rip == 3 ? frame[7] : frame[6]));
    }
}
