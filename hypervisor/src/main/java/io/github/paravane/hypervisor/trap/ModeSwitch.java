package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.paging.FlushScope;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.Vcpu;

/** The toggle between guest-kernel and guest-user mode (abi-reference 5.1). */
public final class ModeSwitch {

    private final Platform platform;

    public ModeSwitch(Platform platform) {
        this.platform = platform;
    }

    /**
     * Flips the mode: exchanges the GS bases and loads the other base table as MOV to CR3 does, so that global entries
     * stay in the TLB. FS base and selectors stay.
     */
    public void toggle(Vcpu vcpu) {
        boolean kernel = !vcpu.kernelMode();
        Registers registers = vcpu.registers();
        long active = registers.segmentBase(Registers.GS);
        registers.setSegmentBase(Registers.GS, vcpu.inactiveGsBase());
        vcpu.setInactiveGsBase(active);
        vcpu.setKernelMode(kernel);
        long base = kernel ? vcpu.kernelBase() : vcpu.userBase();
        vcpu.paging().loadBase(base, FlushScope.NON_GLOBAL);
        platform.countFlush();
        if (platform.observed()) {
            int domain = vcpu.domain().id();
            platform.observer().modeChanged(new MachineEvent.ModeChanged(domain, vcpu.id(), kernel, base));
            platform.observer()
                    .flushed(new MachineEvent.Flushed(domain, vcpu.id(), FlushScope.NON_GLOBAL, 0, "toggle"));
        }
    }
}
