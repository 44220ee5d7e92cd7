package io.github.paravane.samples.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class KernelFileTest {

    @TempDir
    private Path folder;

    private static byte[] kernel() {
        byte[] bytes = new byte[100_000];
        new Random(5).nextBytes(bytes);
        Arrays.fill(bytes, 20_000, 90_000, (byte) 7);
        return bytes;
    }

    private byte[] read(byte[] file) throws IOException {
        Path path = folder.resolve("file");
        Files.write(path, file);
        return KernelFile.read(path);
    }

    private static byte[] xz(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (XZOutputStream packed = new XZOutputStream(out, new LZMA2Options(1))) {
            packed.write(bytes);
        }
        return out.toByteArray();
    }

    /** Boot protocol 2.08: payload offset and length at 0x248; the unpacked size follows the packed data. */
    private static byte[] bzImage(byte[] packed, int unpackedSize) {
        ByteBuffer file =
                ByteBuffer.allocate(512 * 3 + 0x40 + packed.length + 4 + 100).order(ByteOrder.LITTLE_ENDIAN);
        file.put(0x1F1, (byte) 2).putInt(0x202, 0x53726448);
        file.putInt(0x248, 0x40).putInt(0x24C, packed.length + 4);
        file.position(512 * 3 + 0x40);
        file.put(packed).putInt(unpackedSize);
        return file.array();
    }

    @Test
    void plainFilesStayAsTheyAre() throws IOException {
        assertArrayEquals(kernel(), read(kernel()));
        assertArrayEquals(new byte[] {1}, read(new byte[] {1}));
    }

    @Test
    void xzAndZstdAloneAndInABzImage() throws IOException {
        for (byte[] packed : new byte[][] {xz(kernel()), Zstd.compress(kernel())}) {
            assertArrayEquals(kernel(), read(packed));
            assertArrayEquals(kernel(), read(bzImage(packed, kernel().length)));
        }
    }

    @Test
    void legacyLz4() throws IOException {
        // Literals "abc", a match of 5 at distance 3, then the last literals "xy".
        byte[] block = {0x31, 'a', 'b', 'c', 3, 0, 0x20, 'x', 'y'};
        byte[] frame = ByteBuffer.allocate(8 + block.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0x184C2102)
                .putInt(block.length)
                .put(block)
                .array();
        byte[] expected = {'a', 'b', 'c', 'a', 'b', 'c', 'a', 'b', 'x', 'y'};
        assertArrayEquals(expected, read(frame));
        assertArrayEquals(expected, read(bzImage(frame, expected.length)));
    }

    @Test
    void damageIsAnError() throws IOException {
        byte[] cut = Arrays.copyOf(xz(kernel()), 5_000);
        assertThrows(IOException.class, () -> read(cut));
        byte[] zstd = Arrays.copyOf(Zstd.compress(kernel()), 5_000);
        assertThrows(IOException.class, () -> read(zstd));
        byte[] outside = bzImage(xz(kernel()), 1);
        ByteBuffer.wrap(outside).order(ByteOrder.LITTLE_ENDIAN).putInt(0x24C, -1);
        assertThrows(IOException.class, () -> read(outside));
        byte[] lz4 = {2, 0x21, 0x4C, 0x18, 4, 0, 0, 0, 0x01, 9, 0, 0};
        assertThrows(IOException.class, () -> read(lz4));
    }
}
