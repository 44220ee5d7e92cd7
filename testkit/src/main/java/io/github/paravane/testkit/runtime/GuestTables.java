package io.github.paravane.testkit.runtime;

import static io.github.paravane.testkit.asm.Gpr.*;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import java.util.List;

/** Routines that look up machine frames and page-table entries of the running kernel. */
final class GuestTables {

    private static final long FRAME_BITS = 0x000F_FFFF_FFFF_F000L;

    private final Assembler asm;
    private final Label machineFrames;
    private final Label topTable;
    private final Label toMachineFrame;
    private final Label findEntry;

    GuestTables(Assembler asm, List<Runnable> data) {
        this.asm = asm;
        machineFrames = asm.label("mfn_list");
        topTable = asm.label("pt_base");
        toMachineFrame = asm.label("to_machine_frame");
        findEntry = asm.label("find_entry");
        data.add(() -> asm.align(8).bind(machineFrames).u64(0).bind(topTable).u64(0));
    }

    /** Where the address of the list of machine frames is kept. */
    Label machineFrames() {
        return machineFrames;
    }

    /** Where the linear address of the L4 table is kept. */
    Label topTable() {
        return topTable;
    }

    /** RAX: a linear address of the kernel's, becomes its mfn. */
    Label toMachineFrame() {
        return toMachineFrame;
    }

    /** RAX: linear address, ECX: level; becomes RAX: linear address of the entry, RDX: its machine address. */
    Label findEntry() {
        return findEntry;
    }

    void emit() {
        asm.bind(toMachineFrame).push(RBX).mov(RBX, ptr(machineFrames));
        asm.sub(RAX, GuestRuntime.BASE)
                .shr(RAX, 12)
                .mov(RAX, ptr(RBX, RAX, 8))
                .pop(RBX)
                .ret();

        Label level = asm.label("find_entry_level");
        Label found = asm.label("find_entry_found");
        asm.bind(findEntry).push(RBX).push(RSI).push(RDI).push(R8).push(R9);
        asm.mov(RSI, RAX).mov(RDI, ptr(topTable)).mov(R8, RCX).mov(R9, 4);
        asm.bind(level).mov(RCX, R9).lea(RCX, ptr(RCX, RCX, 8)).add(RCX, 3);
        asm.mov(RBX, RSI).shr(RBX, CL).and(RBX, 511).lea(RBX, ptr(RDI, RBX, 8));
        asm.cmp(R9, R8).je(found);
        // the entry's frame, by the M2P, to the next table
        asm.mov(RAX, ptr(RBX)).movabs(RCX, FRAME_BITS).and(RAX, RCX).shr(RAX, 9);
        asm.movabs(RCX, GuestRuntime.M2P).mov(RDI, ptr(RAX, RCX, 1)).shl(RDI, 12);
        asm.add(RDI, GuestRuntime.BASE).dec(R9).jmp(level);
        asm.bind(found).mov(RAX, RBX).call(toMachineFrame).shl(RAX, 12);
        asm.mov(RDX, RBX).and(RDX, 0xFFF).or(RDX, RAX).mov(RAX, RBX);
        asm.pop(R9).pop(R8).pop(RDI).pop(RSI).pop(RBX).ret();
    }
}
