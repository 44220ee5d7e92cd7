package io.github.paravane.testkit.machine;

import static io.github.paravane.testkit.asm.Gpr.AL;
import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EDI;
import static io.github.paravane.testkit.asm.Gpr.EDX;
import static io.github.paravane.testkit.asm.Gpr.ESI;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Gpr.RCX;
import static io.github.paravane.testkit.asm.Gpr.RSP;
import static io.github.paravane.testkit.asm.Memory.dword;
import static io.github.paravane.testkit.asm.Memory.ptr;
import static io.github.paravane.testkit.asm.Memory.qword;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.hypervisor.machine.ConsolePort;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.ControlRegister;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.GuestRuntime;
import io.github.paravane.testkit.runtime.TrapWord;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Privileged and sensitive instructions of a guest, and what traps around them: the vector, the error code, where RIP points
 * and what DR6 says (Intel SDM vol 3, 17.2 and 17.3; abi-reference 3.9, 4.7).
 */
class PrivilegedInstructionsTest {

    private static final int SET_DEBUGREG = 8;
    private static final int GET_DEBUGREG = 9;
    private static final int VM_ASSIST = 21;
    private static final int PHYSDEV_OP = 33;
    private static final int SET_IOPL = 6;
    private static final int SET_IOBITMAP = 7;
    private static final int ARCHITECTURAL_IOPL = 4;
    private static final long CR4 = 0x660;
    private static final long CR4_TSD = 4;
    private static final long CR4_DE = 8;

    private final GuestRuntime guest = new GuestRuntime();
    private final Assembler asm = guest.asm();
    private final Label data = guest.page("data");
    private final Label bitmap = guest.page("bitmap");
    private final List<String> expected = new ArrayList<>();
    private int labels;

    private Label label() {
        return asm.label("test_" + labels++);
    }

    /** Runs code in kernel mode; what it raises is printed as "vector error rip-offset dr6", or "-" for nothing. */
    private void kernel(String result, Runnable code) {
        Label caught = label();
        Label start = label();
        Label end = label();
        guest.attempt(caught, () -> {
            asm.bind(start);
            code.run();
        });
        outcome(result, caught, start, end);
    }

    private void user(String result, Runnable code) {
        Label caught = label();
        Label start = label();
        Label end = label();
        guest.enterUser(start, caught);
        asm.bind(start);
        code.run();
        asm.mov(EAX, 77).syscall();
        outcome(result, caught, start, end);
    }

    private void outcome(String result, Label caught, Label start, Label end) {
        int number = expected.size();
        expected.add(number + " " + result);
        guest.print(number + " -\n");
        asm.jmp(end);
        asm.bind(caught).mov(RBX, guest.trap(TrapWord.VECTOR));
        guest.print(number + " ").printHex(RBX);
        asm.mov(RBX, guest.trap(TrapWord.ERROR));
        guest.print(" ").printHex(RBX);
        asm.mov(RBX, guest.trap(TrapWord.RIP)).lea(RCX, ptr(start)).sub(RBX, RCX);
        guest.print(" ").printHex(RBX);
        guest.call(GET_DEBUGREG, 6);
        asm.mov(RBX, RAX).and(RBX, 0xF00F);
        guest.print(" ").printHex(RBX).print("\n");
        asm.bind(end);
        debug(7, 0);
        debug(6, 0);
    }

    private void debug(int register, long value) {
        guest.call(SET_DEBUGREG, register, value);
    }

    private void watch(Label place, long control) {
        guest.call(SET_DEBUGREG, 0, place);
        debug(7, control);
    }

    private void iopl(int level) {
        asm.mov(dword(ptr(data, 64)), level).lea(RBX, ptr(data, 64));
        guest.call(PHYSDEV_OP, SET_IOPL, RBX);
    }

    private void assertOutcomes() {
        guest.shutDown();
        ByteArrayOutputStream console = new ByteArrayOutputStream();
        PvMachine machine = PvMachine.builder(AbiProfiles.XEN_4_17)
                .virtualTime()
                .domain(DomainConfig.of(GuestImage.of(guest.toElf()))
                        .memory(8 << 20)
                        .console(ConsolePort.output(console)))
                .build();
        machine.run(RunLimits.none().within(Duration.ofSeconds(20)));
        String text = console.toString(StandardCharsets.US_ASCII).replace("\r", "");
        assertEquals(String.join("\n", expected), text.strip());
    }

    @Test
    void breakpointsAndWatchpoints() {
        Label here = label();
        watch(here, 1);
        kernel("1 0 1 1", () -> asm.nop().bind(here).nop());
        watch(data, 1 | 1 << 16 | 2 << 18);
        kernel("1 0 7 1", () -> asm.mov(ptr(data), RAX).nop());
        watch(data, 1 | 1 << 16 | 2 << 18);
        kernel("-", () -> asm.mov(RAX, ptr(data)).nop());
        watch(data, 1 | 3 << 16 | 3 << 18);
        kernel("1 0 7 1", () -> asm.mov(RAX, ptr(data)).nop());
        watch(data, 1 | 1 << 16 | 3 << 18);
        kernel("-", () -> asm.mov(ptr(data, 4), EAX).nop());
        watch(data, 1 | 1 << 16 | 3 << 18);
        kernel("1 0 6 1", () -> asm.mov(ptr(data, 2), EAX).nop());
        watch(data, 0);
        kernel("-", () -> asm.mov(ptr(data), RAX).nop());
        assertOutcomes();
    }

    @Test
    void singleStepIcebpAndTheShadowOfMovSs() {
        kernel("1 0 b 4000", () -> asm.pushf().or(qword(ptr(RSP)), 0x100).popf().nop());
        kernel(
                "1 0 12 4000",
                () -> asm.mov(EAX, 0xE02B)
                        .pushf()
                        .or(qword(ptr(RSP)), 0x100)
                        .popf()
                        .bytes(0x8E, 0xD0)
                        .nop()
                        .nop());
        kernel("1 0 1 0", () -> asm.bytes(0xF1));
        kernel("3 0 1 0", () -> asm.bytes(0xCC));
        assertOutcomes();
    }

    @Test
    void whatIsNotOfferedOrNotAllowed() {
        kernel("d 0 0 0", asm::rdpmc);
        kernel("6 0 0 0", () -> asm.bytes(0x0F, 0x01, 0xD0)); // XGETBV
        kernel("-", () -> asm.bytes(0x0F, 0x01, 0xF9)); // RDTSCP, which CPUID offers
        kernel("6 0 0 0", () -> asm.bytes(0x0F, 0xAE, 0x20)); // XSAVE [RAX]
        kernel(
                "d 0 0 0",
                () -> asm.bytes(0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66)
                        .bytes(0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x90)); // 16 bytes
        kernel(
                "-",
                () -> asm.bytes(0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66)
                        .bytes(0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x90)); // 15 bytes
        kernel("d 0 0 0", asm::hlt);
        kernel("d 0 0 0", () -> asm.invlpg(ptr(data)));
        kernel("d 0 0 0", () -> asm.lgdt(ptr(data)));
        // not even what changes nothing
        kernel("d 0 3 0", () -> asm.mov(RAX, ControlRegister.CR0).lmsw(EAX));
        kernel("4 0 3 0", () -> asm.bytes(0x66, 0xCD, 4));
        kernel("d 0 0 0", asm::swapgs);
        kernel("d 0 0 0", asm::invd);
        kernel("-", asm::wbinvd);
        kernel("-", asm::clts);
        user("d 0 0 0", asm::clts);
        user("d 0 0 0", asm::wbinvd);
        assertOutcomes();
    }

    @Test
    void portsByIoplAndBitmap() {
        kernel("d 0 0 0", () -> asm.in(AL, 0x80));
        kernel("d 0 0 0", asm::cli);
        iopl(1);
        kernel("-", () -> asm.in(AL, 0x80));
        kernel("-", () -> asm.cli().sti());
        // what a string transfer cannot reach is a page fault of the hypervisor's copy: no P, no U but in user mode
        kernel("e 0 7 0", () -> asm.xor(ESI, ESI).mov(EDX, 0x80).bytes(0x6E));
        kernel("e 2 7 0", () -> asm.xor(EDI, EDI).mov(EDX, 0x80).bytes(0x6C));
        user("d 0 0 0", () -> asm.in(AL, 0x80));
        user("d 0 7 0", () -> asm.xor(ESI, ESI).mov(EDX, 0x80).bytes(0x6E)); // OUTSB: the port first, then the memory
        iopl(3);
        user("100 0 9 0", () -> asm.in(AL, 0x80));
        iopl(0);
        asm.mov(qword(ptr(bitmap, 16)), -2);
        asm.lea(RAX, ptr(bitmap)).mov(ptr(data), RAX).mov(dword(ptr(data, 8)), 0x90);
        guest.call(PHYSDEV_OP, SET_IOBITMAP, data);
        user("100 0 9 0", () -> asm.in(AL, 0x80));
        user("d 0 0 0", () -> asm.in(AL, 0x81));
        guest.call(VM_ASSIST, 0, ARCHITECTURAL_IOPL);
        kernel("-", () -> asm.in(AL, 0x81));
        kernel("-", asm::cli);
        assertOutcomes();
    }

    @Test
    void timeStampsAndDebugRegistersByCr4() {
        user("100 0 9 0", asm::rdtsc);
        asm.mov(EAX, CR4 | CR4_TSD | CR4_DE).bytes(0x0F, 0x22, 0xE0);
        user("d 0 0 0", asm::rdtsc);
        kernel("-", asm::rdtsc);
        kernel("6 0 0 0", () -> asm.bytes(0x0F, 0x21, 0xE0)); // MOV RAX, DR4
        iopl(1);
        guest.call(SET_DEBUGREG, 0, 0x80);
        debug(7, 1 | 2 << 16);
        kernel("1 0 2 1", () -> asm.in(AL, 0x80));
        asm.mov(EAX, CR4).bytes(0x0F, 0x22, 0xE0);
        kernel("-", () -> asm.bytes(0x0F, 0x21, 0xE0));
        asm.mov(EAX, 1L << 13);
        kernel("d 0 0 0", () -> asm.bytes(0x0F, 0x23, 0xF8)); // MOV DR7, RAX with GD
        assertOutcomes();
    }
}
