package io.github.paravane.samples.hypercall;

import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.samples.guest.JavaKernel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Replaces console_io by a hypercall that shouts; everything else stays as it is. */
public final class ShoutingConsole implements Hypercall {

    private static final int WRITE = 0;
    private static final int LONGEST = 4096;

    @Override
    public HypercallOutcome call(HypercallContext context) {
        int length = context.argument32(1);
        if (context.argument32(0) != WRITE || length < 0 || length > LONGEST) {
            return HypercallOutcome.failed(XenErrno.EINVAL);
        }
        byte[] text = new byte[length];
        context.memory().read(context.argument(2), text, 0, length);
        System.out.print(new String(text, StandardCharsets.ISO_8859_1).toUpperCase(Locale.ROOT));
        return HypercallOutcome.completed(length);
    }

    /** Runs a kernel that speaks. */
    public static void main(String[] args) {
        PvMachine machine = PvMachine.builder(AbiProfiles.XEN_4_17)
                .domain(DomainConfig.of(new JavaKernel()))
                .hypercall("console_io", new ShoutingConsole())
                .build();
        System.out.println(machine.run(RunLimits.none().instructions(1_000_000)).kind());
    }
}
