package io.github.paravane.testkit.guest.program;

/** A row of 64-bit elements in the program's memory, zero at the start; an index is not checked. */
public final class Array {
    private final GuestProgram program;
    private final Value address;
    private final int length;

    Array(GuestProgram program, Value address, int length) {
        this.program = program;
        this.address = address;
        this.length = length;
    }

    /** The linear address of element 0. */
    public Value address() {
        return address;
    }

    /** The linear address of an element. */
    public Value address(Value index) {
        return index.shl(3).plus(address);
    }

    /** The linear address of the element of a fixed index. */
    public Value address(int index) {
        return address.plus(8L * index);
    }

    /** Elements. */
    public int length() {
        return length;
    }

    /** An element. */
    public Value get(Value index) {
        return address(index).load64();
    }

    /** The element of a fixed index. */
    public Value get(int index) {
        return address(index).load64();
    }

    /** Emits an assignment to an element. */
    public void set(Value index, Value value) {
        program.store64(address(index), value);
    }

    /** Emits an assignment to the element of a fixed index. */
    public void set(int index, Value value) {
        program.store64(address(index), value);
    }
}
