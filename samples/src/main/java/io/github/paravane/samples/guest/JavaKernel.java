package io.github.paravane.samples.guest;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.api.guest.GuestKernel;
import io.github.paravane.api.guest.IretFrame;
import io.github.paravane.api.guest.KernelEntry;
import io.github.paravane.api.guest.KernelPort;
import io.github.paravane.hypervisor.machine.ConsolePort;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.PvKernelImage;

/** A guest kernel in Java: write-protects a page of its own, writes to it, makes it writable in the fault handler. */
public final class JavaKernel implements GuestKernel {

    private static final long BASE = 0xFFFF_FFFF_8000_0000L;
    private static final int SET_TRAP_TABLE = 0, UPDATE_VA_MAPPING = 14, CONSOLE_IO = 18, SCHED_OP = 29;
    private static final int INVLPG_LOCAL = 2, WRITE = 0, SHUTDOWN = 2;

    private long entry;

    @Override
    public GuestImage image() {
        return GuestImage.of(
                PvKernelImage.of(new Assembler(BASE).ud2().assemble()).toElf());
    }

    @Override
    public void boot(KernelPort port) {
        long scratch = port.registers().gpr(Registers.RSP) & ~0xFFFL;
        long page = scratch + 0x1000;
        port.store(scratch, 8, Trap.PF | 0xE033L << 16);
        port.store(scratch + 8, 8, port.handlerAddress(Trap.PF));
        port.hypercall(SET_TRAP_TABLE, scratch);
        entry = port.load(port.startInfo().mfnList() + (page - BASE) / 512, 8) << 12 | 0x61;
        port.hypercall(UPDATE_VA_MAPPING, page, entry, INVLPG_LOCAL);
        say(port, scratch, "writing 42 to a read-only page");
        port.store(page, 8, 42);
        say(port, scratch, "the page holds " + port.load(page, 8));
        port.store(scratch, 8, 0);
        port.hypercall(SCHED_OP, SHUTDOWN, scratch);
    }

    private static void say(KernelPort port, long buffer, String text) {
        for (int n = 0; n < text.length(); n++) {
            port.store(buffer + n, 1, text.charAt(n));
        }
        port.store(buffer + text.length(), 1, '\n');
        port.hypercall(CONSOLE_IO, WRITE, text.length() + 1, buffer);
    }

    /** The frame of a page fault: RCX, R11, error code, RIP, CS, RFLAGS, RSP, SS. */
    @Override
    public void entered(KernelPort port, KernelEntry at) {
        port.hypercall(UPDATE_VA_MAPPING, port.faultAddress(), entry | 2, INVLPG_LOCAL);
        long[] frame = new long[8];
        for (int n = 0; n < frame.length; n++) {
            frame[n] = port.load(at.frame() + 8L * n, 8);
        }
        port.iret(new IretFrame(0, frame[1], frame[0], 0, frame[3], frame[4], frame[5], frame[6], frame[7]));
    }

    /** Runs it with what it says on standard output. */
    public static void main(String[] args) {
        PvMachine machine = PvMachine.builder(AbiProfiles.XEN_4_17)
                .domain(DomainConfig.of(new JavaKernel()).console(ConsolePort.output(System.out)))
                .build();
        System.out.println(machine.run(RunLimits.none().instructions(1_000_000)).kind());
    }
}
