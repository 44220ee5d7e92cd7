package io.github.paravane.api.observe;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.paging.FlushScope;
import java.util.List;

/** What observers are told. Times do not appear, so that equal runs give equal transcripts. */
public sealed interface MachineEvent {

    /** Number of the domain. */
    int domain();

    /** Calls the method that an observer has for this kind of event. */
    void tell(MachineObserver observer);

    /**
     * A trap as a core reported it.
     *
     * @param vcpu the vCPU
     * @param rip RIP as the handler saw it
     * @param trap the trap
     */
    record TrapRaised(int domain, int vcpu, long rip, Trap trap) implements MachineEvent {
        @Override
        public void tell(MachineObserver observer) {
            observer.trap(this);
        }
    }

    /**
     * An entry into the guest kernel.
     *
     * @param vcpu the vCPU
     * @param what {@code trap}, {@code syscall}, {@code event}, ...
     * @param vector the trap's vector, 0 for callbacks
     * @param handler RIP of the handler
     * @param frame linear address of the frame
     * @param rip the interrupted RIP
     * @param fromUser whether the vCPU was in user mode
     */
    record Bounce(int domain, int vcpu, String what, int vector, long handler, long frame, long rip, boolean fromUser)
            implements MachineEvent {
        @Override
        public void tell(MachineObserver observer) {
            observer.bounce(this);
        }
    }

    /**
     * A hypercall.
     *
     * @param vcpu the caller
     * @param number its number
     * @param name its name, or {@code unknown}
     * @param arguments the six arguments at entry
     * @param outcome how it ended
     */
    record HypercallDone(int domain, int vcpu, int number, String name, List<Long> arguments, HypercallOutcome outcome)
            implements MachineEvent {
        public HypercallDone {
            arguments = List.copyOf(arguments);
        }

        @Override
        public void tell(MachineObserver observer) {
            observer.hypercall(this);
        }
    }

    /**
     * A store into a page-table frame.
     *
     * @param origin what asked for it
     * @param level level of the table
     * @param maddr machine address of the entry
     * @param old the entry before
     * @param requested what the guest asked for
     * @param stored what was stored
     */
    record PageTableWrite(int domain, Origin origin, int level, long maddr, long old, long requested, long stored)
            implements MachineEvent {
        @Override
        public void tell(MachineObserver observer) {
            observer.pageTableWrite(this);
        }
    }

    /** What asked for a page-table store. */
    enum Origin {
        /** Hypercall mmu_update. */
        MMU_UPDATE,
        /** Hypercall update_va_mapping. */
        VA_MAPPING,
        /** An emulated store. */
        EMULATED_STORE,
        /** An emulated compare-and-exchange. */
        EMULATED_COMPARE_EXCHANGE,
        /** A store of the guest's own into a table that it could write, found when the table was validated. */
        BATCHED_STORE,
        /** A frame was promoted to a page table. */
        PROMOTION,
        /** A grant was mapped or unmapped. */
        GRANT
    }

    /**
     * A refusal. A table that is refused because of one of its entries is refused after that entry, level by level, so the
     * first of a run of refusals tells the cause and the last one what the guest asked for.
     *
     * @param rule which rule, an enum constant of the component that refused
     * @param errno what the guest gets
     * @param level level of the entry, 0 where it does not apply
     * @param maddr machine address of the entry refused, -1 where it does not apply
     * @param value the entry or argument refused
     * @param mfn the frame it concerns, -1 where it does not apply
     * @param frameType that frame's type, in words
     * @param typeCount its type count
     * @param referenceCount its general count
     */
    record Rejected(
            int domain,
            Enum<?> rule,
            XenErrno errno,
            int level,
            long maddr,
            long value,
            long mfn,
            String frameType,
            long typeCount,
            long referenceCount)
            implements MachineEvent {
        @Override
        public void tell(MachineObserver observer) {
            observer.rejected(this);
        }
    }

    /**
     * A frame's type changed.
     *
     * @param mfn the frame
     * @param from the type before, in words
     * @param to the type now
     */
    record TypeChanged(int domain, long mfn, String from, String to) implements MachineEvent {
        @Override
        public void tell(MachineObserver observer) {
            observer.typeChanged(this);
        }
    }

    /**
     * A flush.
     *
     * @param vcpu whose TLB
     * @param scope what was flushed; {@link FlushScope#NONE} together with {@code linear} is one page
     * @param linear the page for a single-page flush, else 0
     * @param reason why, in words: {@code new-baseptr}, {@code toggle}, {@code invlpg}, ...
     */
    record Flushed(int domain, int vcpu, FlushScope scope, long linear, String reason) implements MachineEvent {
        @Override
        public void tell(MachineObserver observer) {
            observer.flushed(this);
        }
    }

    /**
     * A mode switch.
     *
     * @param vcpu the vCPU
     * @param kernel whether it is in kernel mode now
     * @param base mfn of the tables loaded
     */
    record ModeChanged(int domain, int vcpu, boolean kernel, long base) implements MachineEvent {
        @Override
        public void tell(MachineObserver observer) {
            observer.modeChanged(this);
        }
    }

    /**
     * An event channel became pending.
     *
     * @param port the port
     * @param vcpu the vCPU it is bound to
     */
    record EventSent(int domain, int port, int vcpu) implements MachineEvent {
        @Override
        public void tell(MachineObserver observer) {
            observer.eventSent(this);
        }
    }

    /**
     * The end of a domain.
     *
     * @param reason {@code poweroff}, {@code reboot}, {@code suspend}, {@code crash}, ...
     * @param detail for people
     */
    record DomainEnded(int domain, String reason, String detail) implements MachineEvent {
        @Override
        public void tell(MachineObserver observer) {
            observer.domainEnded(this);
        }
    }
}
