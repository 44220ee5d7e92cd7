package io.github.paravane.hypervisor.hypercall.service;

import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.ServiceRules;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import java.util.BitSet;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * The physical interrupts of domains (PIRQs), as far as one without devices has them: numbers that it can reserve, and a
 * page with a bit for each that needs an EOI.
 */
final class InterruptLines {

    /** Interrupts with a pin: those of one I/O APIC. */
    static final int PINS = 24;

    private static final int FIRST_FREE_PIN = 16;
    private static final int TYPE_GSI = 1;
    private static final int NEEDS_EOI = 1;

    private final Platform platform;
    private final VcpuReferences references;
    private final int count;
    private final Map<Domain, State> states = new WeakHashMap<>();

    private static final class State {
        final BitSet reserved = new BitSet();
        boolean hasEoiMap;
    }

    InterruptLines(Services services) {
        platform = services.platform();
        references = services.references();
        count = platform.profile().get(ServiceRules.PIRQS);
    }

    /** PHYSDEVOP_irq_status_query: without that page every interrupt needs an EOI by hypercall. */
    HypercallOutcome query(GuestBuffer memory, long arg) {
        int irq = memory.readU32(arg);
        memory.readU32(arg + 4);
        if (irq < 0 || irq >= count) {
            return Operations.INVALID;
        }
        memory.writeU32(arg, irq);
        memory.writeU32(arg + 4, NEEDS_EOI);
        return HypercallOutcome.OK;
    }

    /** PHYSDEVOP_setup_gsi. */
    HypercallOutcome setUp(GuestBuffer memory, long arg) {
        int gsi = memory.readU32(arg);
        memory.readU32(arg + 4);
        return gsi < 0 || gsi >= PINS ? Operations.INVALID : Operations.NOT_PERMITTED;
    }

    /** PHYSDEVOP_get_free_pirq: the lowest free one with a pin, or the highest without. */
    HypercallOutcome allocate(GuestBuffer memory, long arg) {
        int type = memory.readU32(arg);
        memory.readU32(arg + 4);
        BitSet reserved = state().reserved;
        int pirq = type == TYPE_GSI ? reserved.nextClearBit(FIRST_FREE_PIN) : reserved.previousClearBit(count - 1);
        if (type == TYPE_GSI ? pirq >= PINS : pirq < PINS) {
            return HypercallOutcome.failed(XenErrno.ENOSPC);
        }
        reserved.set(pirq);
        memory.writeU32(arg, type);
        memory.writeU32(arg + 4, pirq);
        return HypercallOutcome.OK;
    }

    /** PHYSDEVOP_pirq_eoi_gmfn: the page stays the hypervisor's until the domain ends. */
    HypercallOutcome setEoiMap(long mfn) {
        State state = state();
        Domain domain = platform.current().domain();
        if (references.takeWritable(domain, mfn) < 0) {
            return Operations.INVALID;
        }
        if (state.hasEoiMap) {
            references.dropWritable(domain, mfn);
            return HypercallOutcome.failed(XenErrno.EBUSY);
        }
        state.hasEoiMap = true;
        return HypercallOutcome.OK;
    }

    private State state() {
        return states.computeIfAbsent(platform.current().domain(), unused -> new State());
    }
}
