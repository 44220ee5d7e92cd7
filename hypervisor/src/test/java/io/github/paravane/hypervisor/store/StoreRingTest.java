package io.github.paravane.hypervisor.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.mmu.memory.LazyMemory;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** abi-reference 6.5: messages are longer than the ring. */
final class StoreRingTest {
    private static final long PAGE = 0x1000;

    private final LazyMemory memory = new LazyMemory(4);
    private final Store store = new Store(1);
    private final StoreRing ring = new StoreRing(memory, PAGE, new StoreSession(store));
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();

    StoreRingTest() {
        store.write("/local/domain/1/data", "");
        store.giveToGuest("/local/domain/1/data");
    }

    private int index(int offset) {
        return memory.readU32(PAGE + offset);
    }

    private static byte[] message(int type, int id, byte[] payload) {
        return ByteBuffer.allocate(16 + payload.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(type)
                .putInt(id)
                .putInt(0)
                .putInt(payload.length)
                .put(payload)
                .array();
    }

    /** Sends in pieces of at most {@code piece} bytes and reads answers in between. */
    private void exchange(byte[] bytes, int piece) {
        int sent = 0;
        while (sent < bytes.length) {
            int room = 1024 - (index(2052) - index(2048));
            int part = Math.min(Math.min(room, piece), bytes.length - sent);
            for (int i = 0; i < part; i++) {
                memory.writeU8(PAGE + (index(2052) + i & 1023), bytes[sent + i]);
            }
            memory.writeU32(PAGE + 2052, index(2052) + part);
            sent += part;
            ring.service();
            drain(piece);
        }
        while (ring.hasWork()) {
            ring.service();
            drain(piece);
        }
        drain(Integer.MAX_VALUE);
    }

    private void drain(int most) {
        for (int i = 0; i < most && index(2056) != index(2060); i++) {
            received.write(memory.readU8(PAGE + 1024 + (index(2056) & 1023)));
            memory.writeU32(PAGE + 2056, index(2056) + 1);
        }
    }

    private List<String> replies() {
        ByteBuffer all = ByteBuffer.wrap(received.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        List<String> result = new ArrayList<>();
        while (all.hasRemaining()) {
            int type = all.getInt();
            int id = all.getInt();
            all.getInt();
            byte[] body = new byte[all.getInt()];
            all.get(body);
            result.add(type + "#" + id + " " + Store.text(body).replace('\0', '|'));
        }
        return result;
    }

    @Property(tries = 60)
    void longMessagesInAnyPieces(
            @ForAll @IntRange(min = 1, max = 1024) int piece, @ForAll @IntRange(min = 0, max = 1900) int size) {
        StoreRingTest fresh = new StoreRingTest();
        for (int offset : new int[] {2048, 2052, 2056, 2060}) {
            fresh.memory.writeU32(PAGE + offset, -700);
        }
        String value = "v".repeat(size);
        fresh.exchange(message(StoreSession.WRITE, 5, Store.bytes("data/x\0" + value)), piece);
        fresh.exchange(message(StoreSession.READ, 6, Store.bytes("data/x\0")), piece);
        assertEquals(List.of("11#5 OK|", "2#6 " + value), fresh.replies());
        assertFalse(fresh.ring.isBroken());
    }

    @Test
    void aChangeFiresWatchesBeforeItsAnswerAndANewWatchAfterIt() {
        exchange(message(StoreSession.WATCH, 1, Store.bytes("data\0t\0")), 64);
        exchange(message(StoreSession.WRITE, 2, Store.bytes("data/y\0" + "1")), 64);
        assertEquals(List.of("4#1 OK|", "15#0 data|t|", "15#0 data/y|t|", "11#2 OK|"), replies());
    }

    @Test
    void aGuestThatDoesNotReadIsNotServed() {
        byte[] watch = message(StoreSession.WATCH, 1, Store.bytes("data\0t\0"));
        int requests = 0;
        for (int i = 0; i < 10_000 && index(2052) - index(2048) + watch.length <= 1024; i++) {
            for (int j = 0; j < watch.length; j++) {
                memory.writeU8(PAGE + (index(2052) + j & 1023), watch[j]);
            }
            memory.writeU32(PAGE + 2052, index(2052) + watch.length);
            ring.service();
            requests++;
        }
        assertTrue(requests < 200, requests + " requests");
        assertFalse(ring.isBroken());
    }

    @Test
    void aBrokenGuestIsNotListenedTo() {
        memory.writeU32(PAGE + 2052, 1025);
        ring.service();
        assertTrue(ring.isBroken());
        memory.writeU32(PAGE + 2052, 0);
        assertFalse(ring.hasWork());
    }

    @Test
    void anOversizedPayloadEndsTheConnection() {
        byte[] header = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(2)
                .putInt(1)
                .putInt(0)
                .putInt(4097)
                .array();
        exchange(header, 16);
        assertTrue(ring.isBroken());
    }

    @Property(tries = 200)
    void randomPagesNeverThrow(@ForAll Random random) {
        LazyMemory noise = new LazyMemory(2);
        byte[] page = new byte[4096];
        random.nextBytes(page);
        noise.write(0, page, 0, page.length);
        noise.writeU32(2048, 0);
        noise.writeU32(2052, random.nextInt(1100));
        noise.writeU32(2056, 0);
        noise.writeU32(2060, 0);
        StoreRing target = new StoreRing(noise, 0, new StoreSession(new Store(1)));
        target.service();
        target.service();
    }
}
