package io.github.paravane.hypervisor.pagetable;

import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.paging.TlbEntry;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.frame.TypeInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks for what must never be, in all page tables in use and in all TLBs: a frame that is writable for a guest and a page
 * table or descriptor page, and a frame that a domain reaches although it neither owns it nor was granted it.
 */
public final class AccessAudit {

    private final PageTables tables;
    private final Platform platform;
    private final FrameTable frames;
    private final MachineMemory memory;
    private final List<String> found = new ArrayList<>();

    private AccessAudit(PageTables tables) {
        this.tables = tables;
        this.platform = tables.platform();
        this.frames = platform.frames();
        this.memory = platform.memory();
    }

    /** What was found, in words; empty if all is well. */
    static List<String> of(PageTables tables) {
        AccessAudit audit = new AccessAudit(tables);
        for (long mfn = 0; mfn < audit.frames.frames(); mfn++) {
            long info = audit.frames.typeInfo(mfn);
            Domain owner = audit.platform.domain(audit.frames.owner(mfn));
            if (owner != null && TypeInfo.isTable(info) && TypeInfo.type(info) == TypeInfo.L1) {
                audit.checkTable(owner, mfn);
            }
        }
        for (Domain domain : audit.platform.domains()) {
            for (Vcpu vcpu : domain.vcpus()) {
                audit.checkTlb(vcpu);
            }
        }
        return audit.found;
    }

    private void checkTable(Domain owner, long table) {
        for (long maddr = table << 12; maddr < table + 1 << 12; maddr += 8) {
            long entry = tables.batches().counted(maddr, memory.readU64(maddr));
            if (Pte.isPresent(entry)) {
                check(owner, Pte.mfn(entry), (entry & Pte.RW) != 0, "entry 0x" + Long.toHexString(maddr));
            }
        }
    }

    private void checkTlb(Vcpu vcpu) {
        for (TlbEntry each : vcpu.paging().tlb().entries()) {
            boolean guest = (each.access() & Access.USER) != 0;
            if (guest && !isM2p(each.mfn()) && !isWrittenDirectly(each)) {
                check(
                        vcpu.domain(),
                        each.mfn(),
                        (each.access() & Access.WRITE) != 0,
                        "TLB entry of 0x" + Long.toHexString(each.linear()));
            }
        }
    }

    private boolean isM2p(long mfn) {
        return frames.exists(mfn) && frames.owner(mfn) == FrameTable.XEN;
    }

    private boolean isWrittenDirectly(TlbEntry entry) {
        return tables.batches().isOpen(entry.mfn());
    }

    private void check(Domain domain, long mfn, boolean write, String where) {
        if (!frames.exists(mfn)) {
            if (!domain.isPrivileged()) {
                found.add(where + " of domain " + domain.id() + " names no memory: 0x" + Long.toHexString(mfn));
            }
            return;
        }
        int owner = frames.owner(mfn);
        boolean mine = owner == domain.id()
                || domain.isPrivileged()
                || tables.grants().mappings(domain).isMapped(mfn);
        if (!mine) {
            found.add(where + " of domain " + domain.id() + " reaches mfn 0x" + Long.toHexString(mfn) + " of " + owner);
        }
        long info = frames.typeInfo(mfn);
        int type = TypeInfo.type(info);
        if (write && TypeInfo.count(info) != 0 && type != TypeInfo.WRITABLE) {
            found.add(where + " of domain " + domain.id() + " makes mfn 0x" + Long.toHexString(mfn)
                    + " writable, which is " + TypeInfo.name(type));
        }
    }
}
