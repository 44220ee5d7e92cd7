package io.github.paravane.testkit.contract;

import io.github.paravane.api.cpu.CpuCoreFactory;
import io.github.paravane.cpu.X86Core;
import org.junit.jupiter.api.Nested;

class X86CoreContractTest {
    @Nested
    class Running extends CpuCoreContract {
        @Override
        protected CpuCoreFactory factory() {
            return X86Core.factory();
        }
    }

    @Nested
    class IntegerInstructions extends IntegerInstructionContract {
        @Override
        protected CpuCoreFactory factory() {
            return X86Core.factory();
        }
    }
}
