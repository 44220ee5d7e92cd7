package io.github.paravane.testkit.machine;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EDI;
import static io.github.paravane.testkit.asm.Gpr.RSI;
import static io.github.paravane.testkit.asm.Memory.ptr;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.api.paging.PageWalk;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.asm.PvKernelImage;
import io.github.paravane.testkit.asm.PvKernelImage.NoteForm;
import io.github.paravane.testkit.asm.XenNote;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A new domain is as abi-reference 6.2 to 6.4 says, whatever form its kernel comes in. */
class StartOfDayTest {

    private static final long BASE = 0xFFFF_FFFF_8000_0000L;
    private static final long PAGES = 64L << 20 >>> 12;

    private static PvKernelImage kernel() {
        Assembler asm = new Assembler(BASE);
        Label reason = asm.label("reason");
        asm.named("start")
                .mov(EAX, 29)
                .mov(EDI, 2)
                .lea(RSI, ptr(reason))
                .syscall()
                .ud2();
        asm.bind(reason).u32(0).align(4096).named("hypercall_page").zeros(4096);
        return PvKernelImage.of(asm.assemble()).entry("start").hypercallPage("hypercall_page");
    }

    private static PvMachine machine(GuestImage image) {
        return PvMachine.builder(AbiProfiles.XEN_4_17)
                .virtualTime()
                .domain(DomainConfig.of(image))
                .build();
    }

    /** Guest memory through the tables that the builder wrote. */
    private record View(PvMachine machine, Vcpu vcpu) {

        View(PvMachine machine) {
            this(machine, machine.domains().get(0).vcpus().get(0));
        }

        PageWalk walk(long linear) {
            return vcpu.paging().walk(vcpu.kernelBase(), linear);
        }

        long u64(long linear) {
            return machine.memory().readU64(walk(linear).maddr());
        }

        long startInfo(int offset) {
            return u64(vcpu.registers().gpr(Registers.RSI) + offset);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = NoteForm.class,
            names = {"PROGRAM_HEADER", "SECTION", "BOTH", "LEGACY_STRING"})
    void aKernelBootsWhateverFormItsNotesHave(NoteForm form) {
        PvMachine machine = machine(GuestImage.of(kernel().noteForm(form).toElf()));
        assertEquals(
                RunResult.Kind.SHUT_DOWN,
                machine.run(RunLimits.none().instructions(1000)).kind());
    }

    @Test
    void aGzipKernelBoots() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(kernel().toElf());
        }
        PvMachine machine = machine(GuestImage.of(packed.toByteArray()));
        assertEquals(
                RunResult.Kind.SHUT_DOWN,
                machine.run(RunLimits.none().instructions(1000)).kind());
    }

    @Test
    void registersAndStartInfo() {
        View view = new View(machine(GuestImage.of(kernel().toElf()).withCommandLine("quiet")));
        Registers registers = view.vcpu.registers();
        assertEquals(BASE, registers.rip());
        assertEquals(0x202, registers.rflags());
        assertEquals(0xE033, registers.selector(Registers.CS));
        assertEquals(0xE02B, registers.selector(Registers.SS));
        assertEquals(0, registers.selector(Registers.DS));
        assertTrue(view.vcpu.upcallMask());
        assertEquals(PAGES, view.startInfo(32));
        assertEquals(view.vcpu.domain().sharedInfoMfn() << 12, view.startInfo(40));
        assertEquals(1, (int) view.startInfo(64));
        assertEquals(2, (int) view.startInfo(80));
        assertEquals(view.vcpu.kernelBase(), view.walk(view.startInfo(88)).maddr() >>> 12);
        assertEquals('q' | 'u' << 8 | 'i' << 16 | (long) 'e' << 24 | (long) 't' << 32, view.startInfo(128));
    }

    @Test
    void thePagesOfTheTablesAreReadOnlyAndEveryOtherPageIsWritable() {
        View view = new View(machine(GuestImage.of(kernel().toElf())));
        long tables = view.startInfo(88);
        long count = view.startInfo(96);
        long end = BASE + (4 << 20);
        for (long linear = BASE; linear < end; linear += 4096) {
            List<PageWalk.Step> steps = view.walk(linear).steps();
            boolean writable = (steps.get(3).entry() & Pte.RW) != 0;
            assertEquals(linear < tables || linear >= tables + 4096 * count, writable, Long.toHexString(linear));
        }
        assertEquals(-1, view.walk(end).maddr());
    }

    /** Xen writes dom0's image, p2m and start_info on dom0's own tables, which the processor marks. */
    @Test
    void pagesOfTheControlDomainAreDirtyWhereItsBuilderWrote() {
        View view = new View(PvMachine.builder(AbiProfiles.XEN_4_17)
                .virtualTime()
                .domain(DomainConfig.of(GuestImage.of(kernel().toElf())).privileged())
                .build());
        long tables = view.startInfo(88);
        assertEquals(view.vcpu.registers().gpr(Registers.RSI) + 4096, tables, "no rings between");
        for (long linear = BASE; linear < BASE + (4 << 20); linear += 4096) {
            long entry = view.walk(linear).steps().get(3).entry();
            assertEquals(linear < tables, (entry & Pte.DIRTY) != 0, Long.toHexString(linear));
        }
    }

    @Test
    void theTwoNumberingsAreInversesOfEachOther() {
        View view = new View(machine(GuestImage.of(kernel().toElf())));
        for (long pfn = 0; pfn < PAGES; pfn++) {
            long mfn = view.u64(view.startInfo(104) + 8 * pfn);
            assertEquals(pfn, view.u64(0xFFFF_8000_0000_0000L + 8 * mfn));
        }
    }

    @Test
    void aP2mOutsideTheInitialMappingHasTablesOfItsOwn() {
        byte[] elf = kernel().initP2m(0x80_0000_0000L).toElf();
        View view = new View(machine(GuestImage.of(elf)));
        assertEquals(0x80_0000_0000L, view.startInfo(104));
        // 32 pages of list and one table of each level.
        assertEquals(32 + 3, view.startInfo(1160));
        assertEquals(view.walk(BASE).maddr() >>> 12, view.u64(0x80_0000_0000L));
        long firstPfn = view.startInfo(1152);
        assertEquals(view.walk(0x80_0000_0000L).maddr() >>> 12, view.u64(0x80_0000_0000L + 8 * firstPfn));
    }

    @Test
    void aRamdiskIsMappedOrGivenByPfn() {
        byte[] ramdisk = new byte[10_000];
        ramdisk[9_999] = 42;
        View mapped = new View(machine(GuestImage.of(kernel().toElf()).withRamdisk(ramdisk)));
        assertEquals(12_288, mapped.startInfo(120));
        long last = mapped.walk(mapped.startInfo(112) + 9_999).maddr();
        assertEquals(42, mapped.machine.memory().readU8(last));
        byte[] elf = kernel().number(XenNote.MOD_START_PFN, 1).toElf();
        View byPfn = new View(machine(GuestImage.of(elf).withRamdisk(ramdisk)));
        assertEquals(8, (int) byPfn.startInfo(48));
        long mfn = byPfn.u64(byPfn.startInfo(104) + 8 * (byPfn.startInfo(112) + 2));
        assertEquals(42, byPfn.machine.memory().readU8((mfn << 12) + 9_999 - 8192));
    }

    @Test
    void theHypercallPageIsFilled() {
        View view = new View(machine(GuestImage.of(kernel().toElf())));
        // push rcx; push r11; mov eax, 1
        assertEquals(0x0000_0001_B853_4151L, view.u64(BASE + 4096 + 32) & 0x0000_FFFF_FFFF_FFFFL);
    }

    @Test
    void everyFrameOfANewDomainIsAccountedForAndComesBack() {
        PvMachine machine = machine(GuestImage.of(kernel().toElf()));
        assertEquals(List.of(), machine.auditFrames());
        assertEquals(
                RunResult.Kind.SHUT_DOWN,
                machine.run(RunLimits.none().instructions(1000)).kind());
        assertEquals(0, machine.destroy(machine.domains().get(0)));
    }
}
