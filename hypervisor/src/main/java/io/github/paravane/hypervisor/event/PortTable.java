package io.github.paravane.hypervisor.event;

import io.github.paravane.hypervisor.event.Channel.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ports of a domain by number, and by the virtual interrupt that they are bound to. */
final class PortTable {

    /** Ports come into being in groups; a closed port of a group that exists is answered differently from no port. */
    static final int GROUP = 64;

    private final List<Channel> channels = new ArrayList<>();
    private int[][] virqPorts = new int[0][];
    private int limit = EventChannels.MAX_PORTS;

    /** A table with the first group, of which port 0 is never used. */
    PortTable() {
        addGroup();
        channels.get(0).state = State.RESERVED;
    }

    /** Sets how many ports may exist, port 0 included. */
    void setLimit(int ports) {
        limit = ports;
    }

    /** Ports that exist, in use or not. */
    int size() {
        return channels.size();
    }

    /** A port that exists. */
    Channel get(int port) {
        return channels.get(port);
    }

    /** A port, null if there is none of that number. */
    @Nullable
    Channel find(int port) {
        return port >= 0 && port < channels.size() ? channels.get(port) : null;
    }

    /** The lowest free port, still marked free; null if there is none. */
    @Nullable
    Channel allocate() {
        for (int port = 1; port < limit; port++) {
            if (port == channels.size()) {
                addGroup();
            }
            Channel channel = channels.get(port);
            if (channel.state == State.FREE) {
                return channel;
            }
        }
        return null;
    }

    private void addGroup() {
        for (int i = 0; i < GROUP; i++) {
            channels.add(new Channel(channels.size()));
        }
    }

    /** The port of a virtual interrupt on a vCPU, 0 if it is not bound. */
    int ofVirq(int vcpu, int virq) {
        return vcpu < virqPorts.length ? virqPorts[vcpu][virq] : 0;
    }

    /** Binds a virtual interrupt on a vCPU to a port; 0 unbinds it. */
    void setVirq(int vcpu, int virq, int port) {
        if (vcpu >= virqPorts.length) {
            int before = virqPorts.length;
            virqPorts = Arrays.copyOf(virqPorts, vcpu + 1);
            for (int i = before; i <= vcpu; i++) {
                virqPorts[i] = new int[Virq.COUNT];
            }
        }
        virqPorts[vcpu][virq] = port;
    }
}
