package io.github.paravane.hypervisor.store;

import io.github.paravane.api.hypercall.XenErrno;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tree as one client or one transaction sees and changes it, under permissions and limits. */
final class Tree {

    /** Nodes a domain may own. */
    static final int MAX_NODES = 1000;

    /** Permissions of a node. */
    static final int MAX_PERMISSIONS = 5;

    /** Bytes of a node that a guest writes. */
    static final int MAX_NODE_SIZE = 2048;

    private Node root;
    private long generation;
    private final List<Change> changes = new ArrayList<>();

    /**
     * A change to tell watches about.
     *
     * @param path what changed
     * @param exact whether only watches on that very path are told
     * @param before permissions before the change, where they still let a watcher see it
     */
    record Change(String path, boolean exact, @Nullable List<Permission> before) {}

    Tree(Node root, long generation) {
        this.root = root;
        this.generation = generation;
    }

    Node root() {
        return root;
    }

    long generation() {
        return generation;
    }

    /** The changes since this was last asked. */
    List<Change> takeChanges() {
        List<Change> result = List.copyOf(changes);
        changes.clear();
        return result;
    }

    int changeCount() {
        return changes.size();
    }

    @Nullable
    Node find(String path) {
        return root.find(StorePath.names(path));
    }

    /** The node, if {@code domid} may read it. */
    Node read(String path, int domid) throws StoreFailure {
        Node node = find(path);
        if (node == null) {
            throw absent(path, domid, false);
        }
        if (!Permission.of(node.permissions(), domid).read()) {
            throw new StoreFailure(XenErrno.EACCES);
        }
        return node;
    }

    void write(String path, byte[] value, int domid) throws StoreFailure {
        Node node = writable(path, domid);
        if (node == null) {
            create(path, value, domid);
        } else {
            Node changed = node.withValue(value, ++generation);
            checkSize(changed, domid);
            root = root.replace(StorePath.names(path), changed, generation);
        }
        changes.add(new Change(path, false, null));
    }

    void makeDirectory(String path, int domid) throws StoreFailure {
        if (writable(path, domid) == null) {
            create(path, new byte[0], domid);
            changes.add(new Change(path, false, null));
        }
    }

    /** Removes a node and all below; a node that is absent below an existing parent is as good as removed. */
    void remove(String path, int domid) throws StoreFailure {
        Node node = writable(path, domid);
        if (node == null) {
            if (find(StorePath.parent(path)) == null) {
                throw new StoreFailure(XenErrno.ENOENT);
            }
            return;
        }
        if (path.equals(StorePath.ROOT)) {
            throw new StoreFailure(XenErrno.EINVAL);
        }
        removed(path, node, false);
        root = root.remove(StorePath.names(path), ++generation);
    }

    /** Tells the lowest nodes first; below the path named, only watches on exactly those nodes. */
    private void removed(String path, Node node, boolean exact) {
        node.children().forEach((name, child) -> removed(path + "/" + name, child, true));
        changes.add(new Change(path, exact, node.permissions()));
    }

    void setPermissions(String path, List<Permission> permissions, int domid) throws StoreFailure {
        if (domid != 0 && permissions.size() > MAX_PERMISSIONS) {
            throw new StoreFailure(XenErrno.ENOSPC);
        }
        Node node = find(path);
        if (node == null) {
            throw absent(path, domid, true);
        }
        if (domid != 0 && node.owner() != domid) {
            throw new StoreFailure(XenErrno.EACCES);
        }
        if (domid != 0 && permissions.get(0).domid() != domid) {
            throw new StoreFailure(XenErrno.EPERM);
        }
        Node changed = node.withPermissions(List.copyOf(permissions), ++generation);
        checkSize(changed, domid);
        root = root.replace(StorePath.names(path), changed, generation);
        changes.add(new Change(path, false, node.permissions()));
    }

    /** The node, or null if {@code domid} may make it. */
    private @Nullable Node writable(String path, int domid) throws StoreFailure {
        Node node = find(path);
        if (node == null) {
            StoreFailure reason = absent(path, domid, true);
            if (reason.errno() != XenErrno.ENOENT) {
                throw reason;
            }
            return null;
        }
        if (!Permission.of(node.permissions(), domid).write()) {
            throw new StoreFailure(XenErrno.EACCES);
        }
        return node;
    }

    /** Why an absent node is refused: only who may use the nearest node above learns that it does not exist. */
    private StoreFailure absent(String path, int domid, boolean write) {
        String above = path;
        Node node = null;
        while (node == null && !above.equals(StorePath.ROOT)) {
            above = StorePath.parent(above);
            node = find(above);
        }
        Permission allowed = Permission.of((node == null ? root : node).permissions(), domid);
        return new StoreFailure((write ? allowed.write() : allowed.read()) ? XenErrno.ENOENT : XenErrno.EACCES);
    }

    /** Makes a node and what is missing above it; all of it is the maker's, with the permissions found above. */
    private void create(String path, byte[] value, int domid) throws StoreFailure {
        List<String> names = StorePath.names(path);
        int known = names.size() - 1;
        Node above = root.find(names.subList(0, known));
        while (above == null) {
            known--;
            above = root.find(names.subList(0, known));
        }
        int made = names.size() - known;
        if (domid != 0 && root.guestNodes() + made > MAX_NODES) {
            throw new StoreFailure(XenErrno.ENOSPC);
        }
        generation++;
        Node node = Node.empty(inherited(above, domid), generation).withValue(value, generation);
        checkSize(node, domid);
        for (int i = names.size() - 1; i > known; i--) {
            node = Node.empty(inherited(above, domid), generation).withChild(names.get(i), node, generation);
        }
        Node parent = above.withChild(names.get(known), node, generation);
        checkSize(parent, domid);
        root = root.replace(names.subList(0, known), parent, generation);
    }

    private static List<Permission> inherited(Node above, int domid) {
        if (domid == 0) {
            return above.permissions();
        }
        Permission[] mine = above.permissions().toArray(new Permission[0]);
        mine[0] = new Permission(domid, mine[0].read(), mine[0].write());
        return List.copyOf(Arrays.asList(mine));
    }

    private static void checkSize(Node node, int domid) throws StoreFailure {
        if (domid != 0 && node.size() >= MAX_NODE_SIZE) {
            throw new StoreFailure(XenErrno.ENOSPC);
        }
    }
}
