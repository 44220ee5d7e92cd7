package io.github.paravane.testkit.guest;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.api.guest.GuestKernel;
import io.github.paravane.api.guest.KernelEntry;
import io.github.paravane.api.guest.KernelPort;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.PvKernelImage;
import java.util.Objects;
import java.util.function.BiConsumer;

/** A kernel that does one thing when it boots and powers off: the shortest way to an experiment on the PV ABI. */
public final class BootScript implements GuestKernel {

    /** Where pfn 0 is mapped. */
    public static final long BASE = 0xFFFF_FFFF_8000_0000L;

    private static final int VM_ASSIST = 21;
    private static final int WRITABLE_PAGETABLES = 2;
    private static final int SCHED_OP = 29;
    private static final int SHUTDOWN = 2;

    private final long kernelBits;
    private final BiConsumer<KernelPort, KernelSpace> script;

    /** A kernel that runs {@code script} and leaves U/S of its own pages to the hypervisor, as since Xen 3.0.3. */
    public BootScript(BiConsumer<KernelPort, KernelSpace> script) {
        this(0, script);
    }

    /** A kernel that runs {@code script} and sets {@code kernelBits} in the entries of its own pages. */
    public BootScript(long kernelBits, BiConsumer<KernelPort, KernelSpace> script) {
        this.kernelBits = kernelBits;
        this.script = Objects.requireNonNull(script, "script");
    }

    @Override
    public GuestImage image() {
        Assembler asm = new Assembler(BASE);
        asm.named("start").ud2();
        return GuestImage.of(PvKernelImage.of(asm.assemble()).entry("start").toElf());
    }

    @Override
    public void boot(KernelPort port) {
        KernelSpace.check("vm_assist", port.hypercall(VM_ASSIST, 0, WRITABLE_PAGETABLES));
        script.accept(port, new KernelSpace(port, BASE, kernelBits));
        long reason = port.registers().gpr(Registers.RSP) - 64;
        port.store(reason, 8, 0);
        port.hypercall(SCHED_OP, SHUTDOWN, reason);
    }

    @Override
    public void entered(KernelPort port, KernelEntry entry) {
        throw new IllegalStateException("the script registered no handler: " + entry);
    }
}
