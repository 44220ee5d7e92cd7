package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;

/** What the blocks of one {@link Region} do, one after the other and in circles, with their operands as constants. */
abstract class TranslatedRegion {

    /**
     * Runs from the first instruction, which is at {@code rip}, block after block: until control leaves the region, an
     * instruction faults or asks for attention, or a block ends with {@code most} instructions completed or more.
     *
     * <p>Sets {@code c.done} to the instructions completed and RIP to where control is. After a fault, which sets
     * {@code c.faulted}, {@code c.position} is the index in {@code code} of the instruction that faulted, {@code c.done} is
     * without those of its block, and RIP is undefined; the BLOCK_RIP slot is that of its block.
     */
    abstract void run(Core c, Insn[] code, long rip, int most);
}
