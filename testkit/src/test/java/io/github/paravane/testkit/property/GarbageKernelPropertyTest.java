package io.github.paravane.testkit.property;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.PvKernelImage;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A guest that executes garbage, and whose trap handlers are garbage too, ends in a result, never in an exception. */
class GarbageKernelPropertyTest {
    private static final RunLimits LIMITS =
            RunLimits.none().instructions(200_000).within(Duration.ofSeconds(20));

    @Provide
    Arbitrary<byte[]> page() {
        return CpuArbitraries.garbagePage().withoutEdgeCases();
    }

    @Property(tries = 150)
    void garbageEndsInAResult(@ForAll("page") byte[] page) {
        Assembler asm = new Assembler(CallingKernel.BASE).raw(page);
        byte[] kernel = PvKernelImage.of(asm.assemble()).bss(0x4000).toElf();
        PvMachine machine = PvMachine.builder(AbiProfiles.XEN_4_17)
                .domain(DomainConfig.of(GuestImage.of(kernel)).memory(CallingKernel.MEMORY))
                .virtualTime()
                .build();
        RunResult result = machine.run(LIMITS);
        assertNotEquals(RunResult.Kind.TIME_LIMIT, result.kind(), result::toString);
        assertEquals(List.of(), machine.auditFrames());
    }

    /** The same with every trap vector pointing into the garbage, so that faults do not end the domain at once. */
    @Property(tries = 100)
    void garbageHandlersEndInAResult(@ForAll("page") byte[] page) {
        PvMachine machine = PvMachine.builder(AbiProfiles.XEN_4_17)
                .domain(CallingKernel.domain())
                .virtualTime()
                .build();
        CallingKernel.loadGarbage(machine, page);
        RunResult result = machine.run(LIMITS);
        assertNotEquals(RunResult.Kind.TIME_LIMIT, result.kind(), result::toString);
        assertEquals(List.of(), machine.auditFrames());
    }
}
