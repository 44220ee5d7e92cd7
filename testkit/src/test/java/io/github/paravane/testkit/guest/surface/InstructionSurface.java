package io.github.paravane.testkit.guest.surface;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.R8;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Gpr.RCX;
import static io.github.paravane.testkit.asm.Gpr.RDI;
import static io.github.paravane.testkit.asm.Gpr.RDX;
import static io.github.paravane.testkit.asm.Gpr.RSI;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.guest.program.GuestProgram;
import io.github.paravane.testkit.guest.program.Value;
import io.github.paravane.testkit.runtime.TrapWord;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Executes privileged, sensitive and odd instructions in the guest kernel and in user mode, with three virtual I/O privilege
 * levels, each followed by UD2: a line of the exception, where it was and what the registers are then.
 */
final class InstructionSurface {

    /** An instruction: its bytes, and RCX if it needs another than 10h. */
    private record Row(String name, byte[] code, long rcx) {}

    private static final int SET_IOPL = 6;
    private static final int PHYSDEV_OP = 33;
    private static final int CODE_ALIGNMENT = 128;

    private static final String ROWS = """
            cli FA|sti FB|hlt F4|in-al-80 E480|in-ax-80 66E580|in-eax-80 E580|in-al-dx EC|in-ax-dx 66ED|in-eax-dx ED
            rexw-in 48ED|out-80-al E680|out-dx-eax EF|insb 6C|insw 666D|insd 6D|rep-insb F36C 3|rep-insd F36D 2
            rep-insd-0 F36D 0|outsb 6E|rep-outsd F36F 2|repne-insb F26C 2|a32-insb 676C|fs-outsb 646E|clts 0F06
            smsw-mem 0F0123|lmsw 0F01F0|cr0 0F20C0|cr1 0F20C8|cr2 0F20D0|cr4 0F20E0|cr5 0F20E8|cr6 0F20F0|cr7 0F20F8
            cr8 440F20C0|to-cr1 0F22C8|to-cr2 0F22D0|to-cr0 0F22C0|to-cr4 0F22E0|to-cr8 440F22C0|to-cr3 0F22D8
            cr2-now 0F20D0|cr4-now 0F20E0|to-dr0 0F23C0|dr0 0F21C0|dr4 0F21E0|dr7 0F21F8|to-dr7 0F23F8|to-dr8 440F23C0
            rdmsr-fs 0F32 C0000100|rdmsr-bad 0F32 12345678|wrmsr-bad 0F30 12345678|wrmsr-star 0F30 C0000081|rdpmc 0F33 0
            xgetbv 0F01D0 0|xsetbv 0F01D1 0|invlpg 0F013B|wbinvd 0F09|wbnoinvd F30F09|lgdt 0F0113|lidt 0F011B
            lldt 0F00D0|ltr 0F00D8|sldt 0F00C0|str 0F00C8|verr 0F00E0|verw 0F00E8|swapgs 0F01F8|sysret 0F07|rsm 0FAA
            monitor 0F01C8 0|mwait 0F01C9 0|vmcall 0F01C1|vmmcall 0F01D9|skinit 0F01DE|clac 0F01CA|stac 0F01CB
            encls 0F01CF|xend 0F01D5|getsec 0F37|invpcid 660F388203|invept 660F388003|vmread 0F78C0|lock-clts F00F06
            lock-nop F090|lock-cli F0FA|rep-cli F3FA|o16-cli 66FA|ud0 0FFFC0|ud1 0FB9C0|push-es 06|bound 6203|icebp F1
            int3 CC|int-03 CD03|int-04 CD04|int-01 CD01|int-02 CD02|int-0e CD0E|int-80 CD80|int-82 CD82|int-81 CD81
            int-ff CDFF|o16-int-40 66CD40|rexw-int-03 48CD03|to-ss 8ED0|to-ds 8ED8|to-fs 8EE0|cs 8CC8|ss 8CD0|ds 8CD8
            rdfsbase F3480FAEC0|rdgsbase F3480FAEC8|rdpid F30FC7F8|bytes-15 666666666666666666666666666690
            bytes-16 66666666666666666666666666666690|cli-15 6666666666666666666666666666FA|cli-10 666666666666666666FA
            forced-cpuid-66 0F0B78656E660FA2|forced-nop 0F0B78656E90|forced-rdtsc 0F0B78656E0F31|iretq 48CF|lar 0F02C0
            lsl 0F03C0|ptwrite F30FAEE0|fxsave 0FAE03|divide-0 48F7F1|popf 9D|pushf-pop 9C58|call-far FF1B|jmp-far FF2B
            jmp-far-imm EA|les C403|pusha 60""";

    private final GuestProgram program = new GuestProgram();
    private final Label data = program.runtime().page("operands");
    private final Value word = program.bytes(8);
    private final List<Row> rows = new ArrayList<>();
    private final List<Label> codes = new ArrayList<>();

    private InstructionSurface() {
        for (String text : ROWS.split("[|\n]")) {
            String[] parts = text.trim().split(" ");
            long rcx = parts.length > 2 ? Long.parseLong(parts[2], 16) : 0x10;
            rows.add(new Row(parts[0], HexFormat.of().parseHex(parts[1]), rcx));
            codes.add(program.label("code"));
        }
        program.runtime().data(this::place);
    }

    static byte[] elf() {
        InstructionSurface surface = new InstructionSurface();
        surface.program.main(surface::body);
        return surface.program.toElf();
    }

    private void place() {
        Assembler asm = program.asm();
        for (int i = 0; i < rows.size(); i++) {
            asm.align(CODE_ALIGNMENT).bind(codes.get(i));
            asm.lea(RBX, ptr(data)).lea(RSI, ptr(data)).lea(RDI, ptr(data, 512));
            asm.movabs(RAX, 0x1122_3344_5566_7788L).movabs(RCX, rows.get(i).rcx());
            asm.movabs(RDX, 0xAABB_CCDD_0000_0080L).movabs(R8, 0x5A5A_5A5A_5A5A_5A5AL);
            for (byte each : rows.get(i).code()) {
                asm.u8(each & 0xFF);
            }
            asm.ud2();
        }
    }

    private void body() {
        for (String context : new String[] {"k0", "k1", "k3", "u0", "u3"}) {
            program.store32(word, Value.of(context.charAt(1) - '0'));
            program.run(program.hypercall(PHYSDEV_OP, Value.of(SET_IOPL), word));
            for (int i = 0; i < rows.size(); i++) {
                boolean kernel = context.charAt(0) == 'k';
                // The first two change the kernel's stack, and QEMU lets user mode flush caches.
                String left = kernel ? "popf|iretq" : "wbinvd|wbnoinvd";
                if (!rows.get(i).name().matches(left)) {
                    execute(context, i);
                }
            }
        }
        program.print("END\n");
    }

    private void execute(String context, int row) {
        Assembler asm = program.asm();
        Label caught = program.label("caught");
        Label code = codes.get(row);
        asm.lea(RAX, ptr(data))
                .movabs(RCX, 0x0102_0304_0506_0708L)
                .mov(ptr(RAX), RCX)
                .mov(ptr(RAX, 8), RCX);
        if (context.charAt(0) == 'k') {
            program.runtime().attempt(caught, () -> asm.xor(EAX, EAX).jmp(code));
        } else {
            program.runtime().enterUser(code, caught);
        }
        asm.bind(caught);
        program.print(
                context + " " + rows.get(row).name() + ": #%d code %x at %x flags %x",
                program.trap(TrapWord.VECTOR),
                program.trap(TrapWord.ERROR),
                program.trap(TrapWord.RIP).and(CODE_ALIGNMENT - 1),
                program.trap(TrapWord.RFLAGS));
        program.print(
                " rax %x rcx %x rdx %x rbx %x\n",
                program.trap(TrapWord.RAX),
                program.trap(TrapWord.FRAME_RCX),
                program.trap(TrapWord.RDX),
                program.trap(TrapWord.RBX).and(0xFFF));
    }
}
