package io.github.paravane.testkit.guest.surface;

import io.github.paravane.testkit.guest.program.Value;
import io.github.paravane.testkit.guest.program.Variable;
import java.util.Arrays;
import java.util.Locale;

/** Reservations, exchanges, caches, grant tables, tables with bad entries and batches that cannot begin. */
final class MemorySurface extends Questions {
    private static final long ABSENT = 0x7FFF_FFFF;
    private static final int INCREASE = 0, DECREASE = 1, EXCHANGE = 11;

    static byte[] elf() {
        MemorySurface surface = new MemorySurface();
        surface.program.main(surface::body);
        return surface.program.toElf();
    }

    private void body() {
        extents();
        reservations();
        exchanges();
        caches();
        grantTables();
        physmap();
        tables();
        batches();
        masks();
        givenUp();
        program.print("END\n");
    }

    private static String hex(long number) {
        return String.format(Locale.ROOT, "%x", number);
    }

    /** Commands that cannot go on at an extent, and those of the physmap. */
    private void extents() {
        for (long command :
                new long[] {2, 3, 4, 5, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 16, 17, 18, 19, 21}) {
            clear();
            say("extent " + command, u16(0, SELF).memory(command | 1 << 6));
        }
        for (long extent : new long[] {0, 1, 65536}) {
            clear();
            say("physmap at " + extent, u16(0, SELF).memory(7 | extent << 6));
        }
        clear();
        say("physmap batch", u16(0, SELF).memory(23));
        clear();
        say("physmap batch of ranges", u16(0, SELF).u16(2, 3).memory(23));
    }

    private Questions reservation(Value frames, long count, long order, long flags, long domid) {
        clear();
        return u64(0, frames).u64(8, count).u32(16, order).u32(20, flags).u16(24, domid);
    }

    private Value take() {
        return reservation(list, 1, 0, 0, SELF).memory(INCREASE);
    }

    private Value give(Value frames, long order, long flags) {
        return reservation(frames, 1, order, flags, SELF).memory(DECREASE);
    }

    private void reservations() {
        for (long bits : new long[] {0, 5, 12, 13, 40}) {
            program.run(take());
            say("decrease for " + bits + " bits", give(list, 0, bits));
            say("  again", give(list, 0, 0));
        }
        for (long flags : new long[] {
            201 << 8,
            6 << 8,
            1 << 8,
            1 << 17,
            1 << 17 | 1 << 8,
            1 << 17 | 6 << 8,
            1 << 17 | 201 << 8,
            1 << 18,
            1 << 16,
            0xFF << 8,
            0xFF << 8 | 1 << 17,
            1 << 19
        }) {
            say(
                    "increase with flags " + hex(flags),
                    reservation(list, 1, 0, flags, SELF).memory(INCREASE));
            say("  back", give(list, 0, 0));
            program.store64(list, value(ABSENT));
            say("  decrease", give(list, 0, flags));
        }
        program.store64(list, value(ABSENT));
        for (long order : new long[] {9, 10, 18, 19, 20, 21, 31}) {
            say("decrease of order " + order, give(list, order, 0));
        }
        say("increase of domain 0", reservation(list, 1, 0, 0, 0).memory(INCREASE));
        say("increase of nobody", reservation(list, 1, 0, 0, NOBODY).memory(INCREASE));
    }

    private void exchanges() {
        Value fresh = list.plus(8);
        for (long flags : new long[] {0, 201 << 8, 1 << 17 | 1 << 8, 1 << 17, 12, 13, 20, 31, 33, 40, 64, 255}) {
            program.run(take());
            program.store64(fresh, value(7));
            clear();
            u64(0, list).u64(8, 1).u16(24, SELF);
            u64(32, fresh).u64(40, 1).u32(52, flags).u16(56, SELF);
            say("exchange with flags " + hex(flags), memory(EXCHANGE));
            program.print("  done %d\n", request.plus(64).load64());
            say("  old one", give(list, 0, 0));
            say("  new one", give(fresh, 0, 0));
        }
        // count and order in, count and order out, domains, done
        for (long[] each : new long[][] {
            {0, 0, 0, 0, NOBODY, NOBODY, 0},
            {0, 0, 0, 0, SELF, SELF, 0},
            {1, 0, 1, 0, NOBODY, NOBODY, 0},
            {1, 0, 1, 0, 0, 0, 0},
            {1, 10, 1, 10, SELF, SELF, 0},
            {1, 10, 2, 10, SELF, NOBODY, 0},
            {1, 21, 1, 21, SELF, SELF, 0},
            {1, 0, 1, 0, SELF, SELF, 1},
            {1, 0, 1, 0, NOBODY, NOBODY, 1},
            {1, 0, 1, 0, SELF, SELF, 2}
        }) {
            clear();
            u64(0, list).u64(8, each[0]).u32(16, each[1]).u16(24, each[4]);
            u64(32, fresh).u64(40, each[2]).u32(48, each[3]).u16(56, each[5]);
            say("exchange " + Arrays.toString(each), u64(64, each[6]).memory(EXCHANGE));
        }
        clear();
        u64(0, OUTSIDE).u64(8, 1).u16(24, NOBODY).u64(32, list).u64(40, 1);
        say("exchange from outside", u16(56, NOBODY).memory(EXCHANGE));
    }

    private void caches() {
        // offset, length, operation
        for (long[] each : new long[][] {
            {0, 8, 1},
            {0, 8, 2},
            {0, 8, 3},
            {0, 8, 4},
            {0, 8, 1L << 31 | 1},
            {0, 0, 1},
            {4095, 1, 1},
            {4096, 0, 1},
            {4095, 2, 1}
        }) {
            clear();
            u64(0, maddr(pages)).u16(8, each[0]).u16(10, each[1]).u32(12, each[2]);
            say("cache flush " + Arrays.toString(each), grant(12));
        }
        for (long mfn : new long[] {ABSENT, 0xA0, 0xF_FFFF_FFFFL}) {
            for (long operation = 1; operation <= 2; operation++) {
                clear();
                u64(0, mfn << 12).u16(10, 8).u32(12, operation);
                say("cache flush " + operation + " of " + hex(mfn), grant(12));
            }
        }
        say("setup_table with more bits", grant(2 | 1 << 12));
        say("unknown grant operation with more bits", grant(13 | 1 << 12));
    }

    private void grantTables() {
        for (long domid : new long[] {SELF, NOBODY, 0}) {
            for (long frames : new long[] {1, 10000}) {
                for (long to : new long[] {0, OUTSIDE}) {
                    clear();
                    u16(0, domid).u32(4, frames).u16(8, 99).u64(16, to == 0 ? list : value(to));
                    say("setup_table " + hex(domid) + " " + frames + " to " + hex(to), grant(2));
                    tellStatus(8);
                }
            }
        }
        clear();
        say("setup_table to nowhere", u16(0, SELF).u32(4, 2).u64(16, NOWHERE).grant(2));
        tellStatus(8);
        clear();
        say("version 2", u32(0, 2).grant(8));
        for (long domid : new long[] {SELF, NOBODY, 0}) {
            for (long frames : new long[] {1, 10000}) {
                for (long to : new long[] {0, OUTSIDE, NOWHERE}) {
                    clear();
                    u32(0, frames).u16(4, domid).u16(6, 99).u64(8, to == 0 ? list : value(to));
                    say("status frames " + hex(domid) + " " + frames + " to " + hex(to), grant(9));
                    tellStatus(6);
                }
            }
        }
        clear();
        say("version 1", u32(0, 1).grant(8));
        for (long domid : new long[] {SELF, 0, NOBODY}) {
            clear();
            say("version of " + hex(domid), u16(0, domid).grant(10));
            clear();
            say("size of " + hex(domid), u16(0, domid).grant(6));
            tellStatus(12);
        }
    }

    private void physmap() {
        clear();
        say("machphys_mapping", memory(12));
        program.print("  last %x\n", request.plus(16).load64());
        for (long domid : new long[] {SELF, 0, NOBODY}) {
            for (long command = 16; command <= 17; command++) {
                clear();
                say(
                        "pod target " + command + " of " + hex(domid),
                        u16(32, domid).memory(command));
            }
            clear();
            say("remove from " + hex(domid), u16(0, domid).u64(8, mfn(pages)).memory(15));
        }
    }

    /** An L1 table with a bad entry, an L2 table above it, and an L3 table above that. */
    private void tables() {
        Value below = value(0x7F_FFFFL << 12 | 5);
        for (int level = 1; level <= 3; level++) {
            Value table = page(level);
            protect(table);
            clear();
            u64(0, maddr(table)).u64(8, below);
            say("entry of level " + level, update(SELF));
            below = maddr(table).or(value(7));
        }
        for (int level = 1; level <= 3; level++) {
            clear();
            say(
                    "pin of level " + level,
                    u32(0, level - 1).u64(8, mfn(page(level))).extended(SELF));
        }
    }

    private void batches() {
        refused("array outside", 1, value(OUTSIDE), SELF);
        refused("array outside", 26, value(OUTSIDE), SELF);
        refused("foreign nobody", 1, request, NOBODY);
        refused("foreign nobody", 26, request, NOBODY);
        refused("tables of nobody", 1, request, NOBODY + 1 << 16 | SELF);
        refused("foreign domain 0", 26, request, 0);
        refused("foreign domain 0", 1, request, 0);
    }

    private void refused(String name, int number, Value array, long foreign) {
        program.store32(list, value(55));
        say(number + " " + name, program.hypercall(number, array, value(1), list, value(foreign)));
        tell32("done", list);
    }

    private void masks() {
        Value l1 = page(1);
        say("unmapped, with a mask", program.hypercall(14, value(0x4000_0000_0000L), value(0), list.or(value(1))));
        say(
                "mapped, with a mask nowhere",
                program.hypercall(14, l1, maddr(l1).or(value(0x8000_0000_0000_0061L)), value(NOWHERE | 1)));
    }

    /** A page that is mapped still. */
    private void givenUp() {
        Variable frame = program.variable();
        program.set(frame, mfn(page(4)));
        program.store64(list, frame);
        say("decrease of a mapped page", give(list, 0, 0));
        program.print(
                "  m2p %x\n", value(0xFFFF_8000_0000_0000L).plus(frame.shl(3)).load64());
        say("again", give(list, 0, 0));
    }
}
