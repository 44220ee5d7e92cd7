package io.github.paravane.testkit.asm;

/**
 * A place in code that has a name before it has an address; belongs to the {@link Assembler} that made it. Use it in
 * branches and operands at will and bind it exactly once.
 */
public final class Label {
    private static final long UNBOUND = -1;

    private final Assembler owner;
    private final String name;
    private long offset = UNBOUND;

    Label(Assembler owner, String name) {
        this.owner = owner;
        this.name = name;
    }

    /** The name under which the label appears in {@link AssembledCode#symbols()}. */
    public String name() {
        return name;
    }

    /** Whether the place is known already. */
    public boolean isBound() {
        return offset != UNBOUND;
    }

    Assembler owner() {
        return owner;
    }

    void bindTo(long place) {
        if (isBound()) {
            throw new IllegalStateException(
                    "label " + name + " is already bound at offset 0x" + Long.toHexString(offset));
        }
        offset = place;
    }

    long offset() {
        if (!isBound()) {
            throw new IllegalStateException("label " + name + " was never bound");
        }
        return offset;
    }

    @Override
    public String toString() {
        return name;
    }
}
