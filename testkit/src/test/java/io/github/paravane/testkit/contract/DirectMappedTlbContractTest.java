package io.github.paravane.testkit.contract;

import io.github.paravane.api.paging.Tlb;
import io.github.paravane.mmu.Mmu;
import org.junit.jupiter.api.Nested;

class DirectMappedTlbContractTest {
    @Nested
    class OfOneEntry extends TlbContract {
        @Override
        protected Tlb create() {
            return Mmu.directMappedTlb(1);
        }
    }

    @Nested
    class OfManyEntries extends TlbContract {
        @Override
        protected Tlb create() {
            return Mmu.directMappedTlb(256);
        }
    }
}
