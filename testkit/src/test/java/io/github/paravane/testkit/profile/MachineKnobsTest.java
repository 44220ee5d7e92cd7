package io.github.paravane.testkit.profile;

import static io.github.paravane.hypervisor.profiles.AbiProfiles.*;
import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EBX;
import static io.github.paravane.testkit.asm.Gpr.EDI;
import static io.github.paravane.testkit.asm.Gpr.ESI;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.github.paravane.api.cpu.DescriptorTables;
import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.Knob;
import io.github.paravane.api.profile.PrivilegedRules;
import io.github.paravane.api.profile.ServiceRules;
import io.github.paravane.api.profile.VersionRules;
import io.github.paravane.hypervisor.time.VirtualClock;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.asm.PvKernelImage;
import io.github.paravane.testkit.guest.BootScript;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every knob of services and version numbers, by a guest kernel on the last version with the old value and the first with
 * the new one (abi-reference 3.12 to 3.20, 9.2).
 */
class MachineKnobsTest {

    private static final int SET_GDT = 2;
    private static final int MEMORY_OP = 12;
    private static final int SET_TIMER_OP = 15;
    private static final int XEN_VERSION = 17;
    private static final int GRANT_TABLE_OP = 20;
    private static final int SETUP_TABLE = 2;
    private static final int VM_ASSIST = 21;
    private static final int MMUEXT_OP = 26;
    private static final int SCHED_OP = 29;
    private static final int EVENT_CHANNEL_OP = 32;
    private static final int BIND_VIRQ = 1;
    private static final int CLOSE = 3;
    private static final int BIND_IPI = 7;
    private static final int BIND_VCPU = 8;
    private static final int BLOCK = 1;
    private static final int POLL = 3;
    private static final int DOM_EXC = 3;
    private static final int SEND = 4;
    private static final int UNMASK = 9;
    private static final int RESET = 10;
    private static final int PHYSDEV_OP = 33;
    private static final int HVM_OP = 34;
    private static final int SYSCTL = 35;
    private static final int DOMCTL = 36;
    private static final int VCPU_OP = 24;
    private static final int VCPU_DOWN = 2;
    private static final int CALLBACK_OP = 30;
    private static final int XENPMU_OP = 40;
    private static final int MMUEXT_SET_LDT = 13;
    private static final int FIRST_P2M_PFN = 1152;
    private static final int WC_SEC_HI = 3084;
    private static final int ENOSYS = -38;

    /** A hypervisor rig of their own shows these: {@code PrivilegedKnobsTest}. */
    private static final Set<Knob<?>> ELSEWHERE =
            Set.of(VersionRules.LAST_CPUID_LEAF, VersionRules.HYPERCALL_PAGE_FILLED);

    /**
     * @param before the last profile with the old value
     * @param after the first with the new one
     * @param action what a guest finds under a profile
     */
    record Row(
            Knob<?> knob,
            AbiProfile before,
            AbiProfile after,
            Function<AbiProfile, Object> action,
            Object was,
            Object is) {
        @Override
        public String toString() {
            return knob.name() + " " + before.name() + " / " + after.name();
        }
    }

    /** A row whose action runs in a kernel. */
    private static Row row(
            Knob<?> knob,
            AbiProfile before,
            AbiProfile after,
            Function<GuestCalls, Object> script,
            Object was,
            Object is) {
        return new Row(knob, before, after, profile -> GuestCalls.play(profile, script), was, is);
    }

    static final List<Row> SERVICES = List.of(
            row(ServiceRules.VCPU_NUMBERS, XEN_3_4, XEN_4_0, calls -> calls.vcpuOp(3, 32), -22, -2),
            row(ServiceRules.VCPU_NUMBERS, XEN_4_5, XEN_4_6, calls -> calls.vcpuOp(3, 8192), -22, -2),
            row(ServiceRules.LAST_VCPU_DOWN_ENDS, XEN_4_10, XEN_4_11, calls -> calls.vcpuOp(2, 0), "IDLE", "SHUT_DOWN"),
            new Row(ServiceRules.SINGLESHOT_FUTURE_FLAG, XEN_4_16, XEN_4_17, MachineKnobsTest::pastSingleshot, -62, 0),
            row(ServiceRules.VCPU_INFO_PLACE_ERRNO, XEN_4_16, XEN_4_17, calls -> registerInfo(calls, 4090), -22, -6),
            row(ServiceRules.VCPU_INFO_FRAME_ERRNO, XEN_4_17, XEN_4_18, MachineKnobsTest::infoInTable, -22, -13),
            row(ServiceRules.VCPU_INFO_TWICE_ERRNO, XEN_4_17, XEN_4_18, MachineKnobsTest::infoTwice, -22, -16),
            new Row(
                    ServiceRules.FAR_TIMER_IS_SHORT,
                    XEN_3_0_2,
                    XEN_3_0_3,
                    MachineKnobsTest::farTimer,
                    1L << 51,
                    (100_000_000L >> 20) << 20),
            row(ServiceRules.POLL_NEEDS_MASK, XEN_3_0_2, XEN_3_0_3, calls -> poll(calls, false), -22, "IDLE"),
            row(ServiceRules.POLL_SEES_EVENTS, XEN_3_3, XEN_3_4, calls -> poll(calls, true), "IDLE", "CRASHED"),
            row(ServiceRules.CLOSE_CLEARS_PENDING, XEN_3_2, XEN_3_3, MachineKnobsTest::pendingAfterClose, 1, 0),
            row(ServiceRules.GLOBAL_VIRQS_MOVE, XEN_3_0_2, XEN_3_0_3, MachineKnobsTest::moveVirq, -22, 0),
            row(ServiceRules.FREE_PORTS_INERT, XEN_4_13, XEN_4_14, MachineKnobsTest::unmaskFreePort, 0, 1),
            row(ServiceRules.FREE_PORTS_POLLED, XEN_4_14, XEN_4_15, MachineKnobsTest::pollFreePort, 0, -22),
            row(ServiceRules.OLD_EVENT_OPS, XEN_4_9, XEN_4_10, calls -> calls.compatEvent(RESET, 0x7FF0), 0, ENOSYS),
            row(ServiceRules.DEVICE_OPS, XEN_3_2, XEN_3_3, calls -> commands(calls, PHYSDEV_OP), "17f0", "1f7f0"),
            row(ServiceRules.DEVICE_OPS, XEN_4_19, XEN_4_20, calls -> calls.op(PHYSDEV_OP, 32, 0, 4), ENOSYS, -22),
            row(
                    ServiceRules.UNKNOWN_DEVICE_OP_ERRNO,
                    XEN_3_0_3,
                    XEN_3_0_4,
                    calls -> calls.op(PHYSDEV_OP, 63),
                    -22,
                    ENOSYS),
            row(
                    ServiceRules.DEVICES_REFUSED_UNREAD,
                    XEN_4_2,
                    XEN_4_3,
                    calls -> calls.port().hypercall(PHYSDEV_OP, 15, 8),
                    -1,
                    -14),
            row(ServiceRules.PIRQS, XEN_3_4, XEN_4_0, calls -> calls.op(PHYSDEV_OP, 5, 56), 0, -22),
            row(ServiceRules.HVM_OPS, XEN_4_8, XEN_4_9, calls -> calls.op(HVM_OP, 10), -22, 0),
            row(
                    ServiceRules.CONTROL_CALL_ORDER,
                    XEN_3_4,
                    XEN_4_0,
                    calls -> calls.port().hypercall(DOMCTL, 8),
                    -1,
                    -14),
            row(
                    ServiceRules.CONTROL_CALL_ORDER,
                    XEN_4_2,
                    XEN_4_3,
                    calls -> calls.port().hypercall(SYSCTL, 8),
                    -1,
                    -14),
            row(ServiceRules.DOMCTL_VERSION, XEN_4_18, XEN_4_19, calls -> control(calls, DOMCTL, 0x17), -13, -1),
            row(ServiceRules.SYSCTL_VERSION, XEN_4_13, XEN_4_14, calls -> control(calls, SYSCTL, 0x13), -13, -1));

    static final List<Row> VERSIONS = List.of(
            row(VersionRules.MAJOR, XEN_3_4, XEN_4_0, calls -> calls.op(XEN_VERSION, 0) >> 16, 3, 4),
            row(VersionRules.MINOR, XEN_4_16, XEN_4_17, calls -> calls.op(XEN_VERSION, 0) & 0xFFFF, 16, 17),
            row(
                    VersionRules.EXTRA,
                    XEN_3_1_1,
                    XEN_3_1_2,
                    calls -> calls.op(XEN_VERSION, 1) + calls.text(),
                    "0.1",
                    "0.2"),
            row(
                    VersionRules.CAPABILITIES,
                    XEN_3_0_4,
                    XEN_3_1_0,
                    calls -> calls.op(XEN_VERSION, 3) + calls.text(),
                    "0xen-3.0-x86_64 ",
                    "0xen-3.0-x86_64 xen-3.0-x86_32p "),
            row(VersionRules.FEATURES, XEN_3_2, XEN_3_3, MachineKnobsTest::features, "0", "20"),
            row(VersionRules.FEATURES, XEN_4_17, XEN_4_18, MachineKnobsTest::features, "220e0", "e20e0"),
            row(VersionRules.FEATURES, XEN_4_18, XEN_4_19, MachineKnobsTest::features, "e20e0", "1e20e0"),
            row(VersionRules.HYPERCALLS, XEN_3_0_2, XEN_3_0_3, calls -> calls.op(CALLBACK_OP, 0, 9), ENOSYS, -22),
            row(VersionRules.HYPERCALLS, XEN_4_5, XEN_4_6, calls -> calls.op(XENPMU_OP, 0), ENOSYS, -95),
            row(
                    VersionRules.HYPERCALL_MASK,
                    XEN_3_0_2,
                    XEN_3_0_3,
                    calls -> calls.op(128 | XEN_VERSION, 0),
                    0x3_0000,
                    ENOSYS),
            row(VersionRules.ASSISTS, XEN_4_6, XEN_4_7, MachineKnobsTest::assists, "10000000f", "10000001f"),
            new Row(VersionRules.START_INFO_P2M_FIELDS, XEN_3_3, XEN_3_4, MachineKnobsTest::firstP2mPfn, false, true),
            new Row(VersionRules.RAMDISK_IN_PAGES, XEN_3_0_4, XEN_3_1_0, MachineKnobsTest::ramdiskLength, 5000L, 8192L),
            row(VersionRules.RINGS_GRANTED, XEN_4_1, XEN_4_2, MachineKnobsTest::firstGrants, "0 0", "19 19"),
            row(VersionRules.WIDE_WALL_CLOCK, XEN_4_5, XEN_4_6, MachineKnobsTest::wallClockHigh, 0L, 1L),
            row(VersionRules.EVENT_OPS, XEN_3_0_4, XEN_3_1_0, calls -> commands(calls, EVENT_CHANNEL_OP), "3ff", "7ff"),
            row(VersionRules.EVENT_OPS, XEN_4_2, XEN_4_5, calls -> commands(calls, EVENT_CHANNEL_OP), "7ff", "3fff"),
            row(VersionRules.EVENT_OPS, XEN_4_13, XEN_4_14, calls -> commands(calls, EVENT_CHANNEL_OP), "3fff", "7fff"),
            row(VersionRules.VCPU_OPS, XEN_3_0_4, XEN_3_1_0, MachineKnobsTest::vcpuCommands, "3b", "3fb"),
            row(VersionRules.VCPU_OPS, XEN_4_17, XEN_4_18, MachineKnobsTest::vcpuCommands, "3ffb", "fffb"),
            row(VersionRules.VCPU_OPS, XEN_3_1_2, XEN_3_2, MachineKnobsTest::vcpuCommands, "3fb", "ffb"),
            row(VersionRules.SCHED_OPS, XEN_4_6, XEN_4_7, calls -> commands(calls, SCHED_OP), "7c", "fc"),
            row(VersionRules.MEMORY_OPS, XEN_3_3, XEN_3_4, calls -> calls.op(MEMORY_OP, 8), -22, ENOSYS),
            row(VersionRules.VERSION_OPS, XEN_4_19, XEN_4_20, calls -> commands(calls, XEN_VERSION), "7ff", "7fff"),
            row(
                    VersionRules.COMMAND_LINE_DENIED,
                    XEN_4_6,
                    XEN_4_7,
                    calls -> calls.op(XEN_VERSION, 9) + calls.text(),
                    "0",
                    "0<denied>"),
            row(PrivilegedRules.MERGED_DESCRIPTOR_TYPE, XEN_3_2, XEN_3_3, MachineKnobsTest::gdtAsLdt, false, true),
            new Row(PrivilegedRules.CPUID_FAULTING, XEN_4_17, withFaulting(), MachineKnobsTest::nativeLeaf, 0, 1));

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>(SERVICES);
        rows.addAll(VERSIONS);
        return rows;
    }

    @ParameterizedTest
    @MethodSource("rows")
    void bothSidesOfTheBoundary(Row row) {
        assertNotEquals(row.before().get(row.knob()), row.after().get(row.knob()), row::toString);
        assertEquals(
                String.valueOf(row.was()), String.valueOf(row.action().apply(row.before())), () -> row + " before");
        assertEquals(String.valueOf(row.is()), String.valueOf(row.action().apply(row.after())), () -> row + " after");
    }

    @Test
    void everyKnobOfServicesAndVersionsHasARow() {
        Set<Knob<?>> missing = new HashSet<>(ServiceRules.knobs());
        missing.addAll(VersionRules.knobs());
        missing.removeAll(rows().stream().map(Row::knob).collect(Collectors.toSet()));
        assertEquals(ELSEWHERE, missing);
    }

    /** No profile has faulting by itself: the processor of this library cannot. */
    private static AbiProfile withFaulting() {
        return XEN_4_17.toBuilder("faulting")
                .set(PrivilegedRules.CPUID_FAULTING, true)
                .build();
    }

    /** CPUID 40000000h without prefix: 1 if it answers for a hypervisor. */
    private static Object nativeLeaf(AbiProfile profile) {
        Assembler asm = new Assembler(BootScript.BASE);
        Label plain = asm.label("plain");
        asm.mov(EAX, 0x4000_0000).cpuid().xor(ESI, ESI).cmp(EBX, 0x566E_6558).jne(plain);
        asm.inc(ESI).bind(plain);
        asm.mov(EDI, 2).mov(EAX, 6).syscall().ud2();
        return GuestCalls.run(
                        profile, PvKernelImage.of(asm.assemble()).bss(0x4000).toElf())
                .shutdownReason();
    }

    /** One page for GDT and LDT at once. */
    private static Object gdtAsLdt(GuestCalls calls) {
        long page = calls.space().allocate();
        calls.space().protect(page);
        long list = calls.space().requestPage();
        calls.port().store(list, 8, calls.space().mfn(page));
        check(calls.port().hypercall(SET_GDT, list, 1));
        calls.port().store(list, 8, MMUEXT_SET_LDT);
        calls.port().store(list + 8, 8, page);
        calls.port().store(list + 16, 8, 8);
        check(calls.port().hypercall(MMUEXT_OP, list, 1, 0, GuestCalls.SELF));
        DescriptorTables tables =
                calls.machine().domains().get(0).vcpus().get(0).descriptors();
        tables.descriptor(7);
        return tables.fault() == null;
    }

    private static void check(long result) {
        assertEquals(0, result);
    }

    private static long registerInfo(GuestCalls calls, int offset) {
        return registerInfo(calls, calls.space().mfn(calls.space().allocate()), offset);
    }

    private static long registerInfo(GuestCalls calls, long mfn, int offset) {
        return calls.vcpuOp(10, 0, (int) mfn, 0, offset);
    }

    private static Object infoInTable(GuestCalls calls) {
        return registerInfo(calls, calls.space().mfn(calls.space().root()), 0);
    }

    private static Object infoTwice(GuestCalls calls) {
        check(registerInfo(calls, 0));
        return registerInfo(calls, 64);
    }

    private static Object pastSingleshot(AbiProfile profile) {
        VirtualClock clock = new VirtualClock();
        clock.advance(1000);
        return GuestCalls.play(profile, clock, calls -> calls.vcpuOp(8, 0, 1, 0, 1));
    }

    /** System time when the timer has woken a vCPU that waits for ever. */
    private static Object farTimer(AbiProfile profile) {
        VirtualClock clock = new VirtualClock(1, 0);
        GuestCalls.play(profile, clock, calls -> {
            calls.compatEvent(BIND_VIRQ, 0, 0);
            check(calls.port().hypercall(SET_TIMER_OP, 1L << 51));
            return calls.op(SCHED_OP, BLOCK);
        });
        return clock.systemTime() >> 20 << 20;
    }

    /** SCHEDOP_poll of no port, with upcalls allowed. */
    private static Object poll(GuestCalls calls, boolean pending) {
        long info = calls.machine().domains().get(0).vcpus().get(0).infoMaddr();
        calls.machine().memory().writeU16(info, pending ? 1 : 0);
        return calls.op(SCHED_OP, POLL, 0, 0, 0, 0, 0, 0);
    }

    private static Object pendingAfterClose(GuestCalls calls) {
        check(calls.op(EVENT_CHANNEL_OP, BIND_IPI, 0));
        int port = calls.result(4);
        check(calls.op(EVENT_CHANNEL_OP, SEND, port));
        assertEquals(1, pending(calls, port));
        check(calls.op(EVENT_CHANNEL_OP, CLOSE, port));
        return pending(calls, port);
    }

    private static long pending(GuestCalls calls, int port) {
        return calls.sharedInfo(2048 + (port >>> 6) * 8) >>> port & 1;
    }

    /** EVTCHNOP_unmask of a port that is not in use: its mask bit afterwards. */
    private static Object unmaskFreePort(GuestCalls calls) {
        long mask = (calls.machine().domains().get(0).sharedInfoMfn() << 12) + 2560;
        calls.machine().memory().writeU64(mask, 1L << 60);
        check(calls.op(EVENT_CHANNEL_OP, UNMASK, 60));
        return calls.sharedInfo(2560) >>> 60;
    }

    /** SCHEDOP_poll of port 60, which exists and is pending, though not in use. */
    private static Object pollFreePort(GuestCalls calls) {
        long pending = (calls.machine().domains().get(0).sharedInfoMfn() << 12) + 2048;
        calls.machine().memory().writeU64(pending, 1L << 60);
        long ports = calls.space().allocate();
        calls.port().store(ports, 4, 60);
        return calls.op(SCHED_OP, POLL, (int) ports, (int) (ports >>> 32), 1, 0, 1, 0);
    }

    private static Object control(GuestCalls calls, int number, int version) {
        return calls.with(number, 0, new long[] {0}, 2, version, 0);
    }

    private static Object moveVirq(GuestCalls calls) {
        check(calls.compatEvent(BIND_VIRQ, DOM_EXC, 0));
        return calls.compatEvent(BIND_VCPU, calls.result(12), 0);
    }

    private static Object features(GuestCalls calls) {
        check(calls.op(XEN_VERSION, 6, 0, 0));
        return Integer.toHexString(calls.result(4));
    }

    private static Object assists(GuestCalls calls) {
        return GuestCalls.bits(type -> calls.port().hypercall(VM_ASSIST, 0, type) == 0);
    }

    private static Object firstP2mPfn(AbiProfile profile) {
        return GuestCalls.play(
                profile,
                GuestImage.of(
                        PvKernelImage.of(new Assembler(BootScript.BASE).ud2().assemble())
                                .initP2m(0xFFFF_C000_0000_0000L)
                                .toElf()),
                calls -> calls.port().load(calls.startInfo() + FIRST_P2M_PFN, 8) != 0);
    }

    private static Object ramdiskLength(AbiProfile profile) {
        return GuestCalls.play(
                profile,
                GuestImage.of(PvKernelImage.of(
                                        new Assembler(BootScript.BASE).ud2().assemble())
                                .toElf())
                        .withRamdisk(new byte[5000]),
                calls -> calls.port().startInfo().modLen());
    }

    /** Flags of references 0 and 1. */
    private static Object firstGrants(GuestCalls calls) {
        long list = calls.space().requestPage() + 64;
        check(calls.with(
                GRANT_TABLE_OP, 1, new long[] {SETUP_TABLE, 0, 1}, (int) GuestCalls.SELF, 1, 0, 0, (int) list, (int)
                        (list >>> 32)));
        long table = calls.port().load(list, 8) << 12;
        return Integer.toHexString(calls.machine().memory().readU16(table))
                + " "
                + Integer.toHexString(calls.machine().memory().readU16(table + 8));
    }

    private static Object wallClockHigh(GuestCalls calls) {
        return calls.sharedInfo(WC_SEC_HI - 4) >>> 32;
    }

    /** Commands that answer a bad pointer with anything but ENOSYS. */
    private static Object commands(GuestCalls calls, int number) {
        int first = number == SCHED_OP ? 2 : 0;
        return GuestCalls.bits(command -> command >= first && calls.port().hypercall(number, command, 8) != ENOSYS);
    }

    private static Object vcpuCommands(GuestCalls calls) {
        return GuestCalls.bits(
                command -> command != VCPU_DOWN && calls.port().hypercall(VCPU_OP, command, 0, 8) != ENOSYS);
    }
}
