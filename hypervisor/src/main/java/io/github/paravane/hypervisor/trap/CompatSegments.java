package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.cpu.DescriptorTables;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.hypervisor.domain.Vcpu;

/** The flat selectors of a 32-bit guest, and loads of its segments by the hypervisor (abi-reference 8.1). */
public final class CompatSegments {

    /** FLAT_COMPAT_KERNEL_CS. */
    public static final int KERNEL_CODE = 0xE019;

    /** FLAT_COMPAT_KERNEL_DS and _SS. */
    public static final int KERNEL_DATA = 0xE021;

    /** FLAT_COMPAT_USER_CS. */
    static final int USER_CODE = 0xE02B;

    /** FLAT_COMPAT_USER_DS and _SS. */
    static final int USER_DATA = 0xE033;

    private static final int RING_MASK = 3;
    private static final int KERNEL_RING = 1;
    private static final int[] DATA = {Registers.ES, Registers.DS, Registers.FS, Registers.GS};

    private CompatSegments() {}

    /** A selector as the guest's kernel may use it: RPL 1 at least. */
    public static int atLeastKernel(int selector) {
        int visible = selector & 0xFFFF;
        return (visible & RING_MASK) >= KERNEL_RING ? visible : visible & ~RING_MASK | KERNEL_RING;
    }

    /** Loads the flat kernel segments, as at start of day. */
    public static void loadKernel(Registers registers, DescriptorTables tables) {
        registers.loadSegment(Registers.CS, KERNEL_CODE, tables.descriptor(KERNEL_CODE));
        registers.loadSegment(Registers.SS, KERNEL_DATA, tables.descriptor(KERNEL_DATA));
        for (int segment : DATA) {
            registers.loadSegment(segment, KERNEL_DATA, tables.descriptor(KERNEL_DATA));
        }
    }

    /** CS and SS as the entry of SYSCALL and SYSENTER says: what was there before is lost. */
    static void loadSelectors(Registers registers, DescriptorTables tables, int cs, int ss) {
        registers.loadSegment(Registers.CS, cs, tables.descriptor(cs));
        registers.loadSegment(Registers.SS, ss, tables.descriptor(ss));
    }

    /**
     * What FS gets where the hypervisor, in ring 0, loads it from {@code selector}: the descriptor, 0 for a NUL selector, -1
     * for #GP, #NP or #PF.
     */
    static long loadable(Vcpu vcpu, int selector) {
        if ((selector & ~RING_MASK) == 0) {
            return 0;
        }
        long descriptor = vcpu.descriptors().descriptor(selector);
        boolean code = Descriptor.isCode(descriptor);
        boolean data = (descriptor & (Descriptor.NON_SYSTEM | Descriptor.CODE)) == Descriptor.NON_SYSTEM;
        boolean readable = data || code && (descriptor & Descriptor.WRITABLE) != 0;
        boolean conforming = code && (descriptor & Descriptor.CONFORMING) != 0;
        boolean reachable = conforming || Descriptor.dpl(descriptor) >= (selector & RING_MASK);
        return readable && reachable && (descriptor & Descriptor.PRESENT) != 0 ? descriptor : -1;
    }

    /** The base in a descriptor. */
    static long base(long descriptor) {
        return descriptor >>> 16 & 0xFF_FFFFL | descriptor >>> 32 & 0xFF00_0000L;
    }

    /** The hypervisor has used FS for itself: the guest's selector is loaded anew, or NUL if that fails. */
    static void reloadFs(Vcpu vcpu) {
        loadOrDrop(vcpu, Registers.FS, vcpu.registers().selector(Registers.FS));
    }

    /** Loads a data segment, or NUL if that fails. */
    public static void loadOrDrop(Vcpu vcpu, int segment, int selector) {
        long descriptor = loadable(vcpu, selector);
        vcpu.registers().loadSegment(segment, descriptor == -1 ? 0 : selector, descriptor == -1 ? 0 : descriptor);
    }

    /** Selectors to return to, which the return checks and loads. */
    public static void setReturn(Vcpu vcpu, int cs, int ss) {
        vcpu.registers().loadSegment(Registers.CS, cs, FlatSegments.CODE_32_DESCRIPTOR);
        vcpu.registers().loadSegment(Registers.SS, ss, FlatSegments.STACK_DESCRIPTOR);
    }

    /** IRET to ring {@code level} leaves no data segment of a more privileged one. */
    public static void dropInner(Vcpu vcpu, int level) {
        Registers registers = vcpu.registers();
        for (int segment : DATA) {
            int selector = registers.selector(segment);
            if ((selector & ~RING_MASK) == 0) {
                continue;
            }
            long descriptor = vcpu.descriptors().descriptor(selector);
            boolean conforming = Descriptor.isCode(descriptor) && (descriptor & Descriptor.CONFORMING) != 0;
            if (!conforming && Descriptor.dpl(descriptor) < level) {
                registers.loadSegment(segment, 0, 0);
            }
        }
    }
}
