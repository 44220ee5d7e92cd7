package io.github.paravane.testkit.guest.probe;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RCX;
import static io.github.paravane.testkit.asm.Gpr.RDX;
import static io.github.paravane.testkit.asm.Memory.dword;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.guest.program.GuestProgram;
import io.github.paravane.testkit.guest.program.Value;
import io.github.paravane.testkit.guest.program.Variable;
import io.github.paravane.testkit.runtime.Hypercalls;
import io.github.paravane.testkit.runtime.TrapWord;

/** Ways to store to a page table: instructions of several kinds, and batches of requests. */
final class TableStores {
    /** Kinds of stores. */
    static final int KINDS = 4;

    /** Requests of a batch. */
    static final int BATCH = 3;

    private final GuestProgram program;
    private final Probe probe;
    private final Value requests;
    private final Variable done;

    TableStores(Probe probe) {
        this.probe = probe;
        program = probe.program;
        requests = program.bytes(16 * BATCH);
        done = program.variable();
    }

    Value requests() {
        return requests;
    }

    Value done() {
        return done;
    }

    Value update() {
        program.set(done, 99);
        return program.hypercall(
                Hypercalls.MMU_UPDATE, requests, Value.of(BATCH), done.address(), Value.of(Probe.SELF));
    }

    /** Emits a store of kind 0 to 3: mov, lock cmpxchg, xchg, a 32-bit mov of the flags; the value is its vector. */
    Variable store(Value kind, Variable place, Variable entry, Variable expected) {
        Assembler asm = program.asm();
        program.attempt(() -> program.choose(
                kind,
                () -> {
                    operands(place, entry);
                    asm.mov(ptr(RCX), RDX);
                },
                () -> {
                    operands(place, entry);
                    asm.mov(RAX, expected.operand());
                    asm.lock().cmpxchg(ptr(RCX), RDX);
                },
                () -> {
                    operands(place, entry);
                    asm.xchg(ptr(RCX), RDX);
                },
                () -> {
                    operands(place, entry);
                    asm.mov(EAX, dword(ptr(RCX))).xor(EAX, 0x60).mov(dword(ptr(RCX)), EAX);
                }));
        return probe.set(program.trap(TrapWord.VECTOR));
    }

    private void operands(Variable place, Variable entry) {
        program.asm().mov(RCX, place.operand()).mov(RDX, entry.operand());
    }
}
