package io.github.paravane.hypervisor.pagetable;

import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.observe.Observers;
import io.github.paravane.api.paging.PagingMode;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.domain.CompatVcpu;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.HostOptions;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.SharedLayout;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.hypercall.CallContext;
import io.github.paravane.hypervisor.hypercall.FlatBuffer;
import io.github.paravane.hypervisor.hypercall.HypercallTable;
import io.github.paravane.hypervisor.hypercall.compat.CompatCalls;
import io.github.paravane.hypervisor.hypercall.memory.MemoryCalls;
import io.github.paravane.hypervisor.time.VirtualClock;
import io.github.paravane.mmu.Mmu;
import io.github.paravane.mmu.memory.LazyMemory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A 32-bit domain with page tables and no core: L3 slots 0 and 3 name an empty L2 each. Its linear addresses are machine
 * addresses.
 */
public final class CompatRig {

    public static final int DOMID = 1;

    /** Flags of a present entry that a native 32-bit guest would write into an L3. */
    public static final long P = Pte.PRESENT;

    /** Flags of an L2 entry. */
    public static final long TABLE = Pte.PRESENT | Pte.RW | Pte.USER;

    private static final int POOL = 12;
    private static final int SELF = 0x7FF0;

    public final LazyMemory memory;
    public final FrameTable frames;
    public final List<MachineEvent> events = new ArrayList<>();
    public final Platform platform;
    public final PageTables tables;
    public final Domain domain;
    public final CompatVcpu vcpu;

    /** The loaded L3. */
    public final long root;

    /** The L2 tables in its slots 0 and 3. */
    public final long first;

    public final long last;

    /** Other frames of the domain. */
    public final long[] pool = new long[POOL];

    private final long scratch;
    private final HypercallTable table;

    public CompatRig(AbiProfile profile) {
        this(profile, 4096);
    }

    public CompatRig(AbiProfile profile, int frameCount) {
        memory = new LazyMemory(frameCount);
        frames = new FrameTable(frameCount);
        platform = new Platform(
                memory, frames, profile, Observers.forEach(events::add), new VirtualClock(), HostOptions.DEFAULT);
        tables = PageTables.install(platform);
        long sharedInfo = tables.memory().allocateShared(DOMID);
        domain = new Domain(platform, DOMID, Domain.Privilege.NONE, sharedInfo, 64, SharedLayout.COMPAT);
        platform.add(domain);
        vcpu = new CompatVcpu(
                domain,
                0,
                Mmu.of(memory, PagingMode.FOUR_LEVEL),
                tables.hypervisorTables().compat().makeRoot());
        domain.add(vcpu);
        platform.setCurrent(vcpu);
        root = tables.memory().allocate(domain);
        first = tables.memory().allocate(domain);
        last = tables.memory().allocate(domain);
        for (int i = 0; i < POOL; i++) {
            pool[i] = tables.memory().allocate(domain);
        }
        scratch = tables.memory().allocate(domain) << 12;
        write(root, 0, Pte.of(first, P));
        write(root, 3, Pte.of(last, P));
        if (!tables.bases().installInitial(vcpu, root).isAccepted()) {
            throw new IllegalStateException("root refused");
        }
        vcpu.setInitialised();
        Map<String, Hypercall> calls = new HashMap<>();
        MemoryCalls.register(tables, calls);
        table = new HypercallTable(profile, CompatCalls.of(platform, calls));
        events.clear();
    }

    /** The 8 bytes of an entry. */
    public long read(long mfn, int slot) {
        return memory.readU64((mfn << 12) + 8L * slot);
    }

    /** Writes an entry of a frame that is no table. */
    public void write(long mfn, int slot, long entry) {
        memory.writeU64((mfn << 12) + 8L * slot, entry);
    }

    /** Makes an L3 of one pool frame and an L2 for its last slot of another. */
    public long makeRoot(int l3, int l2) {
        write(pool[l3], 3, Pte.of(pool[l2], P));
        return pool[l3];
    }

    /** Linear address of 4096 bytes for arguments. */
    public long scratch() {
        return scratch;
    }

    /** Makes a hypercall by number. */
    public HypercallOutcome call(int number, long... arguments) {
        CallContext context = new CallContext(vcpu, new FlatBuffer(memory, linear -> true), table);
        context.begin(number);
        for (int i = 0; i < CallContext.ARGUMENTS; i++) {
            context.setArgument(i, i < arguments.length ? arguments[i] & 0xFFFF_FFFFL : 0);
        }
        return table.call(context);
    }

    /** The result of mmu_update with one request. */
    public long mmuUpdate(long mfn, int slot, long value) {
        memory.writeU64(scratch, mfn << 12 | slot * 8L);
        memory.writeU64(scratch + 8, value);
        return call(1, scratch, 1, scratch + 2048, SELF).result();
    }

    /** The result of mmuext_op with one request of 12 bytes. */
    public long mmuExt(int command, long first, long second) {
        memory.writeU32(scratch, command);
        memory.writeU32(scratch + 4, (int) first);
        memory.writeU32(scratch + 8, (int) second);
        return call(26, scratch, 1, scratch + 2048, SELF).result();
    }

    /** MMUEXT_PIN_Ln_TABLE. */
    public long pin(int level, long mfn) {
        return mmuExt(level - 1, mfn, 0);
    }

    /** MMUEXT_UNPIN_TABLE. */
    public long unpin(long mfn) {
        return mmuExt(4, mfn, 0);
    }
}
