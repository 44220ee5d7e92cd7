package io.github.paravane.testkit.hostile;

import static io.github.paravane.testkit.asm.Gpr.EBP;
import static io.github.paravane.testkit.asm.Gpr.EBX;
import static io.github.paravane.testkit.asm.Gpr.ECX;
import static io.github.paravane.testkit.asm.Gpr.EDI;
import static io.github.paravane.testkit.asm.Gpr.EDX;
import static io.github.paravane.testkit.asm.Gpr.ESI;
import static io.github.paravane.testkit.asm.Memory.dword;
import static io.github.paravane.testkit.asm.Memory.ptr;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.CompatRules;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.asm.Gpr;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.CompatRuntime;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * 32-bit kernels of random hypercalls with random structures, random stores to their tables and random instructions: each
 * ends as a result, no count is wrong, nothing is reached that must not be, and every frame comes back.
 */
class CompatHostileTest {

    private static final int CALLS = 60;
    private static final int[] CALLS_OF_NOTE = {1, 1, 1, 12, 13, 14, 20, 22, 24, 26, 26, 26, 29, 30, 33, 19};
    private static final Gpr[] ARGUMENTS = {EBX, ECX, EDX, ESI, EDI, EBP};

    private static List<AbiProfile> profiles() {
        return AbiProfiles.all().stream()
                .filter(each -> each.get(CompatRules.OFFERED) != CompatRules.Offer.NONE)
                .toList();
    }

    static IntStream seeds() {
        return IntStream.range(0, 300);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void endsAsAResult(int seed) {
        Random random = new Random(seed);
        AbiProfile profile = profiles().get(random.nextInt(profiles().size()));
        PvMachine machine = PvMachine.builder(profile)
                .domain(DomainConfig.of(GuestImage.of(kernel(random)))
                        .memory(4 << 20)
                        .vcpus(1 + random.nextInt(2)))
                .virtualTime()
                .build();
        RunResult result = machine.run(RunLimits.none().instructions(300_000).within(Duration.ofSeconds(10)));
        if (result.kind() == RunResult.Kind.HYPERVISOR_CRASHED) {
            // A published bug of the profile, met by chance.
            return;
        }
        assertEquals(List.of(), machine.auditFrames(), result::toString);
        assertEquals(List.of(), machine.auditAccess(), result::toString);
        machine.domains().get(0).crash("the end of the test");
        assertEquals(0, machine.destroy(machine.domains().get(0)), "frames that stay");
    }

    private static byte[] kernel(Random random) {
        CompatRuntime kernel = new CompatRuntime();
        Label data = kernel.page("random_data");
        Label code = kernel.asm().label("random_code");
        for (int i = 0; i < CALLS; i++) {
            Label next = kernel.asm().label("next_" + i);
            kernel.attempt(next, () -> step(kernel, random, data, code));
            kernel.asm().bind(next);
        }
        kernel.data(() -> {
            byte[] bytes = new byte[64];
            random.nextBytes(bytes);
            kernel.asm().align(16).bind(code).raw(bytes).ret();
        });
        return kernel.shutDown().toElf();
    }

    private static void step(CompatRuntime kernel, Random random, Label data, Label code) {
        for (int i = 0; i < 12; i++) {
            int at = 4 * random.nextInt(40);
            kernel.asm().mov(EDI, data);
            load(kernel, random, data);
            kernel.asm().mov(dword(ptr(EDI, at)), ESI);
        }
        if (random.nextInt(12) == 0) {
            kernel.asm().call(code);
            return;
        }
        for (Gpr each : ARGUMENTS) {
            load(kernel, random, data);
            kernel.asm().mov(each == ESI ? EBP : each, ESI);
        }
        load(kernel, random, data);
        int number = random.nextInt(4) == 0 ? random.nextInt(48) : CALLS_OF_NOTE[random.nextInt(CALLS_OF_NOTE.length)];
        if (random.nextInt(3) > 0) {
            kernel.asm().mov(random.nextBoolean() ? EBX : ECX, data);
        }
        kernel.asm().mov(Gpr.EAX, number).interrupt(0x82);
    }

    /** ESI := something that may mean something. */
    private static void load(CompatRuntime kernel, Random random, Label data) {
        switch (random.nextInt(8)) {
            case 0 -> kernel.asm().mov(ESI, random.nextInt(32));
            case 1 -> kernel.asm().mov(ESI, data).add(ESI, random.nextInt(200));
            // A frame of the domain's, its machine address, and an entry that names it.
            case 2 -> frame(kernel, random);
            case 3 -> {
                frame(kernel, random);
                kernel.asm().shl(ESI, 12).add(ESI, 8 * random.nextInt(512) + random.nextInt(3));
            }
            case 4 -> {
                frame(kernel, random);
                kernel.asm().shl(ESI, 12).add(ESI, random.nextInt(0x1000) | 1);
            }
            case 5 -> kernel.asm().mov(ESI, CompatRuntime.BASE + random.nextInt(1 << 22));
            case 6 -> kernel.asm().mov(ESI, 0xF580_0000L + random.nextInt(1 << 24));
            default -> kernel.asm().mov(ESI, random.nextInt() & 0xFFFF_FFFFL);
        }
    }

    private static void frame(CompatRuntime kernel, Random random) {
        int page = random.nextInt(3) == 0 ? random.nextInt(1024) : random.nextInt(40);
        kernel.asm().mov(ESI, kernel.machineFrames()).mov(ESI, ptr(ESI, 4 * page));
    }
}
