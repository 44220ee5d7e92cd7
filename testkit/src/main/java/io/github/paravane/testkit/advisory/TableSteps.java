package io.github.paravane.testkit.advisory;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Gpr.RCX;
import static io.github.paravane.testkit.asm.Gpr.RDX;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Gpr;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.GuestRuntime;
import io.github.paravane.testkit.runtime.Hypercalls;
import java.util.Objects;

/**
 * Steps that guests of known bugs take with page tables: they name pages of the kernel, build tables out of them, pin
 * them and change single entries. A result is in RAX, 0 or a negative errno; RBX, RCX, RDX, RSI, RDI and R8 to R11 are
 * clobbered.
 */
public final class TableSteps {

    /** Flags of an entry that names a table: present, R/W, U/S, accessed. */
    public static final long TABLE = Pte.PRESENT | Pte.RW | Pte.USER | Pte.ACCESSED;

    /** Flags of an entry that names a table of its own level: as {@link #TABLE} without R/W. */
    public static final long LINEAR = Pte.PRESENT | Pte.USER | Pte.ACCESSED;

    /** Flags of a kernel page: present, R/W, accessed, dirty. */
    public static final long PAGE = Pte.PRESENT | Pte.RW | Pte.ACCESSED | Pte.DIRTY;

    /** Flags of a kernel page that is not writable. */
    public static final long READ_ONLY = Pte.PRESENT | Pte.ACCESSED | Pte.DIRTY;

    private static final int INVLPG_LOCAL = 2;

    private final BugGuest guest;
    private final GuestRuntime runtime;
    private final Assembler asm;

    /** Steps of a guest. */
    public TableSteps(BugGuest guest) {
        this.guest = Objects.requireNonNull(guest, "guest");
        runtime = guest.runtime();
        asm = guest.asm();
    }

    /** A page of zeros of the kernel. */
    public Label page(String name) {
        return runtime.page(name);
    }

    /** Loads a constant of any size. */
    public TableSteps load(Gpr register, long value) {
        asm.movabs(register, value);
        return this;
    }

    /** RAX: the entry that names the frame of {@code page}. Clobbers RCX only. */
    public TableSteps entry(Label page, long flags) {
        runtime.machineFrame(page);
        asm.shl(RAX, 12);
        load(RCX, flags);
        asm.or(RAX, RCX);
        return this;
    }

    /** RAX: the machine address of a slot of a page. */
    public TableSteps address(Label table, int slot) {
        runtime.machineFrame(table);
        asm.shl(RAX, 12).add(RAX, 8 * slot);
        return this;
    }

    /** Writes an entry into a page that is plain memory still. */
    public TableSteps fill(Label table, int slot, Label target, long flags) {
        entry(target, flags);
        asm.mov(ptr(table, 8 * slot), RAX);
        return this;
    }

    /** RAX: what a slot holds. */
    public TableSteps read(Label table, int slot) {
        asm.mov(RAX, ptr(table, 8 * slot));
        return this;
    }

    /** Makes pages read-only, as they must be to become tables. */
    public TableSteps freeze(Label... pages) {
        for (Label page : pages) {
            runtime.protect(page, false);
            require("making " + page + " read-only");
        }
        return this;
    }

    /** mmu_update of a slot of a table with the entry in RAX. */
    public TableSteps store(Label table, int slot) {
        asm.mov(RBX, RAX);
        address(table, slot);
        runtime.update(RAX, RBX);
        return this;
    }

    /** mmu_update of a slot of a table with an entry that names {@code target}. */
    public TableSteps set(Label table, int slot, Label target, long flags) {
        return entry(target, flags).store(table, slot);
    }

    /** PIN_TABLE of a level. */
    public TableSteps pin(int level, Label table) {
        runtime.machineFrame(table);
        runtime.extended(Hypercalls.PIN_L1_TABLE + level - 1, RAX);
        return this;
    }

    /** UNPIN_TABLE. */
    public TableSteps unpin(Label table) {
        runtime.machineFrame(table);
        runtime.extended(Hypercalls.UNPIN_TABLE, RAX);
        return this;
    }

    /** update_va_mapping with INVLPG of the page at {@code linear} to the entry in RAX. */
    public TableSteps map(long linear) {
        asm.mov(Gpr.RSI, RAX);
        load(Gpr.RDI, linear);
        asm.mov(Gpr.EDX, INVLPG_LOCAL);
        runtime.hypercall(Hypercalls.UPDATE_VA_MAPPING);
        return this;
    }

    /** Hooks three tables, which become read-only, under the kernel's root for {@code linear}. */
    public TableSteps hook(long linear, Label l3, Label l2, Label l1) {
        fill(l3, (int) (linear >>> 30) & 511, l2, TABLE);
        fill(l2, (int) (linear >>> 21) & 511, l1, TABLE);
        freeze(l3, l2, l1);
        root(linear);
        entry(l3, TABLE);
        runtime.update(RDX, RAX);
        return require("hooking tables");
    }

    /** The root entry for {@code linear}: RAX its linear address, readable, RDX its machine address. */
    public TableSteps root(long linear) {
        load(RAX, linear);
        runtime.entry(4);
        return this;
    }

    /** Ends the guest with ERROR unless RAX is 0: the experiment cannot be made. */
    public TableSteps require(String step) {
        Label done = guest.label();
        asm.test(RAX, RAX).je(done);
        guest.evidence("result", RAX).verdict(Outcome.ERROR, step + " failed");
        asm.bind(done);
        return this;
    }

    /** Ends the guest with SKIP unless RAX is 0: this version has nothing to try. */
    public TableSteps orSkip(String reason) {
        Label done = guest.label();
        asm.test(RAX, RAX).je(done);
        guest.verdict(Outcome.SKIP, reason);
        asm.bind(done);
        return this;
    }

    /** Prints a slot of a table as evidence. */
    public TableSteps show(String name, Label table, int slot) {
        read(table, slot);
        guest.evidence(name, RAX);
        return this;
    }
}
