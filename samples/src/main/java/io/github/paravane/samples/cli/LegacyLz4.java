package io.github.paravane.samples.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The legacy LZ4 frame that Linux kernels use: a magic number, then blocks with their packed size in front. */
final class LegacyLz4 {

    private static final int BLOCK = 8 << 20;
    private static final int MIN_MATCH = 4;

    private LegacyLz4() {}

    /** Unpacks; {@link IOException} if more than {@code limit} bytes come out or the data is damaged. */
    static byte[] unpack(byte[] packed, int limit) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN).position(4);
        ByteArrayOutputStream out = new ByteArrayOutputStream(packed.length * 2);
        byte[] block = new byte[BLOCK];
        while (in.remaining() > 4) {
            int size = in.getInt();
            if (size <= 0 || size > in.remaining()) {
                throw new IOException("lz4 block of 0x" + Integer.toHexString(size) + " bytes");
            }
            int length = block(Arrays.copyOfRange(packed, in.position(), in.position() + size), block);
            in.position(in.position() + size);
            out.write(block, 0, length);
            if (out.size() > limit) {
                throw new IOException("unpacks to more than 0x" + Integer.toHexString(limit) + " bytes");
            }
            // What follows the last block of a bzImage is the unpacked size, not a block.
            if (in.remaining() == 4) {
                break;
            }
        }
        return out.toByteArray();
    }

    private static int block(byte[] in, byte[] out) {
        int from = 0;
        int to = 0;
        while (from < in.length) {
            int token = in[from++] & 0xFF;
            int literals = token >>> 4;
            if (literals == 15) {
                int more;
                do {
                    more = in[from++] & 0xFF;
                    literals += more;
                } while (more == 255);
            }
            System.arraycopy(in, from, out, to, literals);
            from += literals;
            to += literals;
            if (from >= in.length) {
                break;
            }
            int distance = in[from] & 0xFF | (in[from + 1] & 0xFF) << 8;
            from += 2;
            int match = token & 15;
            if (match == 15) {
                int more;
                do {
                    more = in[from++] & 0xFF;
                    match += more;
                } while (more == 255);
            }
            match += MIN_MATCH;
            // Source and target may overlap: that repeats a pattern.
            for (int i = 0; i < match; i++, to++) {
                out[to] = out[to - distance];
            }
        }
        return to;
    }
}
