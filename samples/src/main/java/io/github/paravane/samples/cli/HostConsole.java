package io.github.paravane.samples.cli;

import io.github.paravane.hypervisor.machine.ConsolePort;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/**
 * Standard input as a console's input: a thread reads, the machine polls. A terminal is put into raw mode, so that keys
 * reach the guest one by one, and Ctrl-] leaves.
 */
final class HostConsole implements ConsolePort.Input {

    private static final int LEAVE = 0x1D;
    private static final int CAPACITY = 1 << 16;

    private final InputStream in;
    private final PrintStream messages;
    private final byte[] queue = new byte[CAPACITY];
    private int head;
    private int size;
    private boolean ended;
    private boolean left;
    private @Nullable Terminal terminal;

    HostConsole(InputStream in, PrintStream messages) {
        this.in = in;
        this.messages = messages;
    }

    /** Starts reading; {@code onInput} runs when there is some, {@code onLeave} when Ctrl-] is typed on a terminal. */
    void start(Runnable onInput, Runnable onLeave) {
        Terminal raw = in == System.in ? Terminal.openRaw() : null;
        terminal = raw;
        if (raw != null) {
            messages.print("(Ctrl-] leaves)\r\n");
            messages.flush();
        }
        Thread reader = new Thread(() -> read(raw != null, onInput, onLeave), "console-input");
        // It may wait in read for ever; the process must not wait for it.
        reader.setDaemon(true);
        reader.start();
    }

    /** Gives the terminal back. */
    void close() {
        Terminal raw = terminal;
        if (raw != null) {
            raw.close();
            terminal = null;
        }
    }

    /** Whether Ctrl-] was typed. */
    synchronized boolean isLeft() {
        return left;
    }

    @Override
    public synchronized int poll() {
        if (size == 0) {
            return ended ? END : NOTHING;
        }
        int next = queue[head] & 0xFF;
        head = (head + 1) % CAPACITY;
        size--;
        notifyAll();
        return next;
    }

    private void read(boolean keys, Runnable onInput, Runnable onLeave) {
        byte[] buffer = new byte[4096];
        try {
            int length = in.read(buffer);
            while (length >= 0) {
                for (int i = 0; i < length; i++) {
                    if (keys && buffer[i] == LEAVE) {
                        leave();
                        onLeave.run();
                        return;
                    }
                    put(buffer[i]);
                }
                onInput.run();
                length = in.read(buffer);
            }
        } catch (IOException e) {
            messages.print("paravane: standard input: " + e.getMessage() + System.lineSeparator());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        end();
        onInput.run();
    }

    /** Waits for room, so that a large piped input is not held in memory and nothing is lost. */
    private synchronized void put(byte value) throws InterruptedException {
        while (size == CAPACITY) {
            wait();
        }
        queue[(head + size) % CAPACITY] = value;
        size++;
    }

    private synchronized void end() {
        ended = true;
    }

    private synchronized void leave() {
        left = true;
    }
}
