package io.github.paravane.testkit.asm;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Writes an ELF64 executable for x86-64, or an ELF32 one for the i386, from segments, notes, extra sections and symbols (System V ABI, chapters 4 and 5).
 * Nothing is checked against a loader's rules, so that files a loader must refuse can be written too.
 *
 * <pre>{@code
 * byte[] file = new ElfWriter()
 *         .entry(0x1000)
 *         .segment(0x1000, 0x1000, code, code.length)
 *         .note(ElfNote.ofString("Xen", 5, "xen-3.0"))
 *         .write();
 * }</pre>
 */
public final class ElfWriter {
    /** Where notes are put. */
    public enum NotePlace {
        /** In a PT_NOTE segment, without section headers. */
        PROGRAM_HEADER,
        /** In one SHT_NOTE section per note, without a PT_NOTE segment. */
        SECTION,
        /** In sections, and in a PT_NOTE segment that covers them. */
        BOTH
    }

    private static final int PAGE = 4096;
    private static final int PT_LOAD = 1;
    private static final int PT_NOTE = 4;
    private static final int SHT_PROGBITS = 1;
    private static final int SHT_SYMTAB = 2;
    private static final int SHT_STRTAB = 3;
    private static final int SHT_NOTE = 7;
    private static final int SHN_ABS = 0xfff1;

    private record Segment(long virtual, long physical, byte[] data, long memorySize) {}

    private record Section(String name, int type, byte[] data, int link, int info, int entrySize) {}

    private final List<Segment> segments = new ArrayList<>();
    private final List<ElfNote> notes = new ArrayList<>();
    private final List<Section> extraSections = new ArrayList<>();
    private final List<Map.Entry<String, Long>> symbols = new ArrayList<>();
    private NotePlace notePlace = NotePlace.PROGRAM_HEADER;
    private long entry;
    private boolean wide = true;

    /** Sets {@code e_entry}. */
    public ElfWriter entry(long linear) {
        entry = linear;
        return this;
    }

    /** Makes it an ELF32 file for the i386; addresses keep their low 32 bits. Symbols are left out. */
    public ElfWriter compat() {
        wide = false;
        return this;
    }

    private int headerSize() {
        return wide ? 64 : 52;
    }

    private int programHeaderSize() {
        return wide ? 56 : 32;
    }

    private int sectionHeaderSize() {
        return wide ? 64 : 40;
    }

    /** An address, offset or size of the file's class. */
    private void word(ByteBuffer to, long value) {
        if (wide) {
            to.putLong(value);
        } else {
            to.putInt((int) value);
        }
    }

    /** Adds a PT_LOAD segment with all rights; bytes of {@code memorySize} beyond the data are zero once loaded. */
    public ElfWriter segment(long virtual, long physical, byte[] data, long memorySize) {
        segments.add(new Segment(virtual, physical, data.clone(), memorySize));
        return this;
    }

    /** Adds a note. */
    public ElfWriter note(ElfNote note) {
        notes.add(Objects.requireNonNull(note, "note"));
        return this;
    }

    /** Chooses where notes are put; a PT_NOTE segment if this is never called. */
    public ElfWriter notePlace(NotePlace place) {
        notePlace = Objects.requireNonNull(place, "place");
        return this;
    }

    /** Adds a section that is not loaded. */
    public ElfWriter section(String name, byte[] data) {
        extraSections.add(new Section(name, SHT_PROGBITS, data.clone(), 0, 0, 0));
        return this;
    }

    /** Adds a global absolute symbol. */
    public ElfWriter symbol(String name, long value) {
        symbols.add(Map.entry(name, value));
        return this;
    }

    /** The file. */
    public byte[] write() {
        boolean noteSegment = !notes.isEmpty() && notePlace != NotePlace.SECTION;
        List<Section> sections = sections();
        int headers = segments.size() + (noteSegment ? 1 : 0);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        ByteBuffer programHeaders = little(headers * programHeaderSize());
        int bodyStart = headerSize() + programHeaders.capacity();
        for (Segment segment : segments) {
            pad(body, (int) (segment.virtual - bodyStart - body.size() & PAGE - 1));
            int at = bodyStart + body.size();
            body.writeBytes(segment.data);
            programHeader(programHeaders, new long[] {
                PT_LOAD, 7, at, segment.virtual, segment.physical, segment.data.length, segment.memorySize, PAGE
            });
        }
        pad(body, -(bodyStart + body.size()) & 7);
        int notesAt = bodyStart + body.size();
        byte[] noteBytes = noteBytes();
        if (noteSegment) {
            programHeader(
                    programHeaders, new long[] {PT_NOTE, 4, notesAt, 0, 0, noteBytes.length, noteBytes.length, 4});
            if (notePlace == NotePlace.PROGRAM_HEADER) {
                body.writeBytes(noteBytes);
            }
        }
        ByteBuffer sectionHeaders = sectionHeaders(sections, body, bodyStart);
        pad(body, -(bodyStart + body.size()) & 7);
        int sectionHeadersAt = sections.isEmpty() ? 0 : bodyStart + body.size();
        ByteBuffer file = little(bodyStart + body.size() + sectionHeaders.capacity());
        writeHeader(file, headers, sectionHeadersAt, sections.isEmpty() ? 0 : sections.size() + 1);
        file.put(programHeaders.array()).put(body.toByteArray()).put(sectionHeaders.array());
        return file.array();
    }

    /** Type, flags, offset, virtual and physical address, size in the file and in memory, alignment. */
    private void programHeader(ByteBuffer to, long[] fields) {
        to.putInt((int) fields[0]);
        if (wide) {
            to.putInt((int) fields[1]);
        }
        for (int i = 2; i < 7; i++) {
            word(to, fields[i]);
        }
        if (!wide) {
            to.putInt((int) fields[1]);
        }
        word(to, fields[7]);
    }

    private void writeHeader(ByteBuffer file, int programHeaders, int sectionHeadersAt, int sectionHeaders) {
        file.put(new byte[] {0x7f, 'E', 'L', 'F', (byte) (wide ? 2 : 1), 1, 1, 0})
                .putLong(0);
        // ET_EXEC, EM_X86_64 or EM_386, EV_CURRENT
        file.putShort((short) 2).putShort((short) (wide ? 62 : 3)).putInt(1);
        word(file, entry);
        word(file, headerSize());
        word(file, sectionHeadersAt);
        file.putInt(0);
        file.putShort((short) headerSize())
                .putShort((short) programHeaderSize())
                .putShort((short) programHeaders);
        file.putShort((short) sectionHeaderSize())
                .putShort((short) sectionHeaders)
                .putShort((short) Math.max(0, sectionHeaders - 1));
    }

    /** All sections behind the null section: notes first and contiguous, the section names last. */
    private List<Section> sections() {
        List<Section> sections = new ArrayList<>();
        if (notePlace != NotePlace.PROGRAM_HEADER) {
            for (ElfNote note : notes) {
                sections.add(new Section(".note." + note.name(), SHT_NOTE, note.encoded(), 0, 0, 0));
            }
        }
        sections.addAll(extraSections);
        if (!symbols.isEmpty() && wide) {
            addSymbols(sections);
        }
        if (!sections.isEmpty()) {
            StringTable names = new StringTable();
            sections.forEach(section -> names.offsetOf(section.name));
            names.offsetOf(".shstrtab");
            sections.add(new Section(".shstrtab", SHT_STRTAB, names.bytes(), 0, 0, 0));
        }
        return sections;
    }

    private void addSymbols(List<Section> sections) {
        StringTable names = new StringTable();
        ByteBuffer table = little((symbols.size() + 1) * 24);
        table.position(24);
        for (Map.Entry<String, Long> symbol : symbols) {
            table.putInt(names.offsetOf(symbol.getKey())).put((byte) 0x10).put((byte) 0); // STB_GLOBAL, STT_NOTYPE
            table.putShort((short) SHN_ABS).putLong(symbol.getValue()).putLong(0);
        }
        int stringsIndex = sections.size() + 2;
        sections.add(new Section(".symtab", SHT_SYMTAB, table.array(), stringsIndex, 1, 24));
        sections.add(new Section(".strtab", SHT_STRTAB, names.bytes(), 0, 0, 0));
    }

    private ByteBuffer sectionHeaders(List<Section> sections, ByteArrayOutputStream body, int bodyStart) {
        if (sections.isEmpty()) {
            return little(0);
        }
        StringTable names = new StringTable();
        ByteBuffer headers = little((sections.size() + 1) * sectionHeaderSize());
        headers.position(sectionHeaderSize());
        for (Section section : sections) {
            pad(body, section.type == SHT_NOTE ? 0 : -(bodyStart + body.size()) & 7);
            int at = bodyStart + body.size();
            body.writeBytes(section.data);
            int alignment = section.type == SHT_NOTE ? 4 : section.type == SHT_SYMTAB ? 8 : 1;
            headers.putInt(names.offsetOf(section.name)).putInt(section.type);
            word(headers, 0);
            word(headers, 0);
            word(headers, at);
            word(headers, section.data.length);
            headers.putInt(section.link).putInt(section.info);
            word(headers, alignment);
            word(headers, section.entrySize);
        }
        return headers;
    }

    private byte[] noteBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        notes.forEach(note -> bytes.writeBytes(note.encoded()));
        return bytes.toByteArray();
    }

    private static void pad(ByteArrayOutputStream out, int count) {
        out.writeBytes(new byte[count]);
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Names, each once, behind the empty name at offset 0. */
    private static final class StringTable {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final List<String> names = new ArrayList<>();
        private final List<Integer> offsets = new ArrayList<>();

        StringTable() {
            bytes.write(0);
        }

        int offsetOf(String name) {
            int known = names.indexOf(name);
            if (known >= 0) {
                return offsets.get(known);
            }
            int offset = bytes.size();
            names.add(name);
            offsets.add(offset);
            bytes.writeBytes(name.getBytes(StandardCharsets.ISO_8859_1));
            bytes.write(0);
            return offset;
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }
    }
}
