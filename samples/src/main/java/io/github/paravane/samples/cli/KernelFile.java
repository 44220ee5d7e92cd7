package io.github.paravane.samples.cli;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.tukaani.xz.SingleXZInputStream;

/** Reads kernel files and unpacks what the library does not: Linux bzImages, and payloads in xz, zstd and lz4. */
final class KernelFile {

    private static final int MAX_UNPACKED = 512 << 20;
    private static final int HEADER_MAGIC = 0x53726448;
    private static final int HEADER_AT = 0x202;
    private static final int SETUP_SECTORS_AT = 0x1F1;
    private static final int PAYLOAD_OFFSET_AT = 0x248;
    private static final int PAYLOAD_LENGTH_AT = 0x24C;
    private static final int SECTOR = 512;

    private KernelFile() {}

    /** The kernel in a file; {@link IOException} names the file and what is wrong. */
    static byte[] read(Path path) throws IOException {
        byte[] file = Files.readAllBytes(path);
        try {
            return unpack(payload(file));
        } catch (IOException | IndexOutOfBoundsException | ZstdException e) {
            throw new IOException(path + ": damaged compressed kernel: " + e.getMessage(), e);
        }
    }

    /** The compressed kernel inside a Linux bzImage (boot protocol 2.08), or the file itself. */
    static byte[] payload(byte[] file) throws IOException {
        ByteBuffer header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        if (file.length < PAYLOAD_LENGTH_AT + 4 || header.getInt(HEADER_AT) != HEADER_MAGIC) {
            return file;
        }
        int sectors = file[SETUP_SECTORS_AT] == 0 ? 4 : file[SETUP_SECTORS_AT] & 0xFF;
        long start = (sectors + 1L) * SECTOR + Integer.toUnsignedLong(header.getInt(PAYLOAD_OFFSET_AT));
        long end = start + Integer.toUnsignedLong(header.getInt(PAYLOAD_LENGTH_AT));
        if (end > file.length) {
            throw new IOException("payload ends at 0x" + Long.toHexString(end) + ", behind the file");
        }
        return Arrays.copyOfRange(file, (int) start, (int) end);
    }

    private static byte[] unpack(byte[] packed) throws IOException {
        if (startsWith(packed, 0xFD, '7', 'z', 'X', 'Z', 0)) {
            try (InputStream in = new SingleXZInputStream(new ByteArrayInputStream(packed))) {
                return bounded(in);
            }
        }
        if (startsWith(packed, 0x28, 0xB5, 0x2F, 0xFD)) {
            long frame = Zstd.findFrameCompressedSize(packed);
            try (InputStream in = new ZstdInputStream(new ByteArrayInputStream(packed, 0, (int) frame))) {
                return bounded(in);
            }
        }
        if (startsWith(packed, 0x02, 0x21, 0x4C, 0x18)) {
            return LegacyLz4.unpack(packed, MAX_UNPACKED);
        }
        return packed;
    }

    /** The first stream only: a bzImage appends the unpacked size. */
    private static byte[] bounded(InputStream in) throws IOException {
        byte[] unpacked = in.readNBytes(MAX_UNPACKED + 1);
        if (unpacked.length > MAX_UNPACKED) {
            throw new IOException("unpacks to more than 512 MiB");
        }
        return unpacked;
    }

    private static boolean startsWith(byte[] bytes, int... magic) {
        if (bytes.length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((bytes[i] & 0xFF) != magic[i]) {
                return false;
            }
        }
        return true;
    }
}
