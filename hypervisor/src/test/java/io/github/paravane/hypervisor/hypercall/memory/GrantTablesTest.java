package io.github.paravane.hypervisor.hypercall.memory;

import static io.github.paravane.hypervisor.pagetable.MemoryRig.DOMID;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.P;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.SELF;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.U;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.W;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.GrantRules;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.grant.GrantStatus;
import io.github.paravane.hypervisor.grant.GrantTable;
import io.github.paravane.hypervisor.pagetable.MemoryRig;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Domain 2 grants, domain 1 uses. */
class GrantTablesTest extends GrantScene {

    private static final int UNMAP = 1, TRANSFER = 4, QUERY = 6, REPLACE = 7, ACCEPT = 2;
    private static final int STATUS_FRAMES = 9, GET_VERSION = 10, SWAP = 11, CACHE_FLUSH = 12;
    private static final long EBUSY = -16, ERANGE = -34, ENOSYS = -38;

    private int handle() {
        return rig.memory.readU32(at + 20);
    }

    private int unmap(int command, long host, long other, int handle) {
        rig.memory.writeU64(at, host);
        rig.memory.writeU64(at + 8, other);
        rig.memory.writeU32(at + 16, handle);
        assertEquals(0, rig.call(20, command, at, 1).result());
        return (short) rig.memory.readU16(at + 20);
    }

    @Test
    void aMappingByEntryAddressHoldsTheFrameUntilItsEnd() {
        rig.pin(1, rig.pool[0]);
        grant(PERMIT, DOMID, frame);
        assertEquals(0, map(HOST | CONTAINS_PTE, rig.pool[0] << 12));
        assertEquals(frame << 12, rig.memory.readU64(at + 24));
        assertEquals(Pte.of(frame, P | W | U), rig.peek(rig.pool[0], 0) & (Pte.FRAME_MASK | P | W | U));
        assertEquals(PERMIT | 0x18, grantFlags());
        assertEquals(1, rig.typeCount(frame));
        assertEquals(List.of(), rig.tables.recount().differences());
        int handle = handle();
        grant(PERMIT | 0x18, DOMID, rig.pool[3]);
        assertEquals(GrantStatus.GENERAL_ERROR, unmap(UNMAP, 8 + (rig.pool[0] << 12), 0, handle), "another entry");
        assertEquals(0, unmap(UNMAP, rig.pool[0] << 12, 0, handle), "the frame is the one that was granted");
        assertEquals(0, rig.peek(rig.pool[0], 0));
        assertEquals(PERMIT, grantFlags());
        assertEquals(GrantStatus.BAD_HANDLE, unmap(UNMAP, rig.pool[0] << 12, 0, handle));
        assertEquals(List.of(), rig.tables.recount().differences());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, -1", // no access
        "1, 3, -1", // another domain
        "5, 1, -1", // read-only, wanted writable
        "257, 1, -1", // part of a frame
        "2, 1, -1" // waits for a transfer
    })
    void whatIsNotGrantedIsNotMapped(int flags, int to, int status) {
        rig.pin(1, rig.pool[0]);
        grant(flags, to, frame);
        assertEquals(status, map(HOST | CONTAINS_PTE, rig.pool[0] << 12));
        assertEquals(flags, grantFlags());
        assertEquals(0, rig.peek(rig.pool[0], 0));
    }

    @Test
    void aFrameThatIsNotTheGrantersIsABadPage() {
        rig.pin(1, rig.pool[0]);
        grant(PERMIT, DOMID, rig.pool[1]);
        assertEquals(GrantStatus.BAD_PAGE, map(HOST | CONTAINS_PTE, rig.pool[0] << 12));
        assertEquals(PERMIT, grantFlags());
    }

    @Test
    void aReadOnlyMappingLetsTheGranterMakeATable() {
        rig.pin(1, rig.pool[0]);
        grant(PERMIT | GRANT_READ_ONLY, DOMID, frame);
        assertEquals(0, map(HOST | READ_ONLY | CONTAINS_PTE, rig.pool[0] << 12));
        assertEquals(0, rig.typeCount(frame));
        assertEquals(PERMIT | GRANT_READ_ONLY | 8, grantFlags());
        assertEquals(GrantStatus.GENERAL_ERROR, map(HOST | CONTAINS_PTE, 8 + (rig.pool[0] << 12)));
    }

    @Test
    void aTransferChangesTheOwnerForEver() {
        grant(ACCEPT, DOMID, 0x123);
        long given = rig.pool[4];
        assertEquals(0, transfer(given, GRANTER));
        assertEquals(GRANTER, rig.frames.owner(given));
        assertEquals(ACCEPT | 4 | 8, grantFlags());
        assertEquals(given, rig.memory.readU32(entry(table, REF) + 4));
        assertEquals(0x123, rig.memory.readU64((rig.tables.m2p().firstMfn() << 12) + 8 * given), "M2P");
        assertEquals(GrantStatus.GENERAL_ERROR, transfer(rig.pool[5], GRANTER), "nobody waits any more");
        assertEquals(FrameTable.FREE, rig.frames.owner(rig.pool[5]), "it was taken away all the same");
        rig.pin(1, rig.pool[6]);
        assertEquals(GrantStatus.BAD_PAGE, transfer(rig.pool[6], GRANTER), "in use");
        assertEquals(GrantStatus.BAD_PAGE, transfer(frame, GRANTER), "not the giver's");
        assertEquals(GrantStatus.BAD_DOMAIN, transfer(rig.pool[7], 77));
        assertEquals(List.of(), rig.tables.recount().differences());
    }

    private int transfer(long mfn, int to) {
        rig.memory.writeU64(at, mfn);
        rig.memory.writeU16(at + 8, to);
        rig.memory.writeU32(at + 12, REF);
        assertEquals(0, rig.call(20, TRANSFER, at, 1).result());
        return (short) rig.memory.readU16(at + 16);
    }

    @Test
    void theVersionChangesWithoutUsesAndKeepsTheReservedEntries() {
        rig.tables.grants().table(rig.domain).permit(1, 0, rig.pool[2]);
        version2(rig.vcpu);
        GrantTable mine = rig.tables.grants().table(rig.domain);
        assertEquals(2, mine.version());
        assertEquals(rig.pool[2], rig.memory.readU64(entry(mine, 1) + 8));
        rig.memory.writeU64(entry(mine, 1) + 8, 1L << 32);
        rig.memory.writeU32(at, 1);
        assertEquals(ERANGE, rig.call(20, SET_VERSION, at, 1).result());
        assertEquals(2, rig.memory.readU32(at));
        rig.memory.writeU64(entry(mine, 1) + 8, rig.pool[2]);
        rig.memory.writeU32(at, 1);
        assertEquals(0, rig.call(20, SET_VERSION, at, 1).result());
        assertEquals(rig.pool[2], rig.memory.readU32(entry(mine, 1) + 4));
        rig.memory.writeU16(at, SELF);
        assertEquals(0, rig.call(20, GET_VERSION, at, 1).result());
        assertEquals(1, rig.memory.readU32(at + 4));
    }

    @Test
    void aTableInUseKeepsItsVersion() {
        rig.pin(1, rig.pool[0]);
        grant(PERMIT, DOMID, frame);
        assertEquals(0, map(HOST | CONTAINS_PTE, rig.pool[0] << 12));
        rig.memory.writeU32(at, 2);
        assertEquals(EBUSY, rig.callAs(granterVcpu, 20, SET_VERSION, at, 1).result());
        assertEquals(1, table.version());
    }

    @Test
    void statusFramesAreThoseOfVersion2() {
        assertEquals(0, statusFrames(0), "none of none");
        assertEquals(GrantStatus.GENERAL_ERROR, statusFrames(1));
        version2(rig.vcpu);
        assertEquals(0, statusFrames(1));
        assertEquals(rig.tables.grants().table(rig.domain).statusFrame(0), rig.memory.readU64(at + 64));
    }

    private int statusFrames(int count) {
        rig.memory.writeU32(at, count);
        rig.memory.writeU16(at + 4, SELF);
        rig.memory.writeU64(at + 8, at + 64);
        assertEquals(0, rig.call(20, STATUS_FRAMES, at, 1).result());
        return (short) rig.memory.readU16(at + 6);
    }

    @Test
    void entriesAreExchangedUnlessInUse() {
        GrantTable mine = rig.tables.grants().table(rig.domain);
        mine.permit(10, GRANTER, rig.pool[1]);
        mine.permit(11, THIRD, rig.pool[2]);
        assertEquals(0, swap(10, 11));
        assertEquals(rig.pool[2], rig.memory.readU32(entry(mine, 10) + 4));
        assertEquals(THIRD, rig.memory.readU16(entry(mine, 10) + 2));
        assertEquals(GrantStatus.BAD_REFERENCE, swap(10, 1 << 20));
        assertEquals(0, swap(12, 12));
    }

    private int swap(int first, int second) {
        rig.memory.writeU32(at, first);
        rig.memory.writeU32(at + 4, second);
        assertEquals(0, rig.call(20, SWAP, at, 1).result());
        return (short) rig.memory.readU16(at + 8);
    }

    @Test
    void aDeadGranterLeavesItsFrameToTheMapping() {
        rig.pin(1, rig.pool[0]);
        grant(PERMIT, DOMID, frame);
        assertEquals(0, map(HOST | CONTAINS_PTE, rig.pool[0] << 12));
        int handle = handle();
        rig.tables.memory().relinquish(granter);
        assertEquals(GRANTER, rig.frames.owner(frame), "still mapped");
        assertEquals(0, unmap(UNMAP, rig.pool[0] << 12, 0, handle));
        assertEquals(FrameTable.FREE, rig.frames.owner(frame));
    }

    @ParameterizedTest
    @CsvSource({
        "xen-3.0.2, 4, 4, 5",
        "xen-3.0.3, 4, 4, 6",
        "xen-3.1.0, 4, 32, 7",
        "xen-3.2, 4, 32, 8",
        "xen-4.0, 4, 32, 11",
        "xen-4.2, 4, 32, 12",
        "xen-4.9, 4, 32, 13",
        "xen-4.10, 1, 64, 13"
    })
    void versionsDifferInOperationsAndSize(String name, int initial, int max, int firstUnknown) {
        AbiProfile profile = AbiProfiles.find(name).orElseThrow();
        MemoryRig old = new MemoryRig(profile);
        GrantTable mine = old.tables.grants().table(old.domain);
        assertEquals(initial, mine.frameCount());
        assertTrue(mine.grow(max));
        assertFalse(mine.grow(max + 1));
        assertEquals(ENOSYS, old.call(20, firstUnknown, 0, 1).result());
        assertEquals(ENOSYS, old.call(20, 3, 0, 1).result(), "dump_table is for debugging");
        if ((profile.get(GrantRules.OPS).bits() >>> QUERY & 1) != 0) {
            old.memory.writeU16(old.scratch(), SELF);
            assertEquals(0, old.call(20, QUERY, old.scratch(), 1).result());
            assertEquals(max, old.memory.readU32(old.scratch() + 8));
        }
    }

    @Test
    void aMappingIsReplacedByAnother() {
        rig.pin(1, rig.pool[0]);
        rig.poke(rig.pool[1], 0, Pte.of(rig.pool[0], MemoryRig.TABLE));
        rig.poke(rig.pool[2], 0, Pte.of(rig.pool[1], MemoryRig.TABLE));
        assertEquals(0, rig.mmuUpdate(rig.root, 0, Pte.of(rig.pool[2], MemoryRig.TABLE)));
        assertEquals(0, rig.mmuUpdate(rig.pool[0], 1, Pte.of(rig.pool[7], P | U | W)));
        grant(PERMIT, DOMID, frame);
        assertEquals(0, map(HOST, 0));
        assertEquals(0, unmap(REPLACE, 0, 0x1000, handle()), "host 0 ends nothing");
        assertEquals(0, map(HOST, 0x2000));
        assertEquals(0, unmap(REPLACE, 0x2000, 0x1000, handle()));
        assertEquals(rig.pool[7], Pte.mfn(rig.peek(rig.pool[0], 2)));
        assertEquals(0, rig.peek(rig.pool[0], 1));
        assertEquals(0, map(HOST, 0x3000));
        assertEquals(GrantStatus.GENERAL_ERROR, unmap(REPLACE, 0x3000, 0x3000, handle()), "itself is gone by then");
        assertEquals(0, rig.peek(rig.pool[0], 3));
        assertEquals(List.of(), rig.tables.recount().differences());
        assertEquals(List.of(), rig.tables.forbiddenAccess());
    }

    @Test
    void onlyOnesOwnFramesAreFlushedFromTheCache() {
        rig.memory.writeU64(at, rig.pool[0] << 12);
        rig.memory.writeU16(at + 8, 0);
        rig.memory.writeU16(at + 10, 64);
        rig.memory.writeU32(at + 12, 1);
        assertEquals(0, rig.call(20, CACHE_FLUSH, at, 1).result());
        rig.memory.writeU64(at, frame << 12);
        assertEquals(-22, rig.call(20, CACHE_FLUSH, at, 1).result());
    }
}
