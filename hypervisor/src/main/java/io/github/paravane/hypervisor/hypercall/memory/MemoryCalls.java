package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.hypervisor.pagetable.PageTables;
import java.util.Map;

/** The calls of this package by name. */
public final class MemoryCalls {

    private MemoryCalls() {}

    /** Adds every call of this package to {@code calls}. */
    public static void register(PageTables tables, Map<String, Hypercall> calls) {
        calls.put("mmu_update", new MmuUpdate(tables));
        UpdateVaMapping mapping = new UpdateVaMapping(tables);
        calls.put("update_va_mapping", mapping);
        calls.put("update_va_mapping_otherdomain", mapping::otherDomain);
        calls.put("mmuext_op", new MmuExtCall(tables));
        calls.put("memory_op", new MemoryOp(tables));
        calls.put("set_gdt", new SetGdt(tables));
        calls.put("update_descriptor", new UpdateDescriptor(tables));
        calls.put("vm_assist", new VmAssist(tables.platform()));
        calls.put("grant_table_op", new GrantTableOp(tables));
    }
}
