package io.github.paravane.testkit.contract;

import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import org.junit.jupiter.api.Nested;

/** Hypercalls of the library that return to their caller whatever they are given. */
class BuiltInHypercallsContractTest {

    /** A call of the current version. */
    private abstract static class BuiltIn extends HypercallContract {
        @Override
        protected PvMachine.Builder machine() {
            return PvMachine.builder(AbiProfiles.XEN_4_17);
        }
    }

    @Nested
    class MmuUpdate extends BuiltIn {
        @Override
        protected int number() {
            return 1;
        }
    }

    @Nested
    class MemoryOp extends BuiltIn {
        @Override
        protected int number() {
            return 12;
        }
    }

    @Nested
    class XenVersion extends BuiltIn {
        @Override
        protected int number() {
            return 17;
        }
    }

    @Nested
    class GrantTableOp extends BuiltIn {
        @Override
        protected int number() {
            return 20;
        }
    }

    @Nested
    class MmuExtOp extends BuiltIn {
        @Override
        protected int number() {
            return 26;
        }
    }

    @Nested
    class EventChannelOp extends BuiltIn {
        @Override
        protected int number() {
            return 32;
        }
    }
}
