package io.github.paravane.hypervisor.store;

import io.github.paravane.api.hypercall.XenErrno;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** What one guest asks of the store: requests in, replies and watch events out (abi-reference 6.5). */
public final class StoreSession {

    /** Bytes of a message's payload. */
    public static final int MAX_PAYLOAD = 4096;

    static final int DIRECTORY = 1;
    static final int READ = 2;
    static final int GET_PERMS = 3;
    static final int WATCH = 4;
    static final int UNWATCH = 5;
    static final int TRANSACTION_START = 6;
    static final int TRANSACTION_END = 7;
    static final int GET_DOMAIN_PATH = 10;
    static final int WRITE = 11;
    static final int MKDIR = 12;
    static final int RM = 13;
    static final int SET_PERMS = 14;
    static final int WATCH_EVENT = 15;
    static final int ERROR = 16;
    static final int RESET_WATCHES = 21;
    static final int DIRECTORY_PART = 22;

    /** Operations of control domains: CONTROL, INTRODUCE, RELEASE, IS_DOMAIN_INTRODUCED, RESUME, SET_TARGET. */
    private static final long PRIVILEGED = 1L | 1 << 8 | 1 << 9 | 1 << 17 | 1 << 18 | 1 << 19;

    private static final int MAX_TRANSACTIONS = 10;
    private static final int MAX_CHANGES = 1024;
    private static final int MAX_DOMID = 0x7FF0;
    private static final byte[] OK = {'O', 'K', 0};
    private static final byte[] NONE = {};

    private final Store store;
    private final int domid;
    private final Watches watches;
    private final Map<Integer, Transaction> transactions = new LinkedHashMap<>();
    private final Queue<Watches.Event> events = new ArrayDeque<>();
    private int lastTransaction;

    private static final class Transaction {
        final Node base;
        final Tree tree;

        Transaction(Tree from) {
            base = from.root();
            tree = new Tree(base, from.generation());
        }
    }

    /**
     * A reply.
     *
     * @param type the request's, or ERROR
     * @param payload the reply's bytes
     */
    public record Reply(int type, byte[] payload) {}

    public StoreSession(Store store) {
        this.store = store;
        this.domid = store.domid();
        this.watches = new Watches(domid);
        store.setOnChange(changes -> watches.fire(changes, store.tree(), events));
    }

    /** Watch events not yet taken, oldest first. */
    Queue<Watches.Event> events() {
        return events;
    }

    /** Answers one request. */
    public Reply handle(int type, int transactionId, byte[] payload) {
        try {
            return new Reply(type, answer(type, transactionId, payload));
        } catch (StoreFailure e) {
            return new Reply(ERROR, Store.bytes(e.errno().name() + "\0"));
        }
    }

    private byte[] answer(int type, int transactionId, byte[] payload) throws StoreFailure {
        if (type >= 0 && type < Long.SIZE && (PRIVILEGED >>> type & 1) != 0) {
            throw new StoreFailure(XenErrno.EACCES);
        }
        return switch (type) {
            case WATCH -> watch(strings(payload));
            case UNWATCH -> unwatch(strings(payload));
            case DIRECTORY, READ, GET_PERMS, DIRECTORY_PART -> query(type, transaction(transactionId), payload);
            case WRITE, MKDIR, RM, SET_PERMS -> change(type, transaction(transactionId), payload);
            case TRANSACTION_START -> start(transactionId);
            case TRANSACTION_END -> end(transactionId, payload);
            case GET_DOMAIN_PATH -> domainPath(one(payload));
            case RESET_WATCHES -> {
                watches.clear();
                transactions.clear();
                yield OK;
            }
            default -> throw new StoreFailure(XenErrno.ENOSYS);
        };
    }

    private @Nullable Transaction transaction(int id) throws StoreFailure {
        if (id == 0) {
            return null;
        }
        Transaction transaction = transactions.get(id);
        if (transaction == null) {
            throw new StoreFailure(XenErrno.ENOENT);
        }
        return transaction;
    }

    private byte[] query(int type, @Nullable Transaction transaction, byte[] payload) throws StoreFailure {
        Tree tree = transaction == null ? store.tree() : transaction.tree;
        if (type == DIRECTORY_PART) {
            return directoryPart(tree, strings(payload));
        }
        Node node = tree.read(StorePath.canonical(one(payload), domid), domid);
        byte[] result = switch (type) {
            case READ -> node.value();
            case DIRECTORY -> joined(node.children().keySet());
            default ->
                joined(node.permissions().stream().map(Permission::toString).toList());
        };
        if (result.length > MAX_PAYLOAD) {
            throw new StoreFailure(XenErrno.E2BIG);
        }
        return result;
    }

    /** Generation, then as many whole names from an offset on as fit; an empty name ends the list. */
    private byte[] directoryPart(Tree tree, List<String> arguments) throws StoreFailure {
        if (arguments.size() != 2) {
            throw new StoreFailure(XenErrno.EINVAL);
        }
        Node node = tree.read(StorePath.canonical(arguments.get(0), domid), domid);
        byte[] names = joined(node.children().keySet());
        byte[] generation = Store.bytes(node.generation() + "\0");
        int offset = decimal(arguments.get(1));
        ByteArrayOutputStream part = new ByteArrayOutputStream();
        part.writeBytes(generation);
        int room = MAX_PAYLOAD - generation.length - 1;
        int end = offset;
        for (int i = offset; i < names.length && i - offset < room; i++) {
            if (names[i] == 0) {
                end = i + 1;
            }
        }
        if (offset < names.length) {
            part.write(names, offset, end - offset);
        }
        if (end >= names.length) {
            part.write(0);
        }
        return part.toByteArray();
    }

    private byte[] change(int type, @Nullable Transaction transaction, byte[] payload) throws StoreFailure {
        Tree tree = transaction == null ? store.tree() : transaction.tree;
        if (tree.changeCount() >= MAX_CHANGES) {
            throw new StoreFailure(XenErrno.ENOSPC);
        }
        switch (type) {
            case WRITE -> {
                int end = indexOfNul(payload);
                String path = Store.text(Arrays.copyOf(payload, end));
                byte[] value = Arrays.copyOfRange(payload, end + 1, payload.length);
                tree.write(StorePath.canonical(path, domid), value, domid);
            }
            case MKDIR -> tree.makeDirectory(StorePath.canonical(one(payload), domid), domid);
            case RM -> tree.remove(StorePath.canonical(one(payload), domid), domid);
            default -> setPermissions(tree, strings(payload));
        }
        if (transaction == null) {
            store.tellChanges();
        }
        return OK;
    }

    private void setPermissions(Tree tree, List<String> arguments) throws StoreFailure {
        if (arguments.size() < 2) {
            throw new StoreFailure(XenErrno.EINVAL);
        }
        List<Permission> permissions = new ArrayList<>();
        for (String each : arguments.subList(1, arguments.size())) {
            permissions.add(Permission.parse(each));
        }
        tree.setPermissions(StorePath.canonical(arguments.get(0), domid), permissions, domid);
    }

    private byte[] watch(List<String> arguments) throws StoreFailure {
        if (arguments.size() < 2) {
            throw new StoreFailure(XenErrno.EINVAL);
        }
        events.add(watches.add(arguments.get(0), arguments.get(1)));
        return OK;
    }

    private byte[] unwatch(List<String> arguments) throws StoreFailure {
        if (arguments.size() < 2) {
            throw new StoreFailure(XenErrno.EINVAL);
        }
        watches.remove(arguments.get(0), arguments.get(1));
        return OK;
    }

    private byte[] start(int nested) throws StoreFailure {
        if (nested != 0) {
            throw new StoreFailure(XenErrno.EBUSY);
        }
        if (transactions.size() >= MAX_TRANSACTIONS) {
            throw new StoreFailure(XenErrno.ENOSPC);
        }
        do {
            lastTransaction = lastTransaction == Integer.MAX_VALUE ? 1 : lastTransaction + 1;
        } while (transactions.containsKey(lastTransaction));
        transactions.put(lastTransaction, new Transaction(store.tree()));
        return Store.bytes(lastTransaction + "\0");
    }

    /** Commits if nothing else changed meanwhile; a transaction that changed nothing always succeeds. */
    private byte[] end(int id, byte[] payload) throws StoreFailure {
        String commit = one(payload);
        if (!commit.equals("T") && !commit.equals("F")) {
            throw new StoreFailure(XenErrno.EINVAL);
        }
        Transaction transaction = transactions.remove(id);
        if (transaction == null) {
            throw new StoreFailure(XenErrno.ENOENT);
        }
        if (commit.equals("T") && transaction.tree.changeCount() > 0) {
            if (store.tree().root() != transaction.base) {
                throw new StoreFailure(XenErrno.EAGAIN);
            }
            store.replaceTree(transaction.tree);
            store.tellChanges();
        }
        return OK;
    }

    private byte[] domainPath(String number) throws StoreFailure {
        int id = decimal(number);
        if (id >= MAX_DOMID) {
            throw new StoreFailure(XenErrno.EINVAL);
        }
        return Store.bytes(StorePath.home(id) + "\0");
    }

    private static int decimal(String digits) throws StoreFailure {
        if (digits.isEmpty() || digits.length() > 9 || !digits.chars().allMatch(each -> each >= '0' && each <= '9')) {
            throw new StoreFailure(XenErrno.EINVAL);
        }
        return Integer.parseInt(digits);
    }

    private static int indexOfNul(byte[] payload) throws StoreFailure {
        for (int i = 0; i < payload.length; i++) {
            if (payload[i] == 0) {
                return i;
            }
        }
        throw new StoreFailure(XenErrno.EINVAL);
    }

    /** A payload that is exactly one NUL-terminated string. */
    private static String one(byte[] payload) throws StoreFailure {
        if (indexOfNul(payload) != payload.length - 1) {
            throw new StoreFailure(XenErrno.EINVAL);
        }
        return Store.text(Arrays.copyOf(payload, payload.length - 1));
    }

    /** The NUL-terminated strings of a payload. */
    private static List<String> strings(byte[] payload) {
        List<String> result = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < payload.length; i++) {
            if (payload[i] == 0) {
                result.add(Store.text(Arrays.copyOfRange(payload, start, i)));
                start = i + 1;
            }
        }
        return result;
    }

    private static byte[] joined(Iterable<String> strings) {
        StringBuilder all = new StringBuilder();
        for (String each : strings) {
            all.append(each).append('\0');
        }
        return all.length() == 0 ? NONE : Store.bytes(all.toString());
    }
}
