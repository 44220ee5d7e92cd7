package io.github.paravane.hypervisor.console;

import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.hypervisor.event.HostChannel;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The host's side of a console page (struct xencons_interface, abi-reference 6.5): what the guest puts into {@code out}
 * goes to a stream, what the input gives goes into {@code in} as far as there is room and is not taken before.
 *
 * <p>Everything in the page is the guest's; an index that claims more than a ring is ignored until it makes sense, and
 * one service moves at most one ring each way.
 */
public final class PvConsole {

    private static final int IN_SIZE = 1024;
    private static final int OUT = 1024;
    private static final int OUT_SIZE = 2048;
    private static final int IN_CONS = 3072;
    private static final int IN_PROD = 3076;
    private static final int OUT_CONS = 3080;
    private static final int OUT_PROD = 3084;

    private final MachineMemory memory;
    private final long page;
    private final OutputStream output;
    private final IntSupplier input;
    private final byte[] buffer = new byte[OUT_SIZE];
    private boolean inputEnded;
    private @Nullable HostChannel channel;

    /**
     * @param page machine address of the console page
     * @param output takes the guest's output; flushed after each service that wrote
     * @param input the next byte, -1 if there is none now, -2 if there will never be one again
     */
    public PvConsole(MachineMemory memory, long page, OutputStream output, IntSupplier input) {
        this.memory = memory;
        this.page = page;
        this.output = output;
        this.input = input;
    }

    /** Sets the host's end of the event channel. */
    public void setChannel(HostChannel value) {
        channel = value;
    }

    /** Whether the input may still give something. */
    public boolean isInputOpen() {
        return !inputEnded;
    }

    /**
     * Moves output and input, and notifies the guest if anything moved. {@link UncheckedIOException} if the output
     * fails; the guest's bytes are then consumed.
     */
    public void service() {
        boolean moved = moveOutput() | moveInput();
        HostChannel end = channel;
        if (moved && end != null) {
            end.raise();
        }
    }

    private boolean moveOutput() {
        int consumer = memory.readU32(page + OUT_CONS);
        int available = memory.readU32(page + OUT_PROD) - consumer;
        if (available <= 0 || available > OUT_SIZE) {
            return false;
        }
        int start = consumer & OUT_SIZE - 1;
        int first = Math.min(available, OUT_SIZE - start);
        memory.read(page + OUT + start, buffer, 0, first);
        memory.read(page + OUT, buffer, first, available - first);
        memory.writeU32(page + OUT_CONS, consumer + available);
        try {
            output.write(buffer, 0, available);
            output.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return true;
    }

    private boolean moveInput() {
        if (inputEnded) {
            return false;
        }
        int producer = memory.readU32(page + IN_PROD);
        int used = producer - memory.readU32(page + IN_CONS);
        if (used < 0 || used >= IN_SIZE) {
            return false;
        }
        int moved = 0;
        while (moved < IN_SIZE - used) {
            int next = input.getAsInt();
            if (next < 0) {
                inputEnded = next == -2;
                break;
            }
            memory.writeU8(page + (producer + moved & IN_SIZE - 1), next);
            moved++;
        }
        if (moved > 0) {
            memory.writeU32(page + IN_PROD, producer + moved);
        }
        return moved > 0;
    }
}
