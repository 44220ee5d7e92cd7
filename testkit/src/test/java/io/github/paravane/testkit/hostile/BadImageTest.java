package io.github.paravane.testkit.hostile;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.api.guest.GuestImageException;
import io.github.paravane.api.guest.GuestImageException.Rule;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.asm.AssembledCode;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.ElfNote;
import io.github.paravane.testkit.asm.ElfWriter;
import io.github.paravane.testkit.asm.PvKernelImage;
import io.github.paravane.testkit.asm.PvKernelImage.NoteForm;
import io.github.paravane.testkit.asm.XenNote;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file that is no kernel is refused before there is a machine, with the rule that it breaks. */
class BadImageTest {

    private static final long BASE = 0xffff_ffff_8000_0000L;
    private static final int PROGRAM_HEADERS = 64;

    private static AssembledCode code() {
        return new Assembler(BASE).ud2().assemble();
    }

    private static PvKernelImage image() {
        return PvKernelImage.of(code());
    }

    private static void build(byte[] file, long memory) {
        PvMachine.builder(AbiProfiles.XEN_4_17)
                .domain(DomainConfig.of(GuestImage.of(file)).memory(memory))
                .build();
    }

    private static void assertRefused(Rule rule, byte[] file) {
        GuestImageException refused = assertThrows(GuestImageException.class, () -> build(file, 8L << 20));
        assertEquals(rule, refused.rule(), refused::getMessage);
    }

    private static byte[] patched(byte[] file, int offset, int width, long value) {
        byte[] copy = file.clone();
        ByteBuffer bytes = ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN);
        switch (width) {
            case 1 -> bytes.put(offset, (byte) value);
            case 2 -> bytes.putShort(offset, (short) value);
            case 4 -> bytes.putInt(offset, (int) value);
            default -> bytes.putLong(offset, value);
        }
        return copy;
    }

    @Test
    void theKernelThatIsSpoiltHereBoots() {
        assertDoesNotThrow(() -> build(image().toElf(), 8L << 20));
    }

    @Test
    void nothingAndText() {
        assertRefused(Rule.NOT_ELF, new byte[0]);
        assertRefused(Rule.NOT_ELF, new byte[] {0x7F, 'E', 'L'});
        assertRefused(Rule.NOT_ELF, "#!/bin/sh\necho hello\n".repeat(100).getBytes(StandardCharsets.US_ASCII));
    }

    /** Offset in the ELF header, width, value; System V ABI chapter 4. */
    @ParameterizedTest
    @CsvSource({
        "0, 1, 0x7E, NOT_ELF",
        "4, 1, 1, NOT_X86_64",
        "5, 1, 2, NOT_X86_64",
        "16, 2, 1, NOT_X86_64",
        "18, 2, 3, NOT_X86_64",
        "32, 8, 0x7FFFFFFFFFFFFFFF, TRUNCATED",
        "32, 8, -1, TRUNCATED",
        "54, 2, 1, TRUNCATED",
        "56, 2, 0, BAD_SEGMENT",
        "56, 2, 1000, TRUNCATED",
        "56, 2, 0xFFFF, TOO_LARGE"
    })
    void headers(int offset, int width, String value, Rule rule) {
        assertRefused(rule, patched(image().toElf(), offset, width, Long.decode(value)));
    }

    /** Offset in the first program header, value. */
    @ParameterizedTest
    @CsvSource({
        "8, 0x7FFFFFFF, TRUNCATED",
        "8, -1, TRUNCATED",
        "32, 0x10000000, TRUNCATED",
        "32, -1, TRUNCATED",
        "40, 0, BAD_SEGMENT",
        "40, 0x10000000, NOT_ENOUGH_MEMORY",
        "40, 0x7FFFFFFFFFFFFFFF, TOO_LARGE",
        "40, -1, BAD_SEGMENT"
    })
    void segments(int offset, String value, Rule rule) {
        assertRefused(rule, patched(image().toElf(), PROGRAM_HEADERS + offset, 8, Long.decode(value)));
    }

    @Test
    void overlappingSegments() {
        byte[] page = new byte[4096];
        byte[] file = new ElfWriter()
                .entry(BASE)
                .segment(BASE, 0, page, 8192)
                .segment(BASE + 0x1000, 0x1000, page, 4096)
                .note(ElfNote.ofU64("Xen", XenNote.VIRT_BASE.type(), BASE))
                .write();
        assertRefused(Rule.BAD_SEGMENT, file);
    }

    @Test
    void everyTruncation() {
        byte[] whole = image().toElf();
        for (int length = 0; length < whole.length; length += length < 256 ? 1 : 37) {
            byte[] part = Arrays.copyOf(whole, length);
            GuestImageException refused = assertThrows(GuestImageException.class, () -> build(part, 8L << 20));
            assertEquals(length < 4 ? Rule.NOT_ELF : Rule.TRUNCATED, refused.rule(), refused::getMessage);
        }
    }

    @Test
    void notes() {
        assertRefused(Rule.NO_XEN_NOTES, image().noteForm(NoteForm.NONE).toElf());
        assertRefused(
                Rule.NOT_FOR_XEN, image().text(XenNote.XEN_VERSION, "xen-2.0").toElf());
        assertRefused(Rule.NOT_FOR_XEN, image().text(XenNote.LOADER, "other").toElf());
        assertRefused(
                Rule.MISSING_FEATURE,
                image().text(XenNote.FEATURES, "!auto_translated_physmap").toElf());
        byte[] odd = new ElfWriter()
                .entry(BASE)
                .segment(BASE, 0, new byte[4096], 4096)
                .note(ElfNote.ofString("Xen", XenNote.VIRT_BASE.type(), "higher"))
                .write();
        assertRefused(Rule.BAD_NOTE, odd);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, BASE - 1, BASE + (1L << 30), 0x8000_0000_0000L, 0xffff_8000_0000_0000L, -1})
    void entriesOutsideTheKernel(long entry) {
        assertRefused(Rule.BAD_ADDRESS, image().number(XenNote.ENTRY, entry).toElf());
    }

    @ParameterizedTest
    @ValueSource(longs = {BASE + 8, BASE + (1L << 30), 0x8000_0000_0000L, -4096})
    void hypercallPages(long linear) {
        assertRefused(
                Rule.BAD_ADDRESS, image().number(XenNote.HYPERCALL_PAGE, linear).toElf());
    }

    @ParameterizedTest
    @ValueSource(longs = {BASE + 1, 0x8000_0000_0000L, 0xffff_8000_0000_0000L, 0xffff_8080_0000_0000L, -4096})
    void virtualBases(long base) {
        byte[] file = new ElfWriter()
                .entry(base)
                .segment(base, 0, new byte[4096], 4096)
                .note(ElfNote.ofU64("Xen", XenNote.VIRT_BASE.type(), base))
                .write();
        assertRefused(Rule.BAD_ADDRESS, file);
    }

    @ParameterizedTest
    @ValueSource(longs = {0x1000, 0x8000_0000_0000L, 0xffff_8000_0000_0000L, 0xffff_87ff_ffe0_0000L})
    void listsOfFramesWhereNoneCanBe(long linear) {
        assertRefused(Rule.BAD_ADDRESS, image().initP2m(linear).toElf());
    }

    @Test
    void listOfFramesOverTheKernelOrTheEndOfMemory() {
        for (long linear : new long[] {BASE, -0x20_0000L}) {
            byte[] file = image().initP2m(linear).toElf();
            long memory = linear == BASE ? 8L << 20 : 4L << 30;
            GuestImageException refused = assertThrows(GuestImageException.class, () -> build(file, memory));
            assertEquals(Rule.BAD_ADDRESS, refused.rule(), refused::getMessage);
        }
    }

    @Test
    void brokenCompression() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(image().toElf());
        }
        byte[] good = bytes.toByteArray();
        assertDoesNotThrow(() -> build(good, 8L << 20));
        assertRefused(Rule.BAD_COMPRESSION, Arrays.copyOf(good, good.length / 2));
        assertRefused(Rule.BAD_COMPRESSION, patched(good, good.length / 2, 8, 0x1234_5678_9ABC_DEFL));
    }

    @Test
    void aBombIsNotUnpacked() throws IOException {
        ByteArrayOutputStream member = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(member)) {
            gzip.write(new byte[16 << 20]);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < 33; i++) {
            bytes.writeBytes(member.toByteArray());
        }
        assertRefused(Rule.TOO_LARGE, bytes.toByteArray());
    }

    @Test
    void memoryThatIsTooSmallForTheKernel() {
        byte[] file = image().bss(2 << 20).toElf();
        GuestImageException refused = assertThrows(GuestImageException.class, () -> build(file, 2 << 20));
        assertEquals(Rule.NOT_ENOUGH_MEMORY, refused.rule());
    }

    @Test
    void ramdisksThatDoNotFit() {
        GuestImage image = GuestImage.of(image().toElf()).withRamdisk(new byte[9 << 20]);
        GuestImageException refused = assertThrows(
                GuestImageException.class,
                () -> PvMachine.builder(AbiProfiles.XEN_4_17)
                        .domain(DomainConfig.of(image).memory(8 << 20))
                        .build());
        assertEquals(Rule.NOT_ENOUGH_MEMORY, refused.rule());
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 1, 4096, (2 << 20) + 1, (64L << 30) + 4096, Long.MAX_VALUE})
    void absurdMemorySizes(long bytes) {
        DomainConfig config = DomainConfig.of(GuestImage.of(image().toElf()));
        assertThrows(IllegalArgumentException.class, () -> config.memory(bytes));
    }

    @Test
    void theLargestMemoryCostsNothingUntouched() {
        // Two largest domains do not fit into what a machine can have, and one needs no host memory of its size.
        DomainConfig largest = DomainConfig.of(GuestImage.of(image().toElf())).memory(DomainConfig.MAX_MEMORY);
        var builder = PvMachine.builder(AbiProfiles.XEN_4_17);
        for (int i = 0; i < 17; i++) {
            builder.domain(largest);
        }
        GuestImageException refused = assertThrows(GuestImageException.class, builder::build);
        assertEquals(Rule.NOT_ENOUGH_MEMORY, refused.rule());
    }
}
