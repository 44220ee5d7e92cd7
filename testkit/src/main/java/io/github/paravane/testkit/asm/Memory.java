package io.github.paravane.testkit.asm;

import org.jspecify.annotations.Nullable;

/**
 * A memory operand: {@code segment:[base + index*scale + disp]}, or a label, relative to RIP in 64-bit code.
 *
 * <p>{@link #ptr} leaves the width to the other operand; where there is none, wrap it in {@link #qword}, {@link #dword},
 * {@link #word} or {@link #bytePtr}, as one writes {@code qword ptr [rax+8]}.
 */
public final class Memory implements Operand {
    private final @Nullable Gpr base;
    private final @Nullable Gpr index;
    private final int scale;
    private final int disp;
    private final @Nullable Label label;
    private int width;
    private @Nullable SegmentRegister segment;

    private Memory(@Nullable Gpr base, @Nullable Gpr index, int scale, int disp, @Nullable Label label) {
        this.base = base;
        this.index = index;
        this.scale = scale;
        this.disp = disp;
        this.label = label;
    }

    /** {@code [base]}. */
    public static Memory ptr(Gpr base) {
        return ptr(base, 0);
    }

    /** {@code [base + disp]}. */
    public static Memory ptr(Gpr base, int disp) {
        return new Memory(addressRegister(base), null, 1, disp, null);
    }

    /** {@code [base + index*scale]}. */
    public static Memory ptr(Gpr base, Gpr index, int scale) {
        return ptr(base, index, scale, 0);
    }

    /** {@code [base + index*scale + disp]}; throws {@code IllegalArgumentException} for a scale or index that has no encoding. */
    public static Memory ptr(Gpr base, Gpr index, int scale, int disp) {
        return new Memory(addressRegister(base), indexRegister(index, base.width()), checkedScale(scale), disp, null);
    }

    /** {@code [index*scale + disp]}, without a base. */
    public static Memory scaled(Gpr index, int scale, int disp) {
        return new Memory(null, indexRegister(index, index.width()), checkedScale(scale), disp, null);
    }

    /** {@code [rip + label]}. */
    public static Memory ptr(Label label) {
        return ptr(label, 0);
    }

    /** {@code [rip + label + disp]}. */
    public static Memory ptr(Label label, int disp) {
        return new Memory(null, null, 1, disp, label);
    }

    /** {@code [disp]}: an address in the lowest or, as the displacement is sign-extended, the highest 2 GiB. */
    public static Memory absolute(int disp) {
        return new Memory(null, null, 1, disp, null);
    }

    /** The same place as 8 bits. */
    public static Memory bytePtr(Memory place) {
        return place.sized(8);
    }

    /** The same place as 16 bits. */
    public static Memory word(Memory place) {
        return place.sized(16);
    }

    /** The same place as 32 bits. */
    public static Memory dword(Memory place) {
        return place.sized(32);
    }

    /** The same place as 64 bits. */
    public static Memory qword(Memory place) {
        return place.sized(64);
    }

    /** The same place with a segment override, of which only FS and GS change the address in 64-bit mode. */
    public Memory in(SegmentRegister override) {
        Memory copy = sized(width);
        copy.segment = override;
        return copy;
    }

    private Memory sized(int bits) {
        Memory copy = new Memory(base, index, scale, disp, label);
        copy.width = bits;
        copy.segment = segment;
        return copy;
    }

    private static Gpr addressRegister(Gpr register) {
        if (register.width() < 32) {
            throw new IllegalArgumentException(register + " cannot address memory in 64-bit mode");
        }
        return register;
    }

    private static Gpr indexRegister(Gpr index, int addressWidth) {
        if (addressRegister(index).number() == 4 || index.width() != addressWidth) {
            throw new IllegalArgumentException(index + " cannot be an index here");
        }
        return index;
    }

    private static int checkedScale(int scale) {
        if (scale != 1 && scale != 2 && scale != 4 && scale != 8) {
            throw new IllegalArgumentException("scale 0x" + Integer.toHexString(scale) + " is not 1, 2, 4 or 8");
        }
        return scale;
    }

    @Override
    public int width() {
        return width;
    }

    @Nullable
    Gpr base() {
        return base;
    }

    @Nullable
    Gpr index() {
        return index;
    }

    int scale() {
        return scale;
    }

    int disp() {
        return disp;
    }

    @Nullable
    Label label() {
        return label;
    }

    @Nullable
    SegmentRegister segment() {
        return segment;
    }

    /** Whether the address is computed from 64-bit registers. */
    boolean hasWideAddress() {
        return (base != null && base.width() == 64) || (index != null && index.width() == 64);
    }

    /** Whether the address is computed in 32 bits, which needs the 0x67 prefix in 64-bit mode. */
    boolean hasNarrowAddress() {
        return (base != null && base.width() == 32) || (index != null && index.width() == 32);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(segment == null ? "" : segment + ":").append('[');
        if (label != null) {
            text.append("rip+").append(label).append('+');
        }
        if (base != null) {
            text.append(base).append('+');
        }
        if (index != null) {
            text.append(index).append('*').append(scale).append('+');
        }
        return text.append("0x").append(Integer.toHexString(disp)).append(']').toString();
    }
}
