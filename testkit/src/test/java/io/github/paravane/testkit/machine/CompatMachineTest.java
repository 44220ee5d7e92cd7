package io.github.paravane.testkit.machine;

import static io.github.paravane.testkit.asm.Gpr.AX;
import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EBP;
import static io.github.paravane.testkit.asm.Gpr.EBX;
import static io.github.paravane.testkit.asm.Gpr.ESI;
import static io.github.paravane.testkit.asm.Gpr.ESP;
import static io.github.paravane.testkit.asm.Memory.ptr;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.api.guest.GuestImageException;
import io.github.paravane.api.guest.GuestImageException.Rule;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.CompatRules;
import io.github.paravane.hypervisor.domain.HostOptions;
import io.github.paravane.hypervisor.machine.ConsolePort;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.asm.SegmentRegister;
import io.github.paravane.testkit.asm.XenNote;
import io.github.paravane.testkit.runtime.CompatRuntime;
import io.github.paravane.testkit.runtime.CompatTrapWord;
import io.github.paravane.testkit.runtime.Hypercalls;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole machines with 32-bit kernels: which versions run them, how they start, and how they are entered. */
class CompatMachineTest {

    private static final int USER_PAGE = 0x67;

    /** What a kernel printed until it shut down. */
    private static String printed(AbiProfile profile, HostOptions options, Consumer<CompatRuntime> program) {
        CompatRuntime kernel = new CompatRuntime();
        program.accept(kernel);
        kernel.shutDown();
        ByteArrayOutputStream console = new ByteArrayOutputStream();
        PvMachine machine = PvMachine.builder(profile)
                .options(options)
                .domain(DomainConfig.of(GuestImage.of(kernel.toElf()).withCommandLine("hello"))
                        .memory(8 << 20)
                        .console(ConsolePort.output(console)))
                .virtualTime()
                .build();
        RunResult result = machine.run(RunLimits.none().within(Duration.ofSeconds(10)));
        assertEquals(RunResult.Kind.SHUT_DOWN, result.kind(), result::toString);
        assertEquals(List.of(), machine.auditFrames());
        assertEquals(List.of(), machine.auditAccess());
        assertEquals(0, machine.destroy(machine.domains().get(0)), "frames that stay");
        return console.toString(StandardCharsets.ISO_8859_1);
    }

    private static String printed(Consumer<CompatRuntime> program) {
        return printed(AbiProfiles.XEN_4_17, HostOptions.DEFAULT, program);
    }

    private static void segments(CompatRuntime kernel) {
        for (SegmentRegister each : List.of(SegmentRegister.CS, SegmentRegister.SS, SegmentRegister.DS)) {
            kernel.asm().xor(EAX, EAX).mov(AX, each);
            kernel.printHex(EAX).print(" ");
        }
    }

    static Stream<AbiProfile> offering() {
        return AbiProfiles.all().stream().filter(each -> each.get(CompatRules.OFFERED) != CompatRules.Offer.NONE);
    }

    @ParameterizedTest
    @MethodSource("offering")
    void aKernelRunsInRing1(AbiProfile profile) {
        assertEquals("e019 e021 e021 ", printed(profile, HostOptions.DEFAULT, CompatMachineTest::segments));
    }

    @Test
    void startInfoIsThatOf32Bits() {
        // The last four letters of the magic, nr_pages, pt_base's table count, and the command line.
        assertEquals("7032335f 800 5 6c6c6568", printed(kernel -> {
            kernel.asm().mov(ESI, kernel.startInfo());
            kernel.asm().mov(EAX, ptr(ESI, 11));
            kernel.printHex(EAX).print(" ");
            kernel.asm().mov(EAX, ptr(ESI, 32));
            kernel.printHex(EAX).print(" ");
            kernel.asm().mov(EAX, ptr(ESI, 64));
            kernel.printHex(EAX).print(" ");
            kernel.asm().mov(EAX, ptr(ESI, 80));
            kernel.printHex(EAX);
        }));
    }

    @Test
    void oldVersionsAndSomeHostsRunNone() {
        HostOptions off = HostOptions.DEFAULT.withCompatDomains(false);
        GuestImage image = GuestImage.of(new CompatRuntime().toElf());
        assertEquals(Rule.NOT_X86_64, refusal(AbiProfiles.XEN_3_0_4, HostOptions.DEFAULT, image));
        assertEquals(Rule.NOT_X86_64, refusal(AbiProfiles.XEN_4_17, off, image));
        assertEquals("up", printed(AbiProfiles.XEN_4_14, off, kernel -> kernel.print("up")), "not optional yet");
        byte[] noPae = new CompatRuntime().image().text(XenNote.PAE_MODE, "no").toElf();
        assertEquals(Rule.NOT_X86_64, refusal(AbiProfiles.XEN_4_17, HostOptions.DEFAULT, GuestImage.of(noPae)));
    }

    private static Rule refusal(AbiProfile profile, HostOptions options, GuestImage image) {
        PvMachine.Builder builder = PvMachine.builder(profile)
                .options(options)
                .domain(DomainConfig.of(image).memory(8 << 20));
        return assertThrows(GuestImageException.class, builder::build).rule();
    }

    /** Vector, CS, SS and the place of EIP after an entry from ring 3. */
    private static void fromRing3(CompatRuntime kernel, Consumer<CompatRuntime> code) {
        Label caught = kernel.asm().label("caught");
        Label program = kernel.asm().label("program");
        kernel.data(() -> {
            kernel.asm().align(4096).bind(program);
            code.accept(kernel);
            kernel.asm().align(4096);
        });
        kernel.remap(program, USER_PAGE);
        kernel.enterUser(program, caught);
        kernel.asm().bind(caught);
        for (CompatTrapWord word :
                List.of(CompatTrapWord.VECTOR, CompatTrapWord.ERROR, CompatTrapWord.CS, CompatTrapWord.SS)) {
            kernel.asm().mov(EAX, kernel.trap(word)).and(EAX, 0xFFFF);
            kernel.printHex(EAX).print(" ");
        }
        kernel.asm().mov(EAX, kernel.stack()).sub(EAX, kernel.trap(CompatTrapWord.EIP_PLACE));
        kernel.printHex(EAX);
    }

    @Test
    void theFrameFromRing3HasStackPointerAndSegment() {
        assertEquals(
                "6 0 e02b e033 14",
                printed(kernel -> fromRing3(kernel, each -> each.asm().ud2())));
    }

    @Test
    void theFrameOfSyscallShowsSelectorsByVersion() {
        Consumer<CompatRuntime> program =
                kernel -> fromRing3(kernel, each -> each.asm().syscall());
        assertEquals("100 0 e023 e02b 14", printed(AbiProfiles.XEN_4_10, HostOptions.DEFAULT, program));
        assertEquals("100 0 e02b e033 14", printed(AbiProfiles.XEN_4_11, HostOptions.DEFAULT, program));
    }

    @Test
    void ring3DoesNotReachTheKernelsPages() {
        String fault = printed(kernel -> fromRing3(
                kernel,
                each -> each.asm()
                        .mov(EAX, CompatRuntime.USER_DS)
                        .mov(SegmentRegister.DS, EAX)
                        .mov(EAX, ptr(kernel.sharedInfo()))));
        assertEquals("e 5 e02b e033 14", fault, "present, and a user's");
    }

    @Test
    void ring3MakesNoHypercalls() {
        String fault = printed(kernel -> fromRing3(kernel, each -> each.asm().interrupt(0x82)));
        assertEquals("d 412 e02b e033 14", fault);
    }

    @Test
    void theFrameFromRing1HasNeitherAndDoesNotMoveTheStack() {
        assertEquals("e019 c", printed(kernel -> {
            Label caught = kernel.asm().label("caught");
            kernel.asm().mov(EBP, ESP);
            kernel.attempt(caught, () -> kernel.asm().ud2());
            kernel.asm().bind(caught).mov(EAX, kernel.trap(CompatTrapWord.CS)).and(EAX, 0xFFFF);
            kernel.printHex(EAX).print(" ");
            kernel.asm().sub(EBP, kernel.trap(CompatTrapWord.EIP_PLACE));
            kernel.printHex(EBP);
        }));
    }

    @Test
    void theKernelReadsTheMachineToPhysicalTableAndCannotWriteIt() {
        assertEquals("7 e 3", printed(kernel -> {
            Label caught = kernel.asm().label("caught");
            // The frame of the domain's page 7, and the page of that frame.
            kernel.asm().mov(ESI, kernel.machineFrames()).mov(EBX, ptr(ESI, 28)).shl(EBX, 2);
            kernel.asm().add(EBX, 0xF580_0000L).mov(EAX, ptr(EBX));
            kernel.printHex(EAX).print(" ");
            kernel.attempt(caught, () -> kernel.asm().mov(ptr(EBX), EAX));
            kernel.asm().bind(caught).mov(EAX, kernel.trap(CompatTrapWord.VECTOR));
            kernel.printHex(EAX).print(" ");
            kernel.asm().mov(EAX, kernel.trap(CompatTrapWord.ERROR));
            kernel.printHex(EAX);
        }));
    }

    @Test
    void memoryCallsTakeWordsOf4Bytes() {
        // populate_physmap of one frame, decrease_reservation of the same: one each.
        assertEquals("1 1", printed(kernel -> {
            Label list = kernel.asm().label("list");
            Label reservation = kernel.asm().label("reservation");
            kernel.data(() -> kernel.asm()
                    .align(8)
                    .bind(list)
                    .u32(0x900)
                    .bind(reservation)
                    .u32(list)
                    .u32(1)
                    .u32(0)
                    .u32(0)
                    .u16(0x7FF0)
                    .zeros(16));
            for (int command : List.of(6, 1)) {
                kernel.call(Hypercalls.MEMORY_OP, command, reservation);
                kernel.printHex(EAX).print(command == 6 ? " " : "");
            }
        }));
    }

    @Test
    void multicallsTakeWordsOf4Bytes() {
        // xen_version(XENVER_version), sched_op of an unknown command.
        assertEquals("0 40011 ffffffda", printed(kernel -> {
            Label list = kernel.asm().label("list");
            kernel.data(() -> kernel.asm()
                    .align(8)
                    .bind(list)
                    .u32(Hypercalls.XEN_VERSION)
                    .zeros(28)
                    .u32(Hypercalls.SCHED_OP)
                    .u32(0)
                    .u32(99)
                    .zeros(20));
            kernel.call(Hypercalls.MULTICALL, list, 2);
            kernel.printHex(EAX).print(" ");
            kernel.asm().mov(EAX, ptr(list, 4));
            kernel.printHex(EAX).print(" ");
            kernel.asm().mov(EAX, ptr(list, 36));
            kernel.printHex(EAX);
        }));
    }

    /** Loads a GDT with a gate, selector 13h, to {@code target} with two words of arguments. */
    private static void loadGate(CompatRuntime kernel, Label target) {
        Label table = kernel.page("gdt");
        Label frames = kernel.asm().label("gdt_frames");
        kernel.data(() -> kernel.asm().align(8).bind(frames).u32(0));
        kernel.asm().mov(EAX, target).and(EAX, 0xFFFF).or(EAX, CompatRuntime.KERNEL_CS << 16);
        kernel.asm().mov(ptr(table, 16), EAX).mov(EAX, target).and(EAX, 0xFFFF_0000);
        kernel.asm().or(EAX, 0xEC02).mov(ptr(table, 20), EAX);
        kernel.remap(table, 0x61);
        kernel.machineAddress(table);
        kernel.asm().shr(EAX, 12).mov(ptr(frames), EAX);
        kernel.call(Hypercalls.SET_GDT, frames, 512);
    }

    @Test
    void aCallGateLeadsIntoTheKernelAndCopiesArguments() {
        String frame = printed(kernel -> {
            Label target = kernel.asm().label("gate_target");
            Label caught = kernel.asm().label("gate_caught");
            Label program = kernel.asm().label("gate_program");
            kernel.data(() -> kernel.asm()
                    .align(4096)
                    .bind(program)
                    .push(0x22)
                    .push(0x11)
                    .bytes(0x9A, 0, 0, 0, 0, 0x13, 0)
                    .align(4096));
            loadGate(kernel, target);
            kernel.remap(program, USER_PAGE);
            kernel.remap(kernel.userStackPage(), USER_PAGE);
            kernel.enterUser(program, caught);
            kernel.asm().bind(target).mov(EAX, CompatRuntime.KERNEL_DS).mov(SegmentRegister.DS, EAX);
            kernel.asm().mov(SegmentRegister.ES, EAX).mov(EBP, ESP);
            for (int offset = 4; offset < 24; offset += 4) {
                kernel.asm().mov(EAX, ptr(EBP, offset));
                if (offset == 16) {
                    kernel.asm().mov(EBX, kernel.userStack()).sub(EAX, EBX);
                }
                kernel.printHex(EAX).print(" ");
            }
            kernel.asm().xor(EAX, EAX).mov(AX, SegmentRegister.CS);
            kernel.printHex(EAX);
            kernel.asm().mov(EAX, kernel.stack()).sub(EAX, EBP);
            kernel.print(" ").printHex(EAX).shutDown();
            kernel.asm().bind(caught);
            kernel.print("a fault");
        });
        assertEquals("e02b 11 22 fffffff8 e033 e019 18", frame);
    }

    @Test
    void addToPhysmapBatchReadsListsOf4Bytes() {
        String answers = printed(AbiProfiles.XEN_4_11, HostOptions.DEFAULT, kernel -> {
            Label batch = kernel.asm().label("batch");
            Label indices = kernel.asm().label("batch_indices");
            Label results = kernel.asm().label("batch_results");
            kernel.data(() -> kernel.asm()
                    .align(8)
                    .bind(batch)
                    .u16(0x7FF0)
                    .u16(1)
                    .u16(2)
                    .u16(0)
                    .u32(indices)
                    .u32(indices)
                    .u32(results)
                    .u32(0x8000_0000)
                    .bind(indices)
                    .zeros(8)
                    .bind(results)
                    .zeros(12));
            kernel.call(12, 23, batch);
            kernel.printHex(EAX);
            for (int offset = 0; offset < 12; offset += 4) {
                kernel.asm().mov(EAX, ptr(results, offset));
                kernel.print(" ").printHex(EAX);
            }
        });
        assertEquals("0 ffffffea ffffffea 0", answers);
    }

    @Test
    void aCallGateStaysInRing1() {
        String frame = printed(kernel -> {
            Label target = kernel.asm().label("gate_target");
            Label caught = kernel.asm().label("gate_caught");
            loadGate(kernel, target);
            kernel.attempt(caught, () -> kernel.asm().mov(EBP, ESP).bytes(0x9A, 0, 0, 0, 0, 0x13, 0));
            kernel.asm().bind(target).sub(EBP, ESP);
            kernel.printHex(EBP).print(" ");
            kernel.asm().mov(EAX, ptr(ESP, 4));
            kernel.printHex(EAX).shutDown();
            kernel.asm().bind(caught);
            kernel.asm().mov(EAX, kernel.trap(CompatTrapWord.VECTOR));
            kernel.printHex(EAX).print(" ");
            kernel.asm().mov(EAX, kernel.trap(CompatTrapWord.ERROR));
            kernel.printHex(EAX).print(" ");
            kernel.asm()
                    .mov(EAX, kernel.trap(CompatTrapWord.EIP))
                    .mov(EBX, target)
                    .sub(EAX, EBX);
            kernel.printHex(EAX).print(" a fault");
        });
        assertEquals("8 e019", frame);
    }
}
