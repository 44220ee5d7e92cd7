package io.github.paravane.testkit.property;

import java.util.Objects;

/** One thing that a hostile guest does in kernel mode; a fault ends the step, not the guest. */
public sealed interface GuestStep {

    /** Makes a hypercall. */
    record Call(HypercallRequest request) implements GuestStep {

        public Call {
            Objects.requireNonNull(request, "request");
        }

        @Override
        public String toString() {
            return "call " + request;
        }
    }

    /** Writes 8 bytes; an address whose page is a table reaches the emulation of page-table writes. */
    record Store(How how, long linear, long value) implements GuestStep {

        public Store {
            Objects.requireNonNull(how, "how");
        }

        @Override
        public String toString() {
            return "%s [0x%x], 0x%x".formatted(how, linear, value);
        }
    }

    /** The instruction of a store. */
    enum How {
        /** MOV. */
        MOV,
        /** XCHG. */
        XCHG,
        /** LOCK CMPXCHG that expects what a load finds. */
        LOCK_CMPXCHG,
        /** LOCK AND. */
        LOCK_AND,
        /** MOV of the low half. */
        MOV_HALF
    }

    /** Reads 8 bytes. */
    record Load(long linear) implements GuestStep {

        @Override
        public String toString() {
            return "load [0x%x]".formatted(linear);
        }
    }

    /** Loads a register, by number, with a value that later instructions find. */
    record SetRegister(int number, long value) implements GuestStep {

        public SetRegister {
            if (number < 0 || number > 15) {
                throw new IllegalArgumentException("registers are 0 to 15: " + number);
            }
        }

        @Override
        public String toString() {
            return "r%d = 0x%x".formatted(number, value);
        }
    }

    /** Executes some bytes. */
    record Execute(InstructionBytes instruction) implements GuestStep {

        public Execute {
            Objects.requireNonNull(instruction, "instruction");
        }

        @Override
        public String toString() {
            return "execute " + instruction;
        }
    }
}
