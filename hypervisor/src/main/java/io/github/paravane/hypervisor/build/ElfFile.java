package io.github.paravane.hypervisor.build;

import io.github.paravane.api.guest.GuestImageException;
import io.github.paravane.api.guest.GuestImageException.Rule;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An ELF file of an x86-64 or, with 32-bit headers, an i386 kernel (System V gABI, chapters 4 and 5): headers checked once,
 * every later access inside the file.
 */
final class ElfFile {

    private static final int MAX_HEADERS = 1024;
    private static final int PT_LOAD = 1;
    private static final int PT_NOTE = 4;
    private static final int SHT_NOTE = 7;
    private static final int SHT_NOBITS = 8;
    private static final int PF_EXECUTE_OR_WRITE = 3;
    private static final int MACHINE_X86_64 = 62;
    private static final int MACHINE_I386 = 3;
    private static final int CLASS_32 = 1;
    private static final int CLASS_64 = 2;

    private final ByteBuffer bytes;
    private final boolean wide;
    private final List<Segment> loadable;
    private final List<Extent> notes;
    private final List<Section> sections;

    /**
     * A PT_LOAD segment that is writable or executable.
     *
     * @param offset in the file
     * @param paddr p_paddr
     * @param fileSize bytes in the file
     * @param memorySize bytes in memory, at least {@code fileSize}
     */
    record Segment(int offset, long paddr, int fileSize, long memorySize) {}

    /** Bytes of the file. */
    record Extent(int offset, int size) {}

    /** A named section with bytes in the file. */
    record Section(String name, int type, Extent extent) {}

    ElfFile(byte[] file) {
        bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        checkMagic();
        wide = bytes.get(4) != CLASS_32;
        checkIdentity();
        sections = readSections();
        List<Extent> segmentNotes = new ArrayList<>();
        loadable = readSegments(segmentNotes);
        for (Section each : sections) {
            if (each.type == SHT_NOTE) {
                segmentNotes.add(each.extent);
            }
        }
        notes = List.copyOf(segmentNotes);
    }

    /** Whether it is an ELF64 file. */
    boolean isWide() {
        return wide;
    }

    /** e_entry. */
    long entry() {
        return word(24, 24);
    }

    /** An address or size of the file's class, at offset {@code at64} of an ELF64 or {@code at32} of an ELF32 file. */
    private long word(int at64, int at32) {
        return wide ? bytes.getLong(at64) : bytes.getInt(at32) & 0xFFFF_FFFFL;
    }

    private int half(int at64, int at32) {
        return bytes.getShort(wide ? at64 : at32) & 0xFFFF;
    }

    /** Segments to load, in file order. */
    List<Segment> loadable() {
        return loadable;
    }

    /** PT_NOTE segments, then SHT_NOTE sections. */
    List<Extent> notes() {
        return notes;
    }

    /** The bytes of a section by name, or null. */
    @Nullable
    Extent section(String name) {
        for (Section each : sections) {
            if (each.name.equals(name)) {
                return each.extent;
            }
        }
        return null;
    }

    /** A little-endian view of an extent. */
    ByteBuffer slice(Extent extent) {
        return bytes.slice(extent.offset, extent.size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The file's bytes; not a copy. */
    byte[] array() {
        return bytes.array();
    }

    private void checkMagic() {
        if (bytes.limit() < 4 || bytes.getInt(0) != 0x464C457F) {
            throw new GuestImageException(
                    Rule.NOT_ELF, bytes.limit() < 4 ? bytes.limit() : bytes.getInt(0), "no ELF magic");
        }
        if (bytes.limit() < 5) {
            throw new GuestImageException(Rule.TRUNCATED, bytes.limit(), "ELF header");
        }
    }

    private void checkIdentity() {
        if (bytes.limit() < (wide ? 64 : 52)) {
            throw new GuestImageException(Rule.TRUNCATED, bytes.limit(), "ELF header");
        }
        int type = bytes.getShort(16);
        if (bytes.get(4) > CLASS_64
                || bytes.get(4) < CLASS_32
                || bytes.get(5) != 1
                || bytes.getShort(18) != (wide ? MACHINE_X86_64 : MACHINE_I386)
                || type < 2
                || type > 3) {
            throw new GuestImageException(Rule.NOT_X86_64, bytes.getShort(18), "class, byte order, type or machine");
        }
    }

    private List<Segment> readSegments(List<Extent> segmentNotes) {
        int count = half(56, 44);
        int size = wide ? 56 : 32;
        int table = tableAt(word(32, 28), count, size, half(54, 42), "program headers");
        List<Segment> result = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int at = table + i * size;
            int type = bytes.getInt(at);
            if (type == PT_LOAD && (bytes.getInt(at + (wide ? 4 : 24)) & PF_EXECUTE_OR_WRITE) != 0) {
                result.add(segment(at));
            } else if (type == PT_NOTE) {
                segmentNotes.add(extent(word(at + 8, at + 4), word(at + 32, at + 16), "note segment"));
            }
        }
        if (result.isEmpty()) {
            throw new GuestImageException(Rule.BAD_SEGMENT, count, "nothing to load");
        }
        checkDisjoint(result);
        return List.copyOf(result);
    }

    private Segment segment(int at) {
        Extent data = extent(word(at + 8, at + 4), word(at + 32, at + 16), "segment");
        long memorySize = word(at + 40, at + 20);
        long paddr = word(at + 24, at + 12);
        if (memorySize < data.size) {
            throw new GuestImageException(Rule.BAD_SEGMENT, memorySize, "memory size below file size");
        }
        if (memorySize > 1L << 40 || paddr + memorySize < paddr && paddr > 0) {
            throw new GuestImageException(Rule.TOO_LARGE, memorySize, "segment at 0x" + Long.toHexString(paddr));
        }
        return new Segment(data.offset, paddr, data.size, memorySize);
    }

    private static void checkDisjoint(List<Segment> segments) {
        List<Segment> sorted = new ArrayList<>(segments);
        sorted.removeIf(each -> each.memorySize == 0);
        sorted.sort((a, b) -> Long.compareUnsigned(a.paddr, b.paddr));
        for (int i = 1; i < sorted.size(); i++) {
            Segment before = sorted.get(i - 1);
            if (Long.compareUnsigned(sorted.get(i).paddr - before.paddr, before.memorySize) < 0) {
                throw new GuestImageException(Rule.BAD_SEGMENT, sorted.get(i).paddr, "segments overlap");
            }
        }
    }

    private List<Section> readSections() {
        int count = half(60, 48);
        if (count == 0) {
            return List.of();
        }
        int size = wide ? 64 : 40;
        int table = tableAt(word(40, 32), count, size, half(58, 46), "section headers");
        int names = half(62, 50);
        if (names >= count) {
            return List.of();
        }
        int namesHeader = table + names * size;
        Extent strings = extent(
                word(namesHeader + 24, namesHeader + 16), word(namesHeader + 32, namesHeader + 20), "section names");
        List<Section> result = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int at = table + i * size;
            int type = bytes.getInt(at + 4);
            if (type != 0 && type != SHT_NOBITS) {
                Extent extent = extent(word(at + 24, at + 16), word(at + 32, at + 20), "section");
                result.add(new Section(name(strings, bytes.getInt(at)), type, extent));
            }
        }
        return result;
    }

    private String name(Extent strings, int index) {
        if (index < 0 || index >= strings.size) {
            throw new GuestImageException(Rule.TRUNCATED, index, "section name");
        }
        int end = index;
        while (end < strings.size && bytes.get(strings.offset + end) != 0) {
            end++;
        }
        return new String(bytes.array(), strings.offset + index, end - index, StandardCharsets.ISO_8859_1);
    }

    private int tableAt(long offset, int count, int size, int declared, String what) {
        if (count > MAX_HEADERS) {
            throw new GuestImageException(Rule.TOO_LARGE, count, what);
        }
        if (count > 0 && declared != size) {
            throw new GuestImageException(Rule.TRUNCATED, declared, what + " have a size other than " + size);
        }
        return extent(offset, (long) count * size, what).offset;
    }

    private Extent extent(long offset, long size, String what) {
        if (offset < 0 || size < 0 || offset > bytes.limit() || size > bytes.limit() - offset) {
            throw new GuestImageException(Rule.TRUNCATED, offset, what + " of 0x" + Long.toHexString(size) + " bytes");
        }
        return new Extent((int) offset, (int) size);
    }
}
