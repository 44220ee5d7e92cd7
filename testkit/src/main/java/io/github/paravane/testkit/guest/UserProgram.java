package io.github.paravane.testkit.guest;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EBX;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RDI;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;

/** User programs of the story, as machine code for {@link SolarisLikeKernel#USER_CODE}. */
public final class UserProgram {

    private UserProgram() {}

    /** Sets RFLAGS, makes a system call, and reports RFLAGS as they are afterwards. */
    public static byte[] flagsAcrossSyscall(int rflags) {
        Assembler asm = new Assembler(SolarisLikeKernel.USER_CODE);
        asm.push(rflags).popf();
        asm.mov(EAX, SolarisLikeKernel.SYS_NOTHING).syscall();
        asm.pushf().pop(RDI);
        asm.mov(EAX, SolarisLikeKernel.SYS_REPORT).syscall();
        return exit(asm);
    }

    /** readkern: loads from an address and reports what it read; a fault kills it. */
    public static byte[] readkern(long address) {
        Assembler asm = new Assembler(SolarisLikeKernel.USER_CODE);
        asm.movabs(RAX, address).mov(RDI, ptr(RAX));
        asm.mov(EAX, SolarisLikeKernel.SYS_REPORT).syscall();
        return exit(asm);
    }

    /** Stores a value at an address and exits; a fault kills it. */
    public static byte[] writekern(long address, int value) {
        Assembler asm = new Assembler(SolarisLikeKernel.USER_CODE);
        asm.movabs(RAX, address).mov(io.github.paravane.testkit.asm.Memory.qword(ptr(RAX)), value);
        return exit(asm);
    }

    /** Makes {@code count} system calls, touching its data page before each. */
    public static byte[] touchAndCall(int count) {
        Assembler asm = new Assembler(SolarisLikeKernel.USER_CODE);
        asm.mov(EBX, count);
        Label loop = asm.label("loop");
        asm.bind(loop).movabs(RAX, SolarisLikeKernel.USER_DATA).mov(RDI, ptr(RAX));
        asm.mov(EAX, SolarisLikeKernel.SYS_NOTHING).syscall();
        asm.dec(EBX).jne(loop);
        return exit(asm);
    }

    private static byte[] exit(Assembler asm) {
        asm.mov(EAX, SolarisLikeKernel.SYS_EXIT).syscall().ud2();
        return asm.assemble().bytes();
    }
}
