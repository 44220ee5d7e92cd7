package io.github.paravane.hypervisor.build;

import io.github.paravane.api.guest.GuestImageException;
import io.github.paravane.api.guest.GuestImageException.Rule;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;

/** Unpacks gzip kernels; everything else is passed on as it is. */
final class Compression {

    /** Most bytes a kernel may unpack to. */
    static final int MAX_UNPACKED = 512 << 20;

    private Compression() {}

    /** The bytes of {@code file}, unpacked if it starts with the gzip magic number (RFC 1952). */
    static byte[] unpack(byte[] file) {
        if (file.length < 2 || file[0] != 0x1F || file[1] != (byte) 0x8B) {
            return file;
        }
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(file))) {
            byte[] unpacked = in.readNBytes(MAX_UNPACKED + 1);
            if (unpacked.length > MAX_UNPACKED) {
                throw new GuestImageException(Rule.TOO_LARGE, unpacked.length, "gzip kernel");
            }
            return unpacked;
        } catch (IOException broken) {
            throw new GuestImageException(Rule.BAD_COMPRESSION, file.length, "gzip: " + broken.getMessage());
        }
    }
}
