package io.github.paravane.samples.guest;

import static io.github.paravane.testkit.asm.Gpr.*;
import static io.github.paravane.testkit.asm.Memory.bytePtr;
import static io.github.paravane.testkit.asm.Memory.dword;
import static io.github.paravane.testkit.asm.Memory.ptr;
import static io.github.paravane.testkit.asm.Memory.qword;

import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.asm.PvKernelImage;
import java.util.HashMap;
import java.util.Map;

/**
 * A kernel in assembly language: greets on the PV console, sleeps until an event says that somebody typed, echoes lines
 * until {@code quit} or the end-of-transmission character, and powers off. RBX holds start_info, R12 the console's page.
 */
public final class EchoKernel {

    private static final long BASE = 0xFFFF_FFFF_8000_0000L;
    private static final int IN_CONS = 3072, IN_PROD = 3076, OUT_CONS = 3080, OUT_PROD = 3084;
    private static final int LONGEST_LINE = 120;

    private final Assembler asm = new Assembler(BASE);
    private final Map<String, Label> labels = new HashMap<>();

    private EchoKernel() {}

    /** The kernel file. */
    public static byte[] image() {
        EchoKernel kernel = new EchoKernel();
        kernel.start();
        kernel.mainLoop();
        kernel.routines();
        return PvKernelImage.of(kernel.asm.assemble()).entry("start").toElf();
    }

    private Label at(String name) {
        return labels.computeIfAbsent(name, asm::label);
    }

    private void hypercall(int number) {
        asm.mov(EAX, number).syscall();
    }

    private void say(String name) {
        asm.lea(RSI, ptr(at(name))).call(at("print"));
    }

    /** Maps shared_info, finds the console's page by its mfn, registers the event handler, greets. */
    private void start() {
        asm.named("start").mov(RBX, RSI).mov(EAX, dword(ptr(RBX, 80))).mov(dword(ptr(at("port"))), EAX);
        asm.lea(RDI, ptr(at("shared"))).mov(RSI, ptr(RBX, 40)).or(RSI, 0x63).mov(EDX, 2);
        hypercall(14);
        asm.mov(RDX, ptr(RBX, 72)).mov(RCX, ptr(RBX, 104)).mov(R12, -1);
        asm.bind(at("search")).inc(R12).cmp(ptr(RCX, R12, 8), RDX).jne(at("search"));
        asm.shl(R12, 12).movabs(RAX, BASE).add(R12, RAX);
        asm.lea(RDI, ptr(at("handler"))).lea(RSI, ptr(at("end"))).xor(EDX, EDX);
        hypercall(4);
        asm.xor(R14, R14);
        say("greeting");
    }

    /** With events masked, takes what is in the ring; SCHEDOP_block unmasks and sleeps in one step. */
    private void mainLoop() {
        asm.call(at("notify")).bind(at("main")).mov(bytePtr(ptr(at("shared"), 1)), 1);
        asm.mov(EAX, dword(ptr(R12, IN_CONS)))
                .cmp(EAX, dword(ptr(R12, IN_PROD)))
                .jne(at("typed"));
        asm.call(at("notify")).mov(EDI, 1);
        hypercall(29);
        asm.jmp(at("main"));
        asm.bind(at("typed"))
                .and(EAX, 1023)
                .movzx(EAX, bytePtr(ptr(R12, RAX, 1)))
                .inc(dword(ptr(R12, IN_CONS)));
        asm.cmp(AL, 4)
                .je(at("end"))
                .cmp(AL, '\r')
                .je(at("entered"))
                .cmp(AL, '\n')
                .je(at("entered"))
                .call(at("put"));
        asm.cmp(R14, LONGEST_LINE)
                .jae(at("main"))
                .lea(RSI, ptr(at("line")))
                .mov(bytePtr(ptr(RSI, R14, 1)), AL)
                .inc(R14)
                .jmp(at("main"));
        asm.bind(at("entered"))
                .mov(EAX, '\n')
                .call(at("put"))
                .lea(RSI, ptr(at("line")))
                .mov(bytePtr(ptr(RSI, R14, 1)), 0);
        asm.cmp(dword(ptr(RSI)), 0x74697571).jne(at("repeat")).cmp(R14, 4).je(at("end"));
        asm.bind(at("repeat"));
        say("said");
        say("line");
        say("prompt");
        asm.xor(R14, R14).jmp(at("main"));
        asm.bind(at("end"));
        say("farewell");
        asm.call(at("notify")).lea(RSI, ptr(at("zero"))).mov(EDI, 2);
        hypercall(29);
        asm.ud2();
    }

    /** put: AL to the ring, waiting for room. print: text at RSI, to its 0. handler: an event has ended the sleep. */
    private void routines() {
        asm.bind(at("put")).mov(ECX, dword(ptr(R12, OUT_PROD))).mov(EDX, ECX).sub(EDX, dword(ptr(R12, OUT_CONS)));
        asm.cmp(EDX, 2048).jb(at("room")).push(RAX).push(RSI).call(at("notify")).xor(EDI, EDI);
        hypercall(29);
        asm.pop(RSI).pop(RAX).jmp(at("put")).bind(at("room")).and(ECX, 2047).mov(bytePtr(ptr(R12, RCX, 1, 1024)), AL);
        asm.inc(dword(ptr(R12, OUT_PROD))).ret();
        asm.bind(at("print"))
                .movzx(EAX, bytePtr(ptr(RSI)))
                .cmp(AL, 0)
                .je(at("done"))
                .call(at("put"))
                .inc(RSI)
                .jmp(at("print"))
                .bind(at("done"))
                .ret();
        asm.bind(at("notify")).mov(EDI, 4).lea(RSI, ptr(at("port")));
        hypercall(32);
        asm.ret().bind(at("handler")).mov(bytePtr(ptr(at("shared"))), 0).mov(qword(ptr(at("shared"), 8)), 0);
        asm.mov(qword(ptr(at("shared"), 0x800)), 0)
                .pop(RCX)
                .pop(R11)
                .push(0)
                .push(RCX)
                .push(R11)
                .push(RAX);
        hypercall(23);
        asm.bind(at("greeting"))
                .asciz("Hello from a PV domain. Type lines, quit to leave.\n> ")
                .bind(at("said"))
                .asciz("you said: ");
        asm.bind(at("prompt")).asciz("\n> ").bind(at("farewell")).asciz("Goodbye.\n");
        asm.align(4)
                .bind(at("port"))
                .u32(0)
                .bind(at("zero"))
                .u32(0)
                .bind(at("line"))
                .zeros(LONGEST_LINE + 8)
                .align(4096);
        asm.bind(at("shared")).zeros(4096);
    }
}
