package io.github.paravane.testkit.asm;

/** The control registers that exist in 64-bit mode (Intel SDM vol. 3, 2.5). */
public enum ControlRegister {
    CR0(0),
    CR2(2),
    CR3(3),
    CR4(4),
    CR8(8);

    private final int number;

    ControlRegister(int number) {
        this.number = number;
    }

    /** The number in the encoding. */
    public int number() {
        return number;
    }
}
