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
        long caller = descriptors.read(vcpu, registers.selector(Registers.SS));
        long from = registers.gpr(Registers.RSP) & WORD;
        boolean readable = caller != EmulatedDescriptors.UNREADABLE && Descriptor.isWritableData(caller);
        if (count > 0 && (!readable || !holds(caller, from + (long) SLOT * count, SLOT * count))) {
            return refused;
        }
        VcpuMemory memory = new VcpuMemory(vcpu);
        int[] frame = new int[4 + count];
        frame[0] = registers.selector(Registers.SS);
        frame[1] = (int) from;
        for (int i = 0; i < count; i++) {
            frame[2 + i] = memory.readU32(CompatSegments.base(caller) + from + (long) SLOT * (count - 1 - i) & WORD);
        }
        frame[2 + count] = registers.selector(Registers.CS);
        frame[3 + count] = (int) transfer.next();
        Trap raised = push(memory, CompatSegments.base(segment), esp, frame);
        if (raised == null) {
            registers.loadSegment(Registers.SS, ss, segment);
            registers.setGpr(Registers.RSP, esp - (long) SLOT * frame.length & WORD);
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
        int[] frame = {registers.selector(Registers.CS), (int) transfer.next()};
        Trap raised = push(new VcpuMemory(vcpu), CompatSegments.base(segment), esp, frame);
        if (raised == null) {
            registers.setGpr(Registers.RSP, esp - (long) SLOT * frame.length & WORD);
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

    private @Nullable Trap push(VcpuMemory memory, long base, long esp, int[] frame) {
        for (int i = 0; i < frame.length; i++) {
            long linear = base + esp - (long) SLOT * (i + 1) & WORD;
            try {
                memory.writeU32(linear, frame[i]);
            } catch (GuestFault fault) {
                long shown = faultTooFar ? linear + ERROR_ADDED : linear;
                return new Trap(Trap.Kind.FAULT, Trap.PF, Access.WRITE, shown, null);
            }
        }
        return null;
    }
}
