package io.github.paravane.hypervisor.trap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.paravane.api.cpu.CpuidSource.CpuidLeaf;
import io.github.paravane.api.cpu.DescriptorTables;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.TrapHandler.Disposition;
import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.observe.Observers;
import io.github.paravane.api.paging.PageFault;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.HypercallNames;
import io.github.paravane.api.profile.VersionRules;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.hypercall.HypercallTable;
import io.github.paravane.hypervisor.hypercall.entry.EntryCalls;
import io.github.paravane.hypervisor.time.VirtualClock;
import io.github.paravane.mmu.memory.LazyMemory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One domain with one vCPU on a fake core, and everything of entry and exit around it. */
final class EntryRig {
    static final long SHARED_INFO = 3;
    static final long KERNEL_BASE = 0x40;
    static final long USER_BASE = 0x41;
    static final long KERNEL_STACK = 0x20_000;
    static final long CODE = 0x10_000;
    static final long HANDLER = 0x1000;
    static final int PAGES = 256;

    final LazyMemory memory = new LazyMemory(PAGES);
    final FakePaging paging = new FakePaging(PAGES);
    final FakeCore core = new FakeCore();
    final Map<Integer, Long> descriptors = new HashMap<>();
    final List<MachineEvent> events = new ArrayList<>();
    final List<Long> filledFrames = new ArrayList<>();
    final Map<String, Hypercall> calls = new HashMap<>();
    final Registers r = core.registers;
    final Platform platform;
    final Domain domain;
    final Vcpu vcpu;
    final TrapRouter router;
    WriteFaultResolver resolver = (vcpu, trap) -> false;
    WriteFaultResolver devices = (vcpu, trap) -> false;

    EntryRig(AbiProfile given) {
        AbiProfile profile = withCustomCall(given);
        platform = new Platform(
                memory, new FrameTable(PAGES), profile, Observers.forEach(events::add), new VirtualClock());
        domain = new Domain(platform, 1, Domain.Privilege.NONE, SHARED_INFO, PAGES);
        platform.add(domain);
        vcpu = new Vcpu(domain, 0, paging);
        domain.add(vcpu);
        vcpu.setCore(core);
        vcpu.setDescriptors(new Tables());
        vcpu.setRunState(Vcpu.RunState.RUNNING);
        platform.setCurrent(vcpu);

        ModeSwitch modeSwitch = new ModeSwitch(platform);
        BounceFrames bounce = new BounceFrames(platform, modeSwitch);
        GuestCpuid cpuid = new GuestCpuid(platform, EntryRig::hardware);
        EntryCalls.register(platform, new Iret(platform, modeSwitch), calls);
        calls.put("custom", context -> {
            Hypercall custom = this.custom;
            return custom.call(context);
        });
        router = new TrapRouter(
                vcpu,
                new HypercallTable(profile, calls),
                new EntryParts(
                        bounce,
                        new PrivilegedOps(platform, cpuid, new Frames()),
                        cpuid,
                        (who, trap) -> resolver.resolve(who, trap),
                        (who, trap) -> devices.resolve(who, trap)));
        boot();
    }

    Hypercall custom = context -> {
        throw new AssertionError("not expected");
    };

    static final int CUSTOM = 63;

    private static AbiProfile withCustomCall(AbiProfile given) {
        HypercallNames names = given.get(VersionRules.HYPERCALLS);
        int number = given.get(VersionRules.HYPERCALL_MASK).bits() == 31 ? 31 : CUSTOM;
        return given.toBuilder("test")
                .set(VersionRules.HYPERCALLS, names.with(number, "custom"))
                .build();
    }

    private static CpuidLeaf hardware(int leaf, int subleaf) {
        return switch (leaf) {
            case 0 -> new CpuidLeaf(0xD, 0x756E_6547, 0x6C65_746E, 0x4965_6E69);
            case 1 -> new CpuidLeaf(0x6_00F2, 0x0102_0800, -1, -1);
            case 7 -> new CpuidLeaf(0, -1, -1, -1);
            case 0x8000_0000 -> new CpuidLeaf(0x8000_0008, 0, 0, 0);
            case 0x8000_0001 -> new CpuidLeaf(0, 0, -1, -1);
            default -> new CpuidLeaf(leaf, leaf, leaf, leaf);
        };
    }

    private void boot() {
        vcpu.setKernelBase(KERNEL_BASE);
        vcpu.setUserBase(USER_BASE);
        vcpu.setKernelStack(0xE02B, KERNEL_STACK);
        vcpu.setUpcallMask(true);
        for (int i = 0; i < 16; i++) {
            r.setGpr(i, 0x1111L * (i + 1));
        }
        r.loadSegment(Registers.CS, 0xE033, 0x00AF_FB00_0000_FFFFL);
        r.loadSegment(Registers.SS, 0xE02B, 0x00CF_F300_0000_FFFFL);
        r.setGpr(Registers.RSP, 0x18_008);
        r.setRip(CODE);
        r.setRflags(0x202);
        r.setSegmentBase(Registers.GS, 0x7000);
        vcpu.setInactiveGsBase(0x8000);
        for (int vector = 0; vector < 256; vector++) {
            vcpu.trapTable().set(vector, HANDLER + 16L * vector, 0);
        }
        for (int type = 0; type < 8; type++) {
            vcpu.callbacks().set(type, callback(type), false);
        }
    }

    static long callback(int type) {
        return 0x3000 + 16L * type;
    }

    static long handler(int vector) {
        return HANDLER + 16L * vector;
    }

    /** Puts the vCPU into user mode without events. */
    EntryRig inUserMode() {
        vcpu.setKernelMode(false);
        return this;
    }

    /** What SYSCALL leaves in the registers, and then the trap. */
    Disposition syscall() {
        r.setGpr(Registers.RCX, r.rip() + 2);
        r.setGpr(Registers.R11, r.rflags() & ~Flags.RF);
        r.setRip(r.rip() + 2);
        return router.syscall();
    }

    Disposition hypercall(int number, long... arguments) {
        int[] order = {Registers.RDI, Registers.RSI, Registers.RDX, Registers.R10, Registers.R8, Registers.R9};
        r.setGpr(Registers.RAX, number);
        for (int i = 0; i < arguments.length; i++) {
            r.setGpr(order[i], arguments[i]);
        }
        return syscall();
    }

    long rax() {
        return r.gpr(Registers.RAX);
    }

    /** The frame at RSP, from its lowest slot. */
    void assertFrame(long... slots) {
        long at = r.gpr(Registers.RSP);
        for (int i = 0; i < slots.length; i++) {
            long found = memory.readU64(at + 8L * i);
            assertEquals(Long.toHexString(slots[i]), Long.toHexString(found), "slot " + i);
        }
    }

    /** An iret frame at RSP. */
    void iretFrame(long... slots) {
        long at = r.gpr(Registers.RSP) & -8;
        r.setGpr(Registers.RSP, at);
        for (int i = 0; i < slots.length; i++) {
            memory.writeU64(at + 8L * i, slots[i]);
        }
    }

    private final class Frames implements GuestFrames {
        @Override
        public boolean loadKernelBase(Vcpu caller, long mfn) {
            caller.setKernelBase(mfn);
            return mfn == KERNEL_BASE;
        }

        @Override
        public boolean fill(Vcpu caller, long mfn, byte[] page) {
            filledFrames.add(mfn);
            memory.write(mfn << 12, page, 0, page.length);
            return true;
        }
    }

    private final class Tables implements DescriptorTables {
        @Override
        public long descriptor(int selector) {
            return descriptors.getOrDefault(
                    selector & ~3,
                    switch (selector & ~3) {
                        case 0xE030 -> 0x00AF_FB00_0000_FFFFL;
                        case 0xE028 -> 0x00CF_F300_0000_FFFFL;
                        case 0xE020 -> 0x00CF_FB00_0000_FFFFL;
                        default -> 0L;
                    });
        }

        @Override
        public @Nullable PageFault fault() {
            return null;
        }

        @Override
        public long systemRegister(SystemRegister register) {
            return register == SystemRegister.CR0 ? 0x8005_0033L : 0;
        }
    }
}
