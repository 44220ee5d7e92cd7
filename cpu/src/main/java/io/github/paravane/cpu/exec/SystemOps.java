package io.github.paravane.cpu.exec;

import io.github.paravane.api.cpu.CpuidSource.CpuidLeaf;
import io.github.paravane.api.cpu.DescriptorTables.SystemRegister;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.state.Flags;

/** System calls, descriptor table and control register instructions, ports, CPUID, time stamp. */
final class SystemOps {
    private static final long CR0_TS = 8;
    private static final int TSC_AUX = 0xC000_0103;
    private static final long CR4_TSD = 1L << 2;

    private SystemOps() {}

    private static long system(Core c, SystemRegister register) {
        return c.environment.descriptors().systemRegister(register);
    }

    // ---- calls into the hypervisor ----

    static void syscall(Core c, Insn i) {
        c.r[Registers.RCX] = c.nextRip(i);
        c.r[Registers.R11] = c.f.rflags() & ~(long) Flags.RF;
        c.request(Core.Service.SYSCALL, 0);
    }

    static void sysenter(Core c, Insn i) {
        c.request(Core.Service.SYSENTER, 0);
    }

    static void sysret(Core c, Insn i) {
        c.privileged.refuse(c);
    }

    static void sysexit(Core c, Insn i) {
        c.privileged.refuse(c);
    }

    static void ud(Core c, Insn i) {
        throw c.fault.undefined();
    }

    static void rsm(Core c, Insn i) {
        throw c.fault.undefined();
    }

    static void hlt(Core c, Insn i) {
        c.privileged.refuse(c);
    }

    // ---- system registers that CPL 3 may read while UMIP is off ----

    /** SLDT, STR, SMSW: 16 bits to memory, operand size to a register. */
    private static void storeSystem(Core c, Insn i, long value) {
        if (i.memOperand == 1) {
            c.storeOperand(i, 2, value);
        } else {
            c.setReg(i.dst, i.width, value);
        }
    }

    static void sldt(Core c, Insn i) {
        storeSystem(c, i, system(c, SystemRegister.LDT_SELECTOR) & 0xFFFF);
    }

    static void str(Core c, Insn i) {
        storeSystem(c, i, system(c, SystemRegister.TASK_SELECTOR) & 0xFFFF);
    }

    static void smsw(Core c, Insn i) {
        storeSystem(c, i, system(c, SystemRegister.CR0) | (c.s.taskSwitched ? CR0_TS : 0));
    }

    static void sgdt(Core c, Insn i) {
        storeTable(c, i, system(c, SystemRegister.GDT_LIMIT), system(c, SystemRegister.GDT_BASE));
    }

    static void sidt(Core c, Insn i) {
        storeTable(c, i, system(c, SystemRegister.IDT_LIMIT), system(c, SystemRegister.IDT_BASE));
    }

    private static void storeTable(Core c, Insn i, long limit, long base) {
        long address = c.address(i);
        int width = i.long64 ? 8 : 4;
        // Both parts are checked, alignment included (Intel SDM vol 3, 3.5.1), before either is stored.
        c.mem.probeAligned(address, 2, i.stackSegment);
        c.mem.probeAligned((address + 2) & i.linearMask, width, i.stackSegment);
        c.mem.store2(address, limit, i.stackSegment);
        c.mem.store((address + 2) & i.linearMask, base, width, i.stackSegment);
    }

    static void lgdt(Core c, Insn i) {
        c.privileged.refuse(c);
    }

    static void lidt(Core c, Insn i) {
        c.privileged.refuse(c);
    }

    static void lldt(Core c, Insn i) {
        c.privileged.refuse(c);
    }

    static void ltr(Core c, Insn i) {
        c.privileged.refuse(c);
    }

    static void swapgs(Core c, Insn i) {
        c.privileged.refuse(c);
    }

    // ---- descriptor inspection ----

    /** The descriptor if CPL and RPL may see it, else 0; never faults but #PF on the table. */
    private static long visible(Core c, int selector) {
        if (SegmentLoader.isNul(selector)) {
            return 0;
        }
        long descriptor = c.environment.descriptors().descriptor(selector);
        if (descriptor == 0) {
            if (c.environment.descriptors().fault() != null) {
                throw c.fault.page(c.environment.descriptors().fault());
            }
            return 0;
        }
        boolean conforming = (descriptor >>> 42 & 7) == 7;
        return conforming || (descriptor >>> 45 & 3) >= Math.max(c.s.cpl, selector & 3) ? descriptor : 0;
    }

    private static boolean isSegment(long descriptor) {
        return (descriptor & 1L << 44) != 0;
    }

    private static int type(long descriptor) {
        return (int) (descriptor >>> 40) & 15;
    }

    static void verr(Core c, Insn i) {
        long d = visible(c, (int) c.first(i));
        c.f.setZf(isSegment(d) && ((type(d) & 8) == 0 || (type(d) & 2) != 0));
    }

    static void verw(Core c, Insn i) {
        long d = visible(c, (int) c.first(i));
        c.f.setZf(isSegment(d) && (type(d) & 10) == 2);
    }

    static void lar(Core c, Insn i) {
        long d = visible(c, (int) c.second(i) & 0xFFFF);
        int type = type(d);
        boolean valid = isSegment(d) || (d != 0 && (type == 2 || type == 9 || type == 11 || type == 12));
        if (valid) {
            c.setReg(i.dst, i.width, d >>> 32 & 0xFF_FF00);
        }
        c.f.setZf(valid);
    }

    static void lsl(Core c, Insn i) {
        long d = visible(c, (int) c.second(i) & 0xFFFF);
        int type = type(d);
        boolean valid = isSegment(d) || (d != 0 && (type == 2 || type == 9 || type == 11));
        if (valid) {
            c.setReg(i.dst, i.width, SegmentLoader.limit(d));
        }
        c.f.setZf(valid);
    }

    static void arpl(Core c, Insn i) {
        long d = c.first(i);
        long s = c.reg(i.src, 2);
        boolean raised = (d & 3) < (s & 3);
        if (raised) {
            c.setFirst(i, (d & ~3L) | (s & 3));
        }
        c.f.setZf(raised);
    }

    static void bound(Core c, Insn i) {
        int width = i.operandSize;
        long address = c.address(i);
        long index = Flags.signExtend(c.reg(i.dst, width), width);
        long lower = Flags.signExtend(c.mem.load(address, width, i.stackSegment), width);
        long upper = Flags.signExtend(c.mem.load((address + width) & i.linearMask, width, i.stackSegment), width);
        if (index < lower || index > upper) {
            throw c.fault.vector(Trap.BR, 0);
        }
    }

    // ---- control and debug registers ----

    private static void checkControl(Core c, int register) {
        if (register != 8 && (register > 4 || register == 1)) {
            throw c.fault.undefined();
        }
    }

    private static int systemWidth(Insn i) {
        return i.long64 ? 8 : 4;
    }

    static void movFromControl(Core c, Insn i) {
        checkControl(c, i.src);
        c.setReg(i.dst, systemWidth(i), c.privileged.readControl(c, i.src));
    }

    /** 0F 22: the table names the general register first, as for 0F 20. */
    static void movToControl(Core c, Insn i) {
        checkControl(c, i.src);
        c.privileged.writeControl(c, i.src, c.reg(i.dst, systemWidth(i)));
    }

    /** Which of DR4 and DR5 there are depends on CR4.DE, but only at CPL 0: below it is #GP that comes first. */
    private static int debugRegister(Core c, Insn i) {
        if (i.src > 7) {
            throw c.fault.undefined();
        }
        return i.src;
    }

    static void movFromDebug(Core c, Insn i) {
        c.setReg(i.dst, systemWidth(i), c.privileged.readDebug(c, debugRegister(c, i)));
    }

    static void movToDebug(Core c, Insn i) {
        c.privileged.writeDebug(c, debugRegister(c, i), c.reg(i.dst, systemWidth(i)));
    }

    static void clts(Core c, Insn i) {
        c.privileged.writeControl(c, 0, c.privileged.readControl(c, 0) & ~CR0_TS);
    }

    static void lmsw(Core c, Insn i) {
        long old = c.privileged.readControl(c, 0);
        long value = c.first(i);
        // PE can be set and not cleared.
        c.privileged.writeControl(c, 0, (old & ~14L) | (value & 15));
    }

    static void invlpg(Core c, Insn i) {
        c.privileged.invalidatePage(c, c.address(i));
    }

    /** INVD would lose what was written: nobody lets a guest do that. */
    static void invd(Core c, Insn i) {
        c.privileged.refuse(c);
    }

    static void wbinvd(Core c, Insn i) {
        c.privileged.invalidateCaches(c);
    }

    // ---- interrupt flag, ports ----

    static void cli(Core c, Insn i) {
        c.privileged.setInterruptFlag(c, false);
    }

    static void sti(Core c, Insn i) {
        c.privileged.setInterruptFlag(c, true);
    }

    private static int port(Core c, Insn i) {
        // E4-E7 have the port as an immediate, EC-EF in DX.
        return i.opcode < 0xE8 ? (int) i.imm & 0xFF : (int) c.reg(Registers.RDX, 2);
    }

    private static int portWidth(Insn i) {
        return (i.opcode & 1) == 0 ? 1 : Math.min(i.operandSize, 4);
    }

    static void in(Core c, Insn i) {
        int width = portWidth(i);
        c.setReg(Registers.RAX, width, c.privileged.readPort(c, port(c, i), width));
    }

    static void out(Core c, Insn i) {
        int width = portWidth(i);
        c.privileged.writePort(c, port(c, i), width, c.reg(Registers.RAX, width));
    }

    // ---- model-specific registers, CPUID, time ----

    static void rdmsr(Core c, Insn i) {
        setPair(c, c.privileged.readMsr(c, (int) c.r[Registers.RCX]));
    }

    static void wrmsr(Core c, Insn i) {
        long value = c.reg(Registers.RDX, 4) << 32 | c.reg(Registers.RAX, 4);
        c.privileged.writeMsr(c, (int) c.r[Registers.RCX], value);
    }

    private static void setPair(Core c, long value) {
        c.setReg(Registers.RAX, 4, value);
        c.setReg(Registers.RDX, 4, value >>> 32);
    }

    static void rdtsc(Core c, Insn i) {
        if (c.privileged == Privileged.FORBIDDEN && (system(c, SystemRegister.CR4) & CR4_TSD) != 0) {
            throw c.fault.generalProtection(0);
        }
        setPair(c, c.privileged.timeStamp(c));
    }

    /** RDTSC, and ECX from TSC_AUX. */
    static void rdtscp(Core c, Insn i) {
        boolean direct = c.privileged == Privileged.FORBIDDEN;
        long aux = direct ? system(c, SystemRegister.TSC_AUX) : c.privileged.readMsr(c, TSC_AUX);
        rdtsc(c, i);
        c.setReg(Registers.RCX, 4, aux);
    }

    /** RDPMC: CR4.PCE is never set for a PV guest. */
    static void rdpmc(Core c, Insn i) {
        throw c.fault.generalProtection(0);
    }

    static void xsetbv(Core c, Insn i) {
        long value = c.reg(Registers.RDX, 4) << 32 | c.reg(Registers.RAX, 4);
        c.privileged.writeExtendedControl(c, (int) c.r[Registers.RCX], value);
    }

    static void cpuid(Core c, Insn i) {
        CpuidLeaf leaf = c.privileged.cpuid(c, (int) c.r[Registers.RAX], (int) c.r[Registers.RCX]);
        c.setReg(Registers.RAX, 4, leaf.eax());
        c.setReg(Registers.RBX, 4, leaf.ebx());
        c.setReg(Registers.RCX, 4, leaf.ecx());
        c.setReg(Registers.RDX, 4, leaf.edx());
    }
}
