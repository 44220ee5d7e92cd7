package io.github.paravane.testkit.asm;

/** The segment registers in the order of their encoding (Intel SDM vol. 2, 3.1.1.3, "Sreg"). */
public enum SegmentRegister {
    ES(0x26),
    CS(0x2e),
    SS(0x36),
    DS(0x3e),
    FS(0x64),
    GS(0x65);

    private final int prefix;

    SegmentRegister(int prefix) {
        this.prefix = prefix;
    }

    /** The override prefix byte. */
    int prefix() {
        return prefix;
    }
}
