package io.github.paravane.cpu.exec;

import io.github.paravane.api.cpu.DescriptorTables.SystemRegister;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.state.Flags;

/** Segment register moves, far transfers, IRET, FS and GS base instructions, at CPL 3 or, outside 64-bit mode, 1. */
final class SegmentOps {
    private static final long CR4_FSGSBASE = 1L << 16;

    private SegmentOps() {}

    /** PUSH ES CS SS DS FS GS: 06 0E 16 1E, 0F A0, 0F A8. */
    private static int implied(Insn i) {
        return i.opcode >= 0xA0 ? (i.opcode >= 0xA8 ? Registers.GS : Registers.FS) : i.opcode >>> 3;
    }

    static void pushSegment(Core c, Insn i) {
        c.push(c.s.selector[implied(i)], i.operandSize);
    }

    static void popSegment(Core c, Insn i) {
        int segment = implied(i);
        SegmentLoader.load(c, segment, (int) c.stackLoad(0, i.operandSize) & 0xFFFF);
        c.moveStack(i.operandSize);
        if (segment == Registers.SS) {
            c.holdTraps();
        }
    }

    static void movFromSegment(Core c, Insn i) {
        if (i.src > Registers.GS) {
            throw c.fault.undefined();
        }
        int value = c.s.selector[i.src];
        if (i.memOperand == 1) {
            c.storeOperand(i, 2, value);
        } else {
            c.setReg(i.dst, i.width, value);
        }
    }

    static void movToSegment(Core c, Insn i) {
        if (i.dst > Registers.GS || i.dst == Registers.CS) {
            throw c.fault.undefined();
        }
        SegmentLoader.load(c, i.dst, (int) c.second(i));
        if (i.dst == Registers.SS) {
            c.holdTraps();
        }
    }

    /** LES, LDS, LSS, LFS, LGS. */
    static void loadFarPointer(Core c, Insn i) {
        int segment = i.opcode == 0xC4 ? Registers.ES : i.opcode == 0xC5 ? Registers.DS : i.opcode - 0xB0;
        long address = c.address(i);
        int width = farOffsetWidth(i);
        long offset = c.mem.load(address, width, i.stackSegment);
        int selector = (int) c.mem.load2((address + width) & i.linearMask, i.stackSegment);
        SegmentLoader.load(c, segment, selector);
        c.setReg(i.dst, width, offset);
    }

    static void jmpFarPointer(Core c, Insn i) {
        jumpFar(c, (int) i.imm2, i.imm);
    }

    static void callFarPointer(Core c, Insn i) {
        callFar(c, i, (int) i.imm2, i.imm);
    }

    static void jmpFarMemory(Core c, Insn i) {
        long address = c.address(i);
        int width = farOffsetWidth(i);
        long offset = c.mem.load(address, width, i.stackSegment);
        jumpFar(c, (int) c.mem.load2((address + width) & i.linearMask, i.stackSegment), offset);
    }

    static void callFarMemory(Core c, Insn i) {
        long address = c.address(i);
        int width = farOffsetWidth(i);
        long offset = c.mem.load(address, width, i.stackSegment);
        callFar(c, i, (int) c.mem.load2((address + width) & i.linearMask, i.stackSegment), offset);
    }

    /** An AMD processor, which CPUID names, has no far pointers with 64-bit offsets (AMD APM vol 3, CALL far). */
    private static int farOffsetWidth(Insn i) {
        return Math.min(i.operandSize, 4);
    }

    private static void jumpFar(Core c, int selector, long rip) {
        long descriptor = SegmentLoader.checkCode(c, selector, false);
        SegmentLoader.checkRip(c, rip, descriptor);
        SegmentLoader.loadCode(c, selector, descriptor);
        c.s.rip = rip;
    }

    private static void callFar(Core c, Insn i, int selector, long rip) {
        int width = i.operandSize;
        long descriptor = SegmentLoader.checkCode(c, selector, false);
        SegmentLoader.checkRip(c, rip, descriptor);
        c.stackStore(-width, c.s.selector[Registers.CS], width);
        c.stackStore(-2L * width, c.nextRip(i), width);
        c.moveStack(-2L * width);
        SegmentLoader.loadCode(c, selector, descriptor);
        c.s.rip = rip;
    }

    static void retFar(Core c, Insn i) {
        int width = i.operandSize;
        int selector = (int) c.stackLoad(width, width) & 0xFFFF;
        long rip = c.stackLoad(0, width);
        long release = i.imm & 0xFFFF;
        boolean outer = (selector & 3) != c.s.cpl;
        // Another privilege: the processor reads the stack pointer there before it looks whether that will do.
        long stack = outer ? c.stackLoad(2L * width + release, width) : 0;
        int stackSelector = outer ? (int) c.stackLoad(3L * width + release, width) & 0xFFFF : 0;
        long descriptor = SegmentLoader.checkCode(c, selector, true);
        SegmentLoader.checkRip(c, rip, descriptor);
        if (outer) {
            long stackDescriptor = SegmentLoader.checkReturnStack(c, stackSelector, selector & 3);
            SegmentLoader.loadOuter(c, selector, descriptor, stackSelector, stackDescriptor);
            c.setStack(stack + release);
        } else {
            c.moveStack(2L * width + release);
            SegmentLoader.loadCode(c, selector, descriptor);
        }
        c.s.rip = rip;
    }

    /** IRET to the same or an outer level; in 64-bit mode it always pops SS:RSP (Intel SDM vol 2, IRET). */
    static void iret(Core c, Insn i) {
        int width = i.operandSize;
        if ((c.f.system & Flags.NT) != 0) {
            throw c.fault.generalProtection(0);
        }
        // Top down, as AMD processors do: it shows in which of several faults is reported.
        int stackSelector = i.long64 ? (int) c.stackLoad(4L * width, width) & 0xFFFF : 0;
        long stack = i.long64 ? c.stackLoad(3L * width, width) : 0;
        long flags = c.stackLoad(2L * width, width);
        int selector = (int) c.stackLoad(width, width) & 0xFFFF;
        long rip = c.stackLoad(0, width);
        boolean outer = (selector & 3) != c.s.cpl;
        if (!i.long64 && outer) {
            stackSelector = (int) c.stackLoad(4L * width, width) & 0xFFFF;
            stack = c.stackLoad(3L * width, width);
        }
        long descriptor = SegmentLoader.checkCode(c, selector, true);
        SegmentLoader.checkRip(c, rip, descriptor);
        if (outer) {
            long stackDescriptor = SegmentLoader.checkReturnStack(c, stackSelector, selector & 3);
            SegmentLoader.loadOuter(c, selector, descriptor, stackSelector, stackDescriptor);
            c.setStack(stack);
        } else if (i.long64) {
            long stackDescriptor = SegmentLoader.checkReturnStack(c, stackSelector, c.s.cpl);
            SegmentLoader.loadCode(c, selector, descriptor);
            SegmentLoader.loadStack(c, stackSelector, stackDescriptor);
            c.setStack(stack);
        } else {
            SegmentLoader.loadCode(c, selector, descriptor);
            c.moveStack(3L * width);
        }
        long changed = StackOps.userFlags(c, width) | (width == 2 ? 0 : Flags.RF);
        c.f.setRflags((c.f.rflags() & ~changed) | (flags & changed));
        c.s.rip = rip;
        c.s.attention = true;
    }

    private static void requireFsGsBase(Core c) {
        if ((c.environment.descriptors().systemRegister(SystemRegister.CR4) & CR4_FSGSBASE) == 0) {
            throw c.fault.undefined();
        }
    }

    static void rdfsbase(Core c, Insn i) {
        requireFsGsBase(c);
        c.setReg(i.dst, i.width, c.s.segmentBase[Registers.FS]);
    }

    static void rdgsbase(Core c, Insn i) {
        requireFsGsBase(c);
        c.setReg(i.dst, i.width, c.s.segmentBase[Registers.GS]);
    }

    static void wrfsbase(Core c, Insn i) {
        writeBase(c, i, Registers.FS);
    }

    static void wrgsbase(Core c, Insn i) {
        writeBase(c, i, Registers.GS);
    }

    private static void writeBase(Core c, Insn i, int segment) {
        requireFsGsBase(c);
        long base = c.reg(i.dst, i.width);
        if ((base << 16 >> 16) != base) {
            throw c.fault.generalProtection(0);
        }
        c.s.segmentBase[segment] = base;
    }
}
