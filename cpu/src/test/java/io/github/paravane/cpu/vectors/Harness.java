package io.github.paravane.cpu.vectors;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** The native program as a child process: cases in, outcomes out. */
final class Harness implements AutoCloseable {
    /** Cases at a time, as in the program. */
    static final int BATCH = 256;

    private static final int INPUT = 32 + Case.STATE_BYTES;

    private final Process process;
    private final OutputStream to;
    private final DataInputStream from;

    Harness(String program) throws IOException {
        process = new ProcessBuilder(program)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        to = new BufferedOutputStream(process.getOutputStream(), 1 << 20);
        from = new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 20));
        int[] words = HostSegments.userDescriptors();
        ByteBuffer setup = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        setup.asIntBuffer().put(words);
        to.write(setup.array());
    }

    /** Executes at most {@link #BATCH} cases; {@code outcomes} receives what happened, in the common form. */
    void run(List<Case> cases, List<Case> outcomes) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(4 + INPUT * cases.size()).order(ByteOrder.LITTLE_ENDIAN);
        in.putInt(cases.size());
        for (Case c : cases) {
            in.putLong(c.start).put((byte) (c.compatibility ? 1 : 0)).put((byte) c.length);
            in.put(new byte[6]).put(c.code, 0, 16);
            in.put(c.bytes, Case.STATE_OFFSET, Case.STATE_BYTES);
        }
        to.write(in.array());
        to.flush();
        for (int n = 0; n < cases.size(); n++) {
            from.readFully(outcomes.get(n).bytes);
            Outcome.fromHarness(cases.get(n), outcomes.get(n));
        }
    }

    @Override
    public void close() throws IOException {
        to.close();
        from.close();
        process.destroy();
    }
}
