package io.github.paravane.hypervisor.machine;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.guest.GuestImageException;
import io.github.paravane.api.guest.GuestImageException.Rule;
import io.github.paravane.api.guest.StartInfo;
import io.github.paravane.api.profile.CompatRules;
import io.github.paravane.api.profile.CompatRules.Offer;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.api.profile.VersionRules;
import io.github.paravane.hypervisor.build.DomainBuilder;
import io.github.paravane.hypervisor.build.DomainBuilder.Built;
import io.github.paravane.hypervisor.build.DomainBuilder.Identity;
import io.github.paravane.hypervisor.build.DomainBuilder.Prepared;
import io.github.paravane.hypervisor.console.PvConsole;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Domain.Privilege;
import io.github.paravane.hypervisor.domain.E820Entry;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.SharedLayout;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.domain.Vcpu.RunState;
import io.github.paravane.hypervisor.event.HostChannel;
import io.github.paravane.hypervisor.grant.GrantTable;
import io.github.paravane.hypervisor.hypercall.HypercallPage;
import io.github.paravane.hypervisor.pagetable.EntryRule;
import io.github.paravane.hypervisor.pagetable.PageTables;
import io.github.paravane.hypervisor.store.InitialTree;
import io.github.paravane.hypervisor.store.Store;
import io.github.paravane.hypervisor.store.StoreRing;
import io.github.paravane.hypervisor.store.StoreSession;
import io.github.paravane.hypervisor.time.TimePages;
import io.github.paravane.hypervisor.time.Timers;
import io.github.paravane.hypervisor.trap.CompatSegments;
import io.github.paravane.hypervisor.trap.FlatSegments;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes a domain and everything around it, ready to run (abi-reference 6). */
final class DomainMaker {

    /** Pages that xl lets a domain have beyond its memory (libxl, LIBXL_MAXMEM_CONSTANT). */
    static final long TOOLSTACK_SLACK = 256;

    private static final long INITIAL_FLAGS = 0x202;
    private static final int VCPU_INFO_SIZE = 64;
    private static final int VCPU_INFOS = 32;

    /** References that tools use (Xen public/grant_table.h, GNTTAB_RESERVED_CONSOLE and _XENSTORE). */
    private static final int CONSOLE_REFERENCE = 0;

    private static final int STORE_REFERENCE = 1;

    private final Platform platform;
    private final PageTables tables;
    private final VcpuMaker vcpus;
    private final HostDevices devices;
    private final Timers timers;
    private final TimePages timePages;

    DomainMaker(
            Platform platform,
            PageTables tables,
            VcpuMaker vcpus,
            HostDevices devices,
            Timers timers,
            TimePages timePages) {
        this.platform = platform;
        this.tables = tables;
        this.vcpus = vcpus;
        this.devices = devices;
        this.timers = timers;
        this.timePages = timePages;
    }

    /** The domain, its vCPU 0 runnable, the others offline. */
    Domain make(DomainConfig config, int id) {
        long pages = config.memory() >>> 12;
        Prepared prepared = DomainBuilder.prepare(config.image(), pages, !config.isPrivileged());
        long sharedInfo = tables.memory().allocateShared(id);
        Privilege privilege = config.isPrivileged() ? Privilege.CONTROL : Privilege.NONE;
        if (prepared.isCompat()) {
            admitCompat(config);
        }
        Domain domain = new Domain(
                platform,
                id,
                privilege,
                sharedInfo,
                config.isPrivileged() ? pages : pages + TOOLSTACK_SLACK,
                prepared.isCompat() ? SharedLayout.COMPAT : SharedLayout.WIDE);
        platform.add(domain);
        if (!config.isPrivileged()) {
            // As xl does it for a domain without e820_host: all memory that it may have, from 0. The control domain has
            // no map of its own.
            domain.setMemoryMap(List.of(new E820Entry(0, pages << 12, E820Entry.RAM)));
        }
        if (config.hasRelaxedMsrs()) {
            domain.relaxMsrs();
        }
        maskEvents(sharedInfo);
        for (int n = 0; n < config.vcpus(); n++) {
            timers.add(vcpus.make(domain, n, config.kernel().orElse(null), prepared.entry()));
        }
        HostEnd store = new HostEnd();
        HostEnd console = new HostEnd();
        if (!config.isPrivileged()) {
            // Xen's tools allocate them in this order, so that guests see ports 1 and 2.
            store.channel = domain.events().allocateForHost(0, store::service);
            console.channel = domain.events().allocateForHost(0, console::service);
        }
        Identity identity = new Identity(id, sharedInfo, store.port(), console.port(), config.isPrivileged());
        Built built = new DomainBuilder(platform.memory(), platform.frames(), platform.profile(), tables.m2p()::set)
                .build(
                        prepared,
                        identity,
                        mfn -> HypercallPage.write(platform.profile(), platform.memory(), mfn, prepared.isCompat()));
        attach(domain, config, built.startInfo(), store, console);
        timePages.writeWallClock(domain);
        start(domain.vcpus().get(0), built);
        if (prepared.isCompat() && prepared.knowsHighRoot()) {
            domain.setAssist(Domain.ASSIST_PAE_EXTENDED_CR3, true);
        }
        return domain;
    }

    /** Refuses a 32-bit domain where the hypervisor has none. */
    private void admitCompat(DomainConfig config) {
        Offer offer = platform.profile().get(CompatRules.OFFERED);
        boolean off = offer == Offer.OPTIONAL && !platform.options().compatDomains();
        if (offer == Offer.NONE || off) {
            throw new GuestImageException(Rule.NOT_X86_64, 3, "this hypervisor runs no 32-bit domains");
        }
        if (config.kernel().isPresent()) {
            throw new IllegalArgumentException("a kernel written in Java needs a 64-bit image");
        }
    }

    /** The host's end of a ring, known before the ring's frame is. */
    private static final class HostEnd {

        private @Nullable HostChannel channel;
        private Runnable ring = () -> {};

        void service() {
            ring.run();
        }

        int port() {
            return channel == null ? 0 : channel.port();
        }
    }

    private void maskEvents(long sharedInfo) {
        for (int n = 0; n < VCPU_INFOS; n++) {
            platform.memory().writeU8((sharedInfo << 12) + (long) VCPU_INFO_SIZE * n + 1, 1);
        }
    }

    private void attach(Domain domain, DomainConfig config, StartInfo info, HostEnd storeEnd, HostEnd consoleEnd) {
        HostChannel storeChannel = storeEnd.channel;
        HostChannel consoleChannel = consoleEnd.channel;
        Optional<OutputStream> consoleIo = config.isPrivileged() || config.consoleIoAllowed()
                ? Optional.of(config.console().consoleIo())
                : Optional.empty();
        if (storeChannel == null || consoleChannel == null) {
            devices.attach(domain, List.of(), () -> false, consoleIo);
            return;
        }
        Store store = new Store(domain.id());
        UUID uuid = UUID.nameUUIDFromBytes(("paravane domain " + domain.id()).getBytes(StandardCharsets.UTF_8));
        InitialTree.write(
                store,
                new InitialTree.Description("domain-" + domain.id(), uuid, config.memory() >>> 10, config.vcpus()),
                new InitialTree.Rings(info.storeEvtchn(), info.storeMfn(), info.consoleEvtchn(), info.consoleMfn()));
        StoreRing ring = new StoreRing(platform.memory(), info.storeMfn() << 12, new StoreSession(store));
        PvConsole console = new PvConsole(
                platform.memory(),
                info.consoleMfn() << 12,
                config.console().output(),
                config.console().input()::poll);
        ring.setChannel(storeChannel);
        console.setChannel(consoleChannel);
        // The back ends hold the two frames for as long as the domain lives, as dom0's mappings would.
        tables.memory().hold(domain, info.storeMfn(), true);
        tables.memory().hold(domain, info.consoleMfn(), true);
        if (platform.profile().get(VersionRules.RINGS_GRANTED)) {
            GrantTable grants = tables.grants().table(domain);
            grants.markSetUp();
            grants.lend(CONSOLE_REFERENCE, 0, info.consoleMfn());
            grants.lend(STORE_REFERENCE, 0, info.storeMfn());
        }
        Runnable serveStore = () -> {
            if (ring.hasWork()) {
                ring.service();
            }
        };
        storeEnd.ring = serveStore;
        consoleEnd.ring = console::service;
        devices.attach(domain, List.of(console::service, serveStore), console::isInputOpen, consoleIo);
    }

    private void start(Vcpu vcpu, Built built) {
        EntryRule installed = tables.bases().installInitial(vcpu, built.l4Mfn());
        if (!installed.isAccepted()) {
            throw new IllegalStateException("the initial tables were refused: " + installed);
        }
        Registers registers = vcpu.registers();
        if (vcpu.domain().isCompat()) {
            CompatSegments.loadKernel(registers, vcpu.descriptors());
        } else {
            FlatSegments.load(registers);
        }
        registers.setRip(built.entry());
        registers.setGpr(Registers.RSP, built.stack());
        registers.setGpr(Registers.RSI, built.startInfoLinear());
        registers.setRflags(INITIAL_FLAGS);
        if (platform.profile().has(Quirk.DR6_BEGINS_AS_0) && vcpu.domain().isPrivileged()) {
            vcpu.setDebugStatus(0);
        }
        vcpu.setKernelStack(registers.selector(Registers.SS), built.stack());
        vcpu.setInitialised();
        vcpu.setRunState(RunState.RUNNABLE);
    }
}
