package io.github.paravane.hypervisor.build;

import io.github.paravane.api.guest.GuestImageException;
import io.github.paravane.api.guest.GuestImageException.Rule;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An ELF64 file (System V gABI, chapters 4 and 5): headers checked once, every later access inside the file. */
final class ElfFile {

    private static final int HEADER = 64;
    private static final int PROGRAM_HEADER = 56;
    private static final int SECTION_HEADER = 64;
    private static final int MAX_HEADERS = 1024;
    private static final int PT_LOAD = 1;
    private static final int PT_NOTE = 4;
    private static final int SHT_NOTE = 7;
    private static final int SHT_NOBITS = 8;
    private static final int PF_EXECUTE_OR_WRITE = 3;
    private static final int MACHINE_X86_64 = 62;

    private final ByteBuffer bytes;
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

    /** e_entry. */
    long entry() {
        return bytes.getLong(24);
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

    private void checkIdentity() {
        if (bytes.limit() < 4 || bytes.getInt(0) != 0x464C457F) {
            throw new GuestImageException(
                    Rule.NOT_ELF, bytes.limit() < 4 ? bytes.limit() : bytes.getInt(0), "no ELF magic");
        }
        if (bytes.limit() < HEADER) {
            throw new GuestImageException(Rule.TRUNCATED, bytes.limit(), "ELF header");
        }
        int type = bytes.getShort(16);
        if (bytes.get(4) != 2 || bytes.get(5) != 1 || bytes.getShort(18) != MACHINE_X86_64 || type < 2 || type > 3) {
            throw new GuestImageException(Rule.NOT_X86_64, bytes.getShort(18), "class, byte order, type or machine");
        }
    }

    private List<Segment> readSegments(List<Extent> segmentNotes) {
        int count = bytes.getShort(56) & 0xFFFF;
        int table = tableAt(bytes.getLong(32), count, PROGRAM_HEADER, bytes.getShort(54), "program headers");
        List<Segment> result = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int at = table + i * PROGRAM_HEADER;
            int type = bytes.getInt(at);
            if (type == PT_LOAD && (bytes.getInt(at + 4) & PF_EXECUTE_OR_WRITE) != 0) {
                result.add(segment(at));
            } else if (type == PT_NOTE) {
                segmentNotes.add(extent(bytes.getLong(at + 8), bytes.getLong(at + 32), "note segment"));
            }
        }
        if (result.isEmpty()) {
            throw new GuestImageException(Rule.BAD_SEGMENT, count, "nothing to load");
        }
        checkDisjoint(result);
        return List.copyOf(result);
    }

    private Segment segment(int at) {
        Extent data = extent(bytes.getLong(at + 8), bytes.getLong(at + 32), "segment");
        long memorySize = bytes.getLong(at + 40);
        long paddr = bytes.getLong(at + 24);
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
        int count = bytes.getShort(60) & 0xFFFF;
        if (count == 0) {
            return List.of();
        }
        int table = tableAt(bytes.getLong(40), count, SECTION_HEADER, bytes.getShort(58), "section headers");
        int names = bytes.getShort(62) & 0xFFFF;
        if (names >= count) {
            return List.of();
        }
        int namesHeader = table + names * SECTION_HEADER;
        Extent strings = extent(bytes.getLong(namesHeader + 24), bytes.getLong(namesHeader + 32), "section names");
        List<Section> result = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int at = table + i * SECTION_HEADER;
            int type = bytes.getInt(at + 4);
            if (type != 0 && type != SHT_NOBITS) {
                Extent extent = extent(bytes.getLong(at + 24), bytes.getLong(at + 32), "section");
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
