package io.github.paravane.hypervisor.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What xenstored 4.17 answers an unprivileged domain. */
final class StoreSessionTest {
    private static final UUID HANDLE = new UUID(1, 2);

    private final Store store = new Store(1);
    private final StoreSession session = new StoreSession(store);

    StoreSessionTest() {
        InitialTree.write(
                store,
                new InitialTree.Description("guest", HANDLE, 65536, 1),
                new InitialTree.Rings(1, 0x100, 2, 0x101));
    }

    private String ask(int type, String payload) {
        return ask(type, 0, payload);
    }

    private String ask(int type, int transaction, String payload) {
        StoreSession.Reply reply = session.handle(type, transaction, Store.bytes(payload));
        String text = Store.text(reply.payload()).replace('\0', '|');
        return reply.type() == StoreSession.ERROR ? "!" + text.replace("|", "") : text;
    }

    private String write(String path, String value) {
        return ask(StoreSession.WRITE, path + "\0" + value);
    }

    private String read(String path) {
        return ask(StoreSession.READ, path + "\0");
    }

    private List<String> events() {
        List<String> result = new ArrayList<>();
        while (!session.events().isEmpty()) {
            Watches.Event event = session.events().remove();
            result.add(event.path() + " " + event.token());
        }
        return result;
    }

    @Test
    void initialTreeAsTheDomainSeesIt() {
        assertEquals("guest", read("name"));
        assertEquals("guest", read("/local/domain/1/name"));
        assertEquals("65536", read("memory/target"));
        assertEquals("/local/domain/0/backend/console/1/0", read("console/backend"));
        assertEquals("257", read("console/ring-ref"));
        assertEquals("1", read("store/port"));
        assertEquals("guest", read("/vm/" + HANDLE + "/name"));
        assertEquals("1", read("/local/domain/0/backend/console/1/0/state"));
        assertEquals(
                "vm|name|cpu|memory|device|control|data|drivers|feature|attr|error|domid|store|console|",
                ask(StoreSession.DIRECTORY, "/local/domain/1\0"));
        assertEquals("n0|r1|", ask(StoreSession.GET_PERMS, "/local/domain/1\0"));
        assertEquals("n1|", ask(StoreSession.GET_PERMS, "data\0"));
    }

    @ParameterizedTest
    @CsvSource({
        "/local/domain/0/name, !EACCES",
        "/local/domain/2/name, !EACCES",
        "/, !EACCES",
        "nothing, !ENOENT",
        "name/below, !ENOENT",
        "'/local/domain/1/', !EINVAL",
        "'a//b', !EINVAL",
        "'a b', !EINVAL",
        "'', !EINVAL"
    })
    void readErrors(String path, String answer) {
        assertEquals(answer, read(path));
    }

    @Test
    void writesWhereAllowed() {
        assertEquals("!EACCES", write("name", "mine"));
        assertEquals("!EACCES", write("new", "1"));
        assertEquals("!EACCES", write("/elsewhere", "1"));
        assertEquals("OK|", write("data/a/b/c", "x"));
        assertEquals("x", read("data/a/b/c"));
        assertEquals("", read("data/a/b"));
        assertEquals("n1|", ask(StoreSession.GET_PERMS, "data/a/b\0"));
        assertEquals("OK|", write("data/a", "over\0written"));
        assertEquals("over|written", read("data/a"));
        assertEquals("OK|", write("control/shutdown", ""));
    }

    @Test
    void makeAndRemove() {
        assertEquals("OK|", ask(StoreSession.MKDIR, "data/d\0"));
        assertEquals("OK|", ask(StoreSession.MKDIR, "data/d\0"));
        assertEquals("OK|", write("data/d/x", "1"));
        assertEquals("d|", ask(StoreSession.DIRECTORY, "data\0"));
        assertEquals("OK|", ask(StoreSession.RM, "data/d\0"));
        assertEquals("!ENOENT", read("data/d/x"));
        assertEquals("OK|", ask(StoreSession.RM, "data/d\0"), "as good as removed");
        assertEquals("!ENOENT", ask(StoreSession.RM, "data/no/such\0"));
        assertEquals("!EACCES", ask(StoreSession.RM, "name\0"));
        assertEquals("!EACCES", ask(StoreSession.RM, "/\0"));
    }

    @Test
    void permissions() {
        assertEquals("OK|", write("data/p", "1"));
        assertEquals("OK|", ask(StoreSession.SET_PERMS, "data/p\0n1\0r0\0b7\0"));
        assertEquals("n1|r0|b7|", ask(StoreSession.GET_PERMS, "data/p\0"));
        assertEquals("!EPERM", ask(StoreSession.SET_PERMS, "data/p\0n0\0"));
        assertEquals("!EACCES", ask(StoreSession.SET_PERMS, "name\0n1\0"));
        assertEquals("!EINVAL", ask(StoreSession.SET_PERMS, "data/p\0x1\0"));
        assertEquals("!EINVAL", ask(StoreSession.SET_PERMS, "data/p\0"));
        assertEquals("!ENOSPC", ask(StoreSession.SET_PERMS, "data/p\0n1\0r0\0r2\0r3\0r4\0r5\0"));
    }

    @Test
    void watches() {
        assertEquals("OK|", ask(StoreSession.WATCH, "data\0token\0"));
        assertEquals(List.of("data token"), events(), "every watch starts with an event");
        assertEquals("!EEXIST", ask(StoreSession.WATCH, "data\0token\0"));
        assertEquals("OK|", ask(StoreSession.WATCH, "/local/domain/1/data/a\0abs\0"));
        events();
        write("data/a/b", "1");
        assertEquals(List.of("data/a/b token", "/local/domain/1/data/a/b abs"), events());
        ask(StoreSession.RM, "data\0");
        assertEquals(List.of("/local/domain/1/data/a abs", "data token"), events());
        assertEquals("OK|", ask(StoreSession.UNWATCH, "data\0token\0"));
        assertEquals("!ENOENT", ask(StoreSession.UNWATCH, "data\0token\0"));
        assertEquals("OK|", ask(StoreSession.RESET_WATCHES, "\0"));
        store.write("/local/domain/1/data/a", "host");
        assertEquals(List.of(), events());
    }

    @Test
    void theHostIsHeardAndSecretsAreNot() {
        ask(StoreSession.WATCH, "/\0all\0");
        ask(StoreSession.WATCH, "control/shutdown\0s\0");
        events();
        store.write("/local/domain/1/control/shutdown", "poweroff");
        assertEquals(List.of("/local/domain/1/control/shutdown all", "control/shutdown s"), events());
        store.write("/local/domain/0/secret", "x");
        assertEquals(List.of(), events());
    }

    @Test
    void transactions() {
        assertEquals("1|", ask(StoreSession.TRANSACTION_START, "\0"));
        assertEquals("OK|", ask(StoreSession.WRITE, 1, "data/t\0" + "1"));
        assertEquals("!ENOENT", read("data/t"), "not visible outside");
        assertEquals("1", ask(StoreSession.READ, 1, "data/t\0"));
        assertEquals("OK|", ask(StoreSession.TRANSACTION_END, 1, "T\0"));
        assertEquals("1", read("data/t"));
        assertEquals("!ENOENT", ask(StoreSession.TRANSACTION_END, 1, "T\0"));
        assertEquals("!ENOENT", ask(StoreSession.READ, 77, "data/t\0"));
    }

    @Test
    void aTransactionFailsWhereSomethingElseChanged() {
        assertEquals("1|", ask(StoreSession.TRANSACTION_START, "\0"));
        assertEquals("!EBUSY", ask(StoreSession.TRANSACTION_START, 1, "\0"));
        ask(StoreSession.WRITE, 1, "data/t\0" + "1");
        store.write("/local/domain/1/control/sysrq", "h");
        assertEquals("!EAGAIN", ask(StoreSession.TRANSACTION_END, 1, "T\0"));
        assertEquals("!ENOENT", read("data/t"));
        assertEquals("2|", ask(StoreSession.TRANSACTION_START, "\0"));
        assertEquals("!EINVAL", ask(StoreSession.TRANSACTION_END, 2, "X\0"));
        assertEquals("OK|", ask(StoreSession.TRANSACTION_END, 2, "F\0"));
    }

    @Test
    void limits() {
        StringBuilder reply = new StringBuilder();
        int made = 0;
        for (int i = 0; i < 1100; i++) {
            String answer = write("data/" + i % 100 + "/" + i, "v");
            made += answer.equals("OK|") ? 1 : 0;
            reply = new StringBuilder(answer);
        }
        assertEquals("!ENOSPC", reply.toString());
        assertTrue(made > 800 && made < 1000, made + " nodes");
        assertEquals("!ENOSPC", write("attr", "x".repeat(2048)));
        assertEquals("OK|", write("attr", "x".repeat(1500)));
        String last = "";
        for (int i = 0; i < 200; i++) {
            last = ask(StoreSession.WATCH, "data\0" + i + "\0");
        }
        assertEquals("!E2BIG", last);
        for (int i = 0; i < 20; i++) {
            last = ask(StoreSession.TRANSACTION_START, "\0");
        }
        assertEquals("!ENOSPC", last);
    }

    @Test
    void deepPathsEndAtTheLimit() {
        assertEquals("!EINVAL", write("data/" + "a/".repeat(1100) + "a", ""));
        String deep = "data/" + "a/".repeat(900) + "a";
        assertEquals("OK|", write(deep, ""));
        assertEquals("OK|", ask(StoreSession.RM, "data/a\0"));
    }

    @Test
    void directoryInParts() {
        for (int i = 0; i < 700; i++) {
            store.write("/local/domain/1/data/entry-" + i, "");
        }
        assertEquals("!E2BIG", ask(StoreSession.DIRECTORY, "data\0"));
        List<String> names = new ArrayList<>();
        int offset = 0;
        boolean more = true;
        String generation = "";
        while (more) {
            String part = ask(StoreSession.DIRECTORY_PART, "data\0" + offset + "\0");
            List<String> fields = List.of(part.split("\\|", -1));
            assertTrue(generation.isEmpty() || generation.equals(fields.get(0)));
            generation = fields.get(0);
            for (String each : fields.subList(1, fields.size() - 1)) {
                if (each.isEmpty()) {
                    more = false;
                } else {
                    names.add(each);
                    offset += each.length() + 1;
                }
            }
        }
        assertEquals(700, names.size());
        assertEquals("entry-699", names.get(699));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 9, 17, 18, 19})
    void privilegedOperations(int type) {
        assertEquals("!EACCES", ask(type, "1\0"));
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 16, 20, 23, 63, 64, 65, -1, 0xFFFF})
    void unknownOperations(int type) {
        assertEquals("!ENOSYS", ask(type, "1\0"));
    }

    @Test
    void domainPath() {
        assertEquals("/local/domain/7|", ask(StoreSession.GET_DOMAIN_PATH, "7\0"));
        assertEquals("!EINVAL", ask(StoreSession.GET_DOMAIN_PATH, "x\0"));
    }

    @Test
    void malformedPayloads() {
        assertEquals("!EINVAL", ask(StoreSession.READ, ""));
        assertEquals("!EINVAL", ask(StoreSession.READ, "name"));
        assertEquals("!EINVAL", ask(StoreSession.READ, "name\0name\0"));
        assertEquals("!EINVAL", ask(StoreSession.WRITE, "name"));
        assertEquals("!EINVAL", ask(StoreSession.WATCH, "name\0"));
    }
}
