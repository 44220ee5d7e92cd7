package io.github.paravane.cpu.decode;

import java.util.List;

/**
 * One row of the instruction table, as written.
 *
 * @param map opcode map: 0 one byte, 1 0F, 2 0F38, 3 0F3A, 4 VEX 0F38, 5 VEX 0F3A
 * @param first first opcode byte covered
 * @param last last opcode byte covered
 * @param prefix mandatory prefix: -1 any, 0 none, 1 66, 2 F3, 3 F2
 * @param digit modrm.reg, or -1
 * @param mod -1 any, 0 memory, 1 register
 * @param rm modrm.rm, or -1
 * @param operands operand codes
 * @param op id of the operation
 * @param flags flags that may change, letters of "oszapcdit"
 * @param attributes set of {@code ATTR_*} bits
 * @param feature CPUID feature, or "-"
 */
record OpcodeRow(
        int map,
        int first,
        int last,
        int prefix,
        int digit,
        int mod,
        int rm,
        List<String> operands,
        int op,
        String flags,
        int attributes,
        String feature) {
    static final int ATTR_LOCK = 1;
    static final int ATTR_NOT_64 = 2;
    static final int ATTR_ONLY_64 = 4;
    static final int ATTR_DEFAULT_64 = 8;
    static final int ATTR_FORCE_64 = 16;
    static final int ATTR_END = 32;
    static final int ATTR_CPL0 = 64;
    /** Derived: the row reads a ModRM byte. */
    static final int ATTR_MODRM = 128;
    /** Derived: mod is ignored, r/m is always a register (control and debug register moves). */
    static final int ATTR_RM_REGISTER = 256;

    boolean has(int attribute) {
        return (attributes & attribute) != 0;
    }

    /** How much the row says about ModRM and prefix: a row that says more wins. */
    int precision() {
        return (prefix >= 0 ? 8 : 0) + (rm >= 0 ? 4 : 0) + (mod >= 0 ? 2 : 0) + (digit >= 0 ? 1 : 0);
    }
}
