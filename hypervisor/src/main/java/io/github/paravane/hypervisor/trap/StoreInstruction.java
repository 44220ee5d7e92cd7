package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.AddressTranslator;
import io.github.paravane.hypervisor.domain.Vcpu;
import org.jspecify.annotations.Nullable;

/** What the old emulators' bugs turn on in the instruction at RIP: its REP prefix and its opcode. */
final class StoreInstruction {

    private static final int LONGEST = 15;
    private static final int TWO_BYTES = 0x0F;
    private static final int EXCHANGE_8 = 0x0FC7;

    private final boolean repeated;
    private final boolean operand16;
    private final int opcode;
    private final int next;

    private StoreInstruction(boolean repeated, boolean operand16, int opcode, int next) {
        this.repeated = repeated;
        this.operand16 = operand16;
        this.opcode = opcode;
        this.next = next;
    }

    /** The instruction that a vCPU is at; one that cannot be fetched has no prefix and opcode 0. */
    static StoreInstruction at(@Nullable Vcpu vcpu, MachineMemory memory) {
        if (vcpu == null) {
            return new StoreInstruction(false, false, 0, 0);
        }
        boolean rep = false;
        boolean short16 = false;
        long rip = vcpu.registers().rip();
        for (int i = 0; i < LONGEST; i++) {
            int octet = fetch(vcpu.guestMemory(), memory, rip + i);
            short16 |= octet == 0x66;
            if (octet == 0xF2 || octet == 0xF3) {
                rep = true;
            } else if (octet == TWO_BYTES) {
                return new StoreInstruction(
                        rep, short16, TWO_BYTES << 8 | fetch(vcpu.guestMemory(), memory, rip + i + 1), 0);
            } else if (!isPrefix(octet)) {
                return new StoreInstruction(rep, short16, octet, fetch(vcpu.guestMemory(), memory, rip + i + 1));
            }
        }
        return new StoreInstruction(false, false, 0, 0);
    }

    private static int fetch(AddressTranslator translator, MachineMemory memory, long linear) {
        long maddr = translator.translate(linear, Access.FETCH | Access.USER);
        return maddr == AddressTranslator.FAULT ? 0 : memory.readU8(maddr);
    }

    private static boolean isPrefix(int octet) {
        return octet == 0x66
                || octet == 0x67
                || octet == 0xF0
                || (octet & 0xF0) == 0x40
                || (octet & 0xFE) == 0x64
                || (octet & 0xE7) == 0x26;
    }

    /** Whether REP stands before a one-byte opcode that is no string instruction. */
    boolean isRepeatedInVain() {
        boolean string = opcode >= 0xA4 && opcode <= 0xA7 || opcode >= 0xAA && opcode <= 0xAF;
        return repeated && opcode < 0x100 && !string;
    }

    /** Whether it is INS or OUTS with REP. */
    boolean isRepeatedPort() {
        return repeated && opcode >= 0x6C && opcode <= 0x6F;
    }

    /** Whether its store is to the stack: PUSH, PUSHF, CALL, ENTER. */
    boolean isPush() {
        int group5 = next >>> 3 & 7;
        return switch (opcode) {
            case 0x68, 0x6A, 0x9C, 0xC8, 0xE8, 0x0FA0, 0x0FA8 -> true;
            case 0xFF -> group5 == 2 || group5 == 3 || group5 == 6;
            default -> opcode >= 0x50 && opcode <= 0x57;
        };
    }

    /** Whether it is CMPXCHG8B or CMPXCHG16B. */
    boolean isExchangeOf8() {
        return opcode == EXCHANGE_8;
    }

    /** Whether it is CMPXCHG8B with a prefix that a processor ignores there. */
    boolean isExchangeOf8Halved() {
        return opcode == EXCHANGE_8 && operand16;
    }

    /** Sets the flags that comparing {@code first} with {@code second} gives, but for ZF. */
    static void setCompareFlags(Registers registers, long first, long second, int size) {
        int shift = 64 - 8 * size;
        long left = first << shift;
        long right = second << shift;
        long result = left - right;
        long flags = registers.rflags() & ~(Flags.CF | Flags.PF | Flags.AF | Flags.SF | Flags.OF);
        flags |= Long.compareUnsigned(left, right) < 0 ? Flags.CF : 0;
        flags |= (Long.bitCount(result >>> shift & 0xFF) & 1) == 0 ? Flags.PF : 0;
        flags |= ((first ^ second ^ result >>> shift) & 0x10) != 0 ? Flags.AF : 0;
        flags |= result < 0 ? Flags.SF : 0;
        flags |= ((left ^ right) & (left ^ result)) < 0 ? Flags.OF : 0;
        registers.setRflags(flags);
    }
}
