package io.github.paravane.testkit.asm;

import static io.github.paravane.testkit.asm.Gpr.AH;
import static io.github.paravane.testkit.asm.Gpr.CL;
import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.ECX;
import static io.github.paravane.testkit.asm.Gpr.R9B;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RCX;
import static io.github.paravane.testkit.asm.Gpr.RDI;
import static io.github.paravane.testkit.asm.Gpr.RSP;
import static io.github.paravane.testkit.asm.Memory.dword;
import static io.github.paravane.testkit.asm.Memory.ptr;
import static io.github.paravane.testkit.asm.Memory.qword;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AssemblerTest {
    @Test
    void everyRecordedInstructionHasTheBytesOfGnuAs() throws IOException {
        List<String> wrong = new ArrayList<>();
        int rows = 0;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(AssemblerTest.class.getResourceAsStream("gas-vectors.txt")),
                StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("#")) {
                    continue;
                }
                String[] columns = line.split(" \\| ");
                rows++;
                String actual;
                try {
                    actual = hex(GasSource.assemble(columns[0]));
                } catch (RuntimeException e) {
                    actual = e + (e.getCause() == null ? "" : " " + e.getCause().getCause());
                }
                if (!actual.equals(columns[1])) {
                    wrong.add(line + " but was " + actual);
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(rows > 1500, "rows: " + rows);
    }

    @Test
    void labelsWorkForwardsAndBackwards() {
        Assembler asm = new Assembler(0x1000);
        Label loop = asm.label("loop");
        Label end = asm.label("end");
        asm.mov(ECX, 10).xor(EAX, EAX);
        asm.bind(loop).add(RAX, RCX).dec(ECX).je(end).jmp(loop);
        asm.bind(end).hlt();
        AssembledCode code = asm.assemble();
        assertEquals("b90a00000031c04801c8ffc90f8405000000e9f0fffffff4", hex(code.bytes()));
        assertEquals(0x1007, code.address("loop"));
        assertEquals(0x1017, code.address("end"));
        assertEquals(0x1018, code.end());
    }

    @Test
    void ripRelativeOperandsCountFromTheEndOfTheInstruction() {
        Assembler asm = new Assembler(0xffffffff80000000L);
        Label data = asm.label("data");
        asm.add(dword(ptr(data)), 0x12345).lea(RDI, ptr(data, 8)).movabs(RAX, data);
        asm.align(8).bind(data).u64(data).u64(1);
        byte[] bytes = asm.assemble().bytes();
        // add dword ptr [rip+0x16], 0x12345 is 10 bytes, lea 7, movabs 10; data is at 0x20.
        assertEquals(
                "81051600000045230100" + "488d3d17000000" + "48b82000008" + "0ffffffff" + "0000000000"
                        + "20000080ffffffff" + "0100000000000000",
                hex(bytes));
    }

    @Test
    void shortBranchesAreCheckedForReach() {
        Assembler near = new Assembler(0);
        Label target = near.label("target");
        near.jmpShort(target).zeros(127).bind(target);
        assertEquals(0x7f, near.assemble().bytes()[1]);

        Assembler far = new Assembler(0);
        Label beyond = far.label("beyond");
        far.jShort(Condition.NE, beyond).zeros(128).bind(beyond);
        assertThrows(IllegalStateException.class, far::assemble);
    }

    @Test
    void mistakesAreReportedAtTheCall() {
        Assembler asm = new Assembler(0);
        assertThrows(IllegalArgumentException.class, () -> asm.add(RAX, ECX));
        assertThrows(IllegalArgumentException.class, () -> asm.add(ptr(RAX), 1));
        assertThrows(IllegalArgumentException.class, () -> asm.add(ptr(RAX), qword(ptr(RCX))));
        assertThrows(IllegalArgumentException.class, () -> asm.add(RAX, 0x80000000L));
        assertThrows(IllegalArgumentException.class, () -> asm.mov(AH, R9B));
        assertThrows(IllegalArgumentException.class, () -> asm.shl(RAX, Gpr.DL));
        assertThrows(IllegalArgumentException.class, () -> asm.imul(CL, CL));
        assertThrows(IllegalArgumentException.class, () -> ptr(RAX, RSP, 1));
        assertThrows(IllegalArgumentException.class, () -> ptr(RAX, RCX, 3));
        assertThrows(IllegalArgumentException.class, () -> asm.jmp(new Assembler(0).label("foreign")));
        assertThrows(IllegalArgumentException.class, () -> asm.org(-1));
        asm.label("twice");
        assertThrows(IllegalArgumentException.class, () -> asm.label("twice"));
        asm.jmp(asm.label("never"));
        assertThrows(IllegalStateException.class, asm::assemble);
    }

    @Test
    void dataDirectivesAreLittleEndian() {
        Assembler asm = new Assembler(0x10);
        asm.u8(1)
                .u16(0x203)
                .u32(0x4050607)
                .u64(0x8090a0b0c0d0e0fL)
                .asciz("ok")
                .org(0x28)
                .bytes(0xff);
        assertEquals(
                "0103020706050" + "40f0e0d0c0b0a0908" + "6f6b00" + "000000000000" + "ff",
                hex(asm.assemble().bytes()));
    }

    @Test
    void anInstructionWithoutAMethodIsAnEncoding() {
        Assembler asm = new Assembler(0);
        asm.emit(Encoding.opcode(0x0f, 0x6f).mandatory(0x66).reg(1).rm(ptr(RDI))); // movdqa xmm1, [rdi]
        asm.emit(Encoding.opcode(0x0f, 0xef).mandatory(0x66).reg(9).rm(2)); // pxor xmm9, xmm2
        assertEquals("660f6f0f" + "66440fefca", hex(asm.assemble().bytes()));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
