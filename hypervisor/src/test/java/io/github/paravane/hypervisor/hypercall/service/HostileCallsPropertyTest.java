package io.github.paravane.hypervisor.hypercall.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.hypercall.GuestFault;
import io.github.paravane.hypervisor.domain.Vcpu.RunState;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever a guest asks: an answer, a guest fault or the end of its own domain, and nothing else. */
final class HostileCallsPropertyTest {

    private static final String[] NAMES = {
        "event_channel_op",
        "event_channel_op_compat",
        "sched_op",
        "sched_op_compat",
        "vcpu_op",
        "set_timer_op",
        "xen_version",
        "console_io",
        "physdev_op",
        "physdev_op_compat"
    };

    @Property(tries = 60)
    void callsAnswer(@ForAll long seed) {
        Random random = new Random(seed);
        ServiceRig rig = new ServiceRig(3);
        rig.referenceResult = -22;
        byte[] foreign = new byte[4096];
        random.nextBytes(foreign);
        rig.memory.write(60L << 12, foreign, 0, foreign.length);
        for (int i = 0; i < 300 && rig.domain.isRunning(); i++) {
            for (int word = 0; word < 8; word++) {
                rig.memory.writeU32(ServiceRig.ARG + 4L * word, value(random));
            }
            // The guest also scribbles over what it shares with the hypervisor.
            rig.memory.writeU64((ServiceRig.SHARED_INFO << 12) + 8L * random.nextInt(512), random.nextLong());
            String name = NAMES[random.nextInt(NAMES.length)];
            long arg = random.nextInt(20) == 0 ? random.nextLong() : ServiceRig.ARG;
            long first = name.endsWith("compat") && !name.startsWith("sched") ? arg : random.nextInt(18) - 1;
            long second = name.equals("vcpu_op") || name.equals("console_io") ? random.nextInt(5) - 1 : arg;
            try {
                rig.outcome(name, first, second, arg);
            } catch (GuestFault fault) {
                assertTrue(fault.linear() < 0 || fault.linear() >= ServiceRig.UNMAPPED - 16384, fault.getMessage());
            }
            rig.clock.advance(random.nextInt(20_000_000));
            rig.timers.expire(rig.clock.systemTime());
            int next = random.nextInt(3);
            if (rig.vcpu(next).runState() != RunState.OFFLINE) {
                rig.timePages.scheduledIn(rig.vcpu(next));
            }
            rig.run(0);
        }
        byte[] after = new byte[4096];
        rig.memory.read(60L << 12, after, 0, after.length);
        assertEquals(new String(foreign, StandardCharsets.ISO_8859_1), new String(after, StandardCharsets.ISO_8859_1));
    }

    private static int value(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> random.nextInt();
            case 1 -> 0x7FF0;
            case 2 -> 0;
            default -> random.nextInt(70);
        };
    }
}
