package io.github.paravane.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IntegerVectorsTest {

    @Test
    void agreesWithARealProcessor() {
        InstructionVectors vectors = new InstructionVectors();
        List<String> lines = InstructionVectors.lines("integer.vectors");
        assertTrue(lines.size() > 4000, "vectors are missing");
        List<String> failures = new ArrayList<>();
        for (String line : lines) {
            List<String> differences = vectors.run(line);
            if (!differences.isEmpty()) {
                failures.add(line + " -> " + differences);
            }
        }
        assertEquals(List.of(), failures.subList(0, Math.min(20, failures.size())), failures.size() + " failures");
    }
}
