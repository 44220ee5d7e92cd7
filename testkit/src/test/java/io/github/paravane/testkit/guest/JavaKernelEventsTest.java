package io.github.paravane.testkit.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.api.guest.GuestKernel;
import io.github.paravane.api.guest.IretFrame;
import io.github.paravane.api.guest.KernelEntry;
import io.github.paravane.api.guest.KernelPort;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.PvKernelImage;
import org.junit.jupiter.api.Test;

/** An event that interrupts a Java kernel between a hypercall and its result. */
class JavaKernelEventsTest {

    private static final class SelfSender implements GuestKernel {

        private static final long BASE = 0xFFFF_FFFF_8000_0000L;
        private static final int SET_CALLBACKS = 4;
        private static final int UPDATE_VA_MAPPING = 14;
        private static final int XEN_VERSION = 17;
        private static final int SCHED_OP = 29;
        private static final int EVENT_CHANNEL_OP = 32;
        private static final int BIND_IPI = 7;
        private static final int SEND = 4;

        private long shared;
        private int entries;
        private long sent = -1;

        @Override
        public GuestImage image() {
            return GuestImage.of(
                    PvKernelImage.of(new Assembler(BASE).ud2().assemble()).toElf());
        }

        @Override
        public void boot(KernelPort port) {
            long buffer = port.registers().gpr(Registers.RSP) - 64;
            shared = port.registers().gpr(Registers.RSP) & ~0xFFFL;
            port.hypercall(UPDATE_VA_MAPPING, shared, port.startInfo().sharedInfo() | 0x63, 2);
            port.hypercall(SET_CALLBACKS, port.handlerAddress(1), port.handlerAddress(2), 0);
            port.store(buffer, 8, 0);
            port.hypercall(EVENT_CHANNEL_OP, BIND_IPI, buffer);
            port.store(buffer, 4, port.load(buffer + 4, 4));
            port.store(shared + 1, 1, 0);
            sent = port.hypercall(EVENT_CHANNEL_OP, SEND, buffer);
            port.store(buffer, 8, 0);
            port.hypercall(SCHED_OP, 2, buffer);
        }

        @Override
        public void entered(KernelPort port, KernelEntry entry) {
            entries++;
            port.store(shared, 1, 0);
            port.store(shared + 8, 8, 0);
            port.store(shared + 0x800, 8, 0);
            port.hypercall(XEN_VERSION, 0, 0);
            SyscallFrame frame = SyscallFrame.read(port, entry.frame());
            port.iret(new IretFrame(
                    0,
                    frame.r11(),
                    frame.rcx(),
                    0,
                    frame.rip(),
                    frame.cs() & 0xFFFF,
                    frame.rflags(),
                    frame.rsp(),
                    frame.ss()));
        }
    }

    @Test
    void handlerRunsBeforeTheResultIsSeenAndDoesNotSpoilIt() {
        SelfSender kernel = new SelfSender();
        Play.toTheEnd(AbiProfiles.XEN_4_17, kernel);

        assertEquals(1, kernel.entries);
        assertEquals(0, kernel.sent);
    }
}
