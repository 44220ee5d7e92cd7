package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.MemoryRules;
import io.github.paravane.api.profile.MemoryRules.MachphysEnd;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.hypercall.HypervisorRange;
import io.github.paravane.hypervisor.pagetable.CompatTables;
import io.github.paravane.hypervisor.pagetable.PageTables;
import java.util.function.ToLongFunction;

/** The commands of memory_op that only tell something. */
final class MemoryQueries {

    /** Frames of M2P behind one entry of machphys_mfn_list: 2 MiB. */
    private static final int FRAMES_PER_EXTENT = 512;

    private static final long M2P_END = HypervisorRange.START + (1L << 38);
    private static final long M2P_ENTRIES = 1L << 35;
    private static final int MAX_PFN_OFFSET = 3088;
    private static final int COMPAT_MAX_PFN_OFFSET = 2316;
    private static final int E820_ENTRY_SIZE = 20;
    private static final int E820_RAM = 1;

    private final PageTables tables;
    private final Platform platform;
    private final ForeignDomains domains;
    private final XenErrno machineMapRefusal;
    private final MachphysEnd machphysEnd;
    private final long noMaximum;
    private final boolean sizeAlone;

    MemoryQueries(PageTables tables) {
        this.tables = tables;
        this.platform = tables.platform();
        this.domains = new ForeignDomains(platform);
        machineMapRefusal = platform.profile().get(MmuRules.MACHINE_MAP_REFUSAL);
        machphysEnd = platform.profile().get(MemoryRules.MACHPHYS_END);
        noMaximum = platform.profile().get(MemoryRules.NO_MAXIMUM_IS_MINUS_1) ? -1 : 0;
        sizeAlone = platform.profile().get(MemoryRules.MACHINE_MAP_SIZE);
    }

    HypercallOutcome maximumRamPage(HypercallContext context) {
        return HypercallOutcome.completed(platform.frames().frames());
    }

    HypercallOutcome currentReservation(HypercallContext context) {
        return about(context, domain -> platform.frames().owned(domain.id()));
    }

    HypercallOutcome maximumReservation(HypercallContext context) {
        return about(context, Domain::maxPages);
    }

    HypercallOutcome maximumGpfn(HypercallContext context) {
        return about(context, domain -> {
            long shared = domain.sharedInfoMfn() << 12;
            long max = domain.isCompat()
                    ? platform.memory().readU32(shared + COMPAT_MAX_PFN_OFFSET) & 0xFFFF_FFFFL
                    : platform.memory().readU64(shared + MAX_PFN_OFFSET);
            return max == 0 ? noMaximum : max - 1;
        });
    }

    private HypercallOutcome about(HypercallContext context, ToLongFunction<Domain> question) {
        Domain caller = platform.current().domain();
        int domid = context.memory().readU16(context.argument(1));
        XenErrno refusal = domains.refusal(caller, domid);
        return refusal == null
                ? HypercallOutcome.completed(question.applyAsLong(domains.permitted(caller, domid)))
                : HypercallOutcome.failed(refusal);
    }

    HypercallOutcome machphysMfnList(HypercallContext context) {
        GuestBuffer memory = context.memory();
        long argument = context.argument(1);
        int max = memory.readU32(argument);
        long list = memory.readU64(argument + 8);
        boolean compat = platform.current().domain().isCompat();
        long first = compat ? tables.m2p().firstCompatMfn() : tables.m2p().firstMfn();
        long perExtent = FRAMES_PER_EXTENT * (compat ? 1024L : 512L);
        long count = (platform.frames().frames() + perExtent - 1) / perExtent;
        int told = (int) Math.min(count, Integer.toUnsignedLong(max));
        for (int i = 0; i < told; i++) {
            memory.writeU64(list + 8L * i, first + (long) FRAMES_PER_EXTENT * i);
        }
        memory.writeU32(argument + 16, told);
        return HypercallOutcome.OK;
    }

    HypercallOutcome machphysMapping(HypercallContext context) {
        GuestBuffer memory = context.memory();
        long argument = context.argument(1);
        if (platform.current().domain().isCompat()) {
            memory.writeU64(argument, CompatTables.HOLE_START);
            memory.writeU64(argument + 8, CompatTables.M2P_END);
            memory.writeU64(argument + 16, (CompatTables.M2P_END - CompatTables.HOLE_START) / Integer.BYTES - 1);
            return HypercallOutcome.OK;
        }
        boolean exact = machphysEnd == MachphysEnd.EVERYBODY
                || machphysEnd == MachphysEnd.CONTROL
                        && platform.current().domain().isPrivileged();
        memory.writeU64(argument, HypervisorRange.START);
        memory.writeU64(argument + 8, M2P_END);
        memory.writeU64(argument + 16, exact ? platform.frames().frames() - 1 : M2P_ENTRIES - 1);
        return HypercallOutcome.OK;
    }

    /**
     * The machine's memory as one RAM entry, for the control domain; there must be room for one entry more. Without a
     * buffer only the number of entries is told.
     */
    HypercallOutcome machineMemoryMap(HypercallContext context) {
        if (!platform.current().domain().isPrivileged()) {
            return HypercallOutcome.failed(machineMapRefusal);
        }
        GuestBuffer memory = context.memory();
        long argument = context.argument(1);
        long entries = memory.readU64(argument + 8);
        if (sizeAlone && entries == 0) {
            memory.writeU32(argument, 1);
            return HypercallOutcome.OK;
        }
        if (Integer.compareUnsigned(memory.readU32(argument), 2) < 0) {
            return HypercallOutcome.failed(XenErrno.EINVAL);
        }
        if (!memory.inGuestRange(entries, 1, E820_ENTRY_SIZE)) {
            return HypercallOutcome.failed(XenErrno.EFAULT);
        }
        memory.writeU64(entries, 0);
        memory.writeU64(entries + 8, platform.frames().frames() << 12);
        memory.writeU32(entries + 16, E820_RAM);
        memory.writeU32(argument, 1);
        return HypercallOutcome.OK;
    }
}
