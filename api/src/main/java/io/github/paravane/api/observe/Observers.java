package io.github.paravane.api.observe;

import java.util.List;
import java.util.function.Consumer;

/** Ready-made observers. */
public final class Observers {

    private static final MachineObserver NONE = new MachineObserver() {};

    private Observers() {}

    /** The observer that ignores everything; the machine recognises it and makes no events. */
    public static MachineObserver none() {
        return NONE;
    }

    /** One observer that tells several, in order. */
    public static MachineObserver of(MachineObserver... observers) {
        List<MachineObserver> all = List.of(observers);
        return all.isEmpty() ? NONE : forEach(event -> all.forEach(event::tell));
    }

    /** An observer that gives every event, of whatever kind, to one consumer. */
    public static MachineObserver forEach(Consumer<MachineEvent> consumer) {
        return new MachineObserver() {
            @Override
            public void trap(MachineEvent.TrapRaised event) {
                consumer.accept(event);
            }

            @Override
            public void bounce(MachineEvent.Bounce event) {
                consumer.accept(event);
            }

            @Override
            public void hypercall(MachineEvent.HypercallDone event) {
                consumer.accept(event);
            }

            @Override
            public void pageTableWrite(MachineEvent.PageTableWrite event) {
                consumer.accept(event);
            }

            @Override
            public void rejected(MachineEvent.Rejected event) {
                consumer.accept(event);
            }

            @Override
            public void typeChanged(MachineEvent.TypeChanged event) {
                consumer.accept(event);
            }

            @Override
            public void flushed(MachineEvent.Flushed event) {
                consumer.accept(event);
            }

            @Override
            public void modeChanged(MachineEvent.ModeChanged event) {
                consumer.accept(event);
            }

            @Override
            public void eventSent(MachineEvent.EventSent event) {
                consumer.accept(event);
            }

            @Override
            public void domainEnded(MachineEvent.DomainEnded event) {
                consumer.accept(event);
            }
        };
    }
}
