package io.github.paravane.hypervisor.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random requests: never an exception, never more than the limits, never a change outside what the guest owns. */
final class StoreFuzzPropertyTest {

    private static final String[] PATHS = {
        "data",
        "data/a",
        "data/a/b",
        "data/c",
        "attr/x",
        "name",
        "/local/domain/1",
        "/local/domain/0/name",
        "/",
        "//",
        "",
        "@releaseDomain",
        "control/shutdown",
        "/vm",
        "error/e/e/e/e"
    };

    @Property(tries = 60)
    void requestsAnswer(@ForAll long seed) {
        Random random = new Random(seed);
        Store store = new Store(1);
        InitialTree.write(
                store,
                new InitialTree.Description("guest", new UUID(1, 2), 65536, 1),
                new InitialTree.Rings(1, 2, 2, 3));
        StoreSession session = new StoreSession(store);
        for (int i = 0; i < 400; i++) {
            int type = random.nextInt(26) - 1;
            int transaction = random.nextInt(3) == 0 ? random.nextInt(4) : 0;
            StoreSession.Reply reply = session.handle(type, transaction, payload(random));
            assertTrue(reply.type() == type || reply.type() == StoreSession.ERROR);
            assertTrue(reply.payload().length <= StoreSession.MAX_PAYLOAD);
            while (session.events().size() > 100) {
                session.events().remove();
            }
        }
        assertTrue(store.tree().root().guestNodes() <= Tree.MAX_NODES);
        assertEquals("guest", store.read("/local/domain/1/name").orElseThrow());
        assertEquals("Domain-0", store.read("/local/domain/0/name").orElseThrow());
        assertEquals("65536", store.read("/local/domain/1/memory/target").orElseThrow());
    }

    private static byte[] payload(Random random) {
        if (random.nextInt(10) == 0) {
            byte[] noise = new byte[random.nextInt(64)];
            random.nextBytes(noise);
            return noise;
        }
        StringBuilder text = new StringBuilder(PATHS[random.nextInt(PATHS.length)]).append('\0');
        switch (random.nextInt(5)) {
            case 0 -> text.append("n1\0r0\0");
            case 1 -> text.append("token").append(random.nextInt(3)).append('\0');
            case 2 -> text.append("v".repeat(random.nextInt(2100)));
            case 3 -> text.append(random.nextInt(5000)).append('\0');
            default -> {
                if (random.nextInt(8) == 0) {
                    return new byte[] {(byte) (random.nextBoolean() ? 'T' : 'F'), 0};
                }
            }
        }
        return Store.bytes(text.toString());
    }
}
