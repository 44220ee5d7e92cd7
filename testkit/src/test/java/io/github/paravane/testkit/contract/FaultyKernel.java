package io.github.paravane.testkit.contract;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.api.guest.GuestKernel;
import io.github.paravane.api.guest.KernelEntry;
import io.github.paravane.api.guest.KernelPort;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.PvKernelImage;
import java.util.concurrent.atomic.AtomicInteger;

/** A kernel that says a word and powers off, with one thing wrong. */
final class FaultyKernel implements GuestKernel {

    /** What is wrong; {@link #NOTHING} for the kernel as it should be. */
    enum Fault {
        NOTHING,
        WAITS_FOR_EVER,
        CRASHES,
        THROWS,
        REBOOTS,
        SAYS_THE_TIME_OF_THE_HOST,
        SAYS_HOW_OFTEN_IT_RAN,
        CALLS_WHAT_DOES_NOT_EXIST,
        CALLS_AN_UNKNOWN_COMMAND,
        NEEDS_LITTLE_MEMORY,
        ENDS_WITH_A_CRASH
    }

    private static final long BASE = 0xFFFF_FFFF_8000_0000L;
    private static final int CONSOLE_IO = 18;
    private static final int SCHED_OP = 29;

    private final Fault fault;
    private final AtomicInteger runs;

    FaultyKernel(Fault fault, AtomicInteger runs) {
        this.fault = fault;
        this.runs = runs;
    }

    @Override
    public GuestImage image() {
        return GuestImage.of(
                PvKernelImage.of(new Assembler(BASE).ud2().assemble()).toElf());
    }

    @Override
    public void boot(KernelPort port) {
        long buffer = port.registers().gpr(Registers.RSP) - 256;
        int reason = 0;
        String word = "hello";
        switch (fault) {
            case WAITS_FOR_EVER -> port.hypercall(SCHED_OP, 1);
            case CRASHES -> port.load(0x70_0000_0000L, 8);
            case THROWS -> throw new IllegalStateException("a kernel of this test throws");
            case REBOOTS -> reason = 1;
            case SAYS_THE_TIME_OF_THE_HOST -> word = Long.toString(System.nanoTime());
            case SAYS_HOW_OFTEN_IT_RAN -> word = Integer.toString(runs.incrementAndGet());
            case CALLS_WHAT_DOES_NOT_EXIST -> port.hypercall(63);
            case CALLS_AN_UNKNOWN_COMMAND -> port.hypercall(SCHED_OP, 77);
            case NEEDS_LITTLE_MEMORY -> reason = port.startInfo().nrPages() > 8192 ? 3 : 0;
            case ENDS_WITH_A_CRASH -> reason = 3;
            default -> {
                // nothing here
            }
        }
        for (int n = 0; n < word.length(); n++) {
            port.store(buffer + n, 1, word.charAt(n));
        }
        port.hypercall(CONSOLE_IO, 0, word.length(), buffer);
        port.store(buffer, 8, reason);
        port.hypercall(SCHED_OP, 2, buffer);
    }

    @Override
    public void entered(KernelPort port, KernelEntry entry) {
        throw new IllegalStateException("no handler was registered: " + entry);
    }
}
