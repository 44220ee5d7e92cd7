package io.github.paravane.testkit.guest.surface;

import io.github.paravane.testkit.guest.program.GuestProgram;
import io.github.paravane.testkit.guest.program.Routine;
import io.github.paravane.testkit.guest.program.Value;
import io.github.paravane.testkit.guest.program.Variable;

/** Asks for every operation of the hypercalls about events, vCPUs, devices and control, with ten arguments each. */
final class CallSurface {
    private static final int ARGUMENTS = 10;
    private static final int WORDS = 512;
    private static final int DOMCTL = 36;

    private final GuestProgram program = new GuestProgram();
    private final Value page = program.pages(1);
    private final Value other = program.pages(1);
    private final Variable command = program.variable();
    private final Variable kind = program.variable();
    private final Variable argument = program.variable();
    private final Variable i = program.variable();
    private final Routine fill;

    private CallSurface() {
        fill = program.routine("fill", 0, routine -> fill());
    }

    static byte[] elf() {
        CallSurface surface = new CallSurface();
        surface.program.main(surface::body);
        return surface.program.toElf();
    }

    /** NULL, three bad addresses, and a page of zeros, ones, a small number, many numbers, DOMID_SELF, addresses. */
    private void fill() {
        program.set(argument, page);
        program.when(kind.eq(0), () -> program.set(argument, 0));
        program.when(kind.eq(1), () -> program.set(argument, 0x1000_0000_0000L));
        program.when(kind.eq(2), () -> program.set(argument, 0xFFFF_8300_0000_0000L));
        program.when(kind.eq(3), () -> program.set(argument, 0x8000_0000_0000L));
        program.repeat(i, Value.of(WORDS), () -> program.store64(page.plus(i.shl(3)), Value.of(0)));
        program.when(kind.eq(5), () -> everyWord(Value.of(-1)));
        program.when(kind.eq(6), () -> program.store32(page, Value.of(1)));
        program.when(
                kind.eq(7), () -> program.repeat(i, Value.of(1024), () -> program.store32(page.plus(i.shl(2)), i)));
        program.when(kind.eq(8), () -> program.store16(page, Value.of(0x7FF0)));
        program.when(kind.eq(9), () -> everyWord(other));
    }

    private void everyWord(Value value) {
        program.repeat(i, Value.of(WORDS), () -> program.store64(page.plus(i.shl(3)), value));
    }

    private void body() {
        // physdev_op but MSI of devices, events but reset, sched_op but what ends or waits
        each(33, 0, 40, 19, 27);
        compat(19, 0, 12);
        each(32, 0, 16, 10);
        compat(16, 0, 16, 10);
        each(29, 0, 10, 0, 1, 2, 3, 6);
        each(6, 3, 10);
        each(30, 2, 5);
        each(28, 2, 5);
        each(17, 0, 18);
        vcpu(0, 2, 11);
        vcpu(1, 2);
        vcpu(8192, 2);
        vcpu(-1, 2);
        each(34, 0, 28);
        for (int number : new int[] {37, 42, 48, 50, 40, 39, 27, 38, 43, 11, 63}) {
            each(number, 0, 4);
        }
        for (int number : new int[] {7, 35, DOMCTL}) {
            control(number);
        }
        deviceModel();
        program.print("END\n");
    }

    private void each(int number, int from, int to, int... without) {
        range("call " + number, from, to, without, () -> program.hypercall(number, command, argument));
    }

    private void compat(int number, int from, int to, int... without) {
        range("compat " + number, from, to, without, () -> {
            program.store32(page, command);
            return program.hypercall(number, argument);
        });
    }

    private void vcpu(int id, int... without) {
        range("vCPU " + id, 0, 20, without, () -> program.hypercall(24, command, Value.of(id), argument));
    }

    private void range(String name, int from, int to, int[] without, java.util.function.Supplier<Value> call) {
        program.set(command, from);
        program.loop(command.below(to), () -> {
            Value wanted = Value.of(1);
            for (int each : without) {
                wanted = wanted.and(command.ne(each));
            }
            program.when(wanted, () -> {
                program.print(name + " cmd %d:", command);
                program.repeat(kind, Value.of(ARGUMENTS), () -> {
                    program.run(fill.call());
                    program.print(" %d", call.get());
                });
                program.print("\n");
            });
            program.add(command, 1);
        });
    }

    /** domctl, sysctl and platform_op: interface versions, domains and commands. */
    private void control(int number) {
        for (int version : new int[] {0, 0x15, 0x17, 0x0300_0001}) {
            for (int domid : number == DOMCTL ? new int[] {0, 1, 7, 0x7FF0, 0x7FF4} : new int[] {0}) {
                program.print("call " + number + " version " + version + " domain " + domid + ":");
                for (int each : new int[] {0, 1, 2, 5, 6, 30, 55, 63, 80}) {
                    program.store32(page, Value.of(each));
                    program.store32(page.plus(4), Value.of(version));
                    program.store64(page.plus(8), Value.of(domid));
                    program.print(" %d", program.hypercall(number, page));
                }
                program.print("\n");
            }
        }
        program.print("call " + number + " nowhere: %d\n", program.hypercall(number, Value.of(8)));
    }

    private void deviceModel() {
        everyWord(Value.of(0));
        for (int domid : new int[] {0, 1, 7, 0x7FF0}) {
            for (int buffers : new int[] {0, 1, 2, 3, -1}) {
                program.print(
                        "dm_op " + domid + " " + buffers + ": %d %d\n",
                        program.hypercall(41, Value.of(domid), Value.of(buffers), Value.of(0)),
                        program.hypercall(41, Value.of(domid), Value.of(buffers), page));
            }
        }
    }
}
