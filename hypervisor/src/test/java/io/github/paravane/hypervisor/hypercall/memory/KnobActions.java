package io.github.paravane.hypervisor.hypercall.memory;

import static io.github.paravane.hypervisor.pagetable.MemoryRig.DOMID;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.P;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.SELF;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.TABLE;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.U;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.W;

import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.hypervisor.descriptor.VcpuDescriptors;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.HostOptions;
import io.github.paravane.hypervisor.domain.Preemption;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.pagetable.MemoryRig;

/** What a guest does to find out which ABI it runs on; each answers something that the guest can see. */
final class KnobActions {

    private static final int OTHER = 2;
    private static final int NEW_BASEPTR = 5, UNPIN = 4, SET_LDT = 13, NEW_USER_BASEPTR = 15;
    private static final int INVLPG = 2;
    private static final int TLB_FLUSH_LOCAL = 6;

    private KnobActions() {}

    /** The errno of mapping a page by an L1 entry with {@code flags}. */
    static long l1(MemoryRig r, int page, long flags) {
        r.pin(1, r.pool[0]);
        return r.mmuUpdate(r.pool[0], 0, Pte.of(r.pool[page], flags));
    }

    /** Whether something that is due interrupts an mmuext operation on an L4 table with two entries. */
    static boolean interrupted(MemoryRig r, int command) {
        r.pin(3, r.pool[0]);
        r.pin(3, r.pool[1]);
        r.poke(r.pool[2], 0, Pte.of(r.pool[0], TABLE));
        r.poke(r.pool[2], 1, Pte.of(r.pool[1], TABLE));
        r.platform.setPreemption(Preemption.ALWAYS);
        r.calls = 0;
        r.persistent = true;
        r.mmuExt(command, r.pool[2], 0);
        return r.calls > 1;
    }

    /** What is stored for an L1 entry. */
    static long storedL1(MemoryRig r, long flags) {
        l1(r, 1, flags);
        return r.peek(r.pool[0], 0) & ~Pte.FRAME_MASK;
    }

    /** root[0] -> pool[2] -> pool[1] -> pool[0]; the result of the last step. */
    static long hook(MemoryRig r) {
        r.poke(r.pool[1], 0, Pte.of(r.pool[0], P | W));
        r.poke(r.pool[2], 0, Pte.of(r.pool[1], P | W));
        return r.mmuUpdate(r.root, 0, Pte.of(r.pool[2], P | W | U));
    }

    /** What is stored for the entry of {@code level} on the way. */
    static long hooked(MemoryRig r, int level) {
        hook(r);
        return r.peek(level == 4 ? r.root : r.pool[level - 1], 0);
    }

    /** The errno of an entry of {@code level} with {@code flag} that names an empty table. */
    static long upper(MemoryRig r, int level, long flag) {
        r.pin(level, r.pool[1]);
        return r.mmuUpdate(r.pool[1], 0, Pte.of(r.pool[0], TABLE | flag));
    }

    static long linearMadeWritable(MemoryRig r) {
        r.mmuUpdate(r.root, 272, Pte.of(r.root, P | U));
        return r.mmuUpdate(r.root, 272, Pte.of(r.root, P | U | W));
    }

    static long linearL2(MemoryRig r) {
        r.pin(2, r.pool[0]);
        return r.mmuUpdate(r.pool[0], 0, Pte.of(r.pool[0], P | U));
    }

    static long linearChain(MemoryRig r) {
        for (int i = 0; i < 3; i++) {
            r.pin(4, r.pool[i]);
        }
        r.mmuUpdate(r.pool[1], 272, Pte.of(r.pool[0], P | U));
        return r.mmuUpdate(r.pool[2], 272, Pte.of(r.pool[1], P | U));
    }

    static long freeFrame(MemoryRig r) {
        r.pin(1, r.pool[0]);
        return r.mmuUpdate(r.pool[0], 0, Pte.of(r.frames.frames() - 1, P | U));
    }

    static long secondPlace(MemoryRig r) {
        r.mmuUpdate(r.root, 0, Pte.of(r.pool[0], TABLE));
        return r.mmuUpdate(r.root, 1, Pte.of(r.pool[0], TABLE));
    }

    /** NX and bit 52 of the entry that maps a grant of the domain's own. */
    static long grantEntry(MemoryRig r) {
        r.pin(1, r.pool[0]);
        r.tables.grants().table(r.domain).permit(9, DOMID, r.pool[1]);
        long at = r.scratch();
        r.memory.writeU64(at, r.pool[0] << 12);
        r.memory.writeU32(at + 8, 1 << 1 | 1 << 4);
        r.memory.writeU32(at + 12, 9);
        r.memory.writeU16(at + 16, DOMID);
        r.call(20, 0, at, 1);
        return r.peek(r.pool[0], 0) & (Pte.NX | Pte.GUEST_KERNEL);
    }

    static long addToPhysmap(MemoryRig r) {
        r.memory.writeU64(r.scratch(), SELF);
        return r.call(12, 7, r.scratch()).result();
    }

    /** A field of GNTTABOP_query_size: 4 has the frames of the table, 8 the most there may be. */
    static int grantFrames(MemoryRig r, int field) {
        r.memory.writeU16(r.scratch(), SELF);
        r.call(20, 6, r.scratch(), 1);
        return r.memory.readU32(r.scratch() + field);
    }

    /** The status of a copy from a frame by the caller's number to a frame of nobody. */
    static int copyFromOwnNumberToNobody(MemoryRig r) {
        long at = r.scratch();
        r.memory.writeU64(at, r.pool[0]);
        r.memory.writeU64(at + 8, r.domain.id());
        r.memory.writeU64(at + 16, r.pool[1]);
        r.memory.writeU64(at + 24, 77);
        r.memory.writeU64(at + 32, 8);
        r.call(20, 5, at, 1);
        return (short) r.memory.readU16(at + 36);
    }

    /** One frame is left; the request wants 2 to the 40th. */
    static long increaseByTerabytes(MemoryRig r) {
        r.domain.setMaxPages(r.platform.frames().owned(r.domain.id()) + 1);
        long at = r.scratch();
        r.memory.writeU64(at, 0);
        r.memory.writeU64(at + 8, 1L << 40);
        r.memory.writeU64(at + 16, 0);
        r.memory.writeU64(at + 24, SELF);
        return r.call(12, 0, at).result();
    }

    static long superpage(MemoryRig r) {
        r.domain.setMaxPages(1024);
        long first = r.tables.memory().allocate(r.domain, 9);
        r.pin(2, r.pool[0]);
        return r.mmuUpdate(r.pool[0], 0, Pte.of(first, TABLE | Pte.PSE));
    }

    /** Type references of a frame that a read-only entry of 2 MiB maps. */
    static long superpageReadOnly(MemoryRig r) {
        r.domain.setMaxPages(1024);
        long first = r.tables.memory().allocate(r.domain, 9);
        r.pin(2, r.pool[0]);
        r.mmuUpdate(r.pool[0], 0, Pte.of(first, P | U | Pte.PSE));
        return r.typeCount(first);
    }

    /** MARK_SUPER of 2 MiB. */
    static long mark(MemoryRig r) {
        r.domain.setMaxPages(1024);
        return r.mmuExt(19, r.tables.memory().allocate(r.domain, 9), 0);
    }

    /** The stored entry that maps device frame 0xA0. */
    static long device(MemoryRig r) {
        r.pin(1, r.pool[0]);
        r.mmuUpdate(r.pool[0], 0, Pte.of(0xA0, P | U | W));
        return r.peek(r.pool[0], 0);
    }

    /** What mapping the first frame beyond the processor's machine addresses gives. */
    static long farDevice(MemoryRig r) {
        r.pin(1, r.pool[0]);
        return r.mmuUpdate(
                r.pool[0], 0, Pte.of(1L << HostOptions.DEFAULT.physicalWidth() - 12, P | U | Pte.PCD | Pte.PWT));
    }

    /** Whether the domain survives an entry that is not present and names memory. */
    static boolean absent(MemoryRig r) {
        r.pin(1, r.pool[0]);
        r.mmuUpdate(r.pool[0], 0, Pte.of(r.pool[1], 0));
        return r.domain.isRunning();
    }

    static long sharedInfoCaching(MemoryRig r) {
        r.pin(1, r.pool[0]);
        r.mmuUpdate(r.pool[0], 0, Pte.of(r.domain.sharedInfoMfn(), P | U));
        return r.mmuUpdate(r.pool[0], 0, Pte.of(r.domain.sharedInfoMfn(), P | U | Pte.PCD));
    }

    static long command(MemoryRig r, int command) {
        r.pin(1, r.pool[0]);
        return r.mmuRequest(r.pool[0] << 12 | command, Pte.of(r.pool[1], P | U), SELF);
    }

    /** Whether a frame pinned as L2 table still can be mapped writable. */
    static long pinnedL2(MemoryRig r) {
        r.pin(2, r.pool[1]);
        return l1(r, 1, P | U | W);
    }

    static boolean badBase(MemoryRig r) {
        r.mmuExt(NEW_BASEPTR, 1, 0);
        return r.domain.isRunning();
    }

    /** Whether a pinned frame that was given up belongs to somebody else afterwards. */
    static boolean giveUpPinned(MemoryRig r) {
        r.pin(1, r.pool[0]);
        r.memory.writeU64(r.scratch() + 64, r.pool[0]);
        reservation(r, 1, 0, r.scratch() + 64);
        return r.frames.owner(r.pool[0]) == FrameTable.FREE;
    }

    static boolean userM2p(MemoryRig r) {
        r.mmuExt(NEW_USER_BASEPTR, r.pool[0], 0);
        return Pte.isPresent(r.peek(r.pool[0], 256));
    }

    static long increase(MemoryRig r, int order) {
        return reservation(r, 0, order, 0);
    }

    private static long reservation(MemoryRig r, int command, int order, long list) {
        long at = r.scratch();
        r.memory.writeU64(at, list);
        r.memory.writeU64(at + 8, 1);
        r.memory.writeU32(at + 16, order);
        r.memory.writeU32(at + 20, 0);
        r.memory.writeU16(at + 24, SELF);
        return r.call(12, command, at).result();
    }

    /** A store of a bad entry into a frame that was an L1 table. */
    static long formerTable(MemoryRig r) {
        r.pin(1, r.pool[0]);
        r.unpin(r.pool[0]);
        return r.mmuUpdate(r.pool[0], 0, Pte.of(r.pool[1], P | Pte.PAT));
    }

    /** A writable mapping of a frame that has {@code mappings - 1} of them. */
    static long mapOnceMore(MemoryRig r, long mappings) {
        l1(r, 1, P | U | W);
        r.frames.setTypeInfo(r.pool[1], r.frames.typeInfo(r.pool[1]) + mappings - 2);
        return r.mmuUpdate(r.pool[0], 1, Pte.of(r.pool[1], P | U | W));
    }

    static long foreignL2(MemoryRig r) {
        r.addDomain(OTHER);
        r.pin(2, r.pool[1]);
        return r.mmuRequest(r.pool[1] << 12, Pte.of(r.pool[0], TABLE), OTHER);
    }

    static long foreignUpdate(MemoryRig r) {
        r.addDomain(OTHER);
        r.pin(1, r.pool[0]);
        return r.mmuRequest(r.pool[0] << 12, Pte.of(r.pool[1], P | U), OTHER);
    }

    static long foreignExt(MemoryRig r, int command, long mfn) {
        if (r.platform.domain(OTHER) == null) {
            r.addDomain(OTHER);
        }
        r.memory.writeU64(r.scratch(), command);
        r.memory.writeU64(r.scratch() + 8, mfn);
        return r.call(26, r.scratch(), 1, 0, OTHER).result();
    }

    static long tablesOf(MemoryRig r, int domid) {
        r.pin(1, r.pool[0]);
        return r.mmuRequest(r.pool[0] << 12, Pte.of(r.pool[1], P | U), domid + 1 << 16 | SELF);
    }

    static long unpinForeign(MemoryRig r) {
        Domain other = r.addDomain(OTHER);
        long mfn = r.tables.memory().allocate(other);
        foreignExt(r, 0, mfn);
        return foreignExt(r, UNPIN, mfn);
    }

    /** Whether a page that was unmapped behind the TLB's back is still seen after a failing call that asks for a flush. */
    static boolean failedVaMapping(MemoryRig r) {
        prime(r);
        r.poke(r.pool[0], 0, 0);
        r.call(14, 0, Pte.of(r.frames.frames() - 1, P | U), INVLPG);
        return translates(r);
    }

    /** Whether a page can still be read after its L2 table was unhooked. */
    static boolean unhook(MemoryRig r) {
        prime(r);
        r.mmuUpdate(r.pool[2], 0, 0);
        return translates(r);
    }

    /** A batch in a page whose entry was changed without a flush: where the request after TLB_FLUSH_LOCAL is read. */
    static long staleBatch(MemoryRig r) {
        prime(r);
        for (int page = 3; page < 5; page++) {
            r.poke(r.pool[page], 0, TLB_FLUSH_LOCAL);
            r.poke(r.pool[page], 3, page == 3 ? 99 : TLB_FLUSH_LOCAL);
        }
        r.poke(r.pool[0], 0, Pte.of(r.pool[4], P | U));
        return r.callThroughTlb(26, 0, 2, 0, SELF).result();
    }

    private static void prime(MemoryRig r) {
        hook(r);
        r.mmuUpdate(r.pool[0], 0, Pte.of(r.pool[3], P | U));
        if (!translates(r)) {
            throw new AssertionError("not mapped");
        }
    }

    private static boolean translates(MemoryRig r) {
        return r.vcpu.paging().translate(0, Access.READ | Access.USER) >= 0;
    }

    /** Whether a descriptor is found in a page that is the GDT's and the LDT's at once. */
    static boolean gdtPageAsLdt(MemoryRig r) {
        hook(r);
        r.poke(r.pool[3], 0, 0x00CF_F300_0000_FFFFL);
        r.mmuUpdate(r.pool[0], 0, Pte.of(r.pool[3], P | U));
        r.memory.writeU64(r.scratch(), r.pool[3]);
        r.call(2, r.scratch(), 512);
        r.mmuExt(SET_LDT, 0, 512);
        return new VcpuDescriptors(r.vcpu).descriptor(7) != 0;
    }

    /** DPL that a call gate has after it was stored. */
    static long callGateDpl(MemoryRig r) {
        r.memory.writeU64(r.scratch(), r.pool[0]);
        r.call(2, r.scratch(), 512);
        r.call(10, r.pool[0] << 12, 0x0000_EC00_E033_0000L);
        return r.peek(r.pool[0], 0) >>> 45 & 3;
    }

    /** Sets a memory map of {@code entries} entries, of whatever lies behind the argument. */
    static long memoryMap(MemoryRig r, int entries) {
        r.memory.writeU16(r.scratch(), MemoryRig.SELF);
        r.memory.writeU32(r.scratch() + 8, entries);
        r.memory.writeU64(r.scratch() + 16, r.scratch() + 64);
        return r.call(12, 13, r.scratch()).result();
    }
}
