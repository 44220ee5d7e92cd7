package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.state.Flags;

/** Bit tests, scans and counts. */
final class BitOps {
    private BitOps() {}

    private static final int TEST = 0;
    private static final int SET = 1;
    private static final int RESET = 2;
    private static final int COMPLEMENT = 3;

    static void bt(Core c, Insn i) {
        bitTest(c, i, TEST);
    }

    static void bts(Core c, Insn i) {
        bitTest(c, i, SET);
    }

    static void btr(Core c, Insn i) {
        bitTest(c, i, RESET);
    }

    static void btc(Core c, Insn i) {
        bitTest(c, i, COMPLEMENT);
    }

    private static void bitTest(Core c, Insn i, int action) {
        int width = i.width;
        boolean immediate = i.form == Insn.RI || i.form == Insn.MI;
        long index = immediate ? i.imm : Flags.signExtend(c.reg(i.src, width), width);
        int bit = (int) index & (8 * width - 1);
        boolean memory = i.memOperand == 1;
        long address = 0;
        if (memory) {
            // With a register the index reaches beyond the operand: whole operands away from the address.
            long away = immediate ? 0 : (index >> (Integer.numberOfTrailingZeros(width) + 3)) * width;
            long offset = (c.offset(i) + away) & i.addressMask;
            address = i.long64 ? c.s.segmentBase[i.segment] + offset : c.segmented(i, i.segment, offset);
        }
        long value;
        if (!memory) {
            value = c.reg(i.dst, width);
        } else if (action == TEST) {
            value = c.mem.load(address, width, i.stackSegment);
        } else {
            value = c.mem.modify(address, width, i.stackSegment);
        }
        boolean old = (value >>> bit & 1) != 0;
        long mask = 1L << bit;
        if (action != TEST) {
            long changed = action == SET ? value | mask : action == RESET ? value & ~mask : value ^ mask;
            if (memory) {
                c.mem.commit(changed, i.lock);
            } else {
                c.setReg(i.dst, width, changed);
            }
        }
        c.f.setCf(old);
    }

    /** A zero source leaves the destination as it is, as AMD documents and Intel does; other flags than ZF stay. */
    static void bsf(Core c, Insn i) {
        long value = c.second(i);
        if (value != 0) {
            c.setReg(i.dst, i.width, Long.numberOfTrailingZeros(value));
        }
        c.f.setZf(value == 0);
    }

    /** As {@link #bsf}. */
    static void bsr(Core c, Insn i) {
        long value = c.second(i);
        if (value != 0) {
            c.setReg(i.dst, i.width, 63 - Long.numberOfLeadingZeros(value));
        }
        c.f.setZf(value == 0);
    }

    static void tzcnt(Core c, Insn i) {
        long value = c.second(i);
        int count = Math.min(Long.numberOfTrailingZeros(value), 8 * i.width);
        c.setReg(i.dst, i.width, count);
        c.f.set(count, value == 0, false, false);
    }

    static void lzcnt(Core c, Insn i) {
        long value = c.second(i);
        int count = Long.numberOfLeadingZeros(value) - (64 - 8 * i.width);
        c.setReg(i.dst, i.width, count);
        c.f.set(count, value == 0, false, false);
    }

    static void popcnt(Core c, Insn i) {
        long value = c.second(i);
        c.setReg(i.dst, i.width, Long.bitCount(value));
        // PF is 0 whatever the count: the low byte of the result given to the flags must be odd in parity.
        c.f.set(value == 0 ? 0 : 1, false, false, false);
        if (value == 0) {
            c.f.setArithmetic(Flags.ZF);
        }
    }

    private static final int CRC32C = 0x82F6_3B78;

    static void crc32(Core c, Insn i) {
        long value = c.second(i);
        int crc = (int) c.r[i.dst];
        for (int n = 0; n < 8 * i.width2; n++) {
            boolean odd = ((crc ^ (value >>> n)) & 1) != 0;
            crc = crc >>> 1 ^ (odd ? CRC32C : 0);
        }
        c.r[i.dst] = crc & 0xFFFF_FFFFL;
    }
}
