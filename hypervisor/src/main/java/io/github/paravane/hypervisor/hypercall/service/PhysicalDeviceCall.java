package io.github.paravane.hypervisor.hypercall.service;

import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.hypervisor.domain.Platform;

/** physdev_op (abi-reference 3.22): I/O privilege for everybody; a domain without devices is refused the rest. */
final class PhysicalDeviceCall implements Hypercall {

    private static final int SET_IOPL = 6;
    private static final int SET_IOBITMAP = 7;
    private static final int FIRST = 4;
    private static final int LAST = 32;
    private static final int MAX_PORTS = 65536;
    private static final int UNION_OFFSET = 8;

    private final Platform platform;

    PhysicalDeviceCall(Platform platform) {
        this.platform = platform;
    }

    @Override
    public HypercallOutcome call(HypercallContext context) {
        return operation(context.argument32(0), context.argument(1), context.memory());
    }

    /** physdev_op_compat: command and arguments in one structure. */
    HypercallOutcome compat(HypercallContext context) {
        long structure = context.argument(0);
        return operation(context.memory().readU32(structure), structure + UNION_OFFSET, context.memory());
    }

    private HypercallOutcome operation(int command, long arg, GuestBuffer memory) {
        return switch (command) {
            case SET_IOPL -> setIopl(memory.readU32(arg));
            case SET_IOBITMAP -> setIoBitmap(memory.readU64(arg), memory.readU32(arg + 8));
            default -> command >= FIRST && command <= LAST ? Operations.NOT_PERMITTED : Operations.UNKNOWN;
        };
    }

    private HypercallOutcome setIopl(int iopl) {
        if (iopl < 0 || iopl > 3) {
            return Operations.INVALID;
        }
        platform.current().setIopl(iopl);
        return HypercallOutcome.OK;
    }

    private HypercallOutcome setIoBitmap(long bitmap, int ports) {
        if (ports < 0 || ports > MAX_PORTS) {
            return Operations.INVALID;
        }
        platform.current().setIoBitmap(bitmap, ports);
        return HypercallOutcome.OK;
    }
}
