package io.github.paravane.testkit.guest;

import java.util.ArrayList;
import java.util.List;

/** A process of a modelled kernel. */
final class Process {

    final UserState state = new UserState();
    final List<Long> reported = new ArrayList<>();
    final StringBuilder output = new StringBuilder();
    long faultHandler;

    private final String name;
    private final AddressSpace space;
    private final long stackPage;

    Process(String name, AddressSpace space, long stackPage) {
        this.name = name;
        this.space = space;
        this.stackPage = stackPage;
    }

    String name() {
        return name;
    }

    AddressSpace space() {
        return space;
    }

    /** The page of its kernel stack. */
    long stackPage() {
        return stackPage;
    }

    long stackTop() {
        return stackPage + 4096;
    }

    ProcessEnd exited(int status) {
        return new ProcessEnd(reported, -1, 0, 0, 0, output.toString(), status);
    }

    ProcessEnd killed(int vector, long errorCode, long address, long rflags) {
        return new ProcessEnd(reported, vector, errorCode, address, rflags, output.toString(), 0);
    }
}
