package io.github.paravane.hypervisor.pagetable;

import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.observe.Observers;
import io.github.paravane.api.paging.PagingMode;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.HostOptions;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.frame.TypeInfo;
import io.github.paravane.hypervisor.hypercall.CallContext;
import io.github.paravane.hypervisor.hypercall.FlatBuffer;
import io.github.paravane.hypervisor.hypercall.HypercallTable;
import io.github.paravane.hypervisor.hypercall.HypervisorRange;
import io.github.paravane.hypervisor.hypercall.VcpuMemory;
import io.github.paravane.hypervisor.hypercall.memory.MemoryCalls;
import io.github.paravane.hypervisor.time.VirtualClock;
import io.github.paravane.mmu.Mmu;
import io.github.paravane.mmu.memory.LazyMemory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A domain with some frames and an empty, pinned and loaded L4; hypercalls are made directly, without a processor. */
public final class MemoryRig {

    public static final int DOMID = 1;
    public static final int SELF = 0x7FF0;
    public static final long P = Pte.PRESENT, W = Pte.RW, U = Pte.USER, A = Pte.ACCESSED, D = Pte.DIRTY;
    public static final long TABLE = P | W | U | A | D;
    public static final int POOL = 32;

    private static final int FRAMES = 1024;

    public final LazyMemory memory = new LazyMemory(FRAMES);
    public final FrameTable frames = new FrameTable(FRAMES);
    public final List<MachineEvent> events = new ArrayList<>();
    public final Platform platform;
    public final PageTables tables;
    public final Domain domain;
    public final Vcpu vcpu;
    public final long freeAtStart;

    /** The loaded L4. */
    public final long root;

    /** Other frames of the domain. */
    public final long[] pool = new long[POOL];

    /** Whether an interrupted call is made again until it is done, as a guest without event handlers does. */
    public boolean persistent;

    /** Calls made, those again included. */
    public int calls;

    private final CallContext context;
    private final HypercallTable table;
    private final long scratch;

    public MemoryRig(AbiProfile profile) {
        this(profile, HostOptions.DEFAULT, Domain.Privilege.NONE);
    }

    public MemoryRig(AbiProfile profile, HostOptions options, Domain.Privilege privilege) {
        platform = new Platform(memory, frames, profile, Observers.forEach(events::add), new VirtualClock(), options);
        tables = PageTables.install(platform);
        freeAtStart = frames.free();
        domain = new Domain(platform, DOMID, privilege, tables.memory().allocateShared(DOMID), 64);
        platform.add(domain);
        vcpu = new Vcpu(domain, 0, Mmu.of(memory, PagingMode.FOUR_LEVEL));
        domain.add(vcpu);
        platform.setCurrent(vcpu);
        root = tables.memory().allocate(domain);
        for (int i = 0; i < POOL; i++) {
            pool[i] = tables.memory().allocate(domain);
        }
        scratch = tables.memory().allocate(domain) << 12;
        if (!tables.bases().installInitial(vcpu, root).isAccepted()) {
            throw new IllegalStateException("root refused");
        }
        Map<String, Hypercall> calls = new HashMap<>();
        MemoryCalls.register(tables, calls);
        table = new HypercallTable(profile, calls);
        context = new CallContext(vcpu, guestMemory(), table);
        events.clear();
    }

    /** A second domain with one vCPU. */
    public Domain addDomain(int id) {
        Domain other =
                new Domain(platform, id, Domain.Privilege.NONE, tables.memory().allocateShared(id), 64);
        platform.add(other);
        other.add(new Vcpu(other, 0, Mmu.of(memory, PagingMode.FOUR_LEVEL)));
        return other;
    }

    private FlatBuffer guestMemory() {
        return new FlatBuffer(memory, linear -> !HypervisorRange.contains(linear));
    }

    /** Linear address of 4096 bytes for arguments. */
    public long scratch() {
        return scratch;
    }

    /** Makes a hypercall by number. */
    public HypercallOutcome call(int number, long... arguments) {
        context.begin(number);
        for (int i = 0; i < CallContext.ARGUMENTS; i++) {
            context.setArgument(i, i < arguments.length ? arguments[i] : 0);
        }
        HypercallOutcome outcome;
        do {
            calls++;
            outcome = table.call(context);
        } while (persistent && outcome.kind() == HypercallOutcome.Kind.CONTINUED);
        return outcome;
    }

    /** Makes a hypercall whose buffers are found through the loaded tables and the TLB. */
    public HypercallOutcome callThroughTlb(int number, long... arguments) {
        CallContext mapped = new CallContext(vcpu, new VcpuMemory(vcpu), table);
        mapped.begin(number);
        for (int i = 0; i < CallContext.ARGUMENTS; i++) {
            mapped.setArgument(i, i < arguments.length ? arguments[i] : 0);
        }
        return table.call(mapped);
    }

    /** Makes a hypercall as another vCPU, whose linear addresses are machine addresses too. */
    public HypercallOutcome callAs(Vcpu caller, int number, long... arguments) {
        CallContext other = new CallContext(caller, guestMemory(), table);
        platform.setCurrent(caller);
        try {
            other.begin(number);
            for (int i = 0; i < CallContext.ARGUMENTS; i++) {
                other.setArgument(i, i < arguments.length ? arguments[i] : 0);
            }
            return table.call(other);
        } finally {
            platform.setCurrent(vcpu);
        }
    }

    /** An argument as the latest call left it. */
    public long argument(int index) {
        return context.argument(index);
    }

    /** The result of mmu_update with one request. */
    public long mmuUpdate(long mfn, int slot, long value) {
        return mmuRequest(mfn << 12 | slot * 8L, value, SELF);
    }

    /** The result of mmu_update with one request and a foreign domain; the number done is at {@code scratch + 2048}. */
    public long mmuRequest(long pointer, long value, int foreign) {
        memory.writeU64(scratch, pointer);
        memory.writeU64(scratch + 8, value);
        return call(1, scratch, 1, scratch + 2048, foreign).result();
    }

    /** The result of mmuext_op with one request. */
    public long mmuExt(int command, long first, long second) {
        memory.writeU64(scratch, command);
        memory.writeU64(scratch + 8, first);
        memory.writeU64(scratch + 16, second);
        return call(26, scratch, 1, scratch + 2048, SELF).result();
    }

    public long pin(int level, long mfn) {
        return mmuExt(level - 1, mfn, 0);
    }

    public long unpin(long mfn) {
        return mmuExt(4, mfn, 0);
    }

    /** Stores without any check. */
    public void poke(long mfn, int slot, long value) {
        memory.writeU64((mfn << 12) + 8L * slot, value);
    }

    public long peek(long mfn, int slot) {
        return memory.readU64((mfn << 12) + 8L * slot);
    }

    public int type(long mfn) {
        return TypeInfo.type(frames.typeInfo(mfn));
    }

    public long typeCount(long mfn) {
        return TypeInfo.count(frames.typeInfo(mfn));
    }

    /** The rule of the latest refusal. */
    public Enum<?> refusal() {
        for (int i = events.size() - 1; i >= 0; i--) {
            if (events.get(i) instanceof MachineEvent.Rejected rejected) {
                return rejected.rule();
            }
        }
        throw new AssertionError("nothing was refused");
    }
}
