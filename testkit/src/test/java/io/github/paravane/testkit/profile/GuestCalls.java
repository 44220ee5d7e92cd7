package io.github.paravane.testkit.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.api.guest.GuestKernel;
import io.github.paravane.api.guest.KernelEntry;
import io.github.paravane.api.guest.KernelPort;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.PteRules;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import io.github.paravane.hypervisor.time.VirtualClock;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.PvKernelImage;
import io.github.paravane.testkit.guest.BootScript;
import io.github.paravane.testkit.guest.KernelSpace;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntPredicate;

/** What a row of {@link MachineKnobsTest} acts with: a Java kernel's port, its memory, and the machine around it. */
record GuestCalls(KernelPort port, KernelSpace space, PvMachine machine) {

    static final long SELF = 0x7FF0;

    /** A hypercall whose argument {@code at} is the address of these 32-bit values. */
    long with(int number, int at, long[] arguments, int... values) {
        long page = space.requestPage();
        for (int i = 0; i < values.length; i++) {
            port.store(page + 4L * i, 4, values[i] & 0xFFFF_FFFFL);
        }
        long[] all = arguments.clone();
        all[at] = page;
        return port.hypercall(number, all);
    }

    /** A call with a command and a structure of 32-bit values. */
    long op(int number, int command, int... values) {
        return with(number, 1, new long[] {command, 0}, values);
    }

    /** vcpu_op with a structure. */
    long vcpuOp(int command, int vcpu, int... values) {
        return with(24, 2, new long[] {command, vcpu, 0}, values);
    }

    /** event_channel_op_compat: the command is part of the structure. */
    long compatEvent(int command, int... values) {
        int[] all = new int[values.length + 1];
        all[0] = command;
        System.arraycopy(values, 0, all, 1, values.length);
        return with(16, 0, new long[] {0}, all);
    }

    /** Linear address of start_info: before the two rings and the first tables. */
    long startInfo() {
        return port.startInfo().ptBase() - 3 * 4096;
    }

    /** A word of shared_info. */
    long sharedInfo(int offset) {
        long mfn = machine.domains().get(0).sharedInfoMfn();
        return machine.memory().readU64((mfn << 12) + offset);
    }

    /** A 32-bit value that a call left in its structure. */
    int result(int offset) {
        return (int) port.load(space.requestPage() + offset, 4);
    }

    /** Text in the structure. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (long at = space.requestPage(); port.load(at, 1) != 0; at++) {
            text.append((char) port.load(at, 1));
        }
        return text.toString();
    }

    /** Which of the numbers 0 to 63 a predicate holds for, as bits. */
    static String bits(IntPredicate exists) {
        long bits = 0;
        for (int i = 0; i < 64; i++) {
            if (exists.test(i)) {
                bits |= 1L << i;
            }
        }
        return Long.toHexString(bits);
    }

    /** Runs {@code script} in a kernel: its result, or how the run ended without one. */
    static Object play(AbiProfile profile, Function<GuestCalls, Object> script) {
        return play(profile, new VirtualClock(10, 5_000_000_000L * 1_000_000_000L), script);
    }

    static Object play(AbiProfile profile, VirtualClock clock, Function<GuestCalls, Object> script) {
        PvKernelImage nothing =
                PvKernelImage.of(new Assembler(BootScript.BASE).ud2().assemble());
        return play(profile, GuestImage.of(nothing.toElf()), clock, script);
    }

    static Object play(AbiProfile profile, GuestImage image, Function<GuestCalls, Object> script) {
        return play(profile, image, new VirtualClock(), script);
    }

    private static Object play(
            AbiProfile profile, GuestImage image, VirtualClock clock, Function<GuestCalls, Object> script) {
        Object[] result = new Object[1];
        PvMachine[] machine = new PvMachine[1];
        boolean setsUser = profile.get(PteRules.L1_ADJUSTMENT) == PteRules.L1Adjustment.NONE;
        BootScript boot = new BootScript(setsUser ? Pte.USER : 0, (port, space) -> {
            result[0] = script.apply(new GuestCalls(port, space, machine[0]));
        });
        machine[0] = PvMachine.builder(profile)
                .clock(clock)
                .domain(DomainConfig.of(new Placed(boot, image)).memory(8 << 20))
                .build();
        RunResult end = machine[0].run(RunLimits.none().within(Duration.ofSeconds(30)));
        assertEquals(List.of(), machine[0].auditFrames());
        return result[0] == null ? end.kind() : result[0];
    }

    /** Runs a kernel of machine code. */
    static RunResult run(AbiProfile profile, byte[] kernel) {
        return PvMachine.builder(profile)
                .virtualTime()
                .domain(DomainConfig.of(GuestImage.of(kernel)).memory(8 << 20))
                .build()
                .run(RunLimits.none().within(Duration.ofSeconds(30)));
    }

    /** A Java kernel with another image. */
    private record Placed(GuestKernel kernel, GuestImage image) implements GuestKernel {
        @Override
        public void boot(KernelPort port) {
            kernel.boot(port);
        }

        @Override
        public void entered(KernelPort port, KernelEntry entry) {
            kernel.entered(port, entry);
        }
    }
}
