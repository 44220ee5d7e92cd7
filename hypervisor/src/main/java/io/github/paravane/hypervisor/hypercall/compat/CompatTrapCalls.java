package io.github.paravane.hypervisor.hypercall.compat;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.EntryRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Callbacks;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.TrapTable;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.trap.CompatSegments;

/** Where a 32-bit guest is entered: handlers are a selector and an offset, and selectors get RPL 1 at least. */
final class CompatTrapCalls {

    private static final int TRAP_SIZE = 8;
    private static final int TRAPS_AT_ONCE = 512;
    private static final int FAST_VECTOR = 0x80;
    private static final int NMI_FLAGS = 1 << 2;
    private static final HypercallOutcome INVALID = HypercallOutcome.failed(XenErrno.EINVAL);
    private static final HypercallOutcome UNKNOWN = HypercallOutcome.failed(XenErrno.ENOSYS);

    private final Platform platform;
    private final HypercallOutcome unknownCallback;
    private final boolean fastSystemCalls;
    private final boolean nmiIsTrap2;
    private final boolean fastGateStays;

    CompatTrapCalls(Platform platform) {
        this.platform = platform;
        unknownCallback = HypercallOutcome.failed(platform.profile().get(EntryRules.UNKNOWN_CALLBACK_ERRNO));
        fastSystemCalls = platform.profile().get(EntryRules.SYSCALL32_CALLBACKS);
        nmiIsTrap2 = platform.profile().get(EntryRules.NMI_IS_TRAP_2);
        fastGateStays = platform.profile().has(Quirk.INT80_SURVIVES_RESET);
    }

    /** set_trap_table: vector u8, flags u8, cs u16, address u32, up to an entry with address 0. */
    HypercallOutcome setTrapTable(HypercallContext context) {
        TrapTable table = platform.current().trapTable();
        GuestBuffer memory = context.memory();
        long entry = context.argument(0);
        if (entry == 0) {
            clear(table);
            return HypercallOutcome.OK;
        }
        for (int i = 0; i < TRAPS_AT_ONCE; i++) {
            int address = memory.readU32(entry + 4);
            if (address == 0) {
                return HypercallOutcome.OK;
            }
            int vector = memory.readU8(entry);
            table.set(vector, address & 0xFFFF_FFFFL, memory.readU8(entry + 1));
            table.setSelector(vector, CompatSegments.atLeastKernel(memory.readU16(entry + 2)));
            entry += TRAP_SIZE;
        }
        context.setArgument(0, entry);
        return HypercallOutcome.CONTINUED;
    }

    private void clear(TrapTable table) {
        long handler = table.address(FAST_VECTOR);
        int flags = table.dpl(FAST_VECTOR) | (table.masksEvents(FAST_VECTOR) ? NMI_FLAGS : 0);
        int cs = table.selector(FAST_VECTOR);
        table.clear();
        if (fastGateStays) {
            table.set(FAST_VECTOR, handler, flags);
            table.setSelector(FAST_VECTOR, cs);
        }
    }

    /** stack_switch(ss, esp). */
    HypercallOutcome stackSwitch(HypercallContext context) {
        platform.current().setKernelStack(CompatSegments.atLeastKernel(context.argument32(0)), context.argument(1));
        return HypercallOutcome.OK;
    }

    /** set_callbacks(event_cs, event_eip, failsafe_cs, failsafe_eip). */
    HypercallOutcome setCallbacks(HypercallContext context) {
        set(Callbacks.EVENT, context.argument32(0), context.argument(1), false);
        set(Callbacks.FAILSAFE, context.argument32(2), context.argument(3), false);
        return HypercallOutcome.OK;
    }

    private void set(int type, int cs, long eip, boolean masks) {
        Callbacks callbacks = platform.current().callbacks();
        callbacks.set(type, eip & 0xFFFF_FFFFL, masks);
        callbacks.setSelector(type, CompatSegments.atLeastKernel(cs));
    }

    /** callback_op: register {type u16 0, flags u16 2, cs 4, eip 8}, unregister {type u16 0}. */
    HypercallOutcome callback(HypercallContext context) {
        GuestBuffer memory = context.memory();
        long argument = context.argument(1);
        switch (context.argument32(0)) {
            case 0 -> {
                int type = memory.readU16(argument);
                boolean masks = (memory.readU16(argument + 2) & 1) != 0;
                int cs = memory.readU32(argument + 4);
                return register(type, cs, memory.readU32(argument + 8) & 0xFFFF_FFFFL, masks);
            }
            case 1 -> {
                return unregister(memory.readU16(argument));
            }
            default -> {
                return UNKNOWN;
            }
        }
    }

    private HypercallOutcome register(int type, int cs, long eip, boolean masks) {
        switch (type) {
            case Callbacks.EVENT -> set(type, cs, eip, false);
            case Callbacks.FAILSAFE -> set(type, cs, eip, masks);
            case Callbacks.SYSENTER, Callbacks.SYSCALL32 -> {
                if (!fastSystemCalls) {
                    return unknownCallback;
                }
                set(type, cs, eip, masks);
            }
            case Callbacks.NMI -> {
                return registerNmi(eip);
            }
            default -> {
                return unknownCallback;
            }
        }
        return HypercallOutcome.OK;
    }

    private HypercallOutcome unregister(int type) {
        return switch (type) {
            case Callbacks.EVENT, Callbacks.FAILSAFE -> INVALID;
            case Callbacks.SYSENTER, Callbacks.SYSCALL32 -> fastSystemCalls ? INVALID : unknownCallback;
            case Callbacks.NMI -> registerNmi(0);
            default -> unknownCallback;
        };
    }

    /** nmi_op: register {address u32 0}, unregister. */
    HypercallOutcome nmi(HypercallContext context) {
        return switch (context.argument32(0)) {
            case 0 -> registerNmi(context.memory().readU32(context.argument(1)) & 0xFFFF_FFFFL);
            case 1 -> registerNmi(0);
            default -> UNKNOWN;
        };
    }

    private HypercallOutcome registerNmi(long eip) {
        Vcpu vcpu = platform.current();
        int cs = eip == 0 ? 0 : CompatSegments.KERNEL_CODE;
        if (nmiIsTrap2) {
            vcpu.trapTable().set(Trap.NMI, eip, eip == 0 ? 0 : NMI_FLAGS);
            vcpu.trapTable().setSelector(Trap.NMI, cs);
            return HypercallOutcome.OK;
        }
        if (eip != 0 && (!vcpu.domain().isPrivileged() || vcpu.id() != 0)) {
            return INVALID;
        }
        vcpu.callbacks().set(Callbacks.NMI, eip, eip != 0);
        vcpu.callbacks().setSelector(Callbacks.NMI, cs);
        return HypercallOutcome.OK;
    }
}
