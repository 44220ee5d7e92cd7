package io.github.paravane.testkit.contract;

import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.mmu.memory.LazyMemory;

class LazyMemoryContractTest extends MachineMemoryContract {
    @Override
    protected MachineMemory create(long frames) {
        return new LazyMemory(frames);
    }
}
