package io.github.paravane.testkit.hostile;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Gpr;
import io.github.paravane.testkit.asm.PvKernelImage;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/**
 * Short kernels of random bytes, most of them with random hypercalls in between: each ends as a shutdown, a crash or at a
 * limit, its frame counts are right, and its end gives every frame back.
 */
class RandomGuestPropertyTest {

    private static final long BASE = 0xffff_ffff_8000_0000L;
    private static final RunLimits LIMITS =
            RunLimits.none().instructions(20_000).within(Duration.ofSeconds(20));
    private static final Set<RunResult.Kind> ENDS = EnumSet.of(
            RunResult.Kind.SHUT_DOWN, RunResult.Kind.CRASHED, RunResult.Kind.INSTRUCTION_LIMIT, RunResult.Kind.IDLE);
    private static final Gpr[] REGISTERS = Gpr.values();

    @Property(tries = 2000)
    void endsAndGivesEverythingBack(@ForAll @LongRange(min = Long.MIN_VALUE) long seed) {
        PvMachine machine = PvMachine.builder(AbiProfiles.XEN_4_17)
                .virtualTime()
                .domain(DomainConfig.of(GuestImage.of(kernel(new Random(seed)))).memory(8 << 20))
                .build();
        RunResult result = machine.run(LIMITS);
        assertTrue(ENDS.contains(result.kind()), result::toString);
        assertEquals(List.of(), machine.auditFrames());
        Domain domain = machine.domains().get(0);
        if (domain.isRunning()) {
            domain.crash("out of time");
            assertFalse(domain.isRunning());
        }
        assertEquals(0, machine.destroy(domain));
        assertEquals(List.of(), machine.auditFrames());
    }

    private static byte[] kernel(Random random) {
        Assembler asm = new Assembler(BASE);
        int parts = 1 + random.nextInt(12);
        for (int i = 0; i < parts; i++) {
            switch (random.nextInt(4)) {
                case 0 -> asm.raw(bytes(random, 1 + random.nextInt(24)));
                case 1 -> asm.movabs(register(random), value(random));
                default -> hypercall(asm, random);
            }
        }
        return PvKernelImage.of(asm.raw(bytes(random, 64)).assemble())
                .bss(0x4000)
                .toElf();
    }

    private static Gpr register(Random random) {
        Gpr register;
        do {
            register = REGISTERS[random.nextInt(REGISTERS.length)];
        } while (register.width() != 64);
        return register;
    }

    private static void hypercall(Assembler asm, Random random) {
        for (Gpr each : List.of(Gpr.RDI, Gpr.RSI, Gpr.RDX, Gpr.R10, Gpr.R8)) {
            if (random.nextInt(3) > 0) {
                asm.movabs(each, value(random));
            }
        }
        asm.movabs(RAX, random.nextInt(48)).syscall();
    }

    private static long value(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> random.nextInt(16);
            case 1 -> BASE + random.nextInt(8 << 20);
            case 2 -> BASE + (random.nextInt(2048) << 12);
            case 3 -> random.nextLong();
            case 4 -> -1L >>> random.nextInt(64);
            default -> Long.MIN_VALUE >> random.nextInt(64);
        };
    }

    private static byte[] bytes(Random random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
