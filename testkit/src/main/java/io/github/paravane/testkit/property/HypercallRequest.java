package io.github.paravane.testkit.property;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One hypercall as a guest makes it.
 *
 * @param number what goes into RAX
 * @param arguments six values for RDI, RSI, RDX, R10, R8 and R9
 * @param buffer 64-bit words to be put into guest memory; arguments and words of the buffer from {@link #BUFFER} on stand for
 *     addresses in it
 */
public record HypercallRequest(int number, List<Long> arguments, List<Long> buffer) {
    /** Stands for the address of the buffer, wherever the guest puts it. */
    public static final long BUFFER = 0x5CB0_FFE2_0000_0000L;

    /** Words that fit into the buffer of a call. */
    public static final int MAX_BUFFER = 16;

    public HypercallRequest {
        arguments = List.copyOf(arguments);
        buffer = List.copyOf(buffer);
        if (arguments.size() != 6) {
            throw new IllegalArgumentException("six arguments, not 0x" + Integer.toHexString(arguments.size()));
        }
        if (buffer.size() > MAX_BUFFER) {
            throw new IllegalArgumentException("a buffer of 0x" + Integer.toHexString(buffer.size()) + " words");
        }
    }

    /** A call with up to six arguments, the others zero. */
    static HypercallRequest of(int number, List<Long> buffer, Long... arguments) {
        Stream<Long> padded = Stream.concat(Stream.of(arguments), Stream.generate(() -> 0L));
        return new HypercallRequest(number, padded.limit(6).toList(), buffer);
    }

    /** The arguments for a buffer at address {@code linear}. */
    public List<Long> argumentsAt(long linear) {
        return resolved(arguments, linear);
    }

    /** The words of the buffer when it lies at address {@code linear}. */
    public List<Long> bufferAt(long linear) {
        return resolved(buffer, linear);
    }

    private static List<Long> resolved(List<Long> values, long linear) {
        return values.stream()
                .map(value -> value >= BUFFER && value < BUFFER + MAX_BUFFER * 8L ? value - BUFFER + linear : value)
                .toList();
    }

    @Override
    public String toString() {
        return number + hex(arguments, "(", ")") + (buffer.isEmpty() ? "" : hex(buffer, "[", "]"));
    }

    private static String hex(List<Long> values, String open, String close) {
        return values.stream()
                .map(value -> "0x" + Long.toHexString(value))
                .collect(Collectors.joining(", ", open, close));
    }
}
