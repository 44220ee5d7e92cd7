package io.github.paravane.hypervisor.store;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node with everything below it. Immutable: a change makes new nodes up to the root and shares the rest, so that a
 * transaction's view of the tree costs nothing.
 */
final class Node {

    /** Bytes xenstored adds to a node's contents when it applies its size limit. */
    private static final int HEADER = 24;

    private static final int PERMISSION_SIZE = 8;

    private final byte[] value;
    private final List<Permission> permissions;
    private final Map<String, Node> children;
    private final long generation;
    private final int guestNodes;

    Node(byte[] value, List<Permission> permissions, Map<String, Node> children, long generation) {
        this.value = value;
        this.permissions = permissions;
        this.children = children;
        this.generation = generation;
        int owned = owner() == 0 ? 0 : 1;
        for (Node each : children.values()) {
            owned += each.guestNodes;
        }
        guestNodes = owned;
    }

    /** A node without value or children. */
    static Node empty(List<Permission> permissions, long generation) {
        return new Node(new byte[0], permissions, Map.of(), generation);
    }

    byte[] value() {
        return value;
    }

    List<Permission> permissions() {
        return permissions;
    }

    int owner() {
        return permissions.get(0).domid();
    }

    /** Children in the order they were made. */
    Map<String, Node> children() {
        return children;
    }

    /** Changes with every change of the node itself or its list of children. */
    long generation() {
        return generation;
    }

    /** How many nodes from here down belong to another domain than dom0. */
    int guestNodes() {
        return guestNodes;
    }

    /** Size as xenstored counts it for its limit. */
    int size() {
        int names =
                children.keySet().stream().mapToInt(each -> each.length() + 1).sum();
        return HEADER + PERMISSION_SIZE * permissions.size() + value.length + names;
    }

    @Nullable
    Node find(List<String> names) {
        Node at = this;
        for (String each : names) {
            Node child = at.children.get(each);
            if (child == null) {
                return null;
            }
            at = child;
        }
        return at;
    }

    Node withValue(byte[] newValue, long newGeneration) {
        return new Node(newValue, permissions, children, newGeneration);
    }

    Node withPermissions(List<Permission> newPermissions, long newGeneration) {
        return new Node(value, newPermissions, children, newGeneration);
    }

    /** With a child added at the end or replaced in place; the generation changes only for a new name. */
    Node withChild(String name, Node child, long newGeneration) {
        Map<String, Node> more = new LinkedHashMap<>(children);
        boolean added = more.put(name, child) == null;
        return new Node(value, permissions, more, added ? newGeneration : generation);
    }

    Node withoutChild(String name, long newGeneration) {
        Map<String, Node> fewer = new LinkedHashMap<>(children);
        fewer.remove(name);
        return new Node(value, permissions, fewer, newGeneration);
    }

    /** With the node at {@code names} replaced; everything on the way must exist, the last name need not. */
    Node replace(List<String> names, Node replacement, long newGeneration) {
        if (names.isEmpty()) {
            return replacement;
        }
        String first = names.get(0);
        List<String> rest = names.subList(1, names.size());
        Node child = children.get(first);
        Node changed = rest.isEmpty() || child == null ? replacement : child.replace(rest, replacement, newGeneration);
        return withChild(first, changed, newGeneration);
    }

    /** Without the node at {@code names}, at least one, which must exist. */
    Node remove(List<String> names, long newGeneration) {
        String first = names.get(0);
        Node child = children.get(first);
        return names.size() == 1 || child == null
                ? withoutChild(first, newGeneration)
                : withChild(first, child.remove(names.subList(1, names.size()), newGeneration), newGeneration);
    }
}
