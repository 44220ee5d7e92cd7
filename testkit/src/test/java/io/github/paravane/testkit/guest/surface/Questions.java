package io.github.paravane.testkit.guest.surface;

import io.github.paravane.testkit.guest.program.GuestProgram;
import io.github.paravane.testkit.guest.program.StartInfo;
import io.github.paravane.testkit.guest.program.Value;

/** A guest that fills a request, makes a hypercall with it and prints the result, again and again. */
class Questions {
    static final long SELF = 0x7FF0, IO = 0x7FF1, XEN = 0x7FF2, NOBODY = 77;
    static final long NOWHERE = 0x5000_0000_0000L, OUTSIDE = 0xFFFF_8300_0000_0000L;
    private static final long LOWER = 0x7FFF_FFFF;
    private static final int WORDS = 12;

    final GuestProgram program = new GuestProgram();
    final Value request = program.pages(1);
    final Value list = program.pages(1);
    final Value pages = program.pages(6);
    private final StartInfo startInfo = new StartInfo(program);

    static Value value(long number) {
        return Value.of(number);
    }

    final Value page(int index) {
        return pages.plus(4096L * index);
    }

    /** The machine frame of one of the guest's pages. */
    final Value mfn(Value address) {
        return startInfo.mfn(address.and(LOWER).shr(12));
    }

    final Value maddr(Value address) {
        return mfn(address).shl(12);
    }

    final void clear() {
        for (int i = 0; i < WORDS; i++) {
            program.store64(request.plus(8L * i), value(0));
        }
    }

    final Questions u64(int offset, Value word) {
        program.store64(request.plus(offset), word);
        return this;
    }

    final Questions u64(int offset, long word) {
        return u64(offset, value(word));
    }

    final Questions u32(int offset, long word) {
        program.store32(request.plus(offset), value(word));
        return this;
    }

    final Questions u16(int offset, Value word) {
        program.store16(request.plus(offset), word);
        return this;
    }

    final Questions u16(int offset, long word) {
        return u16(offset, value(word));
    }

    final void say(String name, Value result) {
        program.print(name + " %d\n", result);
    }

    final void tell32(String name, Value address) {
        program.print("  " + name + " %d\n", address.load32());
    }

    final void tellStatus(int offset) {
        program.print("  status %d\n", request.plus(offset).load16().signed16());
    }

    final Value memory(long command) {
        return program.hypercall(12, value(command), request);
    }

    final Value grant(long command) {
        return program.hypercall(20, value(command), request, value(1));
    }

    final Value update(Value foreign) {
        return program.hypercall(1, request, value(1), value(0), foreign);
    }

    final Value update(long foreign) {
        return update(value(foreign));
    }

    final Value extended(long foreign) {
        return program.hypercall(26, request, value(1), value(0), value(foreign));
    }

    /** Takes away the right to write a page, so that it may become a table. */
    final void protect(Value page) {
        program.run(program.hypercall(14, page, maddr(page).or(value(0x8000_0000_0000_0061L)), value(2)));
    }
}
