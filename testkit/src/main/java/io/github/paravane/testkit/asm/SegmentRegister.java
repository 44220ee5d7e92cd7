package io.github.paravane.testkit.asm;

/** The segment registers in the order of their encoding (Intel SDM vol. 2, 3.1.1.3, "Sreg"). */
public enum SegmentRegister {
    ES(0, 0x26),
    CS(1, 0x2e),
    SS(2, 0x36),
    DS(3, 0x3e),
    FS(4, 0x64),
    GS(5, 0x65);

    private final int number;
    private final int prefix;

    SegmentRegister(int number, int prefix) {
        this.number = number;
        this.prefix = prefix;
    }

    /** The number in the encoding. */
    public int number() {
        return number;
    }

    /** The override prefix byte. */
    int prefix() {
        return prefix;
    }
}
