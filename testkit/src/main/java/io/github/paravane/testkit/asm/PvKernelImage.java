package io.github.paravane.testkit.asm;

import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;

/**
 * Makes a bootable PV kernel out of assembled code: an ELF64 file with one loaded segment and the notes a domain builder
 * reads. Without further calls the code is loaded at the domain's first page, starts at its first byte and has no hypercall
 * page.
 *
 * <pre>{@code
 * Assembler asm = new Assembler(0xffffffff80000000L);
 * Label reason = asm.label("reason");
 * asm.named("start").mov(EAX, 29).mov(EDI, 2).lea(RSI, ptr(reason)).syscall().ud2(); // sched_op(SHUTDOWN)
 * asm.bind(reason).u32(0);
 * byte[] kernel = PvKernelImage.of(asm.assemble()).entry("start").bss(0x4000).toElf();
 * }</pre>
 */
public final class PvKernelImage {
    /** How the file tells what the kernel needs. */
    public enum NoteForm {
        /** Notes in a PT_NOTE segment. */
        PROGRAM_HEADER,
        /** Notes in SHT_NOTE sections only. */
        SECTION,
        /** Notes in sections covered by a PT_NOTE segment, as linkers write them. */
        BOTH,
        /** The string of the {@code __xen_guest} section, the only form before Xen 3.0.3. */
        LEGACY_STRING,
        /** Nothing: a kernel that a domain builder must refuse. */
        NONE
    }

    private final AssembledCode code;
    private final Map<XenNote, String> texts = new EnumMap<>(XenNote.class);
    private final Map<XenNote, Long> numbers = new EnumMap<>(XenNote.class);
    private NoteForm form = NoteForm.PROGRAM_HEADER;
    private long bss;
    private boolean hasSymbols;

    private PvKernelImage(AssembledCode code) {
        this.code = code;
        texts.put(XenNote.GUEST_OS, "paravane-testkit");
        texts.put(XenNote.XEN_VERSION, "xen-3.0");
        texts.put(XenNote.LOADER, "generic");
        texts.put(XenNote.PAE_MODE, "yes");
        numbers.put(XenNote.ENTRY, code.origin());
        numbers.put(XenNote.VIRT_BASE, code.origin() & -4096);
        numbers.put(XenNote.PADDR_OFFSET, 0L);
    }

    /** Starts an image of this code. */
    public static PvKernelImage of(AssembledCode code) {
        return new PvKernelImage(Objects.requireNonNull(code, "code"));
    }

    /** Starts execution at a label. */
    public PvKernelImage entry(String label) {
        return number(XenNote.ENTRY, code.address(label));
    }

    /** Asks for hypercall stubs in the page at a label, which must be page-aligned. */
    public PvKernelImage hypercallPage(String label) {
        return number(XenNote.HYPERCALL_PAGE, code.address(label));
    }

    /** Maps the domain's first page at this address; the page of the first byte if this is never called. */
    public PvKernelImage virtualBase(long linear) {
        return number(XenNote.VIRT_BASE, linear);
    }

    /** Shifts physical addresses in the file by an offset that the note then takes back. */
    public PvKernelImage paddrOffset(long offset) {
        return number(XenNote.PADDR_OFFSET, offset);
    }

    /** Asks for the list of machine frames at this address instead of behind the kernel. */
    public PvKernelImage initP2m(long linear) {
        return number(XenNote.INIT_P2M, linear);
    }

    /** Appends zeroed memory behind the code. */
    public PvKernelImage bss(long bytes) {
        bss = bytes;
        return this;
    }

    /** Sets a numeric note. */
    public PvKernelImage number(XenNote note, long value) {
        if (note.width() == 0) {
            throw new IllegalArgumentException(note + " is text");
        }
        numbers.put(note, value);
        return this;
    }

    /** Sets a text note. */
    public PvKernelImage text(XenNote note, String value) {
        if (note.width() != 0) {
            throw new IllegalArgumentException(note + " is a number");
        }
        texts.put(note, Objects.requireNonNull(value, "value"));
        return this;
    }

    /** Leaves a note out. */
    public PvKernelImage without(XenNote note) {
        texts.remove(note);
        numbers.remove(note);
        return this;
    }

    /** Chooses how notes are carried; a PT_NOTE segment if this is never called. */
    public PvKernelImage noteForm(NoteForm noteForm) {
        form = Objects.requireNonNull(noteForm, "noteForm");
        return this;
    }

    /** Adds the labels of the code as ELF symbols. */
    public PvKernelImage withSymbols() {
        hasSymbols = true;
        return this;
    }

    /** The file. */
    public byte[] toElf() {
        long virtualBase = numbers.getOrDefault(XenNote.VIRT_BASE, 0L);
        long defaultOffset = form == NoteForm.LEGACY_STRING ? virtualBase : 0;
        long offset = numbers.getOrDefault(XenNote.PADDR_OFFSET, defaultOffset);
        ElfWriter elf = new ElfWriter()
                .entry(numbers.getOrDefault(XenNote.ENTRY, code.origin()))
                .segment(code.origin(), code.origin() - virtualBase + offset, code.bytes(), code.bytes().length + bss);
        if (!code.isWide()) {
            elf.compat();
        }
        if (hasSymbols) {
            code.symbols().entrySet().stream()
                    .sorted(Map.Entry.comparingByValue())
                    .forEach(symbol -> elf.symbol(symbol.getKey(), symbol.getValue()));
        }
        switch (form) {
            case NONE -> {}
            case LEGACY_STRING ->
                elf.section("__xen_guest", (legacyString(virtualBase) + "\0").getBytes(StandardCharsets.ISO_8859_1));
            case PROGRAM_HEADER -> addNotes(elf.notePlace(ElfWriter.NotePlace.PROGRAM_HEADER));
            case SECTION -> addNotes(elf.notePlace(ElfWriter.NotePlace.SECTION));
            case BOTH -> addNotes(elf.notePlace(ElfWriter.NotePlace.BOTH));
        }
        return elf.write();
    }

    private void addNotes(ElfWriter elf) {
        texts.forEach((note, text) -> elf.note(ElfNote.ofString("Xen", note.type(), text)));
        numbers.forEach((note, value) -> elf.note(
                note.width() == 4 || !code.isWide()
                        ? ElfNote.ofU32("Xen", note.type(), value.intValue())
                        : ElfNote.ofU64("Xen", note.type(), value)));
    }

    private String legacyString(long virtualBase) {
        StringJoiner pairs = new StringJoiner(",");
        texts.forEach((note, text) -> pairs.add(key(note) + "=" + text));
        numbers.forEach((note, value) -> {
            long shown = note == XenNote.HYPERCALL_PAGE ? value - virtualBase >>> 12 : value;
            pairs.add(key(note) + "=0x" + Long.toHexString(shown));
        });
        return pairs.toString();
    }

    private static String key(XenNote note) {
        if (note.legacyKey().isEmpty()) {
            throw new IllegalStateException(note + " has no form in the legacy string");
        }
        return note.legacyKey();
    }
}
