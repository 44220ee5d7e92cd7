package io.github.paravane.hypervisor.hypercall.memory;

import static io.github.paravane.hypervisor.pagetable.MemoryRig.DOMID;
import static io.github.paravane.hypervisor.pagetable.MemoryRig.SELF;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.grant.GrantStatus;
import io.github.paravane.hypervisor.pagetable.MemoryRig;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** GNTTABOP_copy: domain 2 grants, domain 1 copies. */
class GrantCopyTest extends GrantScene {

    private static final int COPY = 5, TRANSITIVE = 3, SUB_PAGE = 1 << 8;

    private int status2() {
        return rig.memory.readU16((table.statusFrame(0) << 12) + 2 * REF);
    }

    private int copyFrom(int offset, int length) {
        rig.memory.writeU64(at, REF);
        rig.memory.writeU16(at + 8, GRANTER);
        rig.memory.writeU16(at + 10, offset);
        rig.memory.writeU64(at + 16, rig.pool[9]);
        rig.memory.writeU16(at + 24, SELF);
        rig.memory.writeU16(at + 26, 0);
        rig.memory.writeU16(at + 32, length);
        rig.memory.writeU16(at + 34, 1);
        assertEquals(0, rig.call(20, COPY, at, 1).result());
        return (short) rig.memory.readU16(at + 36);
    }

    @Test
    void copiesStayInsideThePartThatIsGranted() {
        version2(granterVcpu);
        grant(PERMIT | SUB_PAGE, DOMID, frame);
        rig.memory.writeU16(entry(table, REF) + 4, 0x100);
        rig.memory.writeU16(entry(table, REF) + 6, 0x80);
        rig.memory.writeU64((frame << 12) + 0x100, 77);
        assertEquals(0, copyFrom(0x100, 0x80));
        assertEquals(77, rig.peek(rig.pool[9], 0));
        assertEquals(GrantStatus.GENERAL_ERROR, copyFrom(0xFF, 2));
        assertEquals(GrantStatus.GENERAL_ERROR, copyFrom(0x100, 0x81));
        assertEquals(GrantStatus.BAD_COPY, copyFrom(0xFFF, 2));
        assertEquals(0, status2());
        assertEquals(GrantStatus.GENERAL_ERROR, map(HOST | CONTAINS_PTE, rig.pool[0] << 12), "not mapped");
    }

    /** Within a frame; the bytes 0, 1, 2 ... as the copy leaves them from the target on. */
    @ParameterizedTest
    @CsvSource({
        "0, 4, 20, '0 1 2 3 4 5 6 7 4 5 6 7 12 13 14 15 12 13 14 15'",
        "0, 10, 18, '0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7'",
        "0, 1, 10, '0 1 2 3 4 5 6 7 7 7'",
        "3, 0, 6, '3 4 5 6 7 8'",
        "0, 20, 4, '0 1 2 3'"
    })
    void aCopyWithinAFrameGoesUpwardsByWords(int from, int to, int length, String expected) {
        for (int i = 0; i < 64; i++) {
            rig.memory.writeU8((rig.pool[9] << 12) + i, i);
        }
        rig.memory.writeU64(at, rig.pool[9]);
        rig.memory.writeU32(at + 8, SELF | from << 16);
        rig.memory.writeU64(at + 16, rig.pool[9]);
        rig.memory.writeU32(at + 24, SELF | to << 16);
        rig.memory.writeU32(at + 32, length);
        assertEquals(0, rig.call(20, COPY, at, 1).result());
        assertEquals(0, rig.memory.readU16(at + 36));
        assertEquals(
                expected,
                IntStream.range(0, length)
                        .mapToObj(i -> "" + rig.memory.readU8((rig.pool[9] << 12) + to + i))
                        .collect(Collectors.joining(" ")));
    }

    @Test
    void aGrantInUseIsWrittenOnlyWhereItIsUsed() {
        grant(PERMIT, DOMID, frame);
        rig.pin(1, rig.pool[0]);
        assertEquals(0, map(HOST | READ_ONLY | CONTAINS_PTE, rig.pool[0] << 12));
        grant(PERMIT, DOMID, rig.tables.memory().allocate(granter));
        assertEquals(GrantStatus.GENERAL_ERROR, copyTo(8), "another frame");
        grant(PERMIT, DOMID, rig.pool[8]);
        assertEquals(GrantStatus.BAD_PAGE, copyTo(8), "not the granter's");
        assertEquals(PERMIT | 8, grantFlags(), "marked as read by the mapping, no longer as written");
        grant(PERMIT, DOMID, frame);
        rig.memory.writeU64(rig.pool[9] << 12, 55);
        assertEquals(0, copyTo(8));
        assertEquals(55, rig.peek(frame, 0));
        assertEquals(List.of(), rig.tables.recount().differences());
    }

    private int copyTo(int length) {
        rig.memory.writeU64(at, rig.pool[9]);
        rig.memory.writeU32(at + 8, SELF);
        rig.memory.writeU64(at + 16, REF);
        rig.memory.writeU32(at + 24, GRANTER);
        rig.memory.writeU16(at + 32, length);
        rig.memory.writeU16(at + 34, 2);
        assertEquals(0, rig.call(20, COPY, at, 1).result());
        return (short) rig.memory.readU16(at + 36);
    }

    @Test
    void aTransitiveGrantIsTheOtherDomains() {
        version2(granterVcpu);
        Domain third = rig.addDomain(THIRD);
        long far = rig.tables.memory().allocate(third);
        rig.tables.grants().table(third).permit(30, GRANTER, far);
        rig.memory.writeU64(far << 12, 99);
        grant(TRANSITIVE, DOMID, 30);
        rig.memory.writeU16(entry(table, REF) + 4, THIRD);
        assertEquals(0, copyFrom(0, 8));
        assertEquals(99, rig.peek(rig.pool[9], 0));
        assertEquals(0, status2());
        assertEquals(PERMIT, rig.memory.readU16(entry(rig.tables.grants().table(third), 30)));
        assertEquals(GrantStatus.GENERAL_ERROR, map(HOST | CONTAINS_PTE, rig.pool[0] << 12), "not mapped");
        rig.memory.writeU16(entry(table, REF) + 4, GRANTER);
        assertEquals(GrantStatus.GENERAL_ERROR, copyFrom(0, 8), "never to itself");
        rig.memory.writeU16(entry(table, REF) + 4, 77);
        assertEquals(GrantStatus.GENERAL_ERROR, copyFrom(0, 8), "nobody");
        assertEquals(List.of(), rig.tables.recount().differences());
    }

    @Test
    void onlyAGrantOrOnesOwnFrameIsCopied() {
        grant(PERMIT, DOMID, frame);
        assertEquals(0, copyFrom(0, 8));
        rig.memory.writeU16(at + 34, 0);
        assertEquals(0, rig.call(20, COPY, at, 1).result());
        assertEquals(GrantStatus.PERMISSION_DENIED, (short) rig.memory.readU16(at + 36));
        rig.memory.writeU64(at, rig.frames.frames());
        rig.memory.writeU16(at + 8, SELF);
        assertEquals(0, rig.call(20, COPY, at, 1).result());
        assertEquals(GrantStatus.BAD_PAGE, (short) rig.memory.readU16(at + 36));
    }

    @Test
    void aCopyThatReadsLeavesAMarkOfWritingThatIsNotItsOwn() {
        grant(PERMIT | GRANT_READ_ONLY | 16, MemoryRig.DOMID, frame);
        assertEquals(0, copyFrom(0, 8));
        assertEquals(PERMIT | GRANT_READ_ONLY | 16, grantFlags());
    }

    @Test
    void domain0ExistsAndGrantsNothing() {
        rig.memory.writeU64(at, REF);
        rig.memory.writeU64(at + 8, 0);
        rig.memory.writeU64(at + 16, rig.pool[9]);
        rig.memory.writeU64(at + 24, SELF);
        for (int[] each : new int[][] {{1, GrantStatus.GENERAL_ERROR}, {0, GrantStatus.PERMISSION_DENIED}}) {
            rig.memory.writeU32(at + 32, 8 | each[0] << 16);
            assertEquals(0, rig.call(20, COPY, at, 1).result());
            assertEquals(each[1], (short) rig.memory.readU16(at + 36), "source is a reference: " + each[0]);
        }
    }
}
