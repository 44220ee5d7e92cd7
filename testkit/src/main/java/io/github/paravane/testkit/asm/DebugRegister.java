package io.github.paravane.testkit.asm;

/** The debug registers; {@code DR4} and {@code DR5} are the old names of 6 and 7 (Intel SDM vol. 3, 18.2). */
public enum DebugRegister {
    DR0(0),
    DR1(1),
    DR2(2),
    DR3(3),
    DR4(4),
    DR5(5),
    DR6(6),
    DR7(7);

    private final int number;

    DebugRegister(int number) {
        this.number = number;
    }

    /** The number in the encoding. */
    public int number() {
        return number;
    }
}
