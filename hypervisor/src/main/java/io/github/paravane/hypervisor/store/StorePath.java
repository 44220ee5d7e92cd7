package io.github.paravane.hypervisor.store;

import io.github.paravane.api.hypercall.XenErrno;
import java.util.List;

/** Paths: absolute, or relative to the client's home {@code /local/domain/N}. */
final class StorePath {

    static final String ROOT = "/";

    private static final int MAX_RELATIVE = 2048;
    private static final int MAX_ABSOLUTE = 3072;

    private StorePath() {}

    /** A client's home. */
    static String home(int domid) {
        return "/local/domain/" + domid;
    }

    /** Makes a path absolute; EINVAL if it cannot name a node. */
    static String canonical(String path, int domid) throws StoreFailure {
        String absolute = path.startsWith("/") ? path : home(domid) + "/" + path;
        if (!isNodeName(absolute, domid)) {
            throw new StoreFailure(XenErrno.EINVAL);
        }
        return absolute;
    }

    /** Makes the path of a watch absolute; names of events start with {@code @}. */
    static String ofWatch(String path, int domid) throws StoreFailure {
        if (path.startsWith("@")) {
            if (path.length() > MAX_RELATIVE) {
                throw new StoreFailure(XenErrno.EINVAL);
            }
            return path;
        }
        return canonical(path, domid);
    }

    private static boolean isNodeName(String path, int domid) {
        int home = path.startsWith(home(domid) + "/") ? home(domid).length() + 1 : 0;
        if (path.length() > MAX_ABSOLUTE || path.length() > home + MAX_RELATIVE || path.contains("//")) {
            return false;
        }
        return (path.equals(ROOT) || !path.endsWith("/")) && path.chars().allMatch(StorePath::isAllowed);
    }

    private static boolean isAllowed(int character) {
        return character >= 'a' && character <= 'z'
                || character >= 'A' && character <= 'Z'
                || character >= '0' && character <= '9'
                || "-/_@".indexOf(character) >= 0;
    }

    /** The names from the root down; none for the root. */
    static List<String> names(String path) {
        return path.equals(ROOT) ? List.of() : List.of(path.substring(1).split("/"));
    }

    /** The parent; the root's is the root. */
    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? ROOT : path.substring(0, slash);
    }

    /** Whether {@code path} is {@code ancestor} or lies below it. */
    static boolean isWithin(String path, String ancestor) {
        return ancestor.equals(ROOT)
                || path.startsWith(ancestor)
                        && (path.length() == ancestor.length() || path.charAt(ancestor.length()) == '/');
    }
}
