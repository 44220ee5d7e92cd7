package io.github.paravane.testkit.guest;

import static io.github.paravane.testkit.asm.Gpr.AL;
import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EBX;
import static io.github.paravane.testkit.asm.Gpr.EDI;
import static io.github.paravane.testkit.asm.Gpr.ESI;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Gpr.RDI;
import static io.github.paravane.testkit.asm.Gpr.RDX;
import static io.github.paravane.testkit.asm.Gpr.RSI;
import static io.github.paravane.testkit.asm.Memory.bytePtr;
import static io.github.paravane.testkit.asm.Memory.ptr;
import static io.github.paravane.testkit.asm.Memory.qword;

import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import java.nio.charset.StandardCharsets;

/**
 * User programs as machine code for {@link #CODE}, and what the modelled kernels offer them: system calls by SYSCALL with
 * the number in RAX and arguments in RDI and RSI; the result is in RAX, negative for an error.
 */
public final class UserProgram {

    /** Where user code lies: one page, not writable. */
    public static final long CODE = 0x40_0000;

    /** Where a user page for data lies: not executable. */
    public static final long DATA = 0x60_0000;

    /** The page of the stack; RSP starts at its end. */
    public static final long STACK = 0x70_0000;

    /** Does nothing. */
    public static final int SYS_NOTHING = 1;

    /** Reports RDI, see {@link ProcessEnd#reported}. */
    public static final int SYS_REPORT = 2;

    /** Ends the process with status RDI. */
    public static final int SYS_EXIT = 3;

    /** Lets the other processes run. */
    public static final int SYS_YIELD = 4;

    /** Writes RSI bytes from RDI, see {@link ProcessEnd#output}. */
    public static final int SYS_WRITE = 5;

    /** Enters RDI, with CR2 in RDI, at the next page fault instead of being killed. */
    public static final int SYS_SIGNAL = 6;

    /** Maps a zero page at RDI. */
    public static final int SYS_MAP = 7;

    /** Unmaps the page at RDI. */
    public static final int SYS_UNMAP = 8;

    /** Makes the page at RDI writable if RSI is not 0, else read-only. */
    public static final int SYS_PROTECT = 9;

    /** Makes a copy of the process; 0 in the copy. */
    public static final int SYS_FORK = 10;

    private UserProgram() {}

    /** Sets RFLAGS, makes a system call, and reports RFLAGS as they are afterwards. */
    public static byte[] flagsAcrossSyscall(int rflags) {
        Assembler asm = start();
        asm.push(rflags).popf();
        asm.mov(EAX, SYS_NOTHING).syscall();
        asm.pushf().pop(RDI);
        asm.mov(EAX, SYS_REPORT).syscall();
        return exit(asm);
    }

    /** Sets RFLAGS, makes {@code count} system calls, and reports RFLAGS as they are afterwards. */
    public static byte[] flagsAcrossSyscalls(int rflags, int count) {
        Assembler asm = start();
        Label loop = asm.label("loop");
        asm.mov(EBX, count);
        asm.bind(loop).push(rflags).popf();
        asm.mov(EAX, SYS_NOTHING).syscall();
        asm.pushf().pop(RDI).dec(EBX).jne(loop);
        asm.mov(EAX, SYS_REPORT).syscall();
        return exit(asm);
    }

    /** Loads from an address and reports what it read; a fault kills it. */
    public static byte[] readkern(long address) {
        Assembler asm = start();
        asm.movabs(RAX, address).mov(RDI, ptr(RAX));
        asm.mov(EAX, SYS_REPORT).syscall();
        return exit(asm);
    }

    /**
     * readkern of the story: takes an address in hexadecimal digits and tries to load from it; if that succeeds, it
     * prints the address and exits; a fault kills it. It makes no system call before the load, so that the kernel's way
     * into it is all that is still in the TLB. Anything but 1 to 16 digits is {@link IllegalArgumentException}.
     */
    public static byte[] readkernPrinting(String argument) {
        if (!argument.matches("[0-9a-fA-F]{1,16}")) {
            throw new IllegalArgumentException("not an address in hexadecimal digits: '" + argument + "'");
        }
        Assembler asm = start();
        Label text = asm.label("text");
        Label next = asm.label("next");
        Label letter = asm.label("letter");
        Label parsed = asm.label("parsed");
        asm.lea(RSI, ptr(text)).xor(EBX, EBX);
        asm.bind(next).movzx(EAX, bytePtr(ptr(RSI))).inc(RSI).cmp(AL, '\n').je(parsed);
        asm.or(AL, 0x20).cmp(AL, 'a').jae(letter).sub(AL, '0' - 'a' + 10);
        asm.bind(letter).sub(AL, 'a' - 10).shl(RBX, 4).or(RBX, RAX).jmp(next);
        asm.bind(parsed).mov(AL, bytePtr(ptr(RBX)));
        asm.lea(RDI, ptr(text)).mov(ESI, argument.length() + 1);
        asm.mov(EAX, SYS_WRITE).syscall();
        exitWith(asm, 0);
        asm.bind(text).raw((argument + "\n").getBytes(StandardCharsets.US_ASCII));
        return asm.assemble().bytes();
    }

    /**
     * Our own addition to readkern: one process tries every {@code step} bytes of a range and reports the addresses it
     * could read. What it finds may differ, because the kernel runs between two loads.
     */
    public static byte[] readkernScan(long start, long end, int step) {
        Assembler asm = start();
        Label next = asm.label("next");
        Label fault = asm.label("fault");
        Label done = asm.label("done");
        asm.movabs(RBX, start);
        asm.bind(next).movabs(RDX, end).cmp(RBX, RDX).jae(done);
        asm.lea(RDI, ptr(fault)).mov(EAX, SYS_SIGNAL).syscall();
        asm.mov(AL, bytePtr(ptr(RBX))).mov(RDI, RBX).mov(EAX, SYS_REPORT).syscall();
        asm.bind(fault).add(RBX, step).jmp(next);
        asm.bind(done);
        return exit(asm);
    }

    /** Stores a value at an address and exits; a fault kills it. */
    public static byte[] writekern(long address, int value) {
        Assembler asm = start();
        asm.movabs(RAX, address).mov(qword(ptr(RAX)), value);
        return exit(asm);
    }

    /** Jumps to an address. */
    public static byte[] jump(long address) {
        return start().movabs(RAX, address).jmp(RAX).assemble().bytes();
    }

    /** Makes {@code count} system calls, touching its data page before each. */
    public static byte[] touchAndCall(int count) {
        Assembler asm = start();
        asm.mov(EBX, count);
        Label loop = asm.label("loop");
        asm.bind(loop).movabs(RAX, DATA).mov(RDI, ptr(RAX));
        asm.mov(EAX, SYS_NOTHING).syscall();
        asm.dec(EBX).jne(loop);
        return exit(asm);
    }

    /** Stores its number, yields, and reports what it finds, {@code count} times. */
    public static byte[] yieldAndLook(int number, int count) {
        Assembler asm = start();
        asm.mov(EBX, count);
        Label loop = asm.label("loop");
        asm.bind(loop).movabs(RAX, DATA).mov(qword(ptr(RAX)), number);
        asm.mov(EAX, SYS_YIELD).syscall();
        asm.movabs(RAX, DATA).mov(RDI, ptr(RAX)).mov(EAX, SYS_REPORT).syscall();
        asm.dec(EBX).jne(loop);
        return exit(asm);
    }

    /** Maps a page at {@code linear}, writes to it, makes it read-only and writable again, unmaps it, and reads it: the end. */
    public static byte[] mapAndUnmap(long linear) {
        Assembler asm = start();
        call(asm, SYS_MAP, linear, 0);
        asm.movabs(RAX, linear).mov(qword(ptr(RAX)), 0x77);
        call(asm, SYS_PROTECT, linear, 0);
        asm.movabs(RAX, linear).mov(RDI, ptr(RAX)).mov(EAX, SYS_REPORT).syscall();
        call(asm, SYS_PROTECT, linear, 1);
        asm.movabs(RAX, linear).mov(qword(ptr(RAX)), 0x78);
        asm.mov(RDI, ptr(RAX)).mov(EAX, SYS_REPORT).syscall();
        call(asm, SYS_UNMAP, linear, 0);
        asm.movabs(RAX, linear).mov(RDI, ptr(RAX));
        return exit(asm);
    }

    /** Makes its data page read-only and stores to it. */
    public static byte[] writeAfterProtect() {
        Assembler asm = start();
        asm.movabs(RAX, DATA).mov(qword(ptr(RAX)), 1);
        call(asm, SYS_PROTECT, DATA, 0);
        asm.movabs(RAX, DATA).mov(qword(ptr(RAX)), 2);
        return exit(asm);
    }

    /** Forks; parent and child each store a number into the data page, let the other run, and report what they find. */
    public static byte[] forkAndLook() {
        Assembler asm = start();
        Label child = asm.label("child");
        Label look = asm.label("look");
        asm.movabs(RBX, DATA).mov(qword(ptr(RBX)), 1);
        asm.mov(EAX, SYS_FORK).syscall();
        asm.test(RAX, RAX).je(child);
        asm.mov(qword(ptr(RBX)), 2).jmp(look);
        asm.bind(child).mov(RDI, ptr(RBX)).mov(EAX, SYS_REPORT).syscall();
        asm.mov(qword(ptr(RBX)), 3);
        asm.bind(look).mov(EAX, SYS_YIELD).syscall();
        asm.mov(RDI, ptr(RBX)).mov(EAX, SYS_REPORT).syscall();
        return exit(asm);
    }

    /** Uses the floating-point unit on both sides of a yield and reports the number that it loaded before. */
    public static byte[] floatingPoint(int number) {
        Assembler asm = start();
        asm.movabs(RBX, DATA).mov(qword(ptr(RBX)), number);
        asm.bytes(0xDF, 0x2B); // fild qword [rbx]
        asm.mov(EAX, SYS_NOTHING).syscall();
        asm.bytes(0xDF, 0x7B, 0x08); // fistp qword [rbx+8]
        asm.mov(RDI, ptr(RBX, 8)).mov(EAX, SYS_REPORT).syscall();
        return exit(asm);
    }

    /** Counts to {@code count} in registers and reports the count. */
    public static byte[] count(int count) {
        Assembler asm = start();
        Label loop = asm.label("loop");
        asm.xor(EDI, EDI).mov(EBX, count);
        asm.bind(loop).inc(RDI).dec(EBX).jne(loop).mov(EAX, SYS_REPORT).syscall();
        return exit(asm);
    }

    /** Exits at once. */
    public static byte[] exit() {
        return exit(start());
    }

    /** Runs until the machine stops it. */
    public static byte[] spin() {
        Assembler asm = start();
        Label loop = asm.label("loop");
        return asm.bind(loop).jmp(loop).assemble().bytes();
    }

    private static Assembler start() {
        return new Assembler(CODE);
    }

    private static void call(Assembler asm, int number, long first, long second) {
        asm.movabs(RDI, first).movabs(RSI, second).mov(EAX, number).syscall();
    }

    private static byte[] exit(Assembler asm) {
        exitWith(asm, 0);
        return asm.assemble().bytes();
    }

    private static void exitWith(Assembler asm, int status) {
        asm.mov(EDI, status).mov(EAX, SYS_EXIT).syscall().ud2();
    }
}
