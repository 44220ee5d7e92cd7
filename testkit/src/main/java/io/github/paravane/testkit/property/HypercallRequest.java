package io.github.paravane.testkit.property;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One hypercall as a guest makes it.
 *
 * @param number what goes into RAX
 * @param arguments six values for RDI, RSI, RDX, R10, R8 and R9
 */
public record HypercallRequest(int number, List<Long> arguments) {
    public HypercallRequest {
        arguments = List.copyOf(arguments);
        if (arguments.size() != 6) {
            throw new IllegalArgumentException("six arguments, not 0x" + Integer.toHexString(arguments.size()));
        }
    }

    @Override
    public String toString() {
        return number
                + arguments.stream()
                        .map(value -> "0x" + Long.toHexString(value))
                        .collect(Collectors.joining(", ", "(", ")"));
    }
}
