package io.github.paravane.testkit.asm;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One instruction as the fields of its encoding (Intel SDM vol. 2, chapter 2). The instruction methods are built on it; use
 * it with {@link Assembler#emit} for an instruction that has no method:
 *
 * <pre>{@code
 * asm.emit(Encoding.opcode(0x0f, 0x6f).mandatory(0x66).reg(1).rm(ptr(RDI))); // movdqa xmm1, [rdi]
 * }</pre>
 */
public final class Encoding {
    private final int[] opcode;
    private int width = 32;
    private boolean defaultsTo64;
    private int mandatory;
    private int reg;
    private @Nullable Gpr regRegister;
    private @Nullable Operand rm;
    private int rmNumber = -1;
    private @Nullable Gpr plus;
    private long immediate;
    private int immediateBytes;
    private @Nullable Label target;
    private boolean isAbsolute;

    private Encoding(int[] opcode) {
        this.opcode = opcode;
    }

    /** Starts an instruction of 32-bit operand size with the given opcode bytes, escape bytes included. */
    public static Encoding opcode(int... bytes) {
        return new Encoding(bytes.clone());
    }

    /**
     * Starts an instruction that comes in a byte form and a form for all other widths, the latter with the lowest opcode bit
     * set.
     */
    static Encoding sized(int width, int... bytes) {
        Encoding encoding = opcode(bytes).width(width);
        if (width != 8) {
            encoding.opcode[bytes.length - 1] |= 1;
        }
        return encoding;
    }

    /** Sets the operand size in bits: 16 adds the 0x66 prefix and 64 adds REX.W. */
    public Encoding width(int bits) {
        if (bits != 8 && bits != 16 && bits != 32 && bits != 64) {
            throw new IllegalArgumentException("no operand size of " + bits + " bits");
        }
        width = bits;
        return this;
    }

    /** Declares that 64 bits is the default operand size, so that 64 needs no REX.W (PUSH, near branches). */
    public Encoding defaultsTo64() {
        defaultsTo64 = true;
        return this;
    }

    /** Adds a prefix (0x66, 0xF2 or 0xF3) that belongs to the opcode. */
    public Encoding mandatory(int prefix) {
        mandatory = prefix;
        return this;
    }

    /** Sets ModRM.reg to an opcode extension or to the number of a register that is not a {@link Gpr}, 0-15. */
    public Encoding reg(int number) {
        if (number < 0 || number > 15) {
            throw new IllegalArgumentException("no register 0x" + Integer.toHexString(number));
        }
        reg = number;
        return this;
    }

    /** Sets ModRM.reg to a general-purpose register. */
    public Encoding reg(Gpr register) {
        regRegister = register;
        return reg(register.number());
    }

    /** Sets ModRM.rm (and SIB and displacement). */
    public Encoding rm(Operand operand) {
        rm = operand;
        return this;
    }

    /** Sets ModRM.rm to the number of a register that is not a {@link Gpr}, 0-15. */
    public Encoding rm(int number) {
        rmNumber = number;
        return this;
    }

    /** Adds a register number to the last opcode byte, as in {@code 50+r}. */
    public Encoding plus(Gpr register) {
        plus = register;
        return this;
    }

    /** Appends the low {@code bytes} bytes of a value. */
    public Encoding immediate(long value, int bytes) {
        immediate = value;
        immediateBytes = bytes;
        return this;
    }

    /** Appends a displacement of {@code bytes} bytes from the end of the instruction to a label. */
    Encoding branchTo(Label label, int bytes) {
        target = label;
        immediateBytes = bytes;
        return this;
    }

    /** Appends the absolute address of a label in {@code bytes} bytes, 4 or 8. */
    public Encoding addressOf(Label label, int bytes) {
        target = label;
        isAbsolute = true;
        immediateBytes = bytes;
        return this;
    }

    /** The labels that the instruction refers to. */
    List<Label> labels() {
        List<Label> labels = new ArrayList<>();
        if (target != null) {
            labels.add(target);
        }
        Label relative = rm instanceof Memory memory ? memory.label() : null;
        if (relative != null) {
            labels.add(relative);
        }
        return labels;
    }

    /** Writes the instruction; {@code group1} is a LOCK or repeat prefix, or 0; {@code wide} for 64-bit mode. */
    void writeTo(CodeBuffer out, int group1, boolean wide) {
        Memory memory = rm instanceof Memory place ? place : null;
        writePrefixes(out, memory, group1, wide);
        for (int i = 0; i < opcode.length; i++) {
            boolean last = i == opcode.length - 1;
            out.u8(opcode[i] + (last && plus != null ? plus.number() & 7 : 0));
        }
        Label relative = null;
        int fixupAt = 0;
        int disp = 0;
        if (memory != null) {
            writeMemory(out, memory, wide);
            relative = memory.label();
            disp = memory.disp();
            fixupAt = out.size() - 4;
        } else if (rm instanceof Gpr register) {
            out.u8(0xc0 | (reg & 7) << 3 | register.number() & 7);
        } else if (rmNumber >= 0) {
            out.u8(0xc0 | (reg & 7) << 3 | rmNumber & 7);
        }
        int immediateAt = out.size();
        out.little(immediate, immediateBytes);
        if (relative != null && wide) {
            out.relative(relative, disp, fixupAt, 4);
        } else if (relative != null) {
            out.absolute(relative, disp, fixupAt, 4);
        }
        if (target != null && isAbsolute) {
            out.absolute(target, 0, immediateAt, immediateBytes);
        } else if (target != null) {
            out.relative(target, 0, immediateAt, immediateBytes);
        }
    }

    private void writePrefixes(CodeBuffer out, @Nullable Memory memory, int group1, boolean wide) {
        SegmentRegister segment = memory == null ? null : memory.segment();
        if (segment != null) {
            out.u8(segment.prefix());
        }
        if (memory != null && memory.hasNarrowAddress() && wide) {
            out.u8(0x67);
        }
        if (!wide && (width == 64 || memory != null && memory.hasWideAddress())) {
            throw new IllegalArgumentException("64-bit operand or address in 32-bit code");
        }
        if (wide && defaultsTo64 && width == 32) {
            throw new IllegalArgumentException("no 32-bit form in 64-bit mode");
        }
        if (width == 16 && mandatory != 0x66) {
            out.u8(0x66);
        }
        if (group1 != 0) {
            out.u8(group1);
        }
        if (mandatory != 0) {
            out.u8(mandatory);
        }
        int rex = rex(memory);
        if (rex != 0 && !wide) {
            throw new IllegalArgumentException("an operand needs REX, which 32-bit code does not have");
        }
        if (rex != 0) {
            out.u8(rex);
        }
    }

    private int rex(@Nullable Memory memory) {
        int bits = width == 64 && !defaultsTo64 ? 8 : 0;
        bits |= (reg & 8) >> 1;
        if (memory != null) {
            bits |= (number(memory.index()) & 8) >> 2;
            bits |= (number(memory.base()) & 8) >> 3;
        }
        Gpr direct = rm instanceof Gpr register ? register : plus;
        bits |= ((rmNumber >= 0 ? rmNumber : number(direct)) & 8) >> 3;
        boolean needed = bits != 0 || needsRex(direct) || needsRex(regRegister);
        if (needed && (isHighByte(direct) || isHighByte(regRegister))) {
            throw new IllegalArgumentException("ah, ch, dh and bh cannot be combined with an operand that needs REX");
        }
        return needed ? 0x40 | bits : 0;
    }

    private static int number(@Nullable Gpr register) {
        return register == null ? 0 : register.number();
    }

    private static boolean needsRex(@Nullable Gpr register) {
        return register != null && register.needsRex();
    }

    private static boolean isHighByte(@Nullable Gpr register) {
        return register != null && register.isHighByte();
    }

    private void writeMemory(CodeBuffer out, Memory memory, boolean wide) {
        int regBits = (reg & 7) << 3;
        Gpr base = memory.base();
        Gpr index = memory.index();
        if (base == null) {
            if (memory.label() != null || !wide && index == null) {
                // Relative to RIP, and in 32-bit code absolute.
                out.u8(regBits | 5);
                out.little(memory.label() != null ? 0 : memory.disp(), 4);
            } else {
                out.u8(regBits | 4);
                out.u8(index == null ? 0x25 : sib(memory.scale(), index.number(), 5));
                out.little(memory.disp(), 4);
            }
            return;
        }
        boolean isByte = memory.disp() == (byte) memory.disp();
        boolean none = memory.disp() == 0 && (base.number() & 7) != 5;
        int mod = none ? 0 : isByte ? 0x40 : 0x80;
        if (index == null && (base.number() & 7) != 4) {
            out.u8(mod | regBits | base.number() & 7);
        } else {
            out.u8(mod | regBits | 4);
            out.u8(sib(memory.scale(), index == null ? 4 : index.number(), base.number()));
        }
        out.little(memory.disp(), none ? 0 : isByte ? 1 : 4);
    }

    private static int sib(int scale, int index, int base) {
        return Integer.numberOfTrailingZeros(scale) << 6 | (index & 7) << 3 | base & 7;
    }
}
