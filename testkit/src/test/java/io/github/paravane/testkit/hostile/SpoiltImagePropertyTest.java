package io.github.paravane.testkit.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.api.guest.GuestImageException;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.PvKernelImage;
import io.github.paravane.testkit.asm.PvKernelImage.NoteForm;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** A kernel file with some fields overwritten is refused with a rule, or boots and runs to some end. */
class SpoiltImagePropertyTest {

    private static final long BASE = 0xffff_ffff_8000_0000L;
    private static final RunLimits LIMITS =
            RunLimits.none().instructions(20_000).within(Duration.ofSeconds(20));

    /** What is written where. */
    record Spoil(int offset, int width, long value) {}

    @Provide
    Arbitrary<List<Spoil>> spoils() {
        // Headers, notes and section headers lie in the first page and at the end.
        Arbitrary<Integer> offset = Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.integers().between(0, 255)),
                Tuple.of(1, Arbitraries.integers().between(0, 12_000)));
        Arbitrary<Long> value = Arbitraries.frequencyOf(
                Tuple.of(2, Arbitraries.longs()),
                Tuple.of(2, Arbitraries.longs().between(0, 64)),
                Tuple.of(2, Arbitraries.of(-1L, -4096L, 1L << 31, 1L << 32, 1L << 40, 1L << 47, BASE)));
        return Combinators.combine(offset, Arbitraries.of(1, 2, 4, 8), value)
                .as(Spoil::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }

    @Property(tries = 1000)
    void refusedOrRun(@ForAll("spoils") List<Spoil> spoils, @ForAll NoteForm form) {
        Assembler asm = new Assembler(BASE).ud2();
        byte[] file = PvKernelImage.of(asm.assemble()).noteForm(form).toElf();
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        for (Spoil each : spoils) {
            int at = Math.min(each.offset, file.length - 8);
            switch (each.width) {
                case 1 -> bytes.put(at, (byte) each.value);
                case 2 -> bytes.putShort(at, (short) each.value);
                case 4 -> bytes.putInt(at, (int) each.value);
                default -> bytes.putLong(at, each.value);
            }
        }
        PvMachine machine;
        try {
            machine = PvMachine.builder(AbiProfiles.XEN_4_17)
                    .virtualTime()
                    .domain(DomainConfig.of(GuestImage.of(file)).memory(8 << 20))
                    .build();
        } catch (GuestImageException refused) {
            return;
        }
        machine.run(LIMITS);
        assertEquals(List.of(), machine.auditFrames());
    }
}
