package io.github.paravane.cpu.exec;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.cpu.decode.Insn;

/** Near jumps, calls and returns, loops, software interrupts. All end their block. */
final class Branches {
    private Branches() {}

    private static void relative(Core c, Insn i) {
        c.jump(i, c.nextRip(i) + i.imm);
    }

    /** Whether a conditional jump is taken. */
    static boolean holds(Core c, int cond) {
        return c.f.condition(cond);
    }

    static void jo(Core c, Insn i) {
        if (c.f.of()) {
            relative(c, i);
        }
    }

    static void jno(Core c, Insn i) {
        if (!c.f.of()) {
            relative(c, i);
        }
    }

    static void jc(Core c, Insn i) {
        if (c.f.cf()) {
            relative(c, i);
        }
    }

    static void jnc(Core c, Insn i) {
        if (!c.f.cf()) {
            relative(c, i);
        }
    }

    static void jz(Core c, Insn i) {
        if (c.f.zf()) {
            relative(c, i);
        }
    }

    static void jnz(Core c, Insn i) {
        if (!c.f.zf()) {
            relative(c, i);
        }
    }

    static void jna(Core c, Insn i) {
        if (c.f.cf() || c.f.zf()) {
            relative(c, i);
        }
    }

    static void ja(Core c, Insn i) {
        if (!(c.f.cf() || c.f.zf())) {
            relative(c, i);
        }
    }

    static void js(Core c, Insn i) {
        if (c.f.sf()) {
            relative(c, i);
        }
    }

    static void jns(Core c, Insn i) {
        if (!c.f.sf()) {
            relative(c, i);
        }
    }

    static void jp(Core c, Insn i) {
        if (c.f.pf()) {
            relative(c, i);
        }
    }

    static void jnp(Core c, Insn i) {
        if (!c.f.pf()) {
            relative(c, i);
        }
    }

    static void jl(Core c, Insn i) {
        if (c.f.sf() != c.f.of()) {
            relative(c, i);
        }
    }

    static void jnl(Core c, Insn i) {
        if (c.f.sf() == c.f.of()) {
            relative(c, i);
        }
    }

    static void jng(Core c, Insn i) {
        if (c.f.zf() || c.f.sf() != c.f.of()) {
            relative(c, i);
        }
    }

    static void jg(Core c, Insn i) {
        if (!c.f.zf() && c.f.sf() == c.f.of()) {
            relative(c, i);
        }
    }

    static void jmp(Core c, Insn i) {
        relative(c, i);
    }

    static void jmpIndirect(Core c, Insn i) {
        c.jump(i, c.first(i));
    }

    static void call(Core c, Insn i) {
        callTo(c, i, c.nextRip(i) + i.imm);
    }

    static void callIndirect(Core c, Insn i) {
        callTo(c, i, c.first(i));
    }

    private static void callTo(Core c, Insn i, long target) {
        if (i.operandSize == 8 && (target << 16 >> 16) == target) {
            long stack = c.r[Registers.RSP] - 8;
            c.mem.store8(stack, c.r[Insn.BLOCK_RIP] + i.end, true);
            c.r[Registers.RSP] = stack;
            c.s.rip = target;
        } else {
            callOdd(c, i, target);
        }
    }

    private static void callOdd(Core c, Insn i, long target) {
        if (i.operandSize == 8 && (target << 16 >> 16) != target) {
            c.probeStack(-8, 8); // a fault of the push comes before #GP for the target
        }
        long rip = c.checkTarget(i, target);
        c.push(c.nextRip(i), i.operandSize);
        c.s.rip = rip;
    }

    static void ret(Core c, Insn i) {
        if (i.operandSize == 8) {
            long stack = c.r[Registers.RSP];
            long target = c.mem.load8(stack, true);
            if ((target << 16 >> 16) != target) {
                throw c.fault.generalProtection(0);
            }
            c.r[Registers.RSP] = stack + 8 + (i.imm & 0xFFFF);
            c.s.rip = target;
        } else {
            retOdd(c, i);
        }
    }

    private static void retOdd(Core c, Insn i) {
        long rip = c.checkTarget(i, c.stackLoad(0, i.operandSize));
        c.moveStack(i.operandSize + (i.imm & 0xFFFF));
        c.s.rip = rip;
    }

    private static void loopIf(Core c, Insn i, boolean flag) {
        long count = c.reg(Registers.RCX, i.addressSize) - 1;
        boolean taken = flag && (count & i.addressMask) != 0;
        long target = taken ? c.checkTarget(i, c.nextRip(i) + i.imm) : c.s.rip;
        c.setReg(Registers.RCX, i.addressSize, count);
        c.s.rip = target;
    }

    static void loop(Core c, Insn i) {
        loopIf(c, i, true);
    }

    static void loope(Core c, Insn i) {
        loopIf(c, i, c.f.zf());
    }

    static void loopne(Core c, Insn i) {
        loopIf(c, i, !c.f.zf());
    }

    static void jrcxz(Core c, Insn i) {
        if (c.reg(Registers.RCX, i.addressSize) == 0) {
            relative(c, i);
        }
    }

    static void int3(Core c, Insn i) {
        c.request(Core.Service.TRAP, Trap.BP);
    }

    /** ICEBP: a #DB trap that leaves DR6 alone. */
    static void int1(Core c, Insn i) {
        c.request(Core.Service.TRAP, Trap.DB);
    }

    static void into(Core c, Insn i) {
        if (c.f.of()) {
            c.request(Core.Service.TRAP, Trap.OF);
        }
    }

    static void intN(Core c, Insn i) {
        int vector = (int) i.imm & 0xFF;
        if (!c.environment.traps().mayInterrupt(vector)) {
            throw c.fault.generalProtection(vector << 3 | 2);
        }
        c.request(Core.Service.SOFTWARE_INTERRUPT, vector);
    }
}
