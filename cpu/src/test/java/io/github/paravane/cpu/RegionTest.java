package io.github.paravane.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.cpu.Registers;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Code in regions does what interpreted code does, and stops where it stops, whatever the budget. */
class RegionTest {

    private static final long DATA = 0x8000;

    /** Runs slice after slice and notes after each what a hypervisor could see. */
    private static List<String> history(X86Core.Translation translation, String code, long slice, int slices) {
        TestMachine machine = new TestMachine(translation).code(code);
        machine.registers.setGpr(Registers.RBX, DATA);
        List<String> history = new ArrayList<>();
        for (int n = 0; n < slices; n++) {
            String exit = machine.run(slice).kind().toString();
            StringBuilder state = new StringBuilder(exit);
            state.append(" rip ").append(Long.toHexString(machine.registers.rip()));
            state.append(" rflags ").append(Long.toHexString(machine.registers.rflags()));
            state.append(" retired ").append(machine.core.retired());
            state.append(" syscalls ").append(machine.syscalls);
            state.append(" traps ").append(machine.traps);
            for (int register = 0; register < 16; register++) {
                state.append(' ').append(Long.toHexString(machine.registers.gpr(register)));
            }
            state.append(" data ").append(Long.toHexString(machine.memory.readU64(DATA)));
            history.add(state.toString());
        }
        return history;
    }

    private static void same(String code, int slices) {
        for (long slice : new long[] {1, 2, 3, 5, 8, 13, 1000}) {
            List<String> interpreted = history(X86Core.Translation.NEVER, code, slice, slices);
            assertEquals(interpreted, history(X86Core.Translation.REGIONS, code, slice, slices), code + " by " + slice);
            assertEquals(interpreted, history(X86Core.Translation.ALWAYS, code, slice, slices), code + " by " + slice);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // xor eax,eax; 1: add rax,3; cmp rax,30; jl 1b; syscall
                "31C0 4883C003 4883F81E 7CF6 0F05",
                // 1: mov rax,[rbx]; add rax,1; mov [rbx],rax; test al,1; jz 2f; inc rcx; 2: jmp 1b
                "488B03 4883C001 488903 A801 7403 48FFC1 EBEC",
                // 1: call 2f; dec rdx; jmp 1b; nop; 2: push rdx; pop rcx; ret
                "E806000000 48FFCA EBF6 90 52 59 C3",
                // 1: add rbx,0x100; mov rax,[rbx]; jmp 1b: ends in a page that is absent
                "4881C300010000 488B03 EBF4",
                // 1: inc ecx; lea rdx,[rip+5]; shl rdx,3; movzx eax,byte [rbx+rcx]; cmp eax,ecx; jnz 1b; int3
                "FFC1 488D1505000000 48C1E203 0FB6040B 39C8 75EC CC",
                // 1: rdtsc; dec rbp; jnz 1b
                "0F31 48FFCD 75F9",
                // 1: push rbx; popf; jmp 1b
                "53 9D EBFC"
            })
    void stopsAndGoesOnAsInterpretedCode(String code) {
        same(code, 40);
    }

    @Test
    void codeThatChangesItselfIsSeenAtOnce() {
        // 1: inc byte [rip+3] (the immediate of the next instruction); mov rax,5; add rax,1; jmp 1b
        String code = "FE0503000000 48C7C005000000 4883C001 EBED";
        same(code, 40);
        List<String> history = history(X86Core.Translation.REGIONS, code, 4, 3);
        assertTrue(history.get(0).contains(" traps [] 7 "), history.get(0));
    }

    @Test
    void randomLoopsAreTheSame() {
        String[] parts = {
            "4801C8",
            "4829D1",
            "4831CA",
            "4809D0",
            "4821C1",
            "4885C0",
            "4839D1",
            "4883C07F",
            "4883E900",
            "48C1E003",
            "48C1E907",
            "48D1FA",
            "01C8",
            "29D1",
            "31CA",
            "83C07F",
            "C1E003",
            "C1E907",
            "48FFC0",
            "48FFC9",
            "FFC2",
            "FFC9",
            "488B03",
            "488903",
            "8B4B08",
            "895310",
            "480303",
            "483B4B08",
            "39531C",
            "4883BB0800000001",
            "48C7430812345678",
            "8D4C8A05",
            "488D4C8A05",
            "670F1F00",
            "0FB613",
            "50",
            "59",
            "480FAFC1",
            "4898",
            "F6430101",
            "803B07",
            "480FB6C1",
            "483903",
            "4C89C0",
            "4989C1",
            "41B801000000",
            "49FFC0",
            "6648FFC0"
        };
        Random random = new Random(20261201);
        for (int trial = 0; trial < 150; trial++) {
            StringBuilder code = new StringBuilder();
            int bytes = 0;
            for (int n = random.nextInt(12) + 1; n > 0; n--) {
                String part = parts[random.nextInt(parts.length)];
                code.append(part);
                bytes += part.length() / 2;
                if (random.nextInt(3) == 0) {
                    String skipped = parts[random.nextInt(parts.length)];
                    code.append(String.format("%02X%02X", 0x70 + random.nextInt(16), skipped.length() / 2));
                    code.append(skipped);
                    bytes += 2 + skipped.length() / 2;
                }
            }
            code.append("E9").append(String.format("%08X", Integer.reverseBytes(-(bytes + 5))));
            String text = code.toString();
            long slice = 1 + random.nextInt(40);
            assertEquals(
                    history(X86Core.Translation.NEVER, text, slice, 20),
                    history(X86Core.Translation.REGIONS, text, slice, 20),
                    text + " by " + slice);
        }
    }
}
