package io.github.paravane.hypervisor.domain;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.AddressTranslator;
import io.github.paravane.api.paging.PageFault;
import io.github.paravane.api.paging.PagingUnit;
import org.jspecify.annotations.Nullable;

/**
 * A vCPU of a 32-bit domain on the 64-bit hypervisor (abi-reference 8): its kernel runs in ring 1, which is the supervisor
 * for paging, its programs in ring 3, both on the same tables. The processor walks from a hidden L4 table whose slot 0
 * names the guest's L3.
 */
public final class CompatVcpu extends Vcpu {

    private static final int KERNEL_RING = 1;
    private static final int USER_RING = 3;
    private static final int FOLD_LOW = 12;
    private static final int FOLD_HIGH = 20;

    private final long hiddenRoot;
    private final AddressTranslator supervisor;
    private long guestRoot;

    /**
     * @param domain its domain
     * @param id its number
     * @param paging its MMU
     * @param hiddenRoot mfn of the L4 table above the guest's
     */
    public CompatVcpu(Domain domain, int id, PagingUnit paging, long hiddenRoot) {
        super(domain, id, paging);
        this.hiddenRoot = hiddenRoot;
        supervisor = new Supervisor(paging);
    }

    /** What the core translates with: bit U of an access is that of the ring. */
    public AddressTranslator ringTranslator() {
        return new Ring(this);
    }

    /** mfn of the L4 table above the guest's. */
    public long hiddenRoot() {
        return hiddenRoot;
    }

    /** mfn of the guest's L3 table, 0 if none. */
    @Override
    public long guestRoot() {
        return guestRoot;
    }

    /** Bits 11:0 hold bits 31:20 of the mfn (xen_pfn_to_cr3). */
    @Override
    public long cr3() {
        return (guestRoot << FOLD_LOW | guestRoot >>> FOLD_HIGH) & 0xFFFF_FFFFL;
    }

    @Override
    public long rootOf(long value) {
        return ((value & 0xFFFF_FFFFL) >>> FOLD_LOW | value << FOLD_HIGH) & 0xFFFF_FFFFL;
    }

    /** Sets the guest's L3 table; references and the hidden table are the caller's business. */
    public void setGuestRoot(long mfn) {
        guestRoot = mfn;
    }

    /** Whether it runs in ring 1. */
    @Override
    public boolean kernelMode() {
        return ring() == KERNEL_RING;
    }

    /** RPL of CS. */
    public int ring() {
        return registers().selector(Registers.CS) & 3;
    }

    @Override
    public AddressTranslator guestMemory() {
        return supervisor;
    }

    /** As ring 0 accesses guest memory. */
    private static final class Supervisor implements AddressTranslator {

        private final PagingUnit paging;

        Supervisor(PagingUnit paging) {
            this.paging = paging;
        }

        @Override
        public long translate(long linear, int access) {
            return paging.translate(linear, access & ~Access.USER);
        }

        @Override
        public @Nullable PageFault fault() {
            return paging.fault();
        }
    }

    /** As the ring of the vCPU accesses memory. */
    private static final class Ring implements AddressTranslator {

        private final CompatVcpu vcpu;

        Ring(CompatVcpu vcpu) {
            this.vcpu = vcpu;
        }

        @Override
        public long translate(long linear, int access) {
            return vcpu.paging().translate(linear, vcpu.ring() == USER_RING ? access : access & ~Access.USER);
        }

        @Override
        public @Nullable PageFault fault() {
            return vcpu.paging().fault();
        }
    }
}
