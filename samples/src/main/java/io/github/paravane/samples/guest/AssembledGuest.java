package io.github.paravane.samples.guest;

import static io.github.paravane.testkit.asm.Gpr.*;
import static io.github.paravane.testkit.asm.Memory.absolute;
import static io.github.paravane.testkit.asm.Memory.bytePtr;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.hypervisor.machine.ConsolePort;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.asm.PvKernelImage;

/** A kernel in assembly language: maps its PV console, takes a page fault, says so, powers off. */
public final class AssembledGuest {

    private static final long BASE = 0xFFFF_FFFF_8000_0000L;
    private static final String TEXT = "page fault handled\n";

    private final Assembler asm = new Assembler(BASE);
    private final Label console = asm.label("console");
    private final Label text = asm.label("text");
    private final Label traps = asm.label("traps");
    private final Label handler = asm.label("handler");
    private final Label after = asm.label("after");
    private final Label port = asm.label("port");
    private final Label reason = asm.label("reason");

    private AssembledGuest() {}

    private void hypercall(int number) {
        asm.mov(EAX, number).syscall();
    }

    private byte[] image() {
        // start_info is at RSI: console's event channel at 80, its frame at 72, mapped by update_va_mapping.
        asm.mov(EAX, ptr(RSI, 80)).mov(ptr(port), EAX);
        asm.lea(RDI, ptr(console)).mov(RSI, ptr(RSI, 72)).mov(EDX, 2);
        asm.shl(RSI, 12).or(RSI, 0x63);
        hypercall(14);
        asm.lea(RDI, ptr(traps));
        hypercall(0); // set_trap_table
        asm.mov(bytePtr(absolute(16)), 1).bind(after);
        asm.lea(RSI, ptr(text)).lea(RDI, ptr(console, 1024)).mov(ECX, TEXT.length());
        asm.rep().movs(8);
        asm.mov(EAX, TEXT.length()).mov(ptr(console, 3084), EAX).mov(EDI, 4).lea(RSI, ptr(port));
        hypercall(32); // event_channel_op, send
        asm.mov(EDI, 2).lea(RSI, ptr(reason));
        hypercall(29); // sched_op, shutdown
        // The frame of a page fault: RCX, R11, error code, RIP, CS, RFLAGS, RSP, SS; iret takes RAX, R11, RCX, flags
        asm.bind(handler).lea(RAX, ptr(after)).mov(ptr(RSP, 24), RAX);
        asm.pop(RCX).pop(R11).pop(RAX);
        asm.push(0).push(RCX).push(R11).push(RAX);
        hypercall(23);
        asm.align(8).bind(traps).u32(14 | 0xE033 << 16).u32(0).u64(handler).zeros(16);
        asm.bind(port).u32(0).bind(reason).u32(0).bind(text).ascii(TEXT);
        asm.align(4096).bind(console).zeros(4096);
        return PvKernelImage.of(asm.assemble()).toElf();
    }

    /** Runs it with its console on standard output. */
    public static void main(String[] args) {
        PvMachine machine = PvMachine.builder(AbiProfiles.XEN_4_17)
                .domain(DomainConfig.of(GuestImage.of(new AssembledGuest().image()))
                        .console(ConsolePort.output(System.out)))
                .build();
        System.out.println(machine.run(RunLimits.none().instructions(1_000_000)).kind());
    }
}
