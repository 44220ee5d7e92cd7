package io.github.paravane.testkit.guest;

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
 * A kernel with the habits of Linux 6.1 on Xen (solaris-and-linux-guests, G.3): no U/S in its own entries, tables built in
 * ordinary memory and pinned when a process first runs, batches of hypercalls, copy on write at fork. It acts through the
 * public ABI only.
 *
 * <pre>{@code
 * LinuxLikeKernel kernel = new LinuxLikeKernel(KernelHabits.linux()).run("sh", UserProgram.forkAndLook());
 * }</pre>
 */
public final class LinuxLikeKernel implements ModelKernel<LinuxLikeKernel> {

    /** START_KERNEL_map. */
    public static final long KERNEL_TEXT = 0xFFFF_FFFF_8000_0000L;

    private static final int ASSIST_WRITABLE_PAGETABLES = 2;

    private final KernelHabits habits;
    private final KernelModel model = new KernelModel();
    private @Nullable ProcessRunner runner;

    /**
     * A kernel with these habits. Linux never asks what version it runs on, so {@link KernelUserBit#BY_VERSION} is {@link
     * IllegalArgumentException}.
     */
    public LinuxLikeKernel(KernelHabits habits) {
        this.habits = Objects.requireNonNull(habits, "habits");
        if (habits.userOnKernelPages() == KernelUserBit.BY_VERSION) {
            throw new IllegalArgumentException("Linux has no rule by version for U/S");
        }
    }

    @Override
    public KernelModel model() {
        return model;
    }

    @Override
    public LinuxLikeKernel self() {
        return this;
    }

    @Override
    public GuestImage image() {
        Assembler asm = new Assembler(KERNEL_TEXT);
        asm.named("start").ud2();
        return GuestImage.of(PvKernelImage.of(asm.assemble())
                .text(XenNote.GUEST_OS, "linux")
                .text(XenNote.GUEST_VERSION, "2.6")
                .text(XenNote.FEATURES, "!writable_page_tables|pae_pgdir_above_4gb")
                .entry("start")
                .toElf());
    }

    @Override
    public void boot(KernelPort port) {
        long kernelBits = habits.userOnKernelPages() == KernelUserBit.SET ? Pte.USER : 0;
        KernelSpace space = new KernelSpace(port, KERNEL_TEXT, kernelBits);
        HypervisorCalls calls = new HypervisorCalls(port, space.requestPage());
        LinuxTables tables = new LinuxTables(port, space, calls, habits.entries());
        ProcessRunner made = new ProcessRunner(habits, model, space, tables, port);
        runner = made;
        long gdt = space.allocate();
        space.protect(gdt);
        calls.setGdt(space.mfn(gdt));
        calls.setTraps(ProcessRunner.VECTORS, ProcessRunner.VECTORS);
        takeOwnRoot(space, calls, tables);
        calls.assist(ASSIST_WRITABLE_PAGETABLES);
        calls.setCallbacks(true, false);
        long stackTop = space.allocate() + 4096;
        calls.call("stack_switch", HypervisorCalls.STACK_SWITCH, HypervisorCalls.KERNEL_SS, stackTop);
        made.listen(port, kernelBits);
        KernelHeap.map(port, space, model, habits.entries(), kernelBits);
        made.next(port);
    }

    /** Replaces the domain builder's root by one of the kernel's own. */
    private static void takeOwnRoot(KernelSpace space, HypervisorCalls calls, LinuxTables tables) {
        long builders = space.root();
        long own = space.allocate();
        tables.copyKernelSlots(builders, own);
        space.protect(own);
        calls.extended(HypervisorCalls.PIN_L4, space.mfn(own));
        calls.extended(HypervisorCalls.NEW_BASEPTR, space.mfn(own));
        calls.extended(HypervisorCalls.UNPIN, space.mfn(builders));
        space.setRoot(own);
    }

    @Override
    public void entered(KernelPort port, KernelEntry entry) {
        Objects.requireNonNull(runner, "runner").entered(port, entry);
    }
}
