package io.github.paravane.testkit.property;

import io.github.paravane.api.cpu.Registers;
import java.util.List;

/**
 * The state of the integer registers as a value.
 *
 * @param gprs sixteen values by register number
 * @param rip the instruction pointer
 * @param rflags the flags
 */
public record RegisterFile(List<Long> gprs, long rip, long rflags) {
    public RegisterFile {
        gprs = List.copyOf(gprs);
        if (gprs.size() != 16) {
            throw new IllegalArgumentException("sixteen registers, not 0x" + Integer.toHexString(gprs.size()));
        }
    }

    /** What a core's registers hold now. */
    public static RegisterFile of(Registers registers) {
        Long[] gprs = new Long[16];
        for (int i = 0; i < gprs.length; i++) {
            gprs[i] = registers.gpr(i);
        }
        return new RegisterFile(List.of(gprs), registers.rip(), registers.rflags());
    }

    /** Puts the values into a core's registers. */
    public void storeTo(Registers registers) {
        for (int i = 0; i < gprs.size(); i++) {
            registers.setGpr(i, gprs.get(i));
        }
        registers.setRip(rip);
        registers.setRflags(rflags);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(String.format("rip %016x rflags %x", rip, rflags));
        for (int i = 0; i < gprs.size(); i++) {
            text.append(String.format(i % 4 == 0 ? "%n  r%d %016x" : "  r%d %016x", i, gprs.get(i)));
        }
        return text.toString();
    }
}
