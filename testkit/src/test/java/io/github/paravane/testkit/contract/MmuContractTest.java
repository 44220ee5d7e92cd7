package io.github.paravane.testkit.contract;

import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.AddressTranslator;
import io.github.paravane.api.paging.FlushScope;
import io.github.paravane.api.paging.PagingMode;
import io.github.paravane.mmu.Mmu;
import io.github.paravane.mmu.memory.LazyMemory;

class MmuContractTest extends AddressTranslatorContract {
    @Override
    protected MachineMemory createMemory(long frames) {
        return new LazyMemory(frames);
    }

    @Override
    protected AddressTranslator create(MachineMemory memory, long root) {
        Mmu mmu = Mmu.of(memory, PagingMode.FOUR_LEVEL);
        mmu.loadBase(root, FlushScope.ALL);
        return mmu;
    }
}
