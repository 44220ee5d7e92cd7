package io.github.paravane.api.cpu;

import io.github.paravane.api.paging.PageFault;
import org.jspecify.annotations.Nullable;

/** GDT and LDT as a core sees them. */
public interface DescriptorTables {

    /** The accessed bit of a code or data descriptor: bit 40 (Intel SDM vol 3, 3.4.5.1). */
    long ACCESSED = 1L << 40;

    /**
     * The 8 bytes of the descriptor that {@code selector} (index and TI) names, or 0 when it lies outside its table.
     * A 0 with {@link #fault} non-null means that reading the table faulted.
     */
    long descriptor(int selector);

    /** The page fault of the last {@link #descriptor} call, or null. */
    @Nullable
    PageFault fault();

    /**
     * The code or data descriptor that {@code selector} names has been loaded while {@link #ACCESSED} was clear: it is set
     * in the table. Never called for a NUL selector; never faults.
     */
    default void accessed(int selector) {}

    /** What SGDT and SIDT store and SLDT, STR and SMSW read. */
    long systemRegister(SystemRegister register);

    /** Registers that user code can read where UMIP is off. */
    enum SystemRegister {
        /** GDTR base. */
        GDT_BASE,
        /** GDTR limit, 16 bits. */
        GDT_LIMIT,
        /** IDTR base. */
        IDT_BASE,
        /** IDTR limit, 16 bits. */
        IDT_LIMIT,
        /** LDTR selector. */
        LDT_SELECTOR,
        /** TR selector. */
        TASK_SELECTOR,
        /** CR0 as SMSW shows it, without TS (the core adds {@link Registers#taskSwitched}). */
        CR0,
        /** What RDTSCP puts in ECX: the low 32 bits of MSR C000_0103h. */
        TSC_AUX,
        /** CR4, whose OSXSAVE, FSGSBASE, TSD and DE bits a core honours. */
        CR4
    }
}
