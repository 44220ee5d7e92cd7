package io.github.paravane.api.cpu;

/**
 * What an emulated instruction may do; each method refuses by default. Sizes are in bytes: 1, 2, 4 or 8 (16 for
 * {@link #compareExchange16}). Values are zero-extended.
 *
 * <p>A method answers {@link Reply#DONE}, or {@link Reply#UNHANDLEABLE} to give up on the instruction, or
 * {@link Reply#TRAP} after storing the trap in the {@link Cell}. Values read are stored in the cell.
 */
public interface EmulationHooks {

    /** What a hook answers. */
    enum Reply {
        /** Done as asked. */
        DONE,
        /** Not this instruction, or not here. */
        UNHANDLEABLE,
        /** The instruction raises {@link Cell#trap}. */
        TRAP
    }

    /** Whether the class of the instruction is acceptable, asked once after decoding, before any access. */
    default Reply admit(InstructionClass instruction) {
        return Reply.DONE;
    }

    /** Reads memory. */
    default Reply read(long linear, int size, Cell result) {
        return Reply.UNHANDLEABLE;
    }

    /**
     * Writes memory: a plain store, or the store half of a read-modify-write without LOCK. Other instructions with LOCK go
     * to {@link #compareExchange} instead.
     *
     * @param locked the store half of XCHG, which is locked without a prefix
     */
    default Reply write(long linear, int size, long value, boolean locked, Cell result) {
        return Reply.UNHANDLEABLE;
    }

    /**
     * CMPXCHG and CMPXCHG8B (size 8): if memory equals {@code expected} stores {@code value}, else stores what memory
     * holds in {@code result}. Sets {@link Cell#flag} to whether it was stored. Also every read-modify-write instruction
     * with LOCK but XCHG: {@code expected} is then the value read before, and a mismatch makes the emulator try again.
     */
    default Reply compareExchange(long linear, int size, long expected, long value, boolean locked, Cell result) {
        return Reply.UNHANDLEABLE;
    }

    /** CMPXCHG16B. */
    default Reply compareExchange16(long linear, long[] expected, long[] value, Cell result) {
        return Reply.UNHANDLEABLE;
    }

    /** Reads CR0, CR2, CR3, CR4 or CR8. */
    default Reply readControl(int register, Cell result) {
        return Reply.UNHANDLEABLE;
    }

    /** Writes a control register; CLTS and, if {@link InstructionClass#OTHER} is admitted, LMSW arrive as writes of CR0. */
    default Reply writeControl(int register, long value, Cell result) {
        return Reply.UNHANDLEABLE;
    }

    /** Reads a debug register, 0 to 7; whether 4 and 5 are others by another name is for the hook to say. */
    default Reply readDebug(int register, Cell result) {
        return Reply.UNHANDLEABLE;
    }

    /** Writes a debug register, 0 to 7. */
    default Reply writeDebug(int register, long value, Cell result) {
        return Reply.UNHANDLEABLE;
    }

    /** RDMSR. */
    default Reply readMsr(int index, Cell result) {
        return Reply.UNHANDLEABLE;
    }

    /** WRMSR. */
    default Reply writeMsr(int index, long value, Cell result) {
        return Reply.UNHANDLEABLE;
    }

    /** Whether INS or OUTS may use its port, asked once before any access. */
    default Reply admitPort(int port, int size, Cell result) {
        return Reply.DONE;
    }

    /** IN, INS. */
    default Reply readPort(int port, int size, Cell result) {
        return Reply.UNHANDLEABLE;
    }

    /** OUT, OUTS. */
    default Reply writePort(int port, int size, int value, Cell result) {
        return Reply.UNHANDLEABLE;
    }

    /** CPUID; null refuses. */
    default CpuidSource.@org.jspecify.annotations.Nullable CpuidLeaf cpuid(int leaf, int subleaf) {
        return null;
    }

    /** CLI (false) and STI (true). */
    default Reply setInterruptFlag(boolean enabled, Cell result) {
        return Reply.UNHANDLEABLE;
    }

    /** XSETBV. */
    default Reply writeExtendedControl(int index, long value, Cell result) {
        return Reply.UNHANDLEABLE;
    }

    /** RDTSC and RDTSCP. */
    default Reply readTimeStamp(Cell result) {
        return Reply.UNHANDLEABLE;
    }

    /** WBINVD and WBNOINVD; INVD is refused without asking. */
    default Reply invalidateCaches(Cell result) {
        return Reply.UNHANDLEABLE;
    }

    /** INVLPG. */
    default Reply invalidatePage(long linear, Cell result) {
        return Reply.UNHANDLEABLE;
    }

    /** Where a hook puts what it read. Belongs to the emulator and is used again for the next access. */
    final class Cell {
        /** The value read. */
        public long value;

        /** The high half of a 16-byte value. */
        public long high;

        /** For compare-exchange: whether the value was stored. */
        public boolean flag;

        /** For {@link Reply#TRAP}: what the guest is to get. */
        public @org.jspecify.annotations.Nullable Trap trap;
    }

    /** Broad classes of instructions, for hooks that admit only some (Xen: memory writers only, since 4.9). */
    enum InstructionClass {
        /** Its only effect outside registers and flags is a store, or a read-modify-write, of memory. */
        MEMORY_WRITE,
        /** Reads memory or works on registers only. */
        OTHER,
        /** Control, debug or model-specific registers, caches, interrupt flag. */
        PRIVILEGED,
        /** Port input and output. */
        PORT
    }
}
