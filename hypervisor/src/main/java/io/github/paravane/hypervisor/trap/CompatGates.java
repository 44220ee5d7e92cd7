package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.cpu.EmulationResult;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.hypercall.GuestFault;
import io.github.paravane.api.paging.Access;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.PrivilegedRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.descriptor.EmulatedDescriptors;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.hypercall.VcpuMemory;
import io.github.paravane.hypervisor.pagetable.CompatTables;
import org.jspecify.annotations.Nullable;

/**
 * Call gates of 32-bit guests. In long mode a processor knows 64-bit gates only, so those of a guest have DPL 0 and a far call
 * or jump through one is #GP with the gate's selector; what it would have done is done here (Intel SDM vol 3, 5.8). What is
 * no such call stays #GP.
 */
final class CompatGates {

    private static final int LDT_BIT = 4;
    private static final int RING_MASK = 3;
    private static final int KERNEL_RING = 1;
    private static final int FIRST_RESERVED = 0xE000;
    private static final int TYPE_SHIFT = 40;
    private static final int GATE_32 = 0xC;
    private static final int COUNT_MASK = 0x1F;
    private static final int SLOT = 4;
    private static final long WORD = 0xFFFF_FFFFL;
    private static final long EXPAND_DOWN = 1L << 42;
    private static final long SEGMENT = Descriptor.PRESENT | Descriptor.NON_SYSTEM;

    /** What the address of a fault in the frame has too much: a word, and the number of the error. */
    private static final int ERROR_ADDED = 18;

    private final EmulatedDescriptors descriptors;
    private final Platform platform;
    private final boolean emulated;
    private final boolean limitIgnored;
    private final boolean asserts;
    private final boolean faultTooFar;
    private final boolean indexKept;

    CompatGates(Platform platform) {
        this.platform = platform;
        AbiProfile profile = platform.profile();
        descriptors = new EmulatedDescriptors(platform);
        emulated = profile.get(PrivilegedRules.CALL_GATE_DPL_0);
        limitIgnored = descriptors.isUnlimited();
        asserts = profile.has(Quirk.GATE_ASSERTS);
        faultTooFar = profile.has(Quirk.GATE_FAULT_TOO_FAR);
        indexKept = profile.has(Quirk.GATE_SCALES_NO_INDEX);
    }

    /** A fault with a selector at RIP: done, or the trap that it is. */
    EmulationResult emulate(Vcpu vcpu, int errorCode) {
        Trap refused = Trap.fault(Trap.GP, errorCode);
        if (!emulated) {
            return EmulationResult.trap(refused);
        }
        try {
            Trap raised = call(vcpu, errorCode, refused);
            return raised == null ? EmulationResult.DONE : EmulationResult.trap(raised);
        } catch (GuestFault fault) {
            return EmulationResult.trap(new Trap(Trap.Kind.FAULT, Trap.PF, Access.READ, fault.linear(), null));
        }
    }

    private @Nullable Trap call(Vcpu vcpu, int errorCode, Trap refused) {
        long gate = gate(vcpu, errorCode);
        int ring = vcpu.registers().selector(Registers.CS) & RING_MASK;
        int level = (int) (gate >>> 16) & RING_MASK;
        if (gate == 0 || level < ring) {
            return refused;
        }
        if ((gate & Descriptor.PRESENT) == 0) {
            return Trap.fault(Trap.NP, errorCode);
        }
        FarTransfer transfer = FarTransfer.at(vcpu, descriptors, indexKept);
        if (transfer == null || (transfer.selector() & ~RING_MASK) != errorCode || level < (transfer.selector() & 3)) {
            return refused;
        }
        int selector = (int) (gate >>> 16) & 0xFFFC;
        long target = descriptors.read(vcpu, selector);
        if (target == EmulatedDescriptors.UNREADABLE || !Descriptor.isCode(target) || !mayGo(target, ring, transfer)) {
            return Trap.fault(Trap.GP, selector);
        }
        if ((target & Descriptor.PRESENT) == 0) {
            return Trap.fault(Trap.NP, selector);
        }
        long offset = gate & 0xFFFF | gate >>> 32 & 0xFFFF_0000L;
        if (offset > PortSegments.limit(target)) {
            return Trap.fault(Trap.GP, 0);
        }
        int inner = Descriptor.dpl(target);
        int arrives = ring;
        if (!transfer.jump()) {
            Trap raised = inner < ring
                    ? inward(vcpu, inner, (int) (gate >>> 32) & COUNT_MASK, transfer, refused)
                    : sideways(vcpu, ring, transfer, refused);
            if (raised != null) {
                return raised;
            }
            arrives = Math.min(inner, ring);
        }
        vcpu.registers().loadSegment(Registers.CS, selector | arrives, target);
        vcpu.registers().setRip(offset);
        return null;
    }

    /** The gate of a selector, with the level that the guest wanted in its selector's RPL; 0 if it is none. */
    private long gate(Vcpu vcpu, int selector) {
        boolean local = (selector & LDT_BIT) != 0;
        int entries = local ? vcpu.segments().ldtEntries() : vcpu.segments().gdtEntries();
        boolean outside = selector < LDT_BIT
                || !local && selector >= FIRST_RESERVED
                || !limitIgnored && selector >>> 3 >= entries;
        long gate = outside ? EmulatedDescriptors.UNREADABLE : descriptors.read(vcpu, selector);
        if (gate == EmulatedDescriptors.UNREADABLE) {
            return 0;
        }
        if (asserts && Descriptor.dpl(gate) != 0) {
            platform.crash("assertion: DPL of the descriptor of 0x" + Integer.toHexString(selector) + " is not 0");
        }
        boolean call = (gate & Descriptor.NON_SYSTEM) == 0 && ((int) (gate >>> TYPE_SHIFT) & 0xF) == GATE_32;
        return call && Descriptor.dpl(gate) == 0 ? gate : 0;
    }

    /** A jump stays in its ring unless the segment conforms; a call may go inwards. */
    private static boolean mayGo(long target, int ring, FarTransfer transfer) {
        int level = Descriptor.dpl(target);
        return transfer.jump() && (target & Descriptor.CONFORMING) == 0 ? level == ring : level <= ring;
    }

    /** To the kernel, on its own stack, with {@code count} words of the caller's. */
    private @Nullable Trap inward(Vcpu vcpu, int level, int count, FarTransfer transfer, Trap refused) {
        Registers registers = vcpu.registers();
        if (level != KERNEL_RING) {
            return refused;
        }
        int ss = vcpu.kernelSs();
        long segment = descriptors.read(vcpu, ss);
        long esp = vcpu.kernelSp() & WORD;
        boolean usable = (ss & RING_MASK) == level
                && segment != EmulatedDescriptors.UNREADABLE
                && Descriptor.dpl(segment) == level
                && Descriptor.isWritableData(segment);
        if (!usable) {
            return Trap.fault(Trap.TS, ss & ~RING_MASK);
        }
        if ((segment & Descriptor.PRESENT) == 0 || !holds(segment, esp, SLOT * (4 + count))) {
            return Trap.fault(Trap.SS, ss & ~RING_MASK);
        }
        if (!isGuest(segment, esp, SLOT * (4 + count))) {
            return refused;
        }
        Trap raised = push(vcpu, segment, esp, registers.selector(Registers.SS), (int) registers.gpr(Registers.RSP));
        long top = esp - 2 * SLOT & WORD;
        if (raised == null && count > 0) {
            raised = copy(vcpu, segment, top, count, refused);
            top = top - (long) SLOT * count & WORD;
        }
        if (raised == null) {
            raised = push(vcpu, segment, top, registers.selector(Registers.CS), (int) transfer.next());
        }
        if (raised == null) {
            registers.loadSegment(Registers.SS, ss, segment);
            registers.setGpr(Registers.RSP, top - 2 * SLOT & WORD);
        }
        return raised;
    }

    /** Copies {@code count} words from the caller's stack to below {@code esp}, one after the other as the hypervisor does. */
    private @Nullable Trap copy(Vcpu vcpu, long segment, long esp, int count, Trap refused) {
        Registers registers = vcpu.registers();
        long caller = descriptors.read(vcpu, registers.selector(Registers.SS));
        // The limit is compared with the stack of the kernel, for whatever reason.
        boolean readable = caller != EmulatedDescriptors.UNREADABLE
                && Descriptor.isWritableData(caller)
                && Descriptor.dpl(caller) == (registers.selector(Registers.CS) & RING_MASK)
                && holds(caller, esp + (long) SLOT * count, SLOT * count);
        if (!readable) {
            return refused;
        }
        VcpuMemory memory = new VcpuMemory(vcpu);
        Trap raised = null;
        for (int i = count - 1; i >= 0 && raised == null; i--) {
            long linear = CompatSegments.base(caller) + registers.gpr(Registers.RSP) + (long) SLOT * i & WORD;
            try {
                raised = push(vcpu, segment, esp - (long) SLOT * (count - 1 - i), memory.readU32(linear));
            } catch (GuestFault fault) {
                raised = pageFault(fault, linear, Access.READ);
            }
        }
        return raised;
    }

    /** Within a ring, on the stack in use. */
    private @Nullable Trap sideways(Vcpu vcpu, int ring, FarTransfer transfer, Trap refused) {
        Registers registers = vcpu.registers();
        long segment = descriptors.read(vcpu, registers.selector(Registers.SS));
        long esp = registers.gpr(Registers.RSP) & WORD;
        if (segment == EmulatedDescriptors.UNREADABLE || Descriptor.dpl(segment) != ring) {
            return refused;
        }
        if (!holds(segment, esp, SLOT * 2)) {
            return Trap.fault(Trap.SS, 0);
        }
        if (!isGuest(segment, esp, SLOT * 2)) {
            return refused;
        }
        Trap raised = push(vcpu, segment, esp, registers.selector(Registers.CS), (int) transfer.next());
        if (raised == null) {
            registers.setGpr(Registers.RSP, esp - 2 * SLOT & WORD);
        }
        return raised;
    }

    /** Whether {@code size} bytes below {@code esp} are within a stack segment. */
    private static boolean holds(long segment, long esp, int size) {
        long low = esp - size & WORD;
        long high = esp - 1 & WORD;
        long limit = PortSegments.limit(segment);
        return (segment & SEGMENT) == SEGMENT
                && low < high
                && ((segment & EXPAND_DOWN) == 0 ? high <= limit : low > limit);
    }

    /** Whether {@code size} bytes below {@code esp} are not the hypervisor's. */
    private static boolean isGuest(long segment, long esp, int size) {
        return (CompatSegments.base(segment) + esp - size & WORD) < CompatTables.HOLE_START - size;
    }

    private @Nullable Trap push(Vcpu vcpu, long segment, long esp, int... words) {
        VcpuMemory memory = new VcpuMemory(vcpu);
        for (int i = 0; i < words.length; i++) {
            long linear = CompatSegments.base(segment) + esp - (long) SLOT * (i + 1) & WORD;
            try {
                memory.writeU32(linear, words[i]);
            } catch (GuestFault fault) {
                return pageFault(fault, linear, Access.WRITE);
            }
        }
        return null;
    }

    private Trap pageFault(GuestFault fault, long slot, int access) {
        return new Trap(Trap.Kind.FAULT, Trap.PF, access, faultTooFar ? slot + ERROR_ADDED : fault.linear(), null);
    }
}
