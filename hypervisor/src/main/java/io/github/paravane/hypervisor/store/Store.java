package io.github.paravane.hypervisor.store;

import io.github.paravane.api.hypercall.XenErrno;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The tree of one domain's xenstore, as the host sees it: dom0, who may do everything. The guest's view is
 * {@link StoreSession}. Used on the machine's thread only.
 */
public final class Store {

    private static final int DOM0 = 0;

    private final int domid;
    private Tree tree;
    private Consumer<List<Tree.Change>> onChange = changes -> {};

    /** An empty tree for the domain {@code domid}. */
    public Store(int domid) {
        this.domid = domid;
        this.tree = new Tree(Node.empty(Permission.DOM0, 0), 0);
    }

    /** The guest's domid. */
    public int domid() {
        return domid;
    }

    /** Writes a value, making what is missing above it; new nodes have the permissions of the one above. */
    public void write(String path, String value) {
        asHost(path, () -> tree.write(checked(path), bytes(value), DOM0));
    }

    /** Gives a node to the guest: it may read, write and remove it. */
    public void giveToGuest(String path) {
        asHost(path, () -> tree.setPermissions(checked(path), Permission.ownedBy(domid), DOM0));
    }

    /** Lets the guest read a node; those made below it later are readable too. */
    public void showToGuest(String path) {
        asHost(path, () -> tree.setPermissions(checked(path), Permission.readableBy(domid), DOM0));
    }

    /** Removes a node with everything below it. */
    public void remove(String path) {
        asHost(path, () -> tree.remove(checked(path), DOM0));
    }

    /** The value of a node, empty if there is no such node. */
    public Optional<String> read(String path) {
        return Optional.ofNullable(tree.find(path)).map(node -> text(node.value()));
    }

    /** The names below a node in the order they were made; none if there is no such node. */
    public List<String> list(String path) {
        Node node = tree.find(path);
        return node == null ? List.of() : List.copyOf(node.children().keySet());
    }

    Tree tree() {
        return tree;
    }

    /** Makes a transaction's tree the current one. */
    void replaceTree(Tree other) {
        tree = other;
    }

    /** Sets who hears of changes. */
    void setOnChange(Consumer<List<Tree.Change>> listener) {
        onChange = listener;
    }

    /** Tells of the changes made since the last time. */
    void tellChanges() {
        List<Tree.Change> changes = tree.takeChanges();
        if (!changes.isEmpty()) {
            onChange.accept(changes);
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static String checked(String path) throws StoreFailure {
        if (!path.startsWith("/")) {
            throw new StoreFailure(XenErrno.EINVAL);
        }
        return StorePath.canonical(path, DOM0);
    }

    private interface HostAction {
        void run() throws StoreFailure;
    }

    private void asHost(String path, HostAction action) {
        try {
            action.run();
        } catch (StoreFailure e) {
            throw new IllegalArgumentException(e.errno() + ": " + path, e);
        }
        tellChanges();
    }
}
