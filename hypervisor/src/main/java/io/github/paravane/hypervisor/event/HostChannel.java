package io.github.paravane.hypervisor.event;

/** The host's end of a channel: what a back end in dom0 would hold. Used on the machine's thread only. */
public final class HostChannel {

    private final EventChannels channels;
    private final Channel channel;
    private final Runnable onNotify;

    HostChannel(EventChannels channels, Channel channel, Runnable onNotify) {
        this.channels = channels;
        this.channel = channel;
        this.onNotify = onNotify;
    }

    /** The guest's port. */
    public int port() {
        return channel.port;
    }

    /** Whether the guest still has it open. */
    public boolean isOpen() {
        return channel.host == this;
    }

    /** Makes the guest's port pending; lost if the guest closed it. */
    public void raise() {
        if (isOpen()) {
            channels.setPending(channel);
        }
    }

    void notifyHost() {
        onNotify.run();
    }
}
