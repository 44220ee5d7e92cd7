package io.github.paravane.hypervisor.hypercall.service;

import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.BitMask;
import io.github.paravane.api.profile.ServiceRules;
import io.github.paravane.hypervisor.domain.Platform;

/**
 * physdev_op (abi-reference 3.22): I/O privilege for everybody; of interrupts and devices a domain that has none learns
 * what the real Xen tells it. Each operation reads its argument before it is refused, but where versions differ.
 */
final class PhysicalDeviceCall implements Hypercall {

    private static final int IRQ_UNMASK_NOTIFY = 4;
    private static final int IRQ_STATUS_QUERY = 5;
    private static final int SET_IOPL = 6;
    private static final int SET_IOBITMAP = 7;
    private static final int APIC_READ = 8;
    private static final int APIC_WRITE = 9;
    private static final int ALLOC_IRQ_VECTOR = 10;
    private static final int EOI = 12;
    private static final int MAP_PIRQ = 13;
    private static final int UNMAP_PIRQ = 14;
    private static final int MANAGE_PCI_ADD = 15;
    private static final int MANAGE_PCI_REMOVE = 16;
    private static final int PIRQ_EOI_GMFN_V1 = 17;
    private static final int RESTORE_MSI = 19;
    private static final int MANAGE_PCI_ADD_EXT = 20;
    private static final int SETUP_GSI = 21;
    private static final int GET_FREE_PIRQ = 23;
    private static final int PCI_MMCFG_RESERVED = 24;
    private static final int PCI_DEVICE_ADD = 25;
    private static final int PCI_DEVICE_REMOVE = 26;
    private static final int RESTORE_MSI_EXT = 27;
    private static final int PIRQ_EOI_GMFN_V2 = 28;
    private static final int DBGP_OP = 29;
    private static final int PREPARE_MSIX = 30;
    private static final int RELEASE_MSIX = 31;
    private static final int PCI_DEVICE_RESET = 32;

    /** What is refused before its argument is read where {@link ServiceRules#DEVICES_REFUSED_UNREAD}. */
    private static final long UNREAD = 1L << MANAGE_PCI_ADD
            | 1L << MANAGE_PCI_REMOVE
            | 1L << RESTORE_MSI
            | 1L << MANAGE_PCI_ADD_EXT
            | 1L << SETUP_GSI
            | 1L << PCI_DEVICE_ADD
            | 1L << PCI_DEVICE_REMOVE
            | 1L << RESTORE_MSI_EXT;

    private static final int MAX_PORTS = 65536;
    private static final int BITMAP_BYTES = MAX_PORTS / Byte.SIZE;
    private static final int UNION_OFFSET = 8;
    private static final int COMPAT_SIZE = 24;
    private static final int DOMID_SELF = 0x7FF0;
    private static final HypercallOutcome NO_DEVICE = HypercallOutcome.failed(XenErrno.ENODEV);

    private final Platform platform;
    private final BitMask known;
    private final HypercallOutcome unknown;
    private final long refusedUnread;
    private final InterruptLines lines;

    PhysicalDeviceCall(Services services) {
        platform = services.platform();
        AbiProfile profile = platform.profile();
        known = profile.get(ServiceRules.DEVICE_OPS);
        unknown = HypercallOutcome.failed(profile.get(ServiceRules.UNKNOWN_DEVICE_OP_ERRNO));
        refusedUnread = (profile.get(ServiceRules.DEVICES_REFUSED_UNREAD) ? UNREAD : 0)
                | 1L << PCI_MMCFG_RESERVED
                | 1L << DBGP_OP;
        lines = new InterruptLines(services);
    }

    @Override
    public HypercallOutcome call(HypercallContext context) {
        return operation(context.argument32(0), context.argument(1), context.memory());
    }

    /** physdev_op_compat: command and arguments in one structure. */
    HypercallOutcome compat(HypercallContext context) {
        long structure = context.argument(0);
        byte[] whole = new byte[COMPAT_SIZE];
        context.memory().read(structure, whole, 0, COMPAT_SIZE);
        return operation(context.memory().readU32(structure), structure + UNION_OFFSET, context.memory());
    }

    private HypercallOutcome operation(int command, long arg, GuestBuffer memory) {
        if (!Operations.exists(known, command)) {
            return unknown;
        }
        if ((refusedUnread >>> command & 1) != 0) {
            return Operations.NOT_PERMITTED;
        }
        return switch (command) {
            case IRQ_UNMASK_NOTIFY -> HypercallOutcome.OK;
            case IRQ_STATUS_QUERY -> lines.query(memory, arg);
            case SET_IOPL -> setIopl(memory.readU32(arg));
            case SET_IOBITMAP -> setIoBitmap(memory, memory.readU64(arg), memory.readU32(arg + 8));
            case EOI -> refuse(memory, arg, 4, Operations.INVALID);
            case MAP_PIRQ -> map(memory, arg);
            case UNMAP_PIRQ -> unmap(memory, arg);
            case PIRQ_EOI_GMFN_V1, PIRQ_EOI_GMFN_V2 -> lines.setEoiMap(memory.readU64(arg));
            case GET_FREE_PIRQ -> lines.allocate(memory, arg);
            default -> device(command, memory, arg);
        };
    }

    /** What is about a device, of which there are none. */
    private HypercallOutcome device(int command, GuestBuffer memory, long arg) {
        return switch (command) {
            case APIC_READ, APIC_WRITE -> refuse(memory, arg, 16, Operations.NOT_PERMITTED);
            case ALLOC_IRQ_VECTOR -> refuse(memory, arg, 8, Operations.NOT_PERMITTED);
            case MANAGE_PCI_ADD, MANAGE_PCI_REMOVE -> refuse(memory, arg, 2, Operations.NOT_PERMITTED);
            case RESTORE_MSI -> refuse(memory, arg, 2, NO_DEVICE);
            case RESTORE_MSI_EXT -> refuse(memory, arg, 4, NO_DEVICE);
            case MANAGE_PCI_ADD_EXT -> addExtended(memory, arg);
            case SETUP_GSI -> lines.setUp(memory, arg);
            case PCI_DEVICE_ADD -> refuse(memory, arg, 12, Operations.NOT_PERMITTED);
            case PCI_DEVICE_REMOVE, PREPARE_MSIX, RELEASE_MSIX -> refuse(memory, arg, 4, Operations.NOT_PERMITTED);
            case PCI_DEVICE_RESET -> reset(memory, arg);
            default -> unknown;
        };
    }

    private static HypercallOutcome refuse(GuestBuffer memory, long arg, int size, HypercallOutcome refusal) {
        memory.read(arg, new byte[size], 0, size);
        return refusal;
    }

    private static HypercallOutcome addExtended(GuestBuffer memory, long arg) {
        boolean flags = Integer.compareUnsigned(memory.readU32(arg + 4), 1) <= 0
                && Integer.compareUnsigned(memory.readU32(arg + 8), 1) <= 0;
        return refuse(memory, arg, 16, flags ? Operations.NOT_PERMITTED : Operations.INVALID);
    }

    private static HypercallOutcome reset(GuestBuffer memory, long arg) {
        memory.readU32(arg);
        return (memory.readU32(arg + 4) & ~3) != 0 ? Operations.INVALID : Operations.NOT_PERMITTED;
    }

    private HypercallOutcome map(GuestBuffer memory, long arg) {
        byte[] request = new byte[40];
        memory.read(arg, request, 0, request.length);
        HypercallOutcome refusal = forDomain(memory.readU16(arg));
        memory.write(arg, request, 0, request.length);
        return refusal;
    }

    private HypercallOutcome unmap(GuestBuffer memory, long arg) {
        memory.readU64(arg);
        return forDomain(memory.readU16(arg));
    }

    private HypercallOutcome forDomain(int domid) {
        boolean exists = domid == 0 || domid == DOMID_SELF || platform.domain(domid) != null;
        return exists ? Operations.NOT_PERMITTED : HypercallOutcome.failed(XenErrno.ESRCH);
    }

    private HypercallOutcome setIopl(int iopl) {
        if (iopl < 0 || iopl > 3) {
            return Operations.INVALID;
        }
        platform.current().setIopl(iopl);
        return HypercallOutcome.OK;
    }

    private HypercallOutcome setIoBitmap(GuestBuffer memory, long bitmap, int ports) {
        if (ports < 0 || ports > MAX_PORTS || !memory.inGuestRange(bitmap, BITMAP_BYTES, 1)) {
            return Operations.INVALID;
        }
        platform.current().setIoBitmap(bitmap, ports);
        return HypercallOutcome.OK;
    }
}
