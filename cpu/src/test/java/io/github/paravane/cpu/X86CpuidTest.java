package io.github.paravane.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.cpu.CpuExit;
import io.github.paravane.api.cpu.CpuidSource.CpuidLeaf;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class X86CpuidTest {
    private final X86Cpuid cpuid = new X86Cpuid();

    /** Feature, leaf, register (0 EAX to 3 EDX), bit, an instruction that needs it. */
    @ParameterizedTest
    @CsvSource({
        "CMOV, 1, 3, 15, 0f44c1",
        "SSE, 1, 3, 25, 0f58c1",
        "SSE2, 1, 3, 26, 660f58c1",
        "MMX, 1, 3, 23, 0f77",
        "SSE3, 1, 2, 0, f20f7cc1",
        "SSSE3, 1, 2, 9, 660f3800c1",
        "CX16, 1, 2, 13, 480fc70f",
        "SSE4_1, 1, 2, 19, 660f3814c1",
        "SSE4_2, 1, 2, 20, f20f38f0c1",
        "MOVBE, 1, 2, 22, 0f38f007",
        "POPCNT, 1, 2, 23, f30fb8c1",
        "XSAVE, 1, 2, 26, 0f01d0",
        "RDRAND, 1, 2, 30, 0fc7f0",
        "FSGSBASE, 7, 1, 0, f30faec0",
        "BMI1, 7, 1, 3, c4e278f2c1",
        "BMI2, 7, 1, 8, c4e27bf6c1",
        "ADX, 7, 1, 19, 660f38f6c1",
        "SYSCALL, 80000001, 3, 11, 0f05",
        "RDTSCP, 80000001, 3, 27, 0f01f9",
        "LZCNT, 80000001, 2, 5, f30fbdc1",
    })
    void anInstructionExistsExactlyIfItsBitIsSet(String feature, String leaf, int register, int bit, String code) {
        CpuidLeaf answer = cpuid.cpuid(Integer.parseUnsignedInt(leaf, 16), 0);
        int[] words = {answer.eax(), answer.ebx(), answer.ecx(), answer.edx()};
        boolean offered = (words[register] >>> bit & 1) != 0;
        assertEquals(X86Cpuid.offers(feature), offered);
        TestMachine machine = new TestMachine();
        machine.registers.setGpr(Registers.RDI, TestMachine.DATA);
        CpuExit exit = machine.code(code + "0f0b").run(10);
        assertFalse(exit instanceof CpuExit.Unsupported, "offered and not implemented");
        boolean undefined = machine.registers.rip() == TestMachine.CODE
                && machine.traps.size() == 1
                && machine.traps.get(0).vector() == Trap.UD;
        assertEquals(offered, !undefined);
    }

    @Test
    void leavesBeyondTheLastAreZero() {
        assertEquals(7, cpuid.cpuid(0, 0).eax());
        assertEquals(CpuidLeaf.ZERO, cpuid.cpuid(8, 0));
        assertEquals(CpuidLeaf.ZERO, cpuid.cpuid(0x4000_0000, 0));
        assertEquals(CpuidLeaf.ZERO, cpuid.cpuid(0x8000_0009, 0));
        assertTrue((cpuid.cpuid(0x8000_0001, 0).edx() & 1 << 29) != 0, "long mode");
    }
}
