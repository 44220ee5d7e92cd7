package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.hypervisor.descriptor.EmulatedDescriptors;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.hypercall.VcpuMemory;
import org.jspecify.annotations.Nullable;

/**
 * A far call or jump in compatibility mode, as read from the guest's code (Intel SDM vol 2, CALL and JMP; 2.1.5).
 *
 * @param jump whether it is a jump
 * @param selector of the far pointer
 * @param next offset of the instruction behind it
 */
record FarTransfer(boolean jump, int selector, long next) {

    private static final int LONGEST = 15;
    private static final int NONE = -1;
    private static final long WORD = 0xFFFF_FFFFL;
    private static final int NO_INDEX = 4;
    private static final int NO_BASE = 5;
    private static final long DEFAULT_32 = 1L << 54;

    /**
     * The instruction at RIP, or null if it is something else or its operand has no segment.
     *
     * @param indexKept whether a scale makes an index of ESP
     * @throws io.github.paravane.api.hypercall.GuestFault if it or its operand is not mapped
     */
    static @Nullable FarTransfer at(Vcpu vcpu, EmulatedDescriptors descriptors, boolean indexKept) {
        return new Reader(vcpu, descriptors, indexKept).read();
    }

    /** Reads one instruction. */
    private static final class Reader {

        private final Vcpu vcpu;
        private final Registers registers;
        private final EmulatedDescriptors descriptors;
        private final boolean indexKept;
        private final VcpuMemory memory;
        private final long code;
        private final long start;
        private final boolean code16;
        private long at;
        private int segment = NONE;
        private boolean operand16;
        private boolean address16;

        Reader(Vcpu vcpu, EmulatedDescriptors descriptors, boolean indexKept) {
            this.vcpu = vcpu;
            this.descriptors = descriptors;
            this.indexKept = indexKept;
            registers = vcpu.registers();
            start = registers.rip();
            at = start;
            memory = new VcpuMemory(vcpu);
            code = descriptors.read(vcpu, registers.selector(Registers.CS));
            code16 = (code & DEFAULT_32) == 0;
            operand16 = code16;
            address16 = code16;
        }

        private int octet() {
            long offset = at & WORD;
            boolean within = at - start < LONGEST && offset <= PortSegments.limit(code);
            at++;
            return within ? memory.readU8(CompatSegments.base(code) + offset & WORD) : NONE;
        }

        private int unsigned(int size) {
            int value = 0;
            for (int i = 0; i < size; i++) {
                int next = octet();
                value |= (next & 0xFF) << 8 * i;
            }
            return value;
        }

        @Nullable
        FarTransfer read() {
            int opcode = prefixes();
            if (opcode == 0x9A || opcode == 0xEA) {
                unsigned(operand16 ? 2 : 4);
                int selector = unsigned(2);
                return new FarTransfer(opcode == 0xEA, selector, at & WORD);
            }
            int modrm = opcode == 0xFF ? octet() : NONE;
            int form = modrm >>> 3 & 7;
            if (modrm == NONE || modrm >= 0xC0 || form != 3 && form != 5) {
                return null;
            }
            long offset = address16 ? address16(modrm) : address32(modrm);
            long descriptor = descriptors.read(vcpu, registers.selector(segment == NONE ? Registers.DS : segment));
            boolean code = Descriptor.isCode(descriptor);
            boolean readable = (descriptor & (Descriptor.PRESENT | Descriptor.NON_SYSTEM))
                            == (Descriptor.PRESENT | Descriptor.NON_SYSTEM)
                    && (!code || (descriptor & Descriptor.WRITABLE) != 0);
            long pointer = offset + (operand16 ? 2 : 4) & WORD;
            if (descriptor == EmulatedDescriptors.UNREADABLE
                    || !readable
                    || pointer > PortSegments.limit(descriptor) - 1) {
                return null;
            }
            int selector = memory.readU16(CompatSegments.base(descriptor) + pointer & WORD);
            return new FarTransfer(form == 5, selector, at & WORD);
        }

        private int prefixes() {
            while (at - start < LONGEST) {
                int octet = octet();
                switch (octet) {
                    case 0x66 -> operand16 = !code16;
                    case 0x67 -> address16 = !code16;
                    case 0x2E -> segment = Registers.CS;
                    case 0x36 -> segment = Registers.SS;
                    case 0x3E -> segment = Registers.DS;
                    case 0x26 -> segment = Registers.ES;
                    case 0x64 -> segment = Registers.FS;
                    case 0x65 -> segment = Registers.GS;
                    default -> {
                        return octet;
                    }
                }
            }
            return NONE;
        }

        private long register(int number) {
            return registers.gpr(number) & WORD;
        }

        private long address32(int modrm) {
            int mode = modrm >>> 6;
            int number = modrm & 7;
            long offset = 0;
            if (number == 4) {
                int sib = octet();
                int index = sib >>> 3 & 7;
                int scale = sib >>> 6 & 3;
                if (index != NO_INDEX || indexKept && scale != 0) {
                    offset = register(index) << scale;
                }
                number = sib & 7;
            }
            boolean absolute = number == NO_BASE && mode == 0;
            if (!absolute) {
                offset += register(number);
                if (segment == NONE && (number == Registers.RSP || number == Registers.RBP)) {
                    segment = Registers.SS;
                }
            }
            int displacement = mode == 1 ? (byte) unsigned(1) : mode == 2 || absolute ? unsigned(4) : 0;
            return offset + displacement & WORD;
        }

        private long address16(int modrm) {
            int mode = modrm >>> 6;
            int number = modrm & 7;
            boolean absolute = number == 6 && mode == 0;
            boolean onStack = number == 2 || number == 3 || number == 6 && !absolute;
            long offset = 0;
            if (onStack) {
                offset = register(Registers.RBP);
                segment = segment == NONE ? Registers.SS : segment;
            } else if (number == 0 || number == 1 || number == 7) {
                offset = register(Registers.RBX);
            }
            if (number < 6) {
                offset += register(number % 2 == 0 ? Registers.RSI : Registers.RDI);
            }
            int displacement = mode == 1 ? (byte) unsigned(1) : mode == 2 || absolute ? (short) unsigned(2) : 0;
            return offset + displacement & 0xFFFF;
        }
    }
}
