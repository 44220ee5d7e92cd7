package io.github.paravane.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class FpuVectorsTest {

    @Test
    void agreesWithARealProcessor() throws IOException {
        FpuVectors vectors = new FpuVectors();
        try (InputStream in = Objects.requireNonNull(FpuVectors.class.getResourceAsStream("fpu.vectors.gz"))) {
            vectors.replay(new BufferedInputStream(new GZIPInputStream(in)));
        }
        assertTrue(vectors.instructions() > 700, "vectors are missing");
        assertTrue(vectors.cases() > 13_000, "vectors are missing");
        assertEquals(Map.of(), vectors.differences());
    }
}
