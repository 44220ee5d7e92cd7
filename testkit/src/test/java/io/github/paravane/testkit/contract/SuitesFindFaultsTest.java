package io.github.paravane.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.cpu.CpuCoreFactory;
import io.github.paravane.api.guest.GuestKernel;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.AddressTranslator;
import io.github.paravane.api.paging.Tlb;
import io.github.paravane.cpu.X86Core;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.mmu.memory.LazyMemory;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests of the contract suites themselves: every deliberate fault is found by at least one of their tests. */
class SuitesFindFaultsTest {

    private static final class Memories extends MachineMemoryContract {
        private final FaultyMemory.Fault fault;

        Memories(FaultyMemory.Fault fault) {
            this.fault = fault;
        }

        @Override
        protected MachineMemory create(long frames) {
            return new FaultyMemory(frames, fault);
        }
    }

    private static final class Tlbs extends TlbContract {
        private final FaultyTlb.Fault fault;

        Tlbs(FaultyTlb.Fault fault) {
            this.fault = fault;
        }

        @Override
        protected Tlb create() {
            return new FaultyTlb(fault);
        }
    }

    private static final class Translators extends AddressTranslatorContract {
        private final FaultyTranslator.Fault fault;

        Translators(FaultyTranslator.Fault fault) {
            this.fault = fault;
        }

        @Override
        protected MachineMemory createMemory(long frames) {
            return new LazyMemory(frames);
        }

        @Override
        protected AddressTranslator create(MachineMemory memory, long root) {
            return new FaultyTranslator(memory, root, fault);
        }
    }

    private static final class Cores extends CpuCoreContract {
        private final CpuCoreFactory factory;

        Cores(CpuCoreFactory factory) {
            this.factory = factory;
        }

        @Override
        protected CpuCoreFactory factory() {
            return factory;
        }
    }

    private static final class Instructions extends IntegerInstructionContract {
        private final CpuCoreFactory factory;

        Instructions(CpuCoreFactory factory) {
            this.factory = factory;
        }

        @Override
        protected CpuCoreFactory factory() {
            return factory;
        }
    }

    private static final class Calls extends HypercallContract {
        private final FaultyCall call;

        Calls(FaultyCall.Fault fault) {
            call = new FaultyCall(fault);
        }

        @Override
        protected int number() {
            return 18;
        }

        @Override
        protected PvMachine.Builder machine() {
            return PvMachine.builder(AbiProfiles.XEN_4_17).hypercall("console_io", call);
        }
    }

    private static final class Kernels extends GuestKernelContract {
        private final FaultyKernel.Fault fault;
        private final AtomicInteger runs = new AtomicInteger();

        Kernels(FaultyKernel.Fault fault) {
            this.fault = fault;
        }

        @Override
        protected GuestKernel create() {
            return new FaultyKernel(fault, runs);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOTHING")
    void hypercall(FaultyCall.Fault fault) {
        assertTrue(Suite.firstFailure(new Calls(fault)).isPresent(), fault + " was not found");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOTHING")
    void kernel(FaultyKernel.Fault fault) {
        assertTrue(Suite.firstFailure(new Kernels(fault)).isPresent(), fault + " was not found");
    }

    @ParameterizedTest
    @EnumSource
    void memory(FaultyMemory.Fault fault) {
        assertTrue(Suite.firstFailure(new Memories(fault)).isPresent(), fault + " was not found");
    }

    @ParameterizedTest
    @EnumSource
    void tlb(FaultyTlb.Fault fault) {
        assertTrue(Suite.firstFailure(new Tlbs(fault)).isPresent(), fault + " was not found");
    }

    @ParameterizedTest
    @EnumSource
    void translator(FaultyTranslator.Fault fault) {
        assertTrue(Suite.firstFailure(new Translators(fault)).isPresent(), fault + " was not found");
    }

    static Stream<FaultyCore.Fault> faultsOfRunning() {
        return Stream.of(FaultyCore.Fault.values()).filter(fault -> !FaultyCore.isOfInstructions(fault));
    }

    static Stream<FaultyCore.Fault> faultsOfInstructions() {
        return Stream.of(FaultyCore.Fault.values()).filter(FaultyCore::isOfInstructions);
    }

    @ParameterizedTest
    @MethodSource("faultsOfRunning")
    void core(FaultyCore.Fault fault) {
        assertTrue(
                Suite.firstFailure(new Cores(environment -> new FaultyCore(environment, fault)))
                        .isPresent(),
                fault + " was not found");
    }

    @ParameterizedTest
    @MethodSource("faultsOfInstructions")
    void instructions(FaultyCore.Fault fault) {
        assertTrue(
                Suite.firstFailure(new Instructions(environment -> new FaultyCore(environment, fault)))
                        .isPresent(),
                fault + " was not found");
    }

    /** The same way of running a suite finds nothing where there is nothing to find. */
    @Test
    void nothingIsFoundWhereNothingIsWrong() {
        assertEquals(Optional.empty(), Suite.firstFailure(new Cores(X86Core.factory())));
        assertEquals(Optional.empty(), Suite.firstFailure(new Calls(FaultyCall.Fault.NOTHING)));
        assertEquals(Optional.empty(), Suite.firstFailure(new Kernels(FaultyKernel.Fault.NOTHING)));
    }
}
