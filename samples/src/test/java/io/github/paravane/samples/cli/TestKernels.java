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
    private static final int WATCHDOG = 6;
    private static final int VCPU_OP = 24;
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

    /** Starts a watchdog of one second, then blocks with nothing else to wake it. */
    static byte[] sleepUnderWatchdog() {
        Assembler asm = new Assembler(BASE);
        Label watchdog = asm.label("watchdog");
        asm.mov(EAX, SCHED_OP).mov(EDI, WATCHDOG).lea(RSI, ptr(watchdog)).syscall();
        asm.mov(EAX, SCHED_OP).mov(EDI, 1).syscall().ud2();
        asm.bind(watchdog).bytes(0, 0, 0, 0, 1, 0, 0, 0);
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

    /** Starts a second vCPU on its own tables, which speaks and wakes the first, which waits for it and ends. */
    static byte[] twoVcpus(String text) {
        Assembler asm = new Assembler(BASE);
        Label context = asm.label("context");
        Label second = asm.label("second");
        Label port = asm.label("port");
        Label poll = asm.label("poll");
        Label failed = asm.label("failed");
        asm.mov(RAX, ptr(RSI, 88))
                .mov(RBX, ptr(RSI, 104))
                .movabs(RCX, BASE)
                .sub(RAX, RCX)
                .shr(RAX, 12);
        asm.mov(RAX, ptr(RBX, RAX, 8)).shl(RAX, 12).mov(ptr(context, 4984 + 24), RAX);
        asm.lea(RAX, ptr(second)).mov(ptr(context, 520 + 128), RAX);
        asm.mov(EAX, EVENT_CHANNEL_OP).mov(EDI, 7).lea(RSI, ptr(port)).syscall();
        for (int operation = 0; operation < 2; operation++) {
            asm.mov(EAX, VCPU_OP)
                    .mov(EDI, operation)
                    .mov(ESI, 1)
                    .lea(RDX, ptr(context))
                    .syscall();
            asm.cmp(RAX, 0).jne(failed);
        }
        asm.mov(EAX, SCHED_OP).mov(EDI, 3).lea(RSI, ptr(poll)).syscall();
        end(asm, 0);
        asm.bind(failed);
        end(asm, 3);
        asm.bind(second);
        speak(asm, text);
        asm.mov(EAX, EVENT_CHANNEL_OP).mov(EDI, SEND).lea(RSI, ptr(port, 4)).syscall();
        asm.mov(EAX, VCPU_OP).mov(EDI, 2).mov(ESI, 1).syscall().ud2();
        asm.align(8).bind(port).u32(0).u32(0);
        asm.bind(poll).addressOf(port, 4).u64(1).u64(0);
        asm.align(4096).bind(context).zeros(512).u64(4).zeros(136).u64(0xE033).u64(0x202);
        asm.u64(BASE + 0x800).u64(0xE02B).zeros(5168 - 520 - 168);
        return PvKernelImage.of(asm.assemble()).toElf();
    }

    private static void speak(Assembler asm, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        Label over = asm.label("over" + asm.position());
        Label string = asm.label("string" + asm.position());
        asm.mov(EAX, CONSOLE_IO)
                .mov(EDI, 0)
                .mov(ESI, bytes.length)
                .lea(RDX, ptr(string))
                .syscall();
        asm.jmp(over).bind(string).raw(bytes).bind(over);
    }

    private static void end(Assembler asm, int reason) {
        Label value = asm.label("reason" + asm.position());
        asm.mov(EAX, SCHED_OP).mov(EDI, SHUTDOWN).lea(RSI, ptr(value)).syscall().ud2();
        asm.align(4).bind(value).u32(reason);
    }
}
