package io.github.paravane.samples.cli;

import static io.github.paravane.testkit.asm.Gpr.DL;
import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EDI;
import static io.github.paravane.testkit.asm.Gpr.EDX;
import static io.github.paravane.testkit.asm.Gpr.ESI;
import static io.github.paravane.testkit.asm.Gpr.R12;
import static io.github.paravane.testkit.asm.Gpr.R13;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Gpr.RCX;
import static io.github.paravane.testkit.asm.Gpr.RDX;
import static io.github.paravane.testkit.asm.Gpr.RSI;
import static io.github.paravane.testkit.asm.Memory.bytePtr;
import static io.github.paravane.testkit.asm.Memory.dword;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.asm.PvKernelImage;
import java.nio.charset.StandardCharsets;

/** Kernels of a few instructions. */
final class TestKernels {

    private static final long BASE = 0xffffffff80000000L;
    private static final int CONSOLE_IO = 18;
    private static final int SCHED_OP = 29;
    private static final int SHUTDOWN = 2;
    private static final int EVENT_CHANNEL_OP = 32;
    private static final int SEND = 4;

    private TestKernels() {}

    /** Writes text with console_io, then ends itself with a reason. */
    static byte[] speakAndEnd(String text, int reason) {
        Assembler asm = new Assembler(BASE);
        speak(asm, text);
        end(asm, reason);
        return PvKernelImage.of(asm.assemble()).toElf();
    }

    /** Writes text with console_io, then executes UD2 without a handler. */
    static byte[] speakAndCrash(String text) {
        Assembler asm = new Assembler(BASE);
        speak(asm, text);
        asm.ud2();
        return PvKernelImage.of(asm.assemble()).toElf();
    }

    /** Loops for ever. */
    static byte[] loop() {
        Assembler asm = new Assembler(BASE);
        Label again = asm.here("again");
        asm.jmp(again);
        return PvKernelImage.of(asm.assemble()).toElf();
    }

    /** Blocks with nothing to wake it. */
    static byte[] sleep() {
        Assembler asm = new Assembler(BASE);
        asm.mov(EAX, SCHED_OP).mov(EDI, 1).syscall().ud2();
        return PvKernelImage.of(asm.assemble()).toElf();
    }

    /** Copies its PV console's input to its output and ends after a {@code q}. */
    static byte[] echo() {
        Assembler asm = new Assembler(BASE);
        Label search = asm.label("search");
        Label found = asm.label("found");
        Label wait = asm.label("wait");
        Label port = asm.label("port");
        asm.mov(EAX, dword(ptr(RSI, 80))).mov(dword(ptr(port)), EAX);
        asm.mov(RDX, ptr(RSI, 72)).mov(RBX, ptr(RSI, 104)).xor(RCX, RCX);
        asm.bind(search)
                .mov(RAX, ptr(RBX, RCX, 8))
                .cmp(RAX, RDX)
                .je(found)
                .add(RCX, 1)
                .jmp(search);
        asm.bind(found).mov(R12, RCX).shl(R12, 12).movabs(RAX, BASE).add(R12, RAX);
        asm.bind(wait)
                .mov(EAX, dword(ptr(R12, 3072)))
                .cmp(EAX, dword(ptr(R12, 3076)))
                .je(wait);
        asm.mov(RCX, RAX).and(RCX, 1023).movzx(EDX, bytePtr(ptr(R12, RCX, 1)));
        asm.add(dword(ptr(R12, 3072)), 1);
        asm.mov(EAX, dword(ptr(R12, 3084))).and(RAX, 2047);
        asm.mov(R13, RDX).mov(bytePtr(ptr(R12, RAX, 1, 1024)), DL);
        asm.add(dword(ptr(R12, 3084)), 1);
        asm.mov(EAX, EVENT_CHANNEL_OP).mov(EDI, SEND).lea(RSI, ptr(port)).syscall();
        asm.cmp(R13, 'q').jne(wait);
        end(asm, 0);
        asm.align(4).bind(port).u32(0);
        return PvKernelImage.of(asm.assemble()).toElf();
    }

    private static void speak(Assembler asm, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        Label over = asm.label("over");
        Label string = asm.label("string");
        asm.mov(EAX, CONSOLE_IO)
                .mov(EDI, 0)
                .mov(ESI, bytes.length)
                .lea(RDX, ptr(string))
                .syscall();
        asm.jmp(over).bind(string).raw(bytes).bind(over);
    }

    private static void end(Assembler asm, int reason) {
        Label value = asm.label("reason");
        asm.mov(EAX, SCHED_OP).mov(EDI, SHUTDOWN).lea(RSI, ptr(value)).syscall().ud2();
        asm.align(4).bind(value).u32(reason);
    }
}
