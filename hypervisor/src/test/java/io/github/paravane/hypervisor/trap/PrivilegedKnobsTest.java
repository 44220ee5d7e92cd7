package io.github.paravane.hypervisor.trap;

import static io.github.paravane.hypervisor.profiles.AbiProfiles.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.github.paravane.api.cpu.CpuidSource.CpuidLeaf;
import io.github.paravane.api.cpu.EmulationHooks;
import io.github.paravane.api.cpu.EmulationHooks.Cell;
import io.github.paravane.api.cpu.EmulationHooks.Reply;
import io.github.paravane.api.cpu.EmulationResult;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.profile.BitMask;
import io.github.paravane.api.profile.Knob;
import io.github.paravane.api.profile.PrivilegedRules;
import io.github.paravane.api.profile.VersionRules;
import io.github.paravane.hypervisor.descriptor.DescriptorRules;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Every knob of privileged instructions on both sides of the version where it changed (abi-reference 4.7 to 4.9). */
class PrivilegedKnobsTest {

    private static final int SET_DEBUGREG = 8;
    private static final int SET_SEGMENT_BASE = 25;
    private static final int EXTENDED = 0x8000_0001;
    private static final long NON_CANONICAL = 0x8000_0000_0000L;

    /** {@code MachineKnobsTest} of the testkit has the rows of the first two, {@code PageFaultKnobsTest} that of the last. */
    private static final Set<Knob<?>> ELSEWHERE = Set.of(
            PrivilegedRules.MERGED_DESCRIPTOR_TYPE, PrivilegedRules.CPUID_FAULTING, PrivilegedRules.TABLE_STORE_STEP);

    /** A processor that has everything shows everything but this. */
    private static final Function<EntryRig, String> LEAF_1_ECX = hidden(1, CpuidLeaf::ecx);

    private static final Function<EntryRig, String> LEAF_1_EDX = hidden(1, CpuidLeaf::edx);
    private static final Function<EntryRig, String> EXTENDED_EDX = hidden(EXTENDED, CpuidLeaf::edx);

    static final List<KnobRow> ROWS = List.of(
            KnobRow.of(
                    PrivilegedRules.UNKNOWN_MSR_READ,
                    XEN_4_14,
                    XEN_4_15,
                    privileged((hooks, cell) -> hooks.readMsr(0x1234_5678, cell)),
                    "0",
                    "#13"),
            KnobRow.of(
                    PrivilegedRules.UNKNOWN_MSR_WRITE,
                    XEN_4_14,
                    XEN_4_15,
                    privileged((hooks, cell) -> hooks.writeMsr(0x1234_5678, 1, cell)),
                    "0",
                    "#13"),
            KnobRow.of(
                    PrivilegedRules.NAMED_MSRS_REFUSED,
                    XEN_4_13,
                    XEN_4_14,
                    privileged((hooks, cell) -> hooks.readMsr(0x48, cell)),
                    "0",
                    "#13"),
            KnobRow.of(
                    PrivilegedRules.P5_MACHINE_CHECK,
                    XEN_4_16,
                    XEN_4_17,
                    privileged((hooks, cell) -> hooks.readMsr(1, cell)),
                    "#13",
                    "0"),
            KnobRow.of(
                    PrivilegedRules.VIRTUAL_MACHINE_CHECK,
                    XEN_4_2,
                    XEN_4_3,
                    privileged((hooks, cell) -> hooks.writeMsr(0x401, 1, cell)),
                    "0",
                    "#13"),
            KnobRow.constant(
                    PrivilegedRules.CR4_SHOWN,
                    XEN_4_17,
                    new BitMask(0x620),
                    privileged((hooks, cell) -> hooks.readControl(4, cell)),
                    "660",
                    "620"),
            KnobRow.of(
                    PrivilegedRules.CR3_FAILURE_IGNORED,
                    XEN_3_0_3,
                    XEN_3_0_4,
                    privileged((hooks, cell) -> hooks.writeControl(3, 0x99_000, cell)),
                    "0",
                    "#13"),
            KnobRow.of(PrivilegedRules.CR4_WRITABLE, XEN_3_1_2, XEN_3_2, cr4After(0x66C), "#13", "66c"),
            KnobRow.of(PrivilegedRules.CR4_WRITABLE, XEN_4_11, XEN_4_12, cr4After(0x5_0660), "660", "50660"),
            KnobRow.of(PrivilegedRules.CR4_MISMATCH_IGNORED, XEN_3_1_2, XEN_3_2, cr4After(0x6E0), "#13", "660"),
            KnobRow.of(
                    PrivilegedRules.CALL_GATE_DPL_0,
                    XEN_3_1_2,
                    XEN_3_2,
                    rig -> Long.toHexString(new DescriptorRules(rig.platform.profile()).fixUp(0x0000_8C00_0010_1234L)),
                    "ec0000131234",
                    "8c0000131234"),
            KnobRow.of(PrivilegedRules.DEBUG_REGISTERS, XEN_3_1_2, XEN_3_2, setDebug(7, 0x0008_0001), "-1", "0"),
            KnobRow.of(PrivilegedRules.DEBUG_REGISTERS, XEN_3_1_2, XEN_3_2, ioBreakpointWithDe(), "-1", "0"),
            KnobRow.of(PrivilegedRules.DEBUG_REGISTERS, XEN_4_10, XEN_4_11, setDebug(5, 0x400), "-22", "0"),
            KnobRow.of(PrivilegedRules.DEBUG_REGISTERS, XEN_4_10, XEN_4_11, setDebug(6, 1L << 32), "0", "-22"),
            KnobRow.of(PrivilegedRules.DEBUG_REGISTERS, XEN_4_10, XEN_4_11, setDebug(9, 0), "-22", "-19"),
            KnobRow.of(
                    PrivilegedRules.IO_BREAKPOINTS_ALIGNED,
                    XEN_4_16,
                    XEN_4_17,
                    PrivilegedKnobsTest::misalignedIoBreakpoint,
                    "10002",
                    "#1"),
            KnobRow.of(
                    PrivilegedRules.BREAKPOINT_HITS_REPLACED,
                    XEN_4_19,
                    XEN_4_20,
                    PrivilegedKnobsTest::statusOfTwoTraps,
                    "ffff4ff1",
                    "ffff4ff0"),
            KnobRow.of(
                    PrivilegedRules.FLAG_INSTRUCTIONS_STEP,
                    XEN_4_8,
                    XEN_4_9,
                    PrivilegedKnobsTest::stepOverCli,
                    "#1",
                    "10002"),
            KnobRow.of(
                    PrivilegedRules.REFUSED_REP_IO_CLEARS_RF,
                    XEN_4_19,
                    XEN_4_20,
                    PrivilegedKnobsTest::flagsOfRefusedRepIns,
                    "10002",
                    "2"),
            KnobRow.of(
                    PrivilegedRules.FORCED_EMULATION_FAULTS,
                    XEN_3_0_2,
                    XEN_3_0_3,
                    PrivilegedKnobsTest::prefixAtHole,
                    "#6",
                    "#14"),
            KnobRow.of(PrivilegedRules.CPUID_1_EDX_HIDDEN, XEN_3_1_2, XEN_3_2, LEAF_1_EDX, "380e", "300a"),
            KnobRow.of(PrivilegedRules.CPUID_1_EDX_HIDDEN, XEN_3_3, XEN_3_4, LEAF_1_EDX, "300a", "a022300a"),
            KnobRow.of(PrivilegedRules.CPUID_1_ECX_HIDDEN, XEN_3_3, XEN_3_4, LEAF_1_ECX, "0", "1c06c17c"),
            KnobRow.of(PrivilegedRules.CPUID_1_ECX_HIDDEN, XEN_4_6, XEN_4_7, LEAF_1_ECX, "1c06c17c", "926c1fc"),
            KnobRow.of(PrivilegedRules.CPUID_1_ECX_SET, XEN_3_3, XEN_3_4, PrivilegedKnobsTest::hypervisorBit, "0", "1"),
            KnobRow.of(
                    PrivilegedRules.CPUID_MACHINE_LEAVES_ZERO,
                    XEN_3_3,
                    XEN_3_4,
                    rig -> Integer.toHexString(cpuid(rig, 1).ebx()) + " "
                            + cpuid(rig, 0xA).eax(),
                    "1020800 10",
                    "20800 0"),
            KnobRow.of(PrivilegedRules.CPUID_7_EBX_HIDDEN, XEN_4_6, XEN_4_7, hidden(7, CpuidLeaf::ebx), "0", "210d482"),
            KnobRow.of(PrivilegedRules.CPUID_7_ECX_HIDDEN, XEN_4_6, XEN_4_7, hidden(7, CpuidLeaf::ecx), "0", "1c"),
            KnobRow.of(
                    PrivilegedRules.CPUID_EXTENDED_ECX_HIDDEN,
                    XEN_4_6,
                    XEN_4_7,
                    hidden(EXTENDED, CpuidLeaf::ecx),
                    "48b604",
                    "c8b61c"),
            KnobRow.of(PrivilegedRules.CPUID_EXTENDED_EDX_HIDDEN, XEN_3_0_4, XEN_3_1_0, EXTENDED_EDX, "0", "8000000"),
            KnobRow.of(PrivilegedRules.CPUID_EXTENDED_EDX_HIDDEN, XEN_3_3, XEN_3_4, EXTENDED_EDX, "8000000", "c023008"),
            KnobRow.of(PrivilegedRules.CPUID_EXTENDED_EDX_HIDDEN, XEN_4_6, XEN_4_7, EXTENDED_EDX, "c023008", "402300a"),
            KnobRow.of(
                    PrivilegedRules.SEGMENT_BASE_ERRNO,
                    XEN_4_8,
                    XEN_4_9,
                    rig -> hypercall(rig, SET_SEGMENT_BASE, 0, NON_CANONICAL),
                    "-14",
                    "-22"),
            KnobRow.of(PrivilegedRules.PORT_STRING_BASE, XEN_3_0_4, XEN_3_1_0, PrivilegedKnobsTest::outsFs, "5", "#14"),
            KnobRow.of(PrivilegedRules.PORT_STRING_BASE, XEN_4_3, XEN_4_5, PrivilegedKnobsTest::outsFs, "#14", "#13"),
            KnobRow.of(PrivilegedRules.PORT_STRING_BASE, XEN_4_8, XEN_4_9, PrivilegedKnobsTest::outsFs, "#13", "6"),
            KnobRow.of(
                    VersionRules.LAST_CPUID_LEAF,
                    XEN_3_0_2,
                    XEN_3_0_3,
                    rig -> Integer.toHexString(cpuid(rig, 0x4000_0000).eax()),
                    "0",
                    "40000002"),
            KnobRow.of(
                    VersionRules.LAST_CPUID_LEAF,
                    XEN_4_9,
                    XEN_4_10,
                    rig -> Integer.toHexString(cpuid(rig, 0x4000_0000).eax()),
                    "40000004",
                    "40000005"),
            KnobRow.of(
                    VersionRules.LAST_CPUID_LEAF,
                    XEN_3_0_2,
                    XEN_3_0_3,
                    PrivilegedKnobsTest::betweenStubs,
                    "5a5a",
                    "5a53"),
            KnobRow.of(
                    VersionRules.HYPERCALL_PAGE_FILLED,
                    XEN_4_12,
                    XEN_4_13,
                    PrivilegedKnobsTest::betweenStubs,
                    "5a53",
                    "cc53"));

    @ParameterizedTest
    @FieldSource("ROWS")
    void bothSidesOfTheBoundary(KnobRow row) {
        assertNotEquals(row.before().get(row.knob()), row.after().get(row.knob()), row::toString);
        assertEquals(row.was(), row.action().apply(new EntryRig(row.before())), () -> row + " before");
        assertEquals(row.is(), row.action().apply(new EntryRig(row.after())), () -> row + " after");
    }

    @Test
    void everyKnobOfPrivilegedInstructionsHasARow() {
        Set<Knob<?>> missing = new HashSet<>(PrivilegedRules.knobs());
        missing.removeAll(ROWS.stream().map(KnobRow::knob).collect(Collectors.toSet()));
        assertEquals(ELSEWHERE, missing);
    }

    private static String hypercall(EntryRig rig, int number, long... arguments) {
        rig.hypercall(number, arguments);
        return String.valueOf(rig.rax());
    }

    private static Function<EntryRig, String> setDebug(int register, long value) {
        return rig -> hypercall(rig, SET_DEBUGREG, register, value);
    }

    private static Function<EntryRig, String> ioBreakpointWithDe() {
        return rig -> {
            rig.vcpu.setCr4(8);
            return hypercall(rig, SET_DEBUGREG, 7, 0x0002_0001);
        };
    }

    /** An instruction of the kernel: what it reads, or the exception. */
    private static Function<EntryRig, String> privileged(BiFunction<EmulationHooks, Cell, Reply> access) {
        return rig -> {
            Cell cell = new Cell();
            rig.r.setRip(EntryRig.CODE);
            rig.core.instruction = hooks -> switch (access.apply(hooks, cell)) {
                case DONE -> EmulationResult.DONE;
                case UNHANDLEABLE -> EmulationResult.UNHANDLEABLE;
                case TRAP -> EmulationResult.trap(Objects.requireNonNull(cell.trap));
            };
            rig.router.trap(Trap.fault(Trap.GP, 0));
            return rig.r.rip() == EntryRig.CODE + 2 ? Long.toHexString(cell.value) : vector(rig);
        };
    }

    /** A breakpoint of 2 ports on port 81h, and IN from port 80h. */
    private static String misalignedIoBreakpoint(EntryRig rig) {
        rig.vcpu.setIopl(1);
        rig.vcpu.setCr4(8);
        hypercall(rig, SET_DEBUGREG, 0, 0x81);
        assertEquals("0", hypercall(rig, SET_DEBUGREG, 7, 0x0006_0001));
        return after(rig, (hooks, cell) -> hooks.readPort(0x80, 1, cell));
    }

    /** DR6 after a breakpoint, and then the end of a single step. */
    private static String statusOfTwoTraps(EntryRig rig) {
        for (long hits : new long[] {1, 1L << 14}) {
            rig.r.setDebugRegister(6, 0xFFFF_0FF0L | hits);
            rig.router.trap(new Trap(Trap.Kind.TRAP, Trap.DB, 0, 0, null));
        }
        return Long.toHexString(rig.vcpu.debugStatus());
    }

    /** RFLAGS in the frame of #GP for REP INSB. */
    private static String flagsOfRefusedRepIns(EntryRig rig) {
        rig.memory.write(EntryRig.CODE, new byte[] {(byte) 0xF3, 0x6C}, 0, 2);
        rig.r.setRflags(0x1_0202);
        privileged((hooks, cell) -> hooks.readPort(0x80, 1, cell)).apply(rig);
        return Long.toHexString(rig.memory.readU64(rig.r.gpr(Registers.RSP) + 40));
    }

    private static String stepOverCli(EntryRig rig) {
        rig.vcpu.setIopl(1);
        rig.r.setRflags(0x302);
        return after(rig, (hooks, cell) -> hooks.setInterruptFlag(false, cell));
    }

    /** Where the guest is after an instruction: behind it, or in a handler. */
    private static String after(EntryRig rig, BiFunction<EmulationHooks, Cell, Reply> access) {
        privileged(access).apply(rig);
        return rig.r.rip() < EntryRig.HANDLER + 16 * 256 ? vector(rig) : Long.toHexString(rig.r.rip());
    }

    private static Function<EntryRig, String> cr4After(long value) {
        return rig -> {
            String written = privileged((hooks, cell) -> hooks.writeControl(4, value, cell))
                    .apply(rig);
            return written.equals("0")
                    ? privileged((hooks, cell) -> hooks.readControl(4, cell)).apply(rig)
                    : written;
        };
    }

    /** FS OUTSB at offset 5000h; the base of FS is 1000h, and its selector names a descriptor that nobody has. */
    private static String outsFs(EntryRig rig) {
        rig.memory.writeU16(EntryRig.CODE, 0x6E64);
        rig.memory.writeU8(0x5000, 5);
        rig.memory.writeU8(0x6000, 6);
        rig.r.loadSegment(Registers.FS, 0xB, 0x00CF_F300_0000_FFFFL);
        rig.r.setSegmentBase(Registers.FS, 0x1000);
        return privileged((hooks, cell) -> hooks.read(0x6000, 1, cell)).apply(rig);
    }

    /** A byte of a stub and one behind it, after WRMSR 40000000h. */
    private static String betweenStubs(EntryRig rig) {
        for (int i = 0; i < 64; i++) {
            rig.memory.writeU8(0x50_000 + i, 0x5A);
        }
        privileged((hooks, cell) -> hooks.writeMsr(0x4000_0000, 0x50_000, cell)).apply(rig);
        return Integer.toHexString(rig.memory.readU8(0x50_01F) << 8 | rig.memory.readU8(0x50_002));
    }

    private static String vector(EntryRig rig) {
        return "#" + (rig.r.rip() - EntryRig.HANDLER) / 16;
    }

    private static String prefixAtHole(EntryRig rig) {
        rig.r.setRip(0x11_000 - 2);
        rig.paging.absent[0x11] = true;
        rig.memory.write(0x11_000 - 2, new byte[] {0x0F, 0x0B}, 0, 2);
        rig.router.trap(Trap.fault(Trap.UD, 0));
        return vector(rig);
    }

    private static CpuidLeaf cpuid(EntryRig rig, int leaf) {
        byte[] code = {0x0F, 0x0B, 'x', 'e', 'n', 0x0F, (byte) 0xA2};
        rig.memory.write(EntryRig.CODE, code, 0, code.length);
        rig.r.setRip(EntryRig.CODE);
        rig.r.setGpr(Registers.RAX, leaf);
        rig.r.setGpr(Registers.RCX, 0);
        rig.router.trap(Trap.fault(Trap.UD, 0));
        assertEquals(EntryRig.CODE + 7, rig.r.rip());
        return new CpuidLeaf(
                (int) rig.r.gpr(Registers.RAX), (int) rig.r.gpr(Registers.RBX), (int) rig.r.gpr(Registers.RCX), (int)
                        rig.r.gpr(Registers.RDX));
    }

    private static Function<EntryRig, String> hidden(int leaf, Function<CpuidLeaf, Integer> register) {
        return rig -> Integer.toHexString(~register.apply(cpuid(rig, leaf)));
    }

    /** On a processor of which the bit is not known. */
    private static String hypervisorBit(EntryRig rig) {
        CpuidLeaf none = new CpuidPolicy(rig.platform.profile()).filter(1, 0, CpuidLeaf.ZERO);
        return String.valueOf(none.ecx() >>> 31);
    }
}
