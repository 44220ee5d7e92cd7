package io.github.paravane.cpu.fault;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.paging.PageFault;
import org.jspecify.annotations.Nullable;

/**
 * The one signal that unwinds a faulting instruction: preallocated per core, without stack trace, never seen outside
 * the module. The run loop turns it into a {@link Trap}.
 *
 * <p>Use: {@code throw c.fault.generalProtection(0)}.
 */
public final class FaultSignal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What unwound. */
    public enum Kind {
        /** An exception of the guest. */
        FAULT,
        /** The instruction is known and not implemented. */
        UNIMPLEMENTED,
        /** A hook of the emulator refused. */
        UNHANDLEABLE,
        /** A hook of the emulator raised a trap of its own. */
        TRAP
    }

    private Kind kind = Kind.FAULT;
    private int vector;
    private int errorCode;
    private transient @Nullable PageFault pageFault;
    private transient @Nullable Trap trap;

    public FaultSignal() {
        super(null, null, false, false);
    }

    private FaultSignal set(Kind newKind, int newVector, int newErrorCode) {
        kind = newKind;
        vector = newVector;
        errorCode = newErrorCode;
        pageFault = null;
        trap = null;
        return this;
    }

    /** An exception without page-fault details. */
    public FaultSignal vector(int newVector, int newErrorCode) {
        return set(Kind.FAULT, newVector, newErrorCode);
    }

    /** #GP. */
    public FaultSignal generalProtection(int newErrorCode) {
        return set(Kind.FAULT, Trap.GP, newErrorCode);
    }

    /** #UD. */
    public FaultSignal undefined() {
        return set(Kind.FAULT, Trap.UD, 0);
    }

    /** #PF. */
    public FaultSignal page(@Nullable PageFault fault) {
        if (fault == null) {
            throw new IllegalStateException("the translator reported a fault and does not describe it");
        }
        set(Kind.FAULT, Trap.PF, fault.errorCode());
        pageFault = fault;
        return this;
    }

    /** The instruction is not implemented. */
    public FaultSignal unimplemented() {
        return set(Kind.UNIMPLEMENTED, 0, 0);
    }

    /** A hook refused. */
    public FaultSignal unhandleable() {
        return set(Kind.UNHANDLEABLE, 0, 0);
    }

    /** A hook raised {@code newTrap}. */
    public FaultSignal raise(@Nullable Trap newTrap) {
        if (newTrap == null) {
            throw new IllegalStateException("a hook answered TRAP and left no trap");
        }
        set(Kind.TRAP, newTrap.vector(), newTrap.errorCode());
        trap = newTrap;
        return this;
    }

    public Kind kind() {
        return kind;
    }

    public int vector() {
        return vector;
    }

    public int errorCode() {
        return errorCode;
    }

    /** The trap that this signal stands for. */
    public Trap toTrap() {
        if (trap != null) {
            return trap;
        }
        return pageFault != null ? Trap.pageFault(pageFault) : Trap.fault(vector, errorCode);
    }
}
