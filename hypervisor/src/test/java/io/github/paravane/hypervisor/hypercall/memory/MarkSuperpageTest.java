package io.github.paravane.hypervisor.hypercall.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.HostOptions;
import io.github.paravane.hypervisor.pagetable.MemoryRig;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Superpages of 4.1 to 4.9 with allowsuperpage: entries and a mark share one set of writable references. */
class MarkSuperpageTest {

    private static final int MARK = 19;
    private static final int UNMARK = 20;
    private static final long EINVAL = -22;
    private static final long MAP = Pte.PRESENT | Pte.USER | Pte.ACCESSED | Pte.PSE;

    private MemoryRig rig;
    private long first;

    @BeforeEach
    void allocate() {
        rig = new MemoryRig(AbiProfiles.XEN_4_7, HostOptions.DEFAULT.withSuperpages(true), Domain.Privilege.NONE);
        rig.domain.setMaxPages(1024);
        first = rig.tables.memory().allocate(rig.domain, 9);
        rig.pin(2, rig.pool[0]);
    }

    private void assertReferences(long count, long typed) {
        for (long mfn : new long[] {first, first + 511}) {
            assertEquals(count, rig.platform.frames().count(mfn));
            assertEquals(typed, rig.platform.frames().typeInfo(mfn) & 0xFFFF);
        }
        assertEquals(List.of(), rig.tables.recount().differences());
    }

    @Test
    void entriesShareTheReferencesWhichAMarkKeeps() {
        assertEquals(0, rig.mmuUpdate(rig.pool[0], 0, Pte.of(first, MAP)));
        assertReferences(2, 1);
        assertEquals(0, rig.mmuUpdate(rig.pool[0], 1, Pte.of(first, MAP | Pte.RW)));
        assertReferences(2, 1);
        assertEquals(0, rig.mmuExt(MARK, first, 0));
        assertReferences(2, 1);
        assertEquals(0, rig.mmuUpdate(rig.pool[0], 0, 0));
        assertEquals(0, rig.mmuUpdate(rig.pool[0], 1, 0));
        assertReferences(2, 1);
        assertEquals(0, rig.mmuExt(UNMARK, first, 0));
        assertReferences(1, 0);
    }

    @Test
    void marksAreTakenOnceAndOnlyOfWritableFrames() {
        assertEquals(EINVAL, rig.mmuExt(UNMARK, first, 0));
        assertEquals(0, rig.mmuExt(MARK, first, 0));
        assertEquals(EINVAL, rig.mmuExt(MARK, first, 0));
        assertEquals(EINVAL, rig.mmuExt(MARK, first + 1, 0));
        assertEquals(EINVAL, rig.mmuExt(MARK, 1L << 40, 0));
        assertEquals(EINVAL, rig.pin(1, first + 7));
        assertEquals(0, rig.mmuExt(UNMARK, first, 0));
        assertEquals(0, rig.pin(1, first + 7));
        assertEquals(EINVAL, rig.mmuExt(MARK, first, 0));
        assertReferences(1, 0);
    }

    @Test
    void markEndsWithItsDomain() {
        assertEquals(0, rig.mmuExt(MARK, first, 0));
        rig.tables.memory().relinquish(rig.domain);
        assertEquals(0, rig.platform.frames().owned(rig.domain.id()));
        assertEquals(List.of(), rig.tables.recount().differences());
    }
}
