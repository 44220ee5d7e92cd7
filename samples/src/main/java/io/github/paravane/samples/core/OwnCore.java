package io.github.paravane.samples.core;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EDI;
import static io.github.paravane.testkit.asm.Gpr.RSI;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.asm.PvKernelImage;

/** Swaps the CPU core: a kernel that only powers off runs on {@link TracingCore}. */
public final class OwnCore {

    private OwnCore() {}

    /** Runs it. */
    public static void main(String[] args) {
        Assembler asm = new Assembler(0xFFFF_FFFF_8000_0000L);
        Label reason = asm.label("reason");
        asm.mov(EAX, 29).mov(EDI, 2).lea(RSI, ptr(reason)).syscall();
        asm.align(4).bind(reason).u32(0);
        byte[] kernel = PvKernelImage.of(asm.assemble()).toElf();
        PvMachine machine = PvMachine.builder(AbiProfiles.XEN_4_17)
                .domain(DomainConfig.of(GuestImage.of(kernel)))
                .cores(TracingCore::new)
                .build();
        System.out.println(machine.run(RunLimits.none().instructions(1_000)).kind());
    }
}
