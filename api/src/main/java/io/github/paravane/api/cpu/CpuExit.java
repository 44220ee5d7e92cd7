package io.github.paravane.api.cpu;

/** Why {@link CpuCore#run} returned. */
public sealed interface CpuExit {

    /** For a switch. */
    Kind kind();

    /** The cases. */
    enum Kind {
        /** {@link BudgetSpent}. */
        BUDGET_SPENT,
        /** {@link Interrupted}. */
        INTERRUPTED,
        /** {@link Stopped}. */
        STOPPED,
        /** {@link Unsupported}. */
        UNSUPPORTED
    }

    /** The budget is used up. */
    record BudgetSpent() implements CpuExit {
        @Override
        public Kind kind() {
            return Kind.BUDGET_SPENT;
        }
    }

    /** {@link CpuCore#interrupt} was called. */
    record Interrupted() implements CpuExit {
        @Override
        public Kind kind() {
            return Kind.INTERRUPTED;
        }
    }

    /** The trap handler said {@link TrapHandler.Disposition#STOP}. */
    record Stopped() implements CpuExit {
        @Override
        public Kind kind() {
            return Kind.STOPPED;
        }
    }

    /**
     * The core met something it does not implement; registers are as before the instruction.
     *
     * @param gap what it was
     */
    record Unsupported(EmulationException gap) implements CpuExit {
        @Override
        public Kind kind() {
            return Kind.UNSUPPORTED;
        }
    }
}
