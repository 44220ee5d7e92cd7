package io.github.paravane.testkit.guest.surface;

import io.github.paravane.testkit.guest.program.Value;
import io.github.paravane.testkit.guest.program.Variable;
import java.util.Locale;

/** Domains by their numbers and the special ones, in memory_op, mmu_update, mmuext_op and update_va_mapping. */
final class ForeignSurface extends Questions {
    private static final int SET_MEMORY_MAP = 13, MACHPHYS_LIST = 5, POD_FIRST = 16, POD_LAST = 17, REMOVE = 15;

    private final Variable own = program.variable();
    private final Variable m2p = program.variable();

    static byte[] elf() {
        ForeignSurface surface = new ForeignSurface();
        surface.program.main(surface::body);
        return surface.program.toElf();
    }

    private static String hex(long number) {
        return String.format(Locale.ROOT, "%x", number);
    }

    private void body() {
        // Of a new port for oneself, the status tells who that is.
        clear();
        u16(0, SELF).u16(2, SELF);
        program.run(program.hypercall(32, value(6), request));
        program.run(program.hypercall(32, value(5), request));
        program.set(own, request.plus(16).load16());
        memoryCommands();
        resources();
        Value table = page(1);
        protect(table);
        clear();
        say("pin", u32(0, 0).u64(8, mfn(table)).extended(SELF));
        translations(table);
        others(table);
        extendedCommands();
        machphys();
        vaMappings();
        owners(table);
        counts(table);
        program.print("END\n");
    }

    /** Command, and where in its request the domain is. */
    private void memoryCommands() {
        for (int[] each : new int[][] {
            {7, 0}, {15, 0}, {23, 0}, {16, 32}, {17, 32}, {18, 0}, {19, 0}, {20, 2}, {21, 2}, {22, 4}, {24, 24},
            {26, 0}, {28, 0}, {3, 0}, {4, 0}, {14, 0}, {13, 0}, {27, 0}, {5, 0}, {9, 0}, {10, 0}
        }) {
            ask(each[0], each[1], "self", value(SELF));
            ask(each[0], each[1], "own", own);
            ask(each[0], each[1], "0", value(0));
            ask(each[0], each[1], "nobody", value(NOBODY));
        }
    }

    private void ask(int command, int offset, String name, Value domid) {
        if (command >= POD_FIRST && command <= POD_LAST && !name.equals("0") && !name.equals("nobody")) {
            return;
        }
        // How much memory there is tells nothing.
        boolean amount = command == 3 || command == 4 || command == 14;
        clear();
        u16(offset, domid);
        if (command == REMOVE) {
            u64(8, mfn(pages));
        } else if (command == SET_MEMORY_MAP) {
            u32(8, 1).u64(16, list);
        } else if (command == MACHPHYS_LIST) {
            u32(0, 64).u64(8, list);
        }
        Value result = memory(command);
        say("memory " + command + " " + name, amount ? result.below(1L << 40).ne(0) : result);
    }

    private void resources() {
        // domain, frames, first
        for (long[] each : new long[][] {{SELF, 1, 0}, {0, 1, 0}, {0, 33, 0}, {0, 0, 1L << 32}}) {
            clear();
            u16(0, each[0]).u32(8, each[1]).u64(16, each[2]);
            say(
                    "resource of " + hex(each[0]) + ": " + each[1] + " from " + each[2],
                    u64(24, list).memory(28));
        }
        clear();
        say("size of a resource", memory(28));
        tell32("frames", request.plus(8));
    }

    private void map(Value table, String name, Value frame, long flags, long foreign) {
        clear();
        u64(0, maddr(table)).u64(8, frame.shl(12).or(value(flags)));
        say("map " + name + " " + flags + " for " + hex(foreign), update(foreign));
        program.print("  stored %x\n", table.load64().and(0xFFF));
        clear();
        say("  unmap", u64(0, maddr(table)).update(SELF));
    }

    private void translations(Value table) {
        clear();
        say("machphys_mfn_list", u32(0, 1).u64(8, list).memory(MACHPHYS_LIST));
        tell32("frames", request.plus(16));
        program.set(m2p, list.load64());
        for (long foreign : new long[] {SELF, IO, XEN, 0x7FF4, NOBODY}) {
            for (long flags : new long[] {5, 7, 0x15}) {
                map(table, "M2P", m2p, flags, foreign);
            }
        }
    }

    private void others(Value table) {
        for (long foreign : new long[] {SELF, IO, XEN}) {
            for (long flags : new long[] {5, 7}) {
                map(table, "video memory", value(0xA0), flags, foreign);
                map(table, "no memory", value(0x7F_FFFF), flags, foreign);
                map(table, "own page", mfn(pages), flags, foreign);
            }
        }
    }

    private void extendedCommands() {
        for (long foreign : new long[] {IO, XEN, NOBODY}) {
            for (long command : new long[] {0, 4, 6, 7, 10, 12, 13, 16, 17, 18, 19, 99}) {
                clear();
                u32(0, command).u64(8, mfn(pages)).u64(16, mfn(pages));
                say("mmuext " + command + " for " + hex(foreign), extended(foreign));
            }
        }
        for (long command : new long[] {12, 18}) {
            clear();
            say("mmuext " + command, u32(0, command).extended(SELF));
        }
    }

    private void machphys() {
        clear();
        u64(0, maddr(pages).or(value(1))).u64(8, mfn(pages));
        say("machphys update for XEN", update(XEN));
        say("machphys update for IO", update(IO));
        clear();
        u64(0, m2p.shl(12).or(value(1))).u64(8, m2p);
        say("machphys update of the M2P", update(XEN));
        clear();
        say("machphys_mapping", memory(12));
        program.print("  exact %d\n", request.plus(16).load64().below(1L << 30));
    }

    private void vaMappings() {
        say("va mapping for own", program.hypercall(22, pages, value(0), value(0), own));
        say("va mapping for nobody", program.hypercall(22, pages, value(0), value(0), value(NOBODY)));
        say("va mapping for IO", program.hypercall(22, value(0x4000_0000_0000L), value(0), value(0), value(IO)));
    }

    private void owners(Value table) {
        clear();
        u64(0, maddr(table));
        say("tables of own", update(own.plus(1).shl(16).or(value(SELF))));
        say("tables of 0", update(1 << 16 | SELF));
        say("tables of 0 for nobody", update(1 << 16 | NOBODY));
        say("M2P with tables of 0", u64(0, maddr(table).or(value(1))).update(1 << 16 | SELF));
    }

    /** Two good requests with a bad one between them. */
    private void counts(Value table) {
        for (long count = 0; count <= 3; count++) {
            for (long bit : new long[] {0, 1L << 31}) {
                clear();
                u64(0, maddr(table)).u64(16, maddr(table).or(value(6))).u64(32, maddr(table));
                program.store32(list, value(55));
                say("batch " + hex(count | bit), program.hypercall(1, request, value(count | bit), list, value(SELF)));
                tell32("done", list);
            }
        }
    }
}
