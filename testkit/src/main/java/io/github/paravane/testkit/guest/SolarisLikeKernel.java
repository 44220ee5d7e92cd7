package io.github.paravane.testkit.guest;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.api.guest.KernelEntry;
import io.github.paravane.api.guest.KernelPort;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.PvKernelImage;
import io.github.paravane.testkit.asm.XenNote;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A kernel with the habits of 64-bit Solaris on Xen in 2007 (solaris-and-linux-guests, A and B): a kernel and a user root
 * table for each process, leaf entries written by compare-and-exchange, system calls through the syscall callback. It acts
 * through the public ABI only.
 *
 * <p>At each switch to a process it loads both roots in one call and then, as the kernel's exec and return path would,
 * calls the functions given with {@link KernelFunction.Path#RETURN_TO_USER}.
 *
 * <pre>{@code
 * SolarisLikeKernel kernel = new SolarisLikeKernel(KernelHabits.oldSolaris())
 *         .allocate(new KernelObject(0xFFFF_FF01_D6F0_9C00L, 0x400, 0, "thread structure"))
 *         .run("readkern", UserProgram.readkern(0xFFFF_FF01_D6F0_9C00L));
 * }</pre>
 */
public final class SolarisLikeKernel implements ModelKernel<SolarisLikeKernel> {

    /** KERNEL_TEXT of amd64 Solaris on Xen. */
    public static final long KERNEL_TEXT = 0xFFFF_FFFF_FB80_0000L;

    /** The first address that is the kernel's. */
    public static final long KERNEL_BASE = 0xFFFF_FD80_0000_0000L;

    private static final int WRITABLE_PAGETABLES = 2;

    private final KernelHabits habits;
    private final KernelModel model = new KernelModel();
    private @Nullable ProcessRunner runner;

    /** A kernel with these habits. */
    public SolarisLikeKernel(KernelHabits habits) {
        this.habits = Objects.requireNonNull(habits, "habits");
    }

    @Override
    public KernelModel model() {
        return model;
    }

    @Override
    public SolarisLikeKernel self() {
        return this;
    }

    @Override
    public GuestImage image() {
        Assembler asm = new Assembler(KERNEL_TEXT);
        asm.named("start").ud2();
        return GuestImage.of(PvKernelImage.of(asm.assemble())
                .text(XenNote.GUEST_OS, "Solaris")
                .entry("start")
                .toElf());
    }

    @Override
    public void boot(KernelPort port) {
        // The boot stack is the one page that a kernel has before it knows how to map others.
        HypervisorCalls early = new HypervisorCalls(port, port.registers().gpr(Registers.RSP) - 1024);
        long kernelBits = setsUser(port, early) ? Pte.USER : 0;
        KernelSpace space = new KernelSpace(port, KERNEL_TEXT, kernelBits);
        HypervisorCalls calls = new HypervisorCalls(port, space.requestPage());
        ProcessRunner made =
                new ProcessRunner(habits, model, space, new SolarisTables(port, space, calls, habits.entries()), port);
        runner = made;
        calls.setTraps(ProcessRunner.VECTORS, 1);
        calls.setCallbacks(false, true);
        calls.assist(WRITABLE_PAGETABLES);
        long gdt = space.allocate();
        space.protect(gdt);
        calls.setGdt(space.mfn(gdt));
        long stackTop = space.allocate() + 4096;
        calls.call("stack_switch", HypervisorCalls.STACK_SWITCH, HypervisorCalls.KERNEL_SS, stackTop);
        calls.extended(HypervisorCalls.SET_LDT, 0);
        made.listen(port, kernelBits);
        KernelHeap.map(port, space, model, habits.entries(), kernelBits);
        made.next(port);
    }

    /** Whether entries of kernel pages get U/S. */
    private boolean setsUser(KernelPort port, HypervisorCalls calls) {
        return switch (habits.userOnKernelPages()) {
            case SET -> true;
            case CLEAR -> false;
            case BY_VERSION -> losesUser(port, calls);
        };
    }

    /** pt_kern's rule: 3.0, 3.1.0 and 3.1.1, unless Sun's own build with the fix. */
    private static boolean losesUser(KernelPort port, HypervisorCalls calls) {
        long version = calls.version();
        long buffer = port.registers().gpr(Registers.RSP) - 64;
        long revision = calls.revision(buffer);
        return !calls.isXvm(buffer) && (version == 0x3_0000 || version == 0x3_0001 && revision < 2);
    }

    @Override
    public void entered(KernelPort port, KernelEntry entry) {
        Objects.requireNonNull(runner, "runner").entered(port, entry);
    }
}
