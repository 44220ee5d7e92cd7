package io.github.paravane.hypervisor.hypercall.entry;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.memory.LinearAddress;
import io.github.paravane.api.profile.EntryRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.TrapTable;

/**
 * set_trap_table(table): 16-byte entries (vector, flags, cs, address) up to one with address 0; NULL forgets all
 * (abi-reference 3.6). Entries before a bad one stay. A long table is continued, so that it ends some time.
 */
public final class SetTrapTable implements Hypercall {

    private static final int ENTRY_SIZE = 16;
    private static final int FLAGS = 1;
    private static final int ADDRESS = 8;
    private static final int MASK_EVENTS = 4;
    private static final int ENTRIES_AT_ONCE = 512;

    private final Platform platform;
    private final boolean canonical;
    private final boolean nmiMustMask;

    public SetTrapTable(Platform platform) {
        this.platform = platform;
        canonical = platform.profile().get(EntryRules.CANONICAL_TRAPS);
        nmiMustMask = platform.profile().has(Quirk.NMI_GATE_MUST_MASK);
    }

    @Override
    public HypercallOutcome call(HypercallContext context) {
        TrapTable table = platform.current().trapTable();
        GuestBuffer memory = context.memory();
        long entry = context.argument(0);
        if (entry == 0) {
            table.clear();
            return HypercallOutcome.OK;
        }
        for (int i = 0; i < ENTRIES_AT_ONCE; i++) {
            long address = memory.readU64(entry + ADDRESS);
            if (address == 0) {
                return HypercallOutcome.OK;
            }
            if (canonical && !LinearAddress.isCanonical(address)) {
                return HypercallOutcome.failed(XenErrno.EINVAL);
            }
            int vector = memory.readU8(entry);
            int flags = memory.readU8(entry + FLAGS);
            if (nmiMustMask && vector == Trap.NMI && (flags & MASK_EVENTS) == 0) {
                return HypercallOutcome.failed(XenErrno.EINVAL);
            }
            table.set(vector, address, flags);
            entry += ENTRY_SIZE;
        }
        context.setArgument(0, entry);
        return HypercallOutcome.CONTINUED;
    }
}
