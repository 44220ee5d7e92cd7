package io.github.paravane.hypervisor.store;

import java.util.UUID;

/**
 * What the tools write for a domain without devices before it starts, with the permissions they give it: the tree that
 * {@code xl create} leaves, as far as the domain can see it.
 */
public final class InitialTree {

    private InitialTree() {}

    /**
     * A domain, to its tools.
     *
     * @param name its name
     * @param uuid its handle
     * @param memoryKib memory in KiB
     * @param vcpus vCPUs that are online at start
     */
    public record Description(String name, UUID uuid, long memoryKib, int vcpus) {}

    /**
     * The rings a domain is given.
     *
     * @param storePort event channel of the xenstore ring
     * @param storeMfn frame of the xenstore ring
     * @param consolePort event channel of the console ring
     * @param consoleMfn frame of the console ring
     */
    public record Rings(int storePort, long storeMfn, int consolePort, long consoleMfn) {}

    /** Fills the store of a new domain. */
    public static void write(Store store, Description domain, Rings rings) {
        String home = StorePath.home(store.domid());
        String backend = "/local/domain/0/backend/console/" + store.domid() + "/0";
        store.write("/tool/xenstored", "");
        store.write("/local/domain/0/domid", "0");
        store.write("/local/domain/0/name", "Domain-0");
        store.write(backend, "");
        store.showToGuest(backend);
        writeAll(store, backend, "frontend", home + "/console", "frontend-id", "" + store.domid(), "online", "1");
        writeAll(store, backend, "state", "1", "protocol", "vt100");
        store.write(home, "");
        store.showToGuest(home);
        String vm = "/vm/" + domain.uuid();
        writeAll(store, home, "vm", vm, "name", domain.name(), "cpu", "");
        for (int i = 0; i < domain.vcpus(); i++) {
            store.write(home + "/cpu/" + i + "/availability", "online");
        }
        String memory = Long.toString(domain.memoryKib());
        writeAll(store, home + "/memory", "static-max", memory, "target", memory, "videoram", "0");
        store.write(home + "/device", "");
        own(store, home + "/device/suspend/event-channel");
        writeControl(store, home + "/control");
        for (String each : new String[] {"data", "drivers", "feature", "attr", "error"}) {
            own(store, home + "/" + each);
        }
        store.write(home + "/domid", "" + store.domid());
        writeAll(store, home + "/store", "port", "" + rings.storePort, "ring-ref", "" + rings.storeMfn);
        writeAll(store, home + "/console", "backend", backend, "backend-id", "0", "limit", "1048576");
        writeAll(store, home + "/console", "type", "xenconsoled", "output", "pty", "tty", "");
        writeAll(store, home + "/console", "port", "" + rings.consolePort, "ring-ref", "" + rings.consoleMfn);
        store.write(vm, "");
        store.showToGuest(vm);
        writeAll(store, vm, "name", domain.name(), "uuid", domain.uuid().toString());
        writeAll(store, vm + "/image", "ostype", "linux");
    }

    private static void writeControl(Store store, String control) {
        store.write(control, "");
        for (String each :
                new String[] {"shutdown", "feature-poweroff", "feature-reboot", "feature-suspend", "sysrq"}) {
            own(store, control + "/" + each);
        }
        writeAll(store, control, "platform-feature-multiprocessor-suspend", "1");
        writeAll(store, control, "platform-feature-xs_reset_watches", "1");
    }

    private static void own(Store store, String path) {
        store.write(path, "");
        store.giveToGuest(path);
    }

    private static void writeAll(Store store, String under, String... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            store.write(under + "/" + namesAndValues[i], namesAndValues[i + 1]);
        }
    }
}
