package io.github.paravane.testkit.advisory.compat;

import static io.github.paravane.testkit.asm.Gpr.EAX;

import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.CompatRuntime;
import io.github.paravane.testkit.runtime.Hypercalls;

/** A return to virtual-8086 mode, which long mode does not have: #GP of the kernel instead. */
final class Vm86Return {

    private static final int VM = 0x2_0002;
    private static final int PRESSED = 64;

    private Vm86Return() {}

    /** Returns there from a stack below the registered one; the #GP goes on at {@code caught}, with {@code flags} in its gate. */
    static void attempt(CompatGuest guest, Label caught, int flags) {
        CompatRuntime runtime = guest.runtime();
        Label gate = guest.label();
        runtime.data(() -> guest.asm()
                .align(8)
                .bind(gate)
                .u8(13)
                .u8(flags)
                .u16(CompatRuntime.KERNEL_CS)
                .u32(runtime.handler(13))
                .zeros(8));
        runtime.call(Hypercalls.SET_TRAP_TABLE, gate);
        runtime.attempt(caught, () -> {
            for (int i = 0; i < PRESSED; i++) {
                guest.asm().push(0);
            }
            // GS, FS, DS, ES, SS, ESP, EFLAGS, CS, EIP and EAX of virtual-8086 mode.
            for (int i = 0; i < 6; i++) {
                guest.asm().push(0);
            }
            guest.asm().push(VM).push(0).push(0x1000).push(0);
            guest.asm().mov(EAX, 23).interrupt(0x82);
        });
    }
}
