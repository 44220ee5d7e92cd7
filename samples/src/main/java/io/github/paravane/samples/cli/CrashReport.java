package io.github.paravane.samples.cli;

import io.github.paravane.api.cpu.EmulationException;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.paging.PageWalk;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.domain.Vcpu.RunState;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunResult;
import java.io.PrintStream;
import java.util.stream.Collectors;

/** Prints why a guest did not end well: registers, the walks of RIP and of the faulting address, the last hypercalls. */
final class CrashReport {

    private static final String[] NAMES = {
        "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8 ", "r9 ", "r10", "r11", "r12", "r13", "r14", "r15"
    };
    private static final String[] SEGMENTS = {"es", "cs", "ss", "ds", "fs", "gs"};

    private final PvMachine machine;
    private final PrintStream out;

    CrashReport(PvMachine machine, PrintStream out) {
        this.machine = machine;
        this.out = out;
    }

    void print(RunResult result) {
        out.println();
        out.println("paravane: " + headline(result));
        EmulationException gap = result.gap();
        if (gap != null) {
            out.println("not implemented: " + gap.getMessage());
        } else if (!result.detail().isEmpty()) {
            out.println(result.detail());
        }
        for (Domain domain : machine.domains()) {
            for (Vcpu vcpu : domain.vcpus()) {
                if (vcpu.runState() != RunState.OFFLINE) {
                    print(vcpu);
                }
            }
        }
        out.println("last hypercalls, newest last:");
        for (MachineEvent.HypercallDone each : machine.recentHypercalls()) {
            out.printf(
                    "  vcpu %d  %s(%s) = %s%n",
                    each.vcpu(),
                    each.name(),
                    each.arguments().stream().map(Long::toHexString).collect(Collectors.joining(", ")),
                    each.outcome());
        }
        out.flush();
    }

    private static String headline(RunResult result) {
        return switch (result.kind()) {
            case CRASHED ->
                result.detail().isEmpty() ? "the guest shut itself down with reason crash" : "the guest crashed";
            case HYPERVISOR_CRASHED -> "the hypervisor crashed, as this version did";
            case IDLE -> "every vCPU of the guest waits for an event that nothing will ever send";
            case UNSUPPORTED -> "the guest needs something that paravane does not implement";
            case SHUT_DOWN, TIME_LIMIT, INSTRUCTION_LIMIT, STOPPED -> "the guest was stopped";
        };
    }

    private void print(Vcpu vcpu) {
        Registers registers = vcpu.registers();
        out.printf(
                "domain %d vcpu %d, %s mode, %s%n",
                vcpu.domain().id(), vcpu.id(), vcpu.kernelMode() ? "kernel" : "user", vcpu.runState());
        out.printf("rip %016x  rflags %08x  cr2 %016x%n", registers.rip(), registers.rflags(), vcpu.cr2());
        for (int i = 0; i < NAMES.length; i++) {
            out.printf("%s %016x%s", NAMES[i], registers.gpr(i), i % 4 == 3 ? "\n" : "  ");
        }
        for (int i = 0; i < SEGMENTS.length; i++) {
            out.printf("%s %04x%s", SEGMENTS[i], registers.selector(i), i == SEGMENTS.length - 1 ? "" : "  ");
        }
        out.printf(
                "  fs base %x  gs base %x  other gs base %x%n",
                registers.segmentBase(Registers.FS), registers.segmentBase(Registers.GS), vcpu.inactiveGsBase());
        walk(vcpu, "rip", registers.rip());
        walk(vcpu, "rsp", registers.gpr(Registers.RSP));
        if (vcpu.cr2() != 0) {
            walk(vcpu, "cr2", vcpu.cr2());
        }
    }

    private void walk(Vcpu vcpu, String what, long linear) {
        PageWalk walk = vcpu.paging().walk(vcpu.paging().base(), linear);
        out.printf("page walk of %s = %016x:%n", what, linear);
        for (PageWalk.Step each : walk.steps()) {
            out.printf("  L%d  entry at %010x  %016x%n", each.level(), each.entryMaddr(), each.entry());
        }
        if (walk.isMapped()) {
            out.printf("  -> machine address %010x%n", walk.maddr());
        } else {
            out.printf("  -> not mapped: %s%n", walk.fault());
        }
    }
}
