package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.AddressTranslator;
import io.github.paravane.api.paging.PageFault;
import io.github.paravane.api.paging.PageWalk;
import io.github.paravane.api.paging.PagingUnit;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.hypercall.HypervisorRange;
import java.util.List;

/** What becomes of a page fault: repaired without the guest's knowledge, or delivered (abi-reference 4.5). */
final class PageFaultRouter {

    /** Where the vCPUs' GDT windows are mapped: 32 pages each, the lower 16 of them the GDT. */
    private static final long DESCRIPTOR_WINDOW = 0xFFFF_8200_0000_0000L;

    private static final long DESCRIPTOR_WINDOW_SIZE = 32L << 12;
    private static final long GDT_SIZE = 16L << 12;
    private static final long DESCRIPTOR_OFFSET = GDT_SIZE - 8;
    private static final int LDT_BIT = 4;
    private static final int STORE_TO_PRESENT = Access.WRITE | PageFault.PRESENT;
    private static final int LEVELS = 4;

    private final BounceFrames bounce;
    private final WriteFaultResolver resolver;
    private final WriteFaultResolver devices;
    private final boolean windowCrashes;
    private final boolean gapFaults;
    private final int notForWriters;
    private final boolean anyRightWillDo;

    PageFaultRouter(AbiProfile profile, BounceFrames bounce, WriteFaultResolver resolver, WriteFaultResolver devices) {
        this.devices = devices;
        windowCrashes = profile.has(Quirk.DESCRIPTOR_WINDOW_CRASHES);
        gapFaults = profile.has(Quirk.DESCRIPTOR_GAP_FAULTS);
        notForWriters = profile.has(Quirk.RESERVED_BITS_EMULATED) ? Access.FETCH : PageFault.RESERVED | Access.FETCH;
        anyRightWillDo = profile.has(Quirk.SPURIOUS_BY_ANY_RIGHT);
        this.bounce = bounce;
        this.resolver = resolver;
    }

    /** Whether the fault was repaired, so that the guest does not see it. */
    boolean route(Vcpu vcpu, Trap trap) {
        long linear = trap.linear();
        int errorCode = trap.errorCode();
        if (HypervisorRange.contains(linear)) {
            boolean window = Long.compareUnsigned(linear - DESCRIPTOR_WINDOW, DESCRIPTOR_WINDOW_SIZE) < 0;
            if (windowCrashes && window && !vcpu.kernelMode()) {
                vcpu.domain()
                        .platform()
                        .crash("BUG: user access to the descriptor window at 0x" + Long.toHexString(linear));
                return false;
            }
            boolean local = (linear & GDT_SIZE) != 0;
            if ((gapFaults || local) && window && (errorCode & Access.USER) == 0) {
                // The processor itself looked for a descriptor.
                bounce.exception(vcpu, Trap.GP, (int) (linear & DESCRIPTOR_OFFSET) | (local ? LDT_BIT : 0));
                return false;
            }
            bounce.pageFault(vcpu, linear, hypervisorErrorCode(vcpu, linear, errorCode));
            return false;
        }
        if (vcpu.domain().platform().repairs(vcpu.domain(), linear)
                || isSpurious(vcpu.paging(), trap)
                || isResolved(vcpu, trap, errorCode)) {
            return true;
        }
        bounce.pageFault(vcpu, linear, errorCode);
        return false;
    }

    private boolean isResolved(Vcpu vcpu, Trap trap, int errorCode) {
        return (errorCode & (STORE_TO_PRESENT | notForWriters)) == STORE_TO_PRESENT
                && vcpu.kernelMode()
                && (vcpu.domain().assists(Domain.ASSIST_WRITABLE_PAGETABLES) && resolver.resolve(vcpu, trap)
                        || devices.resolve(vcpu, trap));
    }

    /** A fault without the walk that failed may come from a stale entry of somebody else's TLB: look again. */
    private boolean isSpurious(PagingUnit paging, Trap trap) {
        if (trap.fault() != null) {
            return anyRightWillDo && hasAnyRight(paging, trap);
        }
        paging.flushPage(trap.linear());
        int access = trap.errorCode() & (Access.WRITE | Access.USER | Access.FETCH);
        return paging.translate(trap.linear(), access) != AddressTranslator.FAULT;
    }

    /** Whether the entry of each level has one at least of the flags that the access needs all of. */
    private static boolean hasAnyRight(PagingUnit paging, Trap trap) {
        long required = Pte.PRESENT
                | ((trap.errorCode() & Access.WRITE) != 0 ? Pte.RW : 0)
                | ((trap.errorCode() & Access.USER) != 0 ? Pte.USER : 0);
        List<PageWalk.Step> steps = paging.walk(paging.base(), trap.linear()).steps();
        return steps.size() == LEVELS && steps.stream().allMatch(step -> (step.entry() & required) != 0);
    }

    /** The hypervisor's own mappings are present and supervisor-only; of those a vCPU knows where its GDT is. */
    private static int hypervisorErrorCode(Vcpu vcpu, long linear, int errorCode) {
        long offset = linear - DESCRIPTOR_WINDOW - vcpu.id() * DESCRIPTOR_WINDOW_SIZE;
        return offset >= 0 && offset < GDT_SIZE ? errorCode | PageFault.PRESENT : errorCode;
    }
}
