package io.github.paravane.hypervisor.kernel;

import io.github.paravane.api.cpu.EmulationHooks;
import io.github.paravane.api.cpu.EmulationHooks.Cell;
import io.github.paravane.api.cpu.EmulationHooks.InstructionClass;
import io.github.paravane.api.cpu.EmulationHooks.Reply;
import io.github.paravane.api.cpu.EmulationResult;
import java.util.Objects;

/** A memory access of a Java kernel, in the form of the instruction it stands for. */
final class PendingAccess {

    /** The instruction. */
    enum Kind {
        LOAD,
        STORE,
        COMPARE_EXCHANGE,
        EXCHANGE,
        LOCKED_AND
    }

    final Kind kind;
    final long linear;
    final int size;
    private final long value;
    private final long expected;
    private final boolean locked;
    private long found;

    PendingAccess(Kind kind, long linear, int size, long value, long expected, boolean locked) {
        this.kind = kind;
        this.linear = linear;
        this.size = size;
        this.value = value;
        this.expected = expected;
        this.locked = locked;
    }

    /** The value loaded or found in memory, once the access is done. */
    long found() {
        return found;
    }

    boolean writes() {
        return kind != Kind.LOAD;
    }

    /** Performs the access on {@code bytes}, which is the memory it was translated to. */
    void perform(Bytes bytes) {
        found = bytes.read(size);
        switch (kind) {
            case LOAD -> {
                // Nothing to store.
            }
            case STORE -> bytes.write(size, value);
            case COMPARE_EXCHANGE -> {
                if (found == expected) {
                    bytes.write(size, value);
                }
            }
            case EXCHANGE -> bytes.write(size, value);
            case LOCKED_AND -> bytes.write(size, found & value);
        }
    }

    /** Performs the access against hooks, as the emulation of the instruction would. */
    EmulationResult emulate(EmulationHooks hooks) {
        Cell cell = new Cell();
        Reply reply = hooks.admit(writes() ? InstructionClass.MEMORY_WRITE : InstructionClass.OTHER);
        if (reply == Reply.DONE) {
            reply = run(hooks, cell);
        }
        return switch (reply) {
            case DONE -> EmulationResult.DONE;
            case UNHANDLEABLE -> EmulationResult.UNHANDLEABLE;
            case TRAP -> EmulationResult.trap(Objects.requireNonNull(cell.trap, "trap"));
        };
    }

    private Reply run(EmulationHooks hooks, Cell cell) {
        switch (kind) {
            case STORE:
                return hooks.write(linear, size, value, false, cell);
            case COMPARE_EXCHANGE:
                return compareExchange(hooks, cell, expected, value);
            default:
                Reply read = hooks.read(linear, size, cell);
                if (read != Reply.DONE || kind == Kind.LOAD) {
                    found = cell.value;
                    return read;
                }
                long before = cell.value;
                return compareExchange(hooks, cell, before, kind == Kind.EXCHANGE ? value : before & value);
        }
    }

    private Reply compareExchange(EmulationHooks hooks, Cell cell, long from, long to) {
        if (kind == Kind.COMPARE_EXCHANGE && !locked) {
            // CMPXCHG without LOCK reads, compares in the processor, and stores plainly.
            Reply read = hooks.read(linear, size, cell);
            found = cell.value;
            return read != Reply.DONE || found != from ? read : hooks.write(linear, size, to, false, cell);
        }
        Reply reply = hooks.compareExchange(linear, size, from, to, true, cell);
        found = reply == Reply.DONE && !cell.flag ? cell.value : from;
        return reply;
    }

    /** The bytes that an access was translated to. */
    interface Bytes {
        /** Reads {@code size} bytes, zero-extended. */
        long read(int size);

        /** Writes {@code size} bytes. */
        void write(int size, long value);
    }
}
