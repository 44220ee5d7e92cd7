package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.E820Entry;
import io.github.paravane.hypervisor.domain.Platform;
import java.util.ArrayList;
import java.util.List;

/** memory_map and set_memory_map: the E820 map that a domain is told (abi-reference 3.14). */
final class MemoryMaps {

    private static final int ENTRY_SIZE = 20;

    private final Platform platform;
    private final ForeignDomains domains;
    private final int most;

    MemoryMaps(Platform platform) {
        this.platform = platform;
        this.domains = new ForeignDomains(platform);
        this.most = platform.profile().get(MmuRules.MEMORY_MAP_ENTRIES);
    }

    /** Copies as many entries as there is room for, and says how many that was. */
    HypercallOutcome get(HypercallContext context) {
        GuestBuffer memory = context.memory();
        long argument = context.argument(1);
        int room = memory.readU32(argument);
        long buffer = memory.readU64(argument + 8);
        List<E820Entry> map = platform.current().domain().memoryMap();
        if (map.isEmpty()) {
            return HypercallOutcome.failed(XenErrno.ENOSYS);
        }
        int told = (int) Math.min(map.size(), Integer.toUnsignedLong(room));
        for (int i = 0; i < told; i++) {
            long at = buffer + (long) ENTRY_SIZE * i;
            memory.writeU64(at, map.get(i).address());
            memory.writeU64(at + 8, map.get(i).size());
            memory.writeU32(at + 16, map.get(i).type());
        }
        memory.writeU32(argument, told);
        return HypercallOutcome.OK;
    }

    /** Replaces the map of a domain; everybody may replace his own. */
    HypercallOutcome set(HypercallContext context) {
        GuestBuffer memory = context.memory();
        long argument = context.argument(1);
        int domid = memory.readU16(argument);
        long count = Integer.toUnsignedLong(memory.readU32(argument + 8));
        long buffer = memory.readU64(argument + 16);
        if (count > most) {
            return HypercallOutcome.failed(XenErrno.EINVAL);
        }
        Domain caller = platform.current().domain();
        XenErrno refusal = domains.refusal(caller, domid);
        if (refusal != null) {
            return HypercallOutcome.failed(refusal);
        }
        List<E820Entry> map = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long at = buffer + (long) ENTRY_SIZE * i;
            map.add(new E820Entry(memory.readU64(at), memory.readU64(at + 8), memory.readU32(at + 16)));
        }
        domains.permitted(caller, domid).setMemoryMap(map);
        return HypercallOutcome.OK;
    }
}
