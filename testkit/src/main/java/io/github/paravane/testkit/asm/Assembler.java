package io.github.paravane.testkit.asm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Assembles x86-64 or, after {@link #compat}, 32-bit instructions and data for a known virtual address. Operands are in the order of the Intel manual,
 * destination first; methods are named after the mnemonic and grouped by family in the interfaces implemented here.
 *
 * <pre>{@code
 * Assembler asm = new Assembler(0x1000);
 * Label loop = asm.label("loop");
 * asm.mov(ECX, 10).xor(EAX, EAX);
 * asm.bind(loop).add(RAX, RCX).dec(ECX).jne(loop);
 * asm.hlt();
 * AssembledCode code = asm.assemble();
 * }</pre>
 *
 * <p>An operand combination without an encoding throws {@code IllegalArgumentException} at the call; an unbound or
 * unreachable label throws {@code IllegalStateException} from {@link #assemble}. Not safe for use by several threads.
 */
public final class Assembler
        implements ArithmeticInstructions,
                BitInstructions,
                BranchInstructions,
                DataDirectives,
                MoveInstructions,
                StringInstructions,
                SystemInstructions {
    private final long origin;
    private final boolean wide;
    private final CodeBuffer buffer = new CodeBuffer();
    private final List<Label> labels = new ArrayList<>();
    private int pendingPrefix;

    /** Starts code whose first byte will lie at virtual address {@code origin}. */
    public Assembler(long origin) {
        this(origin, true);
    }

    private Assembler(long origin, boolean wide) {
        this.origin = origin;
        this.wide = wide;
    }

    /**
     * Starts 32-bit code, as a compatibility-mode segment runs it: registers and addresses of 64 bits throw, and a label as a
     * memory operand is an absolute address.
     */
    public static Assembler compat(long origin) {
        if (origin >>> 32 != 0) {
            throw new IllegalArgumentException("no 32-bit address: 0x" + Long.toHexString(origin));
        }
        return new Assembler(origin, false);
    }

    /** The virtual address of the first byte. */
    public long origin() {
        return origin;
    }

    /** The virtual address of the next byte. */
    @Override
    public long position() {
        return origin + buffer.size();
    }

    /** Makes a label that is to be bound later; the name must be new in this assembler. */
    public Label label(String name) {
        Objects.requireNonNull(name, "name");
        for (Label label : labels) {
            if (label.name().equals(name)) {
                throw new IllegalArgumentException("label " + name + " exists already");
            }
        }
        Label label = new Label(this, name);
        labels.add(label);
        return label;
    }

    /** Makes a label for the next byte. */
    public Label here(String name) {
        Label label = label(name);
        bind(label);
        return label;
    }

    /** Gives a label the address of the next byte; throws {@code IllegalStateException} if it has one. */
    public Assembler bind(Label label) {
        owned(label).bindTo(buffer.size());
        return this;
    }

    /** Names the address of the next byte without keeping the label: for {@link AssembledCode#address}. */
    public Assembler named(String name) {
        return bind(label(name));
    }

    /** Puts a LOCK prefix before the next instruction, whether the instruction allows it or not. */
    public Assembler lock() {
        return prefix(0xf0);
    }

    /** Puts a REP (REPE) prefix before the next instruction. */
    public Assembler rep() {
        return prefix(0xf3);
    }

    /** Puts a REPNE prefix before the next instruction. */
    public Assembler repne() {
        return prefix(0xf2);
    }

    private Assembler prefix(int value) {
        if (pendingPrefix != 0) {
            throw new IllegalStateException("a prefix is pending already: 0x" + Integer.toHexString(pendingPrefix));
        }
        pendingPrefix = value;
        return this;
    }

    @Override
    public Assembler emit(Encoding encoding) {
        encoding.labels().forEach(this::owned);
        encoding.writeTo(buffer, pendingPrefix, wide);
        pendingPrefix = 0;
        return this;
    }

    @Override
    public Assembler raw(byte[] data) {
        requireNoPrefix();
        for (byte value : data) {
            buffer.u8(value);
        }
        return this;
    }

    @Override
    public Assembler addressOf(Label label, long addend) {
        return address(label, addend, 8);
    }

    @Override
    public Assembler u32(Label label) {
        return address(label, 0, 4);
    }

    private Assembler address(Label label, long addend, int bytes) {
        requireNoPrefix();
        int at = buffer.size();
        buffer.little(0, bytes);
        buffer.absolute(owned(label), addend, at, bytes);
        return this;
    }

    private Label owned(Label label) {
        if (label.owner() != this) {
            throw new IllegalArgumentException("label " + label + " belongs to another assembler");
        }
        return label;
    }

    private void requireNoPrefix() {
        if (pendingPrefix != 0) {
            throw new IllegalStateException("prefix 0x" + Integer.toHexString(pendingPrefix) + " has no instruction");
        }
    }

    /** Finishes the code: every label used is resolved. May be called again after more instructions. */
    public AssembledCode assemble() {
        requireNoPrefix();
        byte[] bytes = buffer.resolved(origin);
        Map<String, Long> symbols = new HashMap<>();
        for (Label label : labels) {
            if (label.isBound()) {
                symbols.put(label.name(), origin + label.offset());
            }
        }
        return new AssembledCode(origin, wide, bytes, symbols);
    }
}
