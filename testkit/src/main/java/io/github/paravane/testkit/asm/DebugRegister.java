package io.github.paravane.testkit.asm;

/** The debug registers; {@code DR4} and {@code DR5} are the old names of 6 and 7 (Intel SDM vol. 3, 18.2). */
public enum DebugRegister {
    DR0,
    DR1,
    DR2,
    DR3,
    DR4,
    DR5,
    DR6,
    DR7
}
