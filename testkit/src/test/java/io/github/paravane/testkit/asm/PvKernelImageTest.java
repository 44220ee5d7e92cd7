package io.github.paravane.testkit.asm;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EDI;
import static io.github.paravane.testkit.asm.Gpr.RSI;
import static io.github.paravane.testkit.asm.Memory.ptr;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.api.guest.GuestImageException;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.asm.PvKernelImage.NoteForm;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PvKernelImageTest {
    private static final long BASE = 0xffffffff80000000L;

    /** A kernel that shuts its domain down with reason poweroff (Xen public/sched.h). */
    static AssembledCode poweroff() {
        Assembler asm = new Assembler(BASE);
        Label reason = asm.label("reason");
        asm.named("start")
                .mov(EAX, 29)
                .mov(EDI, 2)
                .lea(RSI, ptr(reason))
                .syscall()
                .ud2();
        asm.bind(reason).u32(0);
        asm.align(4096).named("hypercall_page");
        asm.zeros(4096);
        return asm.assemble();
    }

    @Test
    void theSegmentIsLoadedFromAPageAlignedPlaceInTheFile() {
        AssembledCode code = poweroff();
        ByteBuffer file =
                little(PvKernelImage.of(code).entry("start").bss(0x3000).toElf());
        assertEquals(0x7f454c46, Integer.reverseBytes(file.getInt(0)));
        assertEquals(BASE, file.getLong(24));
        int header = 64;
        assertEquals(1, file.getInt(header));
        long offset = file.getLong(header + 8);
        assertEquals(0, offset & 4095);
        assertEquals(BASE, file.getLong(header + 16));
        assertEquals(0, file.getLong(header + 24));
        assertEquals(0x2000, file.getLong(header + 32));
        assertEquals(0x5000, file.getLong(header + 40));
        byte[] loaded = Arrays.copyOfRange(file.array(), (int) offset, (int) offset + 0x2000);
        assertArrayEquals(code.bytes(), loaded);
    }

    @ParameterizedTest
    @EnumSource(names = {"PROGRAM_HEADER", "BOTH"})
    void notesAreFoundThroughTheProgramHeader(NoteForm form) {
        ByteBuffer file = little(PvKernelImage.of(poweroff())
                .hypercallPage("hypercall_page")
                .initP2m(0xfffffe0000000000L)
                .noteForm(form)
                .toElf());
        int header = 64 + 56;
        assertEquals(4, file.getInt(header));
        Map<Integer, byte[]> notes = notes(file, (int) file.getLong(header + 8), (int) file.getLong(header + 32));
        assertEquals(BASE + 0x1000, little(notes.get(2)).getLong());
        assertEquals(BASE, little(notes.get(3)).getLong());
        assertEquals("xen-3.0\0", new String(notes.get(5), StandardCharsets.US_ASCII));
        assertEquals(0xfffffe0000000000L, little(notes.get(15)).getLong());
        assertEquals(form == NoteForm.BOTH, file.getShort(60) > 0);
    }

    @Test
    void notesInSectionsAloneNeedNoSegment() {
        ByteBuffer file = little(PvKernelImage.of(poweroff())
                .number(XenNote.MOD_START_PFN, 1)
                .noteForm(NoteForm.SECTION)
                .withSymbols()
                .toElf());
        assertEquals(1, file.getShort(56));
        Map<Integer, byte[]> notes = new LinkedHashMap<>();
        boolean hasSymbolTable = false;
        for (int i = 1; i < file.getShort(60); i++) {
            int header = (int) file.getLong(40) + i * 64;
            if (file.getInt(header + 4) == 7) {
                notes.putAll(notes(file, (int) file.getLong(header + 24), (int) file.getLong(header + 32)));
            }
            hasSymbolTable |= file.getInt(header + 4) == 2;
        }
        assertTrue(hasSymbolTable);
        assertEquals(BASE, little(notes.get(1)).getLong());
        assertEquals(1, little(notes.get(16)).getInt());
        assertFalse(notes.containsKey(2));
    }

    @Test
    void theLegacyStringNumbersTheHypercallPageFromTheBase() {
        byte[] file = PvKernelImage.of(poweroff())
                .hypercallPage("hypercall_page")
                .noteForm(NoteForm.LEGACY_STRING)
                .toElf();
        String text = new String(file, StandardCharsets.ISO_8859_1);
        assertTrue(text.contains("__xen_guest\0"));
        assertTrue(
                text.contains(
                        "XEN_VER=xen-3.0,GUEST_OS=paravane-testkit,LOADER=generic,PAE=yes,"
                                + "VIRT_ENTRY=0xffffffff80000000,HYPERCALL_PAGE=0x1,VIRT_BASE=0xffffffff80000000,ELF_PADDR_OFFSET=0x0\0"));
        assertThrows(
                IllegalStateException.class,
                () -> PvKernelImage.of(poweroff())
                        .initP2m(0)
                        .noteForm(NoteForm.LEGACY_STRING)
                        .toElf());
    }

    @Test
    void physicalAddressesMoveWithTheOffset() {
        ByteBuffer file = little(PvKernelImage.of(poweroff()).paddrOffset(BASE).toElf());
        assertEquals(BASE, file.getLong(64 + 24));
        ByteBuffer without = little(
                PvKernelImage.of(poweroff()).without(XenNote.PADDR_OFFSET).toElf());
        assertEquals(0, without.getLong(64 + 24));
    }

    @ParameterizedTest
    @EnumSource
    void aDomainBootsWithEveryFormOfNotes(NoteForm form) {
        byte[] kernel = PvKernelImage.of(poweroff())
                .entry("start")
                .bss(0x4000)
                .noteForm(form)
                .toElf();
        PvMachine.Builder builder = PvMachine.builder(AbiProfiles.XEN_4_17)
                .domain(DomainConfig.of(GuestImage.of(kernel)).memory(8 << 20))
                .virtualTime();
        if (form == NoteForm.NONE) {
            assertThrows(GuestImageException.class, builder::build);
        } else {
            RunResult result = builder.build().run(RunLimits.none().instructions(1000));
            assertEquals(RunResult.Kind.SHUT_DOWN, result.kind(), result::toString);
            assertEquals(0, result.shutdownReason());
        }
    }

    private static Map<Integer, byte[]> notes(ByteBuffer file, int from, int length) {
        Map<Integer, byte[]> notes = new LinkedHashMap<>();
        int at = from;
        while (at < from + length) {
            int nameSize = file.getInt(at);
            int size = file.getInt(at + 4);
            assertEquals("Xen\0", new String(file.array(), at + 12, nameSize, StandardCharsets.US_ASCII));
            int data = at + 12 + (nameSize + 3 & ~3);
            notes.put(file.getInt(at + 8), Arrays.copyOfRange(file.array(), data, data + size));
            at = data + (size + 3 & ~3);
        }
        return notes;
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
