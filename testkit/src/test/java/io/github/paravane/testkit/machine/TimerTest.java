package io.github.paravane.testkit.machine;

import static io.github.paravane.testkit.asm.Gpr.R14;
import static io.github.paravane.testkit.asm.Gpr.R15;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RDX;
import static io.github.paravane.testkit.asm.Memory.dword;
import static io.github.paravane.testkit.asm.Memory.ptr;
import static io.github.paravane.testkit.asm.Memory.qword;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.hypervisor.machine.ConsolePort;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Gpr;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.GuestRuntime;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In virtual time a timer goes off at its instruction, also one that a vCPU sets while it runs. */
class TimerTest {

    private static final int VCPU_OP = 24;
    private static final int EVENT_CHANNEL_OP = 32;
    private static final int BIND_VIRQ = 1;
    private static final int STOP_PERIODIC = 7;
    private static final int SET_SINGLESHOT = 8;
    private static final int PENDING = 2048;
    private static final int SOON = 20_000;

    /** The hypercall's way back and the loop that looks. */
    private static final int SOME_INSTRUCTIONS = 200;

    @Test
    void aTimerSetInASliceGoesOffInTime() {
        List<Long> late = run().stream()
                .map(line -> Long.parseLong(line.substring(2), 16) - SOON)
                .toList();
        assertEquals(3, late.size());
        assertTrue(late.stream().allMatch(each -> each >= 0 && each <= SOME_INSTRUCTIONS), late::toString);
    }

    private static List<String> run() {
        ByteArrayOutputStream console = new ByteArrayOutputStream();
        PvMachine machine = PvMachine.builder(AbiProfiles.XEN_4_17)
                .virtualTime()
                .domain(DomainConfig.of(GuestImage.of(guest())).memory(16 << 20).console(ConsolePort.output(console)))
                .build();
        RunResult result = machine.run(RunLimits.none().within(Duration.ofSeconds(30)));
        assertEquals(RunResult.Kind.SHUT_DOWN, result.kind());
        return console.toString(StandardCharsets.US_ASCII).lines().toList();
    }

    /** Sets the single-shot timer three times, waits for its event without a hypercall, and prints how long it took in ns. */
    private static byte[] guest() {
        GuestRuntime guest = new GuestRuntime();
        Assembler asm = guest.asm();
        Label scratch = guest.page("scratch");
        asm.mov(dword(ptr(scratch)), 0).mov(dword(ptr(scratch, 4)), 0);
        guest.call(EVENT_CHANNEL_OP, BIND_VIRQ, scratch).call(VCPU_OP, STOP_PERIODIC, 0);
        for (int i = 0; i < 3; i++) {
            asm.mov(qword(ptr(guest.sharedInfo(), PENDING)), 0);
            readTime(asm, R14);
            asm.lea(RAX, ptr(R14, SOON)).mov(ptr(scratch), RAX).mov(qword(ptr(scratch, 8)), 0);
            guest.call(VCPU_OP, SET_SINGLESHOT, 0, scratch);
            Label waiting = asm.here("waiting_" + i);
            asm.mov(RAX, ptr(guest.sharedInfo(), PENDING)).test(RAX, RAX).je(waiting);
            readTime(asm, R15);
            asm.sub(R15, R14);
            guest.print("0x").printHex(R15).print("\n");
        }
        return guest.shutDown().toElf();
    }

    private static void readTime(Assembler asm, Gpr into) {
        asm.rdtsc().shl(RDX, 32).or(RAX, RDX).mov(into, RAX);
    }
}
