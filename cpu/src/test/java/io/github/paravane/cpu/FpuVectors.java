package io.github.paravane.cpu;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.cpu.state.Flags;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Replays what {@code src/test/native/fpu_vectors.c} recorded on a real processor, one instruction at a time, and
 * collects the differences by instruction.
 */
final class FpuVectors {
    /** Bytes of the recorded state: see struct record of the recorder. */
    private static final int RECORD = 152;

    private static final int ST = 8;
    private static final int XMM = ST + 80;
    private static final int GENERAL = XMM + 32;
    private static final int MEMORY = GENERAL + 16;
    /** Option: results are approximations, equal to one unit in the last place; C1 says nothing. */
    private static final int APPROXIMATE = 2;

    private static final int INT3 = 0xCC;
    private static final int FLAG_MASK = Flags.CF | Flags.PF | Flags.AF | Flags.ZF | Flags.SF;

    private final TestMachine machine = new TestMachine();
    private final Map<String, List<String>> differences = new TreeMap<>();
    private boolean approximate;
    private int cases;
    private int instructions;

    /** Number of cases replayed. */
    int cases() {
        return cases;
    }

    /** Number of instructions replayed. */
    int instructions() {
        return instructions;
    }

    /** Descriptions of the differences by instruction. */
    Map<String, List<String>> differences() {
        return differences;
    }

    void replay(InputStream stream) throws IOException {
        DataInputStream in = new DataInputStream(stream);
        while (true) {
            int length = in.read();
            if (length < 0) {
                return;
            }
            String name = new String(in.readNBytes(length), StandardCharsets.US_ASCII);
            byte[] code = in.readNBytes(in.readUnsignedByte());
            approximate = (in.readUnsignedByte() & APPROXIMATE) != 0;
            int count = in.readUnsignedByte() | in.readUnsignedByte() << 8;
            instructions++;
            machine.memory.write(TestMachine.CODE, code, 0, code.length);
            machine.memory.writeU8(TestMachine.CODE + code.length, INT3);
            for (int n = 0; n < count; n++) {
                byte[] before = in.readNBytes(RECORD);
                byte[] after = in.readNBytes(RECORD);
                int vector = in.readUnsignedByte();
                if (after.length != RECORD) {
                    throw new EOFException();
                }
                for (int b = 0; b < RECORD; b++) {
                    after[b] ^= before[b];
                }
                cases++;
                play(name + " " + HexFormat.of().formatHex(code), before, after, vector);
            }
        }
    }

    private void play(String name, byte[] before, byte[] after, int vector) {
        load(before);
        machine.traps.clear();
        machine.run(2);
        int raised = machine.traps.isEmpty() ? -1 : machine.traps.get(0).vector();
        raised = raised == Trap.BP ? 0 : raised;
        byte[] actual = save();
        if (approximate) {
            if (undefined(name, before)) {
                return;
            }
            forgive(actual, after);
        }
        if (raised != vector || !Arrays.equals(actual, after)) {
            differences
                    .computeIfAbsent(name, key -> new ArrayList<>())
                    .add("\n  before   " + show(before) + "\n  expected " + show(after) + " trap " + vector
                            + "\n  actual   " + show(actual) + " trap " + raised);
        }
    }

    /** F2XM1 beyond 1 and FYL2XP1 beyond 1 - sqrt(1/2) have no defined result (Intel SDM vol 2). */
    private static boolean undefined(String name, byte[] before) {
        int exponent = (before[ST + 8] & 0xFF) | (before[ST + 9] & 0x7F) << 8;
        return (name.startsWith("f2xm1") && exponent >= 0x3FFF)
                || (name.startsWith("fyl2xp1") && exponent >= 0x3FFD && exponent < 0x7FFF);
    }

    /** Makes {@code actual} equal where it is close enough. */
    private static void forgive(byte[] actual, byte[] expected) {
        ByteBuffer a = ByteBuffer.wrap(actual).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer e = ByteBuffer.wrap(expected).order(ByteOrder.LITTLE_ENDIAN);
        a.put(3, (byte) (a.get(3) & ~2 | e.get(3) & 2));
        for (int at = ST; at < ST + 20; at += 10) {
            if (Math.abs(a.getLong(at) - e.getLong(at)) == 1) {
                a.putLong(at, e.getLong(at));
            }
        }
    }

    private void load(byte[] record) {
        ByteBuffer in = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
        byte[] image = new byte[512];
        ByteBuffer out = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        out.putShort(0, in.getShort(0)).putShort(2, in.getShort(2)).put(4, in.get(4));
        out.putInt(24, in.getShort(6) & 0xFFFF);
        for (int n = 0; n < 8; n++) {
            System.arraycopy(record, ST + 10 * n, image, 32 + 16 * n, 10);
        }
        System.arraycopy(record, XMM, image, 160, 32);
        Registers registers = machine.registers;
        registers.loadFpu(image);
        registers.setGpr(Registers.RAX, in.getLong(GENERAL));
        registers.setGpr(Registers.RCX, in.getLong(GENERAL + 8));
        registers.setGpr(Registers.RSI, TestMachine.DATA);
        registers.setGpr(Registers.RDI, TestMachine.DATA);
        int flags = in.get(5) & 0xFF;
        registers.setRflags(0x202 | flags & FLAG_MASK | ((flags & 2) != 0 ? Flags.OF : 0));
        registers.setRip(TestMachine.CODE);
        machine.memory.write(TestMachine.DATA, record, MEMORY, 16);
    }

    private byte[] save() {
        byte[] record = new byte[RECORD];
        byte[] image = new byte[512];
        Registers registers = machine.registers;
        registers.saveFpu(image);
        ByteBuffer in = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer out = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
        out.putShort(0, in.getShort(0)).putShort(2, in.getShort(2)).put(4, in.get(4));
        long flags = registers.rflags();
        out.put(5, (byte) (flags & FLAG_MASK | ((flags & Flags.OF) != 0 ? 2 : 0)));
        out.putShort(6, in.getShort(24));
        for (int n = 0; n < 8; n++) {
            System.arraycopy(image, 32 + 16 * n, record, ST + 10 * n, 10);
        }
        System.arraycopy(image, 160, record, XMM, 32);
        out.putLong(GENERAL, registers.gpr(Registers.RAX)).putLong(GENERAL + 8, registers.gpr(Registers.RCX));
        machine.memory.read(TestMachine.DATA, record, MEMORY, 16);
        return record;
    }

    private static String show(byte[] record) {
        ByteBuffer in = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
        StringBuilder text = new StringBuilder(String.format(
                "cw %04x sw %04x tags %02x flags %02x mxcsr %04x",
                in.getShort(0), in.getShort(2), in.get(4), in.get(5), in.getShort(6)));
        for (int n = 0; n < 3; n++) {
            text.append(String.format(" st%d %04x:%016x", n, in.getShort(ST + 10 * n + 8), in.getLong(ST + 10 * n)));
        }
        for (int n = 0; n < 2; n++) {
            int at = XMM + 16 * n;
            text.append(String.format(" xmm%d %016x.%016x", n, in.getLong(at + 8), in.getLong(at)));
        }
        return text.append(String.format(
                        " rax %016x rcx %016x mem %016x.%016x",
                        in.getLong(GENERAL), in.getLong(GENERAL + 8), in.getLong(MEMORY + 8), in.getLong(MEMORY)))
                .toString();
    }
}
