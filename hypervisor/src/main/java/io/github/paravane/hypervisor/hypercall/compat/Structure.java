package io.github.paravane.hypervisor.hypercall.compat;

import java.util.ArrayList;
import java.util.List;

/** How a structure of a 64-bit guest's hypercall lies in a 32-bit guest's memory; immutable, each method gives a copy. */
final class Structure {

    private final int wideSize;
    private final int compatSize;
    private final List<Field> fields;

    /** What a field holds. */
    enum Kind {
        /** A number or characters, as wide in both. */
        PLAIN,
        /** A number or a pointer to bytes: 8 bytes, and 4 bytes. */
        WORD,
        /** A pointer to words. */
        LIST
    }

    /**
     * A field.
     *
     * @param wide offset in the 64-bit structure
     * @param compat offset in the 32-bit structure
     * @param size bytes of a plain field
     */
    record Field(Kind kind, int wide, int compat, int size) {}

    private Structure(int wideSize, int compatSize, List<Field> fields) {
        this.wideSize = wideSize;
        this.compatSize = compatSize;
        this.fields = List.copyOf(fields);
    }

    /** A structure without fields. */
    static Structure of(int wideSize, int compatSize) {
        return new Structure(wideSize, compatSize, List.of());
    }

    Structure plain(int wide, int compat, int size) {
        return with(new Field(Kind.PLAIN, wide, compat, size));
    }

    Structure word(int wide, int compat) {
        return with(new Field(Kind.WORD, wide, compat, Integer.BYTES));
    }

    Structure list(int wide, int compat) {
        return with(new Field(Kind.LIST, wide, compat, Integer.BYTES));
    }

    private Structure with(Field field) {
        List<Field> more = new ArrayList<>(fields);
        more.add(field);
        return new Structure(wideSize, compatSize, more);
    }

    /** Bytes of one in an array of a 64-bit guest. */
    int wideSize() {
        return wideSize;
    }

    /** Bytes of one in an array of a 32-bit guest. */
    int compatSize() {
        return compatSize;
    }

    /** The field at an offset of the 64-bit structure; {@link IllegalStateException} if there is none. */
    Field field(int wide) {
        for (Field each : fields) {
            if (each.wide == wide) {
                return each;
            }
        }
        throw new IllegalStateException("no field at " + wide + " of a structure of " + wideSize + " bytes");
    }
}
