package io.github.paravane.hypervisor.hypercall.service;

import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.observe.Observers;
import io.github.paravane.api.paging.PagingMode;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.domain.Vcpu.RunState;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.hypercall.CallContext;
import io.github.paravane.hypervisor.hypercall.FlatBuffer;
import io.github.paravane.hypervisor.hypercall.HypercallTable;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.hypervisor.time.TimePages;
import io.github.paravane.hypervisor.time.Timers;
import io.github.paravane.hypervisor.time.VirtualClock;
import io.github.paravane.mmu.Mmu;
import io.github.paravane.mmu.memory.LazyMemory;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Domain 1 with vCPUs but no cores; guest memory is machine memory, the upper half of it is out of reach. */
final class ServiceRig {
    static final int FRAMES = 64;
    static final long SHARED_INFO = 3;
    static final long ARG = 0x5000;
    static final long AREA = 0x6000;
    static final long UNMAPPED = (long) FRAMES << 12;

    final LazyMemory memory = new LazyMemory(FRAMES);
    final VirtualClock clock = new VirtualClock(1, 1_600_000_000_123_456_789L);
    final Platform platform;
    final Domain domain;
    final Timers timers;
    final TimePages timePages;
    final ByteArrayOutputStream consoleIo = new ByteArrayOutputStream();
    boolean consoleIoAllowed = true;
    long referenceResult;
    final List<Long> dropped = new ArrayList<>();
    private final Map<String, Hypercall> calls = new HashMap<>();

    ServiceRig(int vcpus) {
        this(vcpus, AbiProfiles.XEN_4_17);
    }

    ServiceRig(int vcpus, AbiProfile profile) {
        platform = new Platform(memory, new FrameTable(FRAMES), profile, Observers.none(), clock);
        domain = new Domain(platform, 1, Domain.Privilege.NONE, SHARED_INFO, FRAMES);
        platform.add(domain);
        mapIdentity();
        timers = new Timers(platform);
        timePages = new TimePages(platform);
        for (int i = 0; i < vcpus; i++) {
            Vcpu vcpu = new Vcpu(domain, i, Mmu.of(memory, PagingMode.FOUR_LEVEL));
            vcpu.setKernelBase(40);
            domain.add(vcpu);
            timers.add(vcpu);
        }
        vcpu(0).setInitialised();
        run(0);
        Services services = new Services(
                platform,
                timers,
                timePages,
                asked -> consoleIoAllowed ? Optional.of(consoleIo) : Optional.empty(),
                new References());
        ServiceCalls.register(services, calls);
    }

    private final class References implements VcpuReferences {
        @Override
        public long setGdt(Vcpu vcpu, long[] mfns, int entries) {
            return referenceResult;
        }

        @Override
        public long takeBases(Vcpu vcpu, long kernelMfn, long userMfn) {
            vcpu.setKernelBase(kernelMfn);
            vcpu.setUserBase(userMfn);
            return referenceResult;
        }

        @Override
        public long takeWritable(Domain owner, long mfn) {
            return mfn < FRAMES ? referenceResult : -22;
        }

        @Override
        public void dropWritable(Domain owner, long mfn) {
            dropped.add(mfn);
        }
    }

    private void mapIdentity() {
        long flags = Pte.PRESENT | Pte.RW | Pte.USER;
        memory.writeU64(40L << 12, 41L << 12 | flags);
        memory.writeU64(41L << 12, 42L << 12 | flags);
        memory.writeU64(42L << 12, 43L << 12 | flags);
        for (long i = 0; i < FRAMES; i++) {
            memory.writeU64((43L << 12) + 8 * i, i << 12 | flags);
        }
    }

    Vcpu vcpu(int id) {
        return domain.vcpus().get(id);
    }

    void run(int id) {
        vcpu(id).setRunState(RunState.RUNNING);
        platform.setCurrent(vcpu(id));
    }

    HypercallOutcome outcome(String name, long... arguments) {
        CallContext context = new CallContext(
                platform.current(),
                new FlatBuffer(memory, linear -> linear >= 0),
                new HypercallTable(platform.profile(), calls));
        for (int i = 0; i < arguments.length; i++) {
            context.setArgument(i, arguments[i]);
        }
        Hypercall call = calls.get(name);
        if (call == null) {
            throw new IllegalArgumentException(name);
        }
        HypercallOutcome outcome = call.call(context);
        while (outcome.kind() == HypercallOutcome.Kind.CONTINUED) {
            outcome = call.call(context);
        }
        return outcome;
    }

    long call(String name, long... arguments) {
        return outcome(name, arguments).result();
    }

    /** A call whose second argument points to 32-bit values. */
    long callWith(String name, int command, int... values) {
        put(values);
        return call(name, command, ARG);
    }

    void put(int... values) {
        for (int i = 0; i < values.length; i++) {
            memory.writeU32(ARG + 4L * i, values[i]);
        }
    }

    int result(int offset) {
        return memory.readU32(ARG + offset);
    }

    boolean pending(int port) {
        return bit(2048, port);
    }

    void setMask(int port) {
        long word = (SHARED_INFO << 12) + 2560 + (port >>> 6) * 8L;
        memory.writeU64(word, memory.readU64(word) | 1L << port);
    }

    private boolean bit(int offset, int port) {
        return (memory.readU64((SHARED_INFO << 12) + offset + (port >>> 6) * 8L) >>> port & 1) != 0;
    }
}
