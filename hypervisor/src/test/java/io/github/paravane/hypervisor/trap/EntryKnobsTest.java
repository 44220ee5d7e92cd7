package io.github.paravane.hypervisor.trap;

import static io.github.paravane.hypervisor.profiles.AbiProfiles.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.cpu.TrapHandler.Disposition;
import io.github.paravane.api.profile.EntryRules;
import io.github.paravane.api.profile.Knob;
import io.github.paravane.hypervisor.domain.Callbacks;
import io.github.paravane.hypervisor.domain.Domain;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Every knob of entry and exit on both sides of the version where it changed (abi-reference 9.2). */
class EntryKnobsTest {

    private static final int SET_TRAP_TABLE = 0;
    private static final int IRET = 23;
    private static final int NMI_OP = 28;
    private static final int CALLBACK_OP = 30;
    private static final long NON_CANONICAL = 0x8000_0000_0000L;
    private static final long HOLE = 0xFFFF_8000_0000_0000L;
    private static final long HOLE_END = 0xFFFF_8800_0000_0000L;
    private static final String CRASH = "crash";

    static final List<KnobRow> ROWS = List.of(
            KnobRow.of(
                    EntryRules.SYSCALL_R11,
                    XEN_3_1_0,
                    XEN_3_1_1,
                    EntryKnobsTest::syscallR11,
                    "202",
                    "ffff828c8010d750"),
            KnobRow.of(
                    EntryRules.SYSCALL_R11,
                    XEN_3_1_1,
                    XEN_3_1_2,
                    EntryKnobsTest::syscallR11,
                    "ffff828c8010d750",
                    "202"),
            KnobRow.of(
                    EntryRules.CLEARED_FLAGS, XEN_3_0_2, XEN_3_0_3, rig -> flagsAtEntry(rig, 0x4_4302), "40202", "202"),
            KnobRow.of(EntryRules.SYSCALL_CLEARS_DF, XEN_3_1_2, XEN_3_2, EntryKnobsTest::flagsAtSyscall, "602", "202"),
            KnobRow.of(EntryRules.SYSCALL_CAN_MASK, XEN_3_0_2, XEN_3_0_3, EntryKnobsTest::maskAtSyscall, false, true),
            KnobRow.of(
                    EntryRules.MISSING_SYSCALL_CALLBACK,
                    XEN_4_14,
                    XEN_4_15,
                    rig -> where(withoutSyscall(rig)),
                    CRASH,
                    "#6 rip 10000"),
            KnobRow.of(
                    EntryRules.MISSING_CALLBACK_CLEARS_DF,
                    XEN_4_18,
                    XEN_4_19,
                    rig -> Long.toHexString(withoutSyscall(rig).r.rflags()),
                    "202",
                    "602"),
            KnobRow.of(
                    EntryRules.SYSCALL32_CALLBACKS,
                    XEN_3_1_2,
                    XEN_3_2,
                    EntryKnobsTest::syscall32,
                    "callback 2",
                    "callback 7"),
            KnobRow.of(
                    EntryRules.SYSCALL32_CALLBACKS,
                    XEN_3_1_2,
                    XEN_3_2,
                    rig -> sysenter(rig, 0x202),
                    "#13 rip 10000",
                    "callback 5"),
            KnobRow.of(EntryRules.SYSENTER_WITH_NT, XEN_4_2, XEN_4_3, rig -> sysenter(rig, 0x4202), CRASH, "#13 rip 0"),
            KnobRow.of(
                    EntryRules.SYSENTER_WITH_NT,
                    XEN_4_12,
                    XEN_4_14,
                    rig -> sysenter(rig, 0x4202),
                    "#13 rip 0",
                    "callback 5"),
            KnobRow.of(
                    EntryRules.INT80_FAST_GATE,
                    XEN_3_0_4,
                    XEN_3_1_0,
                    rig -> rig.router.mayInterrupt(0x80) + "",
                    false,
                    true),
            KnobRow.of(EntryRules.INT80_MASK_HONOURED, XEN_3_0_4, XEN_3_1_0, EntryKnobsTest::maskAtInt80, true, false),
            KnobRow.of(EntryRules.INT80_MASK_HONOURED, XEN_4_8, XEN_4_9, EntryKnobsTest::maskAtInt80, false, true),
            KnobRow.of(
                    EntryRules.INT_N_DECODED_LENGTH,
                    XEN_4_20,
                    XEN_4_22,
                    EntryKnobsTest::intWithPrefix,
                    "10002",
                    "10003"),
            KnobRow.of(
                    EntryRules.FAILED_RETURN,
                    XEN_4_6,
                    XEN_4_7,
                    rig -> where(iret(rig, 0, 0x5_0000, 0x1003, 0x202)),
                    "callback 1",
                    "#13 rip 50000"),
            KnobRow.of(EntryRules.VIRTUAL_IOPL, XEN_4_6, XEN_4_7, EntryKnobsTest::savedIopl, "0", "3000"),
            KnobRow.of(EntryRules.EXIT_CLEARS_NT, XEN_4_8, XEN_4_9, rig -> flagsAfterCall(rig, 0x4202), "4202", "202"),
            KnobRow.of(
                    EntryRules.EXIT_CLEARS_NT, XEN_4_13, XEN_4_14, rig -> flagsAfterCall(rig, 0x4202), "202", "4202"),
            KnobRow.of(
                    EntryRules.IRET_FLAGS,
                    XEN_4_20,
                    XEN_4_22,
                    rig -> Long.toHexString(
                            iret(rig, 0x100, 0x5_0000, 0xE033, 0xFFC0_8202L).r.gpr(Registers.R11)),
                    "ffc08202",
                    "202"),
            KnobRow.of(
                    EntryRules.IRET_WITHOUT_USER_TABLE_CRASHES,
                    XEN_3_0_2,
                    XEN_3_0_3,
                    EntryKnobsTest::iretWithoutUserTable,
                    "-14",
                    CRASH),
            KnobRow.of(
                    EntryRules.NON_CANONICAL_RIP_USES_IRET,
                    XEN_4_1,
                    XEN_4_2,
                    rig -> where(iret(rig, 0x100, NON_CANONICAL, 0xE033, 0x202)),
                    CRASH,
                    "callback 1"),
            KnobRow.of(EntryRules.STACK_MAY_END_AT_HOLE, XEN_4_8, XEN_4_9, rig -> stackAt(rig, HOLE), "hole", "memory"),
            KnobRow.of(
                    EntryRules.STACK_WINDOW_SLACK,
                    XEN_4_8,
                    XEN_4_9,
                    rig -> stackAt(rig, HOLE_END + 64),
                    "memory",
                    "memory"),
            KnobRow.of(
                    EntryRules.STACK_WINDOW_SLACK,
                    XEN_4_9,
                    XEN_4_9.toBuilder("wide")
                            .set(EntryRules.STACK_WINDOW_SLACK, 65)
                            .build(),
                    rig -> stackAt(rig, HOLE_END + 64),
                    "memory",
                    "hole"),
            KnobRow.of(EntryRules.CANONICAL_TRAPS, XEN_4_1, XEN_4_2, EntryKnobsTest::nonCanonicalTrap, "0", "-22"),
            KnobRow.of(
                    EntryRules.CANONICAL_CALLBACKS,
                    XEN_3_1_2,
                    XEN_3_2,
                    rig -> registerCallback(rig, Callbacks.EVENT, NON_CANONICAL),
                    "0",
                    "-22"),
            KnobRow.of(EntryRules.NMI_IS_TRAP_2, XEN_3_1_2, XEN_3_2, EntryKnobsTest::registerNmi, "-22", "0"),
            KnobRow.of(EntryRules.NMI_IS_TRAP_2, XEN_3_1_2, XEN_3_2, EntryKnobsTest::nmi, "callback 4", "#2 rip 10000"),
            KnobRow.of(
                    EntryRules.UNKNOWN_CALLBACK_ERRNO,
                    XEN_3_0_3,
                    XEN_3_0_4,
                    rig -> registerCallback(rig, 9, 0x1000),
                    "-22",
                    "-38"));

    @ParameterizedTest
    @FieldSource("ROWS")
    void bothSidesOfTheBoundary(KnobRow row) {
        assertNotEquals(row.before().get(row.knob()), row.after().get(row.knob()), row::toString);
        assertEquals(row.was(), row.action().apply(new EntryRig(row.before())), () -> row + " before");
        assertEquals(row.is(), row.action().apply(new EntryRig(row.after())), () -> row + " after");
    }

    @Test
    void everyKnobOfEntryHasARow() {
        Set<Knob<?>> missing = new HashSet<>(EntryRules.knobs());
        missing.removeAll(ROWS.stream().map(KnobRow::knob).collect(Collectors.toSet()));
        assertEquals(Set.of(), missing);
    }

    /** Where the guest is: a handler and the RIP of its frame, or a callback. */
    private static String where(EntryRig rig) {
        if (!rig.domain.isRunning()) {
            return CRASH;
        }
        long rip = rig.r.rip();
        for (int type = 0; type < 8; type++) {
            if (rip == EntryRig.callback(type)) {
                return "callback " + type;
            }
        }
        int vector = (int) (rip - EntryRig.HANDLER) / 16;
        int slot = Trap.hasErrorCode(vector) ? 3 : 2;
        long saved = rig.memory.readU64(rig.r.gpr(Registers.RSP) + 8L * slot);
        return "#" + vector + " rip " + Long.toHexString(saved);
    }

    private static String syscallR11(EntryRig rig) {
        rig.inUserMode().syscall();
        return Long.toHexString(rig.memory.readU64(rig.r.gpr(Registers.RSP) + 8));
    }

    private static String flagsAtEntry(EntryRig rig, long rflags) {
        rig.r.setRflags(rflags);
        rig.router.trap(Trap.fault(Trap.DE, 0));
        return Long.toHexString(rig.r.rflags());
    }

    private static String flagsAtSyscall(EntryRig rig) {
        rig.r.setRflags(0x602);
        rig.inUserMode().syscall();
        return Long.toHexString(rig.r.rflags());
    }

    private static String maskAtSyscall(EntryRig rig) {
        rig.vcpu.setUpcallMask(false);
        rig.vcpu.callbacks().set(Callbacks.SYSCALL, EntryRig.callback(Callbacks.SYSCALL), true);
        rig.inUserMode().syscall();
        return String.valueOf(rig.vcpu.upcallMask());
    }

    private static EntryRig withoutSyscall(EntryRig rig) {
        rig.vcpu.callbacks().set(Callbacks.SYSCALL, 0, false);
        rig.r.setRflags(0x602);
        rig.inUserMode().syscall();
        return rig;
    }

    private static String syscall32(EntryRig rig) {
        rig.r.loadSegment(Registers.CS, FlatSegments.CODE_32, FlatSegments.CODE_32_DESCRIPTOR);
        rig.inUserMode().syscall();
        return where(rig);
    }

    /** SYSENTER at CODE: the trap comes after the instruction. */
    private static String sysenter(EntryRig rig, long rflags) {
        rig.r.setRflags(rflags);
        rig.r.setRip(EntryRig.CODE + 2);
        rig.inUserMode().router.trap(new Trap(Trap.Kind.SYSENTER, 0, 0, 0, null));
        return where(rig);
    }

    private static String maskAtInt80(EntryRig rig) {
        rig.vcpu.setUpcallMask(false);
        rig.vcpu.trapTable().set(0x80, EntryRig.handler(0x80), 3 | 4);
        rig.inUserMode()
                .router
                .trap(
                        rig.router.mayInterrupt(0x80)
                                ? new Trap(Trap.Kind.SOFTWARE_INTERRUPT, 0x80, 0, 0, null)
                                : Trap.fault(Trap.GP, 0x80 * 8 + 2));
        assertEquals(EntryRig.handler(0x80), rig.r.rip());
        return String.valueOf(rig.vcpu.upcallMask());
    }

    private static String intWithPrefix(EntryRig rig) {
        rig.vcpu.trapTable().set(0x90, EntryRig.handler(0x90), 3);
        rig.core.length = 3;
        rig.router.trap(Trap.fault(Trap.GP, 0x90 * 8 + 2));
        return Long.toHexString(rig.memory.readU64(rig.r.gpr(Registers.RSP) + 16));
    }

    private static EntryRig iret(EntryRig rig, long flags, long rip, long cs, long rflags) {
        rig.iretFrame(0xA, 0xB, 0xC, flags, rip, cs, rflags, 0x6_0000, 0xE02B);
        rig.hypercall(IRET);
        return rig;
    }

    private static String iretWithoutUserTable(EntryRig rig) {
        rig.vcpu.setUserBase(0);
        iret(rig, 0, 0x5_0000, 0xE033, 0x202);
        return rig.domain.isRunning() ? String.valueOf(rig.rax()) : CRASH;
    }

    private static String savedIopl(EntryRig rig) {
        rig.domain.setAssist(Domain.ASSIST_ARCHITECTURAL_IOPL, true);
        rig.vcpu.setIopl(3);
        rig.router.trap(Trap.fault(Trap.DE, 0));
        return Long.toHexString(rig.memory.readU64(rig.r.gpr(Registers.RSP) + 32) & 0x3000);
    }

    private static String flagsAfterCall(EntryRig rig, long rflags) {
        rig.r.setRflags(rflags);
        rig.hypercall(62);
        return Long.toHexString(rig.r.rflags());
    }

    /** The domain crashes either way, having no memory there: by the check of the stack pointer or by the store. */
    private static String stackAt(EntryRig rig, long rsp) {
        rig.r.setGpr(Registers.RSP, rsp);
        assertEquals(Disposition.STOP, rig.router.trap(Trap.fault(Trap.DE, 0)));
        Domain.Shutdown end = rig.domain.shutdown();
        return end == null ? "" : end.detail().contains("cannot write") ? "memory" : "hole";
    }

    private static String nonCanonicalTrap(EntryRig rig) {
        rig.memory.writeU64(0x3_0000, 0xE033_0000_0003L);
        rig.memory.writeU64(0x3_0008, NON_CANONICAL);
        rig.memory.writeU64(0x3_0018, 0);
        rig.hypercall(SET_TRAP_TABLE, 0x3_0000);
        return String.valueOf(rig.rax());
    }

    private static String registerCallback(EntryRig rig, int type, long address) {
        rig.memory.writeU64(0x3_0000, type);
        rig.memory.writeU64(0x3_0008, address);
        rig.hypercall(CALLBACK_OP, 0, 0x3_0000);
        return String.valueOf(rig.rax());
    }

    private static String nmi(EntryRig rig) {
        rig.vcpu.setNmiPending(true);
        rig.router.beforeReturn();
        return where(rig);
    }

    /** By a domain that is not the control domain. */
    private static String registerNmi(EntryRig rig) {
        rig.memory.writeU64(0x3_0000, 0x1000);
        rig.hypercall(NMI_OP, 0, 0x3_0000);
        return String.valueOf(rig.rax());
    }
}
