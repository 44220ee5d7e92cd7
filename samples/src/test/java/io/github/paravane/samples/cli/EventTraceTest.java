package io.github.paravane.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.paging.FlushScope;
import org.junit.jupiter.api.Test;

class EventTraceTest {

    @Test
    void aRefusalIsWrittenWithItsReason() {
        assertEquals(
                "Rejected domain=1 rule=non-global errno=ebusy level=1 maddr=5008 value=6067 mfn=6 frameType=l1"
                        + " typeCount=2 referenceCount=3",
                EventTrace.line(new MachineEvent.Rejected(
                        1, FlushScope.NON_GLOBAL, XenErrno.EBUSY, 1, 0x5008, 0x6067, 6, "l1", 2, 3)));
    }
}
