package io.github.paravane.hypervisor.hypercall.compat;

import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.hypervisor.hypercall.compat.Structure.Field;
import io.github.paravane.hypervisor.hypercall.compat.Structure.Kind;

/**
 * Memory of a 32-bit guest in which one array of structures, and the lists of words that they point to, appear as those of a
 * 64-bit guest. They have addresses that no 32-bit guest can name: the array from {@link #ARRAY} on, a list at
 * {@link #LISTS} plus twice its address.
 */
final class StructureView implements GuestBuffer {

    /** Where the array appears. */
    static final long ARRAY = 1L << 40;

    private static final long LISTS = 1L << 41;
    private static final long WORD = 0xFFFF_FFFFL;

    private final GuestBuffer memory;
    private final Structure structure;
    private final long base;

    /**
     * @param memory the guest's
     * @param structure of an element of the array
     * @param base linear address of the array
     */
    StructureView(GuestBuffer memory, Structure structure, long base) {
        this.memory = memory;
        this.structure = structure;
        this.base = base;
    }

    /** The guest's address of the element that begins at an address of the view. */
    long element(long linear) {
        return base + (linear - ARRAY) / structure.wideSize() * structure.compatSize() & WORD;
    }

    private static boolean isList(long linear) {
        return linear >= LISTS;
    }

    private static boolean isArray(long linear) {
        return linear >= ARRAY && linear < LISTS;
    }

    private static long inList(long linear) {
        return linear - LISTS >>> 1;
    }

    private Field field(long linear) {
        return structure.field((int) ((linear - ARRAY) % structure.wideSize()));
    }

    private long address(long linear, Field field) {
        return element(linear) + field.compat();
    }

    @Override
    public long readU64(long linear) {
        if (isList(linear)) {
            return memory.readU32(inList(linear)) & WORD;
        }
        if (!isArray(linear)) {
            return memory.readU64(linear);
        }
        Field field = field(linear);
        long at = address(linear, field);
        if (field.kind() == Kind.PLAIN) {
            return memory.readU64(at);
        }
        long value = memory.readU32(at) & WORD;
        return field.kind() == Kind.LIST && value != 0 ? LISTS + 2 * value : value;
    }

    @Override
    public void writeU64(long linear, long value) {
        if (isList(linear)) {
            memory.writeU32(inList(linear), (int) value);
        } else if (!isArray(linear)) {
            memory.writeU64(linear, value);
        } else if (field(linear).kind() == Kind.PLAIN) {
            memory.writeU64(address(linear, field(linear)), value);
        } else {
            memory.writeU32(address(linear, field(linear)), (int) value);
        }
    }

    /** The guest's address of a plain field, or the lower half of a word. */
    private long plain(long linear) {
        if (isList(linear)) {
            return inList(linear);
        }
        return isArray(linear) ? address(linear, field(linear)) : linear;
    }

    @Override
    public void read(long linear, byte[] target, int offset, int length) {
        memory.read(plain(linear), target, offset, length);
    }

    @Override
    public void write(long linear, byte[] source, int offset, int length) {
        memory.write(plain(linear), source, offset, length);
    }

    @Override
    public int readU8(long linear) {
        return memory.readU8(plain(linear));
    }

    @Override
    public int readU16(long linear) {
        return memory.readU16(plain(linear));
    }

    @Override
    public int readU32(long linear) {
        return memory.readU32(plain(linear));
    }

    @Override
    public void writeU8(long linear, int value) {
        memory.writeU8(plain(linear), value);
    }

    @Override
    public void writeU16(long linear, int value) {
        memory.writeU16(plain(linear), value);
    }

    @Override
    public void writeU32(long linear, int value) {
        memory.writeU32(plain(linear), value);
    }

    @Override
    public boolean inGuestRange(long linear, long count, int size) {
        if (isList(linear)) {
            return memory.inGuestRange(inList(linear), count, Integer.BYTES);
        }
        return isArray(linear)
                ? memory.inGuestRange(element(linear), count, structure.compatSize())
                : memory.inGuestRange(linear, count, size);
    }
}
