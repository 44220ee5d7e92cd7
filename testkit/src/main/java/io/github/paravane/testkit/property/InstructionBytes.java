package io.github.paravane.testkit.property;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One instruction, or bytes that look like one.
 *
 * @param bytes one to fifteen values from 0 to 255
 */
public record InstructionBytes(List<Integer> bytes) {

    private static final int LONGEST = 15;

    public InstructionBytes {
        bytes = List.copyOf(bytes);
        if (bytes.isEmpty() || bytes.size() > LONGEST) {
            throw new IllegalArgumentException("an instruction has 1 to 15 bytes, not " + bytes.size());
        }
        for (int each : bytes) {
            if (each < 0 || each > 0xFF) {
                throw new IllegalArgumentException("not a byte: 0x" + Integer.toHexString(each));
            }
        }
    }

    /** The instruction of some bytes. */
    public static InstructionBytes of(int... values) {
        return new InstructionBytes(Arrays.stream(values).boxed().toList());
    }

    /** The bytes, to be executed. */
    public byte[] toArray() {
        byte[] array = new byte[bytes.size()];
        for (int n = 0; n < array.length; n++) {
            array[n] = bytes.get(n).byteValue();
        }
        return array;
    }

    /** The bytes of several, one after the other. */
    public static byte[] join(List<InstructionBytes> instructions) {
        byte[] all = new byte
                [instructions.stream().mapToInt(each -> each.bytes.size()).sum()];
        int at = 0;
        for (InstructionBytes each : instructions) {
            System.arraycopy(each.toArray(), 0, all, at, each.bytes.size());
            at += each.bytes.size();
        }
        return all;
    }

    @Override
    public String toString() {
        return bytes.stream().map(each -> "%02x".formatted(each)).collect(Collectors.joining(" "));
    }
}
