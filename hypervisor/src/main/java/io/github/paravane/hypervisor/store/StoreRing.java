package io.github.paravane.hypervisor.store;

import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.hypervisor.event.HostChannel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The page over which a guest talks to the store: two rings of 1024 bytes with free-running indices (struct
 * xenstore_domain_interface, abi-reference 6.5). Messages are longer than the ring and arrive in pieces.
 *
 * <p>Everything in the page is the guest's. An index that claims more than a ring, or a payload above 4096 bytes, ends
 * the connection, as xenstored's does. While answers wait for room no request is read, so a guest cannot make the host
 * hold more than the events of one request.
 */
public final class StoreRing {

    private static final int RING = 1024;
    private static final int RESPONSES = 1024;
    private static final int REQUEST_CONS = 2048;
    private static final int REQUEST_PROD = 2052;
    private static final int RESPONSE_CONS = 2056;
    private static final int RESPONSE_PROD = 2060;
    private static final int HEADER = 16;
    private static final int MAX_REQUESTS_A_SERVICE = 1024;

    private final MachineMemory memory;
    private final long ring;
    private final StoreSession session;
    private final byte[] header = new byte[HEADER];
    private byte @Nullable [] payload;
    private int received;
    private final Queue<byte[]> output = new ArrayDeque<>();
    private byte @Nullable [] sending;
    private int sent;
    private boolean broken;
    private @Nullable HostChannel channel;

    /**
     * @param ring machine address of the page
     */
    public StoreRing(MachineMemory memory, long ring, StoreSession session) {
        this.memory = memory;
        this.ring = ring;
        this.session = session;
    }

    /** Sets the host's end of the event channel. */
    public void setChannel(HostChannel value) {
        channel = value;
    }

    /** Whether the guest broke the protocol, so that it is not listened to any more. */
    public boolean isBroken() {
        return broken;
    }

    /** Whether {@link #service} has work: the guest asked something, or waits for the rest of an answer. */
    public boolean hasWork() {
        return !broken && (memory.readU32(ring + REQUEST_CONS) != memory.readU32(ring + REQUEST_PROD) || hasOutput());
    }

    /** Reads requests, answers them, sends answers and events as far as there is room; notifies the guest. */
    public void service() {
        boolean progress = false;
        for (int i = 0; i < MAX_REQUESTS_A_SERVICE && !broken; i++) {
            boolean wrote = send();
            boolean read = !broken && !hasOutput() && receive();
            if (!wrote && !read) {
                break;
            }
            progress = true;
        }
        if (progress && channel != null) {
            channel.raise();
        }
    }

    private boolean hasOutput() {
        return sending != null || !output.isEmpty() || !session.events().isEmpty();
    }

    /** Moves what is there of one request; whether anything moved. */
    private boolean receive() {
        int consumer = memory.readU32(ring + REQUEST_CONS);
        int available = memory.readU32(ring + REQUEST_PROD) - consumer;
        if (available < 0 || available > RING) {
            broken = true;
            return false;
        }
        if (available == 0) {
            return false;
        }
        byte[] body = payload;
        byte[] target = body == null ? header : body;
        int part = Math.min(available, target.length - received);
        copyIn(consumer, target, received, part);
        memory.writeU32(ring + REQUEST_CONS, consumer + part);
        received += part;
        if (received == target.length) {
            received = 0;
            if (body == null) {
                beginPayload();
            } else {
                complete(body);
            }
        }
        return true;
    }

    private void beginPayload() {
        int length = headerField(12);
        if (length < 0 || length > StoreSession.MAX_PAYLOAD) {
            broken = true;
        } else if (length == 0) {
            complete(new byte[0]);
        } else {
            payload = new byte[length];
        }
    }

    private void complete(byte[] body) {
        payload = null;
        int type = headerField(0);
        StoreSession.Reply reply = session.handle(type, headerField(8), body);
        // As xenstored does: a change fires watches before it is acknowledged, a new watch after that.
        if (type != StoreSession.WATCH) {
            takeEvents();
        }
        output.add(message(reply.type(), headerField(4), headerField(8), reply.payload()));
        takeEvents();
    }

    private void takeEvents() {
        for (Watches.Event event = session.events().poll();
                event != null;
                event = session.events().poll()) {
            output.add(message(StoreSession.WATCH_EVENT, 0, 0, event.payload()));
        }
    }

    private int headerField(int offset) {
        return ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getInt(offset);
    }

    private static byte[] message(int type, int requestId, int transactionId, byte[] body) {
        return ByteBuffer.allocate(HEADER + body.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(type)
                .putInt(requestId)
                .putInt(transactionId)
                .putInt(body.length)
                .put(body)
                .array();
    }

    /** Sends as much as there is room for; whether anything moved. */
    private boolean send() {
        boolean moved = false;
        byte[] message = nextMessage();
        while (message != null) {
            int producer = memory.readU32(ring + RESPONSE_PROD);
            int used = producer - memory.readU32(ring + RESPONSE_CONS);
            if (used < 0 || used > RING) {
                broken = true;
                return moved;
            }
            int part = Math.min(RING - used, message.length - sent);
            if (part == 0) {
                return moved;
            }
            copyOut(producer, message, sent, part);
            memory.writeU32(ring + RESPONSE_PROD, producer + part);
            moved = true;
            sent += part;
            if (sent == message.length) {
                sending = null;
            }
            message = nextMessage();
        }
        return moved;
    }

    /** The message being sent, or the next one. */
    private byte @Nullable [] nextMessage() {
        if (sending == null) {
            takeEvents();
            sending = output.poll();
            sent = 0;
        }
        return sending;
    }

    private void copyIn(int index, byte[] target, int offset, int length) {
        int start = index & RING - 1;
        int first = Math.min(length, RING - start);
        memory.read(ring + start, target, offset, first);
        memory.read(ring, target, offset + first, length - first);
    }

    private void copyOut(int index, byte[] source, int offset, int length) {
        int start = index & RING - 1;
        int first = Math.min(length, RING - start);
        memory.write(ring + RESPONSES + start, source, offset, first);
        memory.write(ring + RESPONSES, source, offset + first, length - first);
    }
}
