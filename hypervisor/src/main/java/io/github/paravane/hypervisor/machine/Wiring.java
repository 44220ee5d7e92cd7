package io.github.paravane.hypervisor.machine;

import io.github.paravane.api.cpu.CpuidSource;
import io.github.paravane.api.cpu.CpuidSource.CpuidLeaf;
import io.github.paravane.api.guest.GuestImageException;
import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.cpu.X86Cpuid;
import io.github.paravane.hypervisor.build.DomainBuilder;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.hypercall.HypercallTable;
import io.github.paravane.hypervisor.hypercall.compat.CompatCalls;
import io.github.paravane.hypervisor.hypercall.entry.EntryCalls;
import io.github.paravane.hypervisor.hypercall.memory.MemoryCalls;
import io.github.paravane.hypervisor.hypercall.service.ServiceCalls;
import io.github.paravane.hypervisor.hypercall.service.Services;
import io.github.paravane.hypervisor.pagetable.CompatTables;
import io.github.paravane.hypervisor.pagetable.HypervisorTables;
import io.github.paravane.hypervisor.pagetable.PageTables;
import io.github.paravane.hypervisor.time.TimePages;
import io.github.paravane.hypervisor.time.Timers;
import io.github.paravane.hypervisor.trap.BounceFrames;
import io.github.paravane.hypervisor.trap.CompatBounceFrames;
import io.github.paravane.hypervisor.trap.EntryParts;
import io.github.paravane.hypervisor.trap.GuestCpuid;
import io.github.paravane.hypervisor.trap.Iret;
import io.github.paravane.hypervisor.trap.ModeSwitch;
import io.github.paravane.hypervisor.trap.PrivilegedOps;
import io.github.paravane.hypervisor.trap.ReadOnlyDeviceStore;
import io.github.paravane.hypervisor.trap.ReadOnlyPageFault;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;

/** Puts the parts of a machine together, in the one order that works; what it makes lives as long as the machine. */
final class Wiring {

    /** Frames a domain needs beyond its own memory: shared_info, grant table. */
    private static final long DOMAIN_OVERHEAD = 80 + DomainMaker.TOOLSTACK_SLACK;

    private static final int EXTENDED_FEATURES = 0x8000_0001;
    private static final int NO_EXECUTE = 1 << 20;

    private final Platform platform;
    private final PageTables pageTables;
    private final RunLoop loop;
    private final HostDevices devices;
    private final HypercallTable table;

    Wiring(PvMachine.Builder builder) {
        long frames = machineFrames(builder);
        platform = new Platform(
                memory(builder, frames),
                new FrameTable(frames),
                builder.profile,
                builder.observer,
                builder.clock,
                builder.options);
        platform.setPreemption(builder.preemption);
        platform.setOtherProcessor(builder.otherProcessor);
        pageTables = PageTables.install(platform);
        Timers timers = new Timers(platform);
        TimePages timePages = new TimePages(platform);
        devices = new HostDevices(platform, timers);
        ModeSwitch modeSwitch = new ModeSwitch(platform);
        BounceFrames bounce = new BounceFrames(platform, modeSwitch);
        CpuidSource hardware = builder.options.noExecute() ? new X86Cpuid() : withoutNoExecute(new X86Cpuid());
        GuestCpuid cpuid = new GuestCpuid(platform, hardware);
        EntryParts entry = new EntryParts(
                bounce,
                new PrivilegedOps(platform, cpuid, new FrameRules(pageTables)),
                cpuid,
                new ReadOnlyPageFault(pageTables, bounce),
                new ReadOnlyDeviceStore(pageTables, bounce));
        Map<String, Hypercall> rows = hypercalls(
                builder,
                new Iret(platform, modeSwitch),
                new Services(platform, timers, timePages, devices, new FrameRules(pageTables)));
        table = new HypercallTable(builder.profile, rows);
        CompatBounceFrames compatBounce = new CompatBounceFrames(platform, modeSwitch);
        EntryParts compatEntry = new EntryParts(
                compatBounce,
                entry.privileged(),
                cpuid,
                new ReadOnlyPageFault(pageTables, compatBounce),
                new ReadOnlyDeviceStore(pageTables, compatBounce));
        VcpuMaker vcpus = new VcpuMaker(
                platform,
                builder,
                new VcpuMaker.Side(table, entry),
                new VcpuMaker.Side(new HypercallTable(builder.profile, CompatCalls.of(platform, rows)), compatEntry),
                hardware);
        DomainMaker domains = new DomainMaker(platform, pageTables, vcpus, devices, timers, timePages);
        int nextId = 1;
        for (DomainConfig each : builder.domains) {
            domains.make(each, each.isPrivileged() ? 0 : nextId++);
        }
        loop = new RunLoop(platform, vcpus, devices, timePages);
    }

    private static MachineMemory memory(PvMachine.Builder builder, long frames) {
        MachineMemory memory = Objects.requireNonNull(builder.memory.apply(frames), "memory");
        if (memory.frames() != frames) {
            throw new IllegalStateException(
                    "memory has 0x" + Long.toHexString(memory.frames()) + " frames, not 0x" + Long.toHexString(frames));
        }
        return memory;
    }

    /** The processor of old that has no NX: bit 20 of 80000001 EDX. */
    private static CpuidSource withoutNoExecute(CpuidSource hardware) {
        return (leaf, subleaf) -> {
            CpuidLeaf all = hardware.cpuid(leaf, subleaf);
            return leaf == EXTENDED_FEATURES
                    ? new CpuidLeaf(all.eax(), all.ebx(), all.ecx(), all.edx() & ~NO_EXECUTE)
                    : all;
        };
    }

    RunLoop loop() {
        return loop;
    }

    HypercallTable hypercalls() {
        return table;
    }

    Platform platform() {
        return platform;
    }

    List<String> auditFrames() {
        return pageTables.recount().differences();
    }

    List<String> auditAccess() {
        return pageTables.forbiddenAccess();
    }

    long framesOf(Domain domain) {
        FrameTable all = platform.frames();
        return LongStream.range(0, all.frames())
                .filter(mfn -> all.owner(mfn) == domain.id())
                .count();
    }

    long destroy(Domain domain) {
        if (domain.isRunning()) {
            throw new IllegalStateException("domain is running: " + domain.id());
        }
        devices.detach(domain);
        pageTables.memory().relinquish(domain);
        return platform.frames().owned(domain.id());
    }

    private Map<String, Hypercall> hypercalls(PvMachine.Builder builder, Iret iret, Services services) {
        Map<String, Hypercall> rows = new HashMap<>();
        EntryCalls.register(platform, iret, rows);
        ServiceCalls.register(services, rows);
        MemoryCalls.register(pageTables, rows);
        rows.putAll(builder.hypercalls);
        return rows;
    }

    private static long machineFrames(PvMachine.Builder builder) {
        long frames = builder.spareMemory >>> 12;
        for (DomainConfig each : builder.domains) {
            frames += (each.memory() >>> 12) + DOMAIN_OVERHEAD;
        }
        frames += HypervisorTables.overhead(frames);
        if (builder.domains.stream().anyMatch(each -> DomainBuilder.isCompat(each.image()))) {
            frames += CompatTables.overhead(frames);
        }
        if (frames > 1 << 28) {
            throw new GuestImageException(
                    GuestImageException.Rule.NOT_ENOUGH_MEMORY, frames, "more frames than a machine can have");
        }
        return frames;
    }
}
