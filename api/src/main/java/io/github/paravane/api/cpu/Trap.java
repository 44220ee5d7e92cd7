package io.github.paravane.api.cpu;

import io.github.paravane.api.paging.PageFault;
import org.jspecify.annotations.Nullable;

/**
 * What stopped the guest's straight line: an exception, or an instruction that asks for a service.
 *
 * <p>When a handler sees a trap, the registers are architecturally exact: for a {@link Kind#FAULT} everything is as
 * before the instruction (RIP at it; REP string instructions keep whole iterations); for a {@link Kind#TRAP} the
 * instruction is done and RIP is after it. RF in the flags is as the processor would push it.
 *
 * @param kind how it came about
 * @param vector 0 to 255; for {@link Kind#SYSCALL} and {@link Kind#SYSENTER} 0
 * @param errorCode the pushed error code; 0 if the vector has none
 * @param linear CR2 for #PF; 0 otherwise
 * @param fault the walk that failed for #PF, if the translator told; null otherwise
 */
public record Trap(
        Kind kind,
        int vector,
        int errorCode,
        long linear,
        @Nullable PageFault fault) {

    /** Exception vectors (Intel SDM vol 3, table 6-1). */
    public static final int DE = 0, DB = 1, NMI = 2, BP = 3, OF = 4, BR = 5, UD = 6, NM = 7, DF = 8, TS = 10;

    /** Exception vectors, continued. */
    public static final int NP = 11, SS = 12, GP = 13, PF = 14, MF = 16, AC = 17, MC = 18, XM = 19, CP = 21;

    /** How a trap came about. */
    public enum Kind {
        /** An exception reported before the instruction's effects. */
        FAULT,
        /** An exception reported after the instruction: single step, data breakpoint, INT3, INTO, ICEBP. */
        TRAP,
        /** INT n through a gate that CPL 3 may use; RIP is after the instruction. */
        SOFTWARE_INTERRUPT,
        /** SYSCALL at CPL 3: RCX holds the next RIP, R11 the old RFLAGS, RIP is after the instruction. */
        SYSCALL,
        /** SYSENTER at CPL 3; RIP is after the instruction. */
        SYSENTER
    }

    /** A fault without page-fault details. */
    public static Trap fault(int vector, int errorCode) {
        return new Trap(Kind.FAULT, vector, errorCode, 0, null);
    }

    /** A page fault. */
    public static Trap pageFault(PageFault fault) {
        return new Trap(Kind.FAULT, PF, fault.errorCode(), fault.linear(), fault);
    }

    /** Whether the processor pushes an error code for this vector (Intel SDM vol 3, table 6-1). */
    public boolean hasErrorCode() {
        return kind != Kind.SOFTWARE_INTERRUPT && kind != Kind.SYSCALL && kind != Kind.SYSENTER && hasErrorCode(vector);
    }

    /** Whether exception {@code vector} pushes an error code: 8, 10 to 14, 17, 21. */
    public static boolean hasErrorCode(int vector) {
        return vector == DF || vector >= TS && vector <= PF || vector == AC || vector == CP;
    }
}
