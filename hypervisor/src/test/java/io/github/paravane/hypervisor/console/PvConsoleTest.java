package io.github.paravane.hypervisor.console;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.mmu.memory.LazyMemory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Queue;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** abi-reference 6.5. */
final class PvConsoleTest {
    private static final long PAGE = 0x2000;
    private static final int IN_CONS = 3072;
    private static final int IN_PROD = 3076;
    private static final int OUT_CONS = 3080;
    private static final int OUT_PROD = 3084;

    private final LazyMemory memory = new LazyMemory(4);
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final Queue<Integer> input = new ArrayDeque<>();
    private final PvConsole console = new PvConsole(memory, PAGE, output, this::next);

    private int next() {
        Integer next = input.poll();
        return next == null ? -1 : next;
    }

    private int index(int offset) {
        return memory.readU32(PAGE + offset);
    }

    private int guestWrites(byte[] text, int from) {
        int room = 2048 - (index(OUT_PROD) - index(OUT_CONS));
        int part = Math.min(room, text.length - from);
        for (int i = 0; i < part; i++) {
            memory.writeU8(PAGE + 1024 + (index(OUT_PROD) + i & 2047), text[from + i]);
        }
        memory.writeU32(PAGE + OUT_PROD, index(OUT_PROD) + part);
        return part;
    }

    @Property(tries = 100)
    void everyByteOfOutputArrivesInOrder(@ForAll @Size(max = 6000) byte[] text) {
        PvConsoleTest fresh = new PvConsoleTest();
        // Indices run freely over 2^32.
        fresh.memory.writeU32(PAGE + OUT_CONS, -1000);
        fresh.memory.writeU32(PAGE + OUT_PROD, -1000);
        int done = 0;
        while (done < text.length) {
            done += fresh.guestWrites(text, done);
            fresh.console.service();
        }
        assertArrayEquals(text, fresh.output.toByteArray());
    }

    @Test
    void inputWaitsForRoom() {
        for (int i = 0; i < 3000; i++) {
            input.add(i & 0xFF);
        }
        console.service();
        assertEquals(1024, index(IN_PROD));
        assertEquals(1976, input.size(), "the rest is not taken");
        console.service();
        assertEquals(1024, index(IN_PROD));
        int read = 0;
        while (read < 3000) {
            while (index(IN_CONS) != index(IN_PROD)) {
                assertEquals(read & 0xFF, memory.readU8(PAGE + (index(IN_CONS) & 1023)));
                memory.writeU32(PAGE + IN_CONS, index(IN_CONS) + 1);
                read++;
            }
            console.service();
        }
        assertTrue(console.isInputOpen());
        input.add(-2);
        console.service();
        assertFalse(console.isInputOpen());
    }

    @Test
    void absurdIndicesAreIgnored() {
        input.add(65);
        for (int absurd : new int[] {2049, -1, Integer.MIN_VALUE}) {
            memory.writeU32(PAGE + OUT_PROD, absurd);
            memory.writeU32(PAGE + IN_CONS, 1);
            console.service();
            assertEquals(0, output.size());
            assertEquals(1, input.size());
        }
        memory.writeU32(PAGE + OUT_PROD, 2048);
        console.service();
        assertEquals(2048, output.size());
    }

    @Test
    void aFailingOutputIsTheHostsProblem() {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException("closed");
            }
        };
        PvConsole other = new PvConsole(memory, PAGE, broken, () -> -1);
        memory.writeU32(PAGE + OUT_PROD, 1);
        assertThrows(UncheckedIOException.class, other::service);
    }
}
