package io.github.paravane.hypervisor.store;

import io.github.paravane.api.hypercall.XenErrno;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A client's watches. */
final class Watches {

    private static final int MAX_WATCHES = 128;

    private final int domid;
    private final List<Watch> watches = new ArrayList<>();

    private record Watch(String path, String token, boolean relative) {}

    /**
     * A watch went off.
     *
     * @param path what changed, in the form the watch was set
     * @param token the client's own
     */
    record Event(String path, String token) {

        byte[] payload() {
            return Store.bytes(path + "\0" + token + "\0");
        }
    }

    Watches(int domid) {
        this.domid = domid;
    }

    /** Adds a watch; the event with which every watch starts. */
    Event add(String path, String token) throws StoreFailure {
        Watch watch = new Watch(StorePath.ofWatch(path, domid), token, isRelative(path));
        if (find(watch.path, token) != null) {
            throw new StoreFailure(XenErrno.EEXIST);
        }
        if (watches.size() >= MAX_WATCHES) {
            throw new StoreFailure(XenErrno.E2BIG);
        }
        watches.add(watch);
        return new Event(watch.relative ? relative(watch.path) : watch.path, token);
    }

    void remove(String path, String token) throws StoreFailure {
        Watch watch = find(StorePath.ofWatch(path, domid), token);
        if (watch == null) {
            throw new StoreFailure(XenErrno.ENOENT);
        }
        watches.remove(watch);
    }

    void clear() {
        watches.clear();
    }

    /** Makes the events of some changes, seen from the tree after them. */
    void fire(List<Tree.Change> changes, Tree tree, Queue<Event> events) {
        if (watches.isEmpty()) {
            return;
        }
        for (Tree.Change change : changes) {
            if (isVisible(change, tree)) {
                // Shared by all events of the change: one request may cause a quarter of a million.
                String relative = relative(change.path());
                for (Watch each : watches) {
                    boolean hit = change.exact()
                            ? change.path().equals(each.path)
                            : StorePath.isWithin(change.path(), each.path);
                    if (hit) {
                        events.add(new Event(each.relative ? relative : change.path(), each.token));
                    }
                }
            }
        }
    }

    /** A client hears of nodes that it may read, might read before, or whose parent it may read. */
    private boolean isVisible(Tree.Change change, Tree tree) {
        List<Permission> before = change.before();
        if (before != null && Permission.of(before, domid).read()) {
            return true;
        }
        Node node = tree.find(change.path());
        if (node != null && Permission.of(node.permissions(), domid).read()) {
            return true;
        }
        Node parent = tree.find(StorePath.parent(change.path()));
        return parent != null && Permission.of(parent.permissions(), domid).read();
    }

    /** A path below the client's home without the home; others as they are. */
    private String relative(String path) {
        String home = StorePath.home(domid);
        if (!StorePath.isWithin(path, home)) {
            return path;
        }
        return path.length() > home.length() ? path.substring(home.length() + 1) : "";
    }

    private static boolean isRelative(String path) {
        return !path.startsWith("/") && !path.startsWith("@");
    }

    private @Nullable Watch find(String path, String token) {
        for (Watch each : watches) {
            if (each.path.equals(path) && each.token.equals(token)) {
                return each;
            }
        }
        return null;
    }
}
