package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.hypercall.HypervisorRange;
import io.github.paravane.hypervisor.pagetable.PageTables;
import java.util.function.ToLongFunction;

/** The commands of memory_op that only tell something. */
final class MemoryQueries {

    /** Frames of M2P behind one entry of machphys_mfn_list: 2 MiB. */
    private static final int FRAMES_PER_EXTENT = 512;

    private static final long M2P_END = HypervisorRange.START + (1L << 38);
    private static final long M2P_ENTRIES = 1L << 35;
    private static final int MAX_PFN_OFFSET = 3088;
    private static final int E820_ENTRY_SIZE = 20;
    private static final int E820_RAM = 1;

    private final PageTables tables;
    private final Platform platform;
    private final ForeignDomains domains;
    private final XenErrno machineMapRefusal;

    MemoryQueries(PageTables tables) {
        this.tables = tables;
        this.platform = tables.platform();
        this.domains = new ForeignDomains(platform);
        machineMapRefusal = platform.profile().get(MmuRules.MACHINE_MAP_REFUSAL);
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
            long max = platform.memory().readU64((domain.sharedInfoMfn() << 12) + MAX_PFN_OFFSET);
            return max == 0 ? 0 : max - 1;
        });
    }

    private HypercallOutcome about(HypercallContext context, ToLongFunction<Domain> question) {
        Domain caller = platform.current().domain();
        int id = domains.any(caller, context.memory().readU16(context.argument(1)));
        if (id == ForeignDomains.NONE) {
            return HypercallOutcome.failed(XenErrno.ESRCH);
        }
        return ForeignDomains.mayManage(caller, id)
                ? HypercallOutcome.completed(question.applyAsLong(domains.require(id)))
                : HypercallOutcome.failed(XenErrno.EPERM);
    }

    HypercallOutcome machphysMfnList(HypercallContext context) {
        GuestBuffer memory = context.memory();
        long argument = context.argument(1);
        int max = memory.readU32(argument);
        long list = memory.readU64(argument + 8);
        long count = (platform.frames().frames() + FRAMES_PER_EXTENT * 512L - 1) / (FRAMES_PER_EXTENT * 512L);
        int told = (int) Math.min(count, Integer.toUnsignedLong(max));
        for (int i = 0; i < told; i++) {
            memory.writeU64(list + 8L * i, tables.m2p().firstMfn() + (long) FRAMES_PER_EXTENT * i);
        }
        memory.writeU32(argument + 16, told);
        return HypercallOutcome.OK;
    }

    HypercallOutcome machphysMapping(HypercallContext context) {
        GuestBuffer memory = context.memory();
        long argument = context.argument(1);
        boolean exact = platform.current().domain().isPrivileged();
        memory.writeU64(argument, HypervisorRange.START);
        memory.writeU64(argument + 8, M2P_END);
        memory.writeU64(argument + 16, exact ? platform.frames().frames() - 1 : M2P_ENTRIES - 1);
        return HypercallOutcome.OK;
    }

    /** The machine's memory as one RAM entry, for the control domain. */
    HypercallOutcome machineMemoryMap(HypercallContext context) {
        if (!platform.current().domain().isPrivileged()) {
            return HypercallOutcome.failed(machineMapRefusal);
        }
        GuestBuffer memory = context.memory();
        long argument = context.argument(1);
        if (memory.readU32(argument) == 0) {
            return HypercallOutcome.failed(XenErrno.EINVAL);
        }
        long entries = memory.readU64(argument + 8);
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
