package io.github.paravane.testkit.asm;

/** Flags, ports, identification, model-specific registers, descriptor tables and the TLB (Intel SDM vol. 1, 5.21). */
public sealed interface SystemInstructions permits Assembler {
    /** Appends an instruction given by the fields of its encoding. */
    Assembler emit(Encoding encoding);

    default Assembler nop() {
        return emit(Encoding.opcode(0x90));
    }

    default Assembler pause() {
        return emit(Encoding.opcode(0x90).mandatory(0xf3));
    }

    default Assembler hlt() {
        return emit(Encoding.opcode(0xf4));
    }

    default Assembler cli() {
        return emit(Encoding.opcode(0xfa));
    }

    default Assembler sti() {
        return emit(Encoding.opcode(0xfb));
    }

    default Assembler clc() {
        return emit(Encoding.opcode(0xf8));
    }

    default Assembler stc() {
        return emit(Encoding.opcode(0xf9));
    }

    default Assembler cmc() {
        return emit(Encoding.opcode(0xf5));
    }

    default Assembler cpuid() {
        return emit(Encoding.opcode(0x0f, 0xa2));
    }

    default Assembler rdtsc() {
        return emit(Encoding.opcode(0x0f, 0x31));
    }

    default Assembler rdtscp() {
        return emit(Encoding.opcode(0x0f, 0x01, 0xf9));
    }

    default Assembler rdpmc() {
        return emit(Encoding.opcode(0x0f, 0x33));
    }

    default Assembler rdmsr() {
        return emit(Encoding.opcode(0x0f, 0x32));
    }

    default Assembler wrmsr() {
        return emit(Encoding.opcode(0x0f, 0x30));
    }

    /** Reads an immediate port into AL, AX or EAX. */
    default Assembler in(Gpr accumulator, int port) {
        return emit(port(0xe4, accumulator).immediate(port, 1));
    }

    /** Reads port DX into AL, AX or EAX. */
    default Assembler in(Gpr accumulator, Gpr dx) {
        requireDx(dx);
        return emit(port(0xec, accumulator));
    }

    /** Writes AL, AX or EAX to an immediate port. */
    default Assembler out(int port, Gpr accumulator) {
        return emit(port(0xe6, accumulator).immediate(port, 1));
    }

    /** Writes AL, AX or EAX to port DX. */
    default Assembler out(Gpr dx, Gpr accumulator) {
        requireDx(dx);
        return emit(port(0xee, accumulator));
    }

    private static Encoding port(int opcode, Gpr accumulator) {
        if (!accumulator.isAccumulator() || accumulator.width() == 64) {
            throw new IllegalArgumentException("ports are accessed through al, ax and eax, not " + accumulator);
        }
        return Encoding.sized(accumulator.width(), opcode);
    }

    private static void requireDx(Gpr dx) {
        if (dx != Gpr.DX) {
            throw new IllegalArgumentException("a port number comes from dx, not " + dx);
        }
    }

    default Assembler invlpg(Memory place) {
        return emit(Encoding.opcode(0x0f, 0x01).reg(7).rm(place));
    }

    default Assembler sgdt(Memory place) {
        return emit(Encoding.opcode(0x0f, 0x01).reg(0).rm(place));
    }

    default Assembler sidt(Memory place) {
        return emit(Encoding.opcode(0x0f, 0x01).reg(1).rm(place));
    }

    default Assembler lgdt(Memory place) {
        return emit(Encoding.opcode(0x0f, 0x01).reg(2).rm(place));
    }

    default Assembler lidt(Memory place) {
        return emit(Encoding.opcode(0x0f, 0x01).reg(3).rm(place));
    }

    default Assembler smsw(Gpr destination) {
        return emit(Encoding.opcode(0x0f, 0x01)
                .width(Widths.notByte(destination.width()))
                .reg(4)
                .rm(destination));
    }

    default Assembler lmsw(Gpr source) {
        return emit(Encoding.opcode(0x0f, 0x01).reg(6).rm(source));
    }

    default Assembler lldt(Gpr selector) {
        return emit(Encoding.opcode(0x0f, 0x00).reg(2).rm(selector));
    }

    default Assembler ltr(Gpr selector) {
        return emit(Encoding.opcode(0x0f, 0x00).reg(3).rm(selector));
    }

    default Assembler swapgs() {
        return emit(Encoding.opcode(0x0f, 0x01, 0xf8));
    }

    default Assembler clts() {
        return emit(Encoding.opcode(0x0f, 0x06));
    }

    default Assembler invd() {
        return emit(Encoding.opcode(0x0f, 0x08));
    }

    default Assembler wbinvd() {
        return emit(Encoding.opcode(0x0f, 0x09));
    }

    default Assembler lfence() {
        return emit(Encoding.opcode(0x0f, 0xae, 0xe8));
    }

    default Assembler mfence() {
        return emit(Encoding.opcode(0x0f, 0xae, 0xf0));
    }

    default Assembler sfence() {
        return emit(Encoding.opcode(0x0f, 0xae, 0xf8));
    }

    default Assembler fninit() {
        return emit(Encoding.opcode(0xdb, 0xe3));
    }

    /** Saves the x87 and SSE state to 512 bytes, aligned to 16. */
    default Assembler fxsave(Memory area) {
        return emit(Encoding.opcode(0x0f, 0xae).reg(0).rm(area));
    }

    /** Restores the x87 and SSE state from 512 bytes, aligned to 16. */
    default Assembler fxrstor(Memory area) {
        return emit(Encoding.opcode(0x0f, 0xae).reg(1).rm(area));
    }

    default Assembler ldmxcsr(Memory source) {
        return emit(Encoding.opcode(0x0f, 0xae).reg(2).rm(source));
    }

    default Assembler stmxcsr(Memory destination) {
        return emit(Encoding.opcode(0x0f, 0xae).reg(3).rm(destination));
    }
}
