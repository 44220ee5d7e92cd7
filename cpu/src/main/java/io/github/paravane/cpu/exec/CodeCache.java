package io.github.paravane.cpu.exec;

import io.github.paravane.api.memory.FrameWriteListener;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.cpu.decode.Decoder;
import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.decode.Op;
import io.github.paravane.cpu.decode.OpcodeTable;
import io.github.paravane.cpu.state.CpuState;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Decoded blocks by machine frame. A frame with blocks is watched; its first write drops them all and, when it is the
 * frame that runs, stops the running block after the storing instruction.
 */
final class CodeCache implements FrameWriteListener {
    private static final int MAX_INSTRUCTIONS = 64;
    private static final int WINDOW = 512;
    /** Drops after which a frame counts as mixed. */
    private static final int MIXED = 32;

    private final MachineMemory memory;
    private final CpuState state;
    private final Decoder decoder = new Decoder(OpcodeTable.standard());
    /** By mfn: one reference a frame. */
    private final @Nullable CodeFrame[] frames;

    /** By mfn: how often blocks were dropped, up to {@link #MIXED}. */
    private final byte[] drops;

    private final byte[] window = new byte[WINDOW];

    /** The frame whose blocks run now: a number, because storing a reference costs a barrier for each page entered. */
    long running = -1;

    CodeCache(MachineMemory memory, CpuState state) {
        this.memory = memory;
        this.state = state;
        this.frames = new CodeFrame[Math.toIntExact(memory.frames())];
        this.drops = new byte[frames.length];
        memory.addWriteListener(this);
    }

    /** The code of a frame, watched from now on. */
    CodeFrame frame(long mfn) {
        CodeFrame frame = frames[(int) mfn];
        return frame != null ? frame : add(mfn);
    }

    private CodeFrame add(long mfn) {
        boolean mixed = drops[(int) mfn] >= MIXED;
        CodeFrame frame = new CodeFrame(mfn, mixed);
        frames[(int) mfn] = frame;
        if (!mixed) {
            memory.watch(mfn);
        }
        return frame;
    }

    /** Tries a mixed frame as a watched one again. */
    void reconsider(CodeFrame frame) {
        drops[(int) frame.mfn] = MIXED / 2;
        frames[(int) frame.mfn] = null;
    }

    /** Whether memory still holds the only instruction of {@code block}, which starts at {@code maddr}. */
    boolean unchanged(Block block, long maddr) {
        Insn insn = block.code[0];
        int length = insn.length;
        if (length <= 8 && (maddr & (MachineMemory.FRAME_SIZE - 1)) <= MachineMemory.FRAME_SIZE - 8) {
            return (memory.readU64(maddr) ^ insn.raw0) << (64 - 8 * length) == 0;
        }
        for (int n = 0; n < length; n++) {
            long expected = n < 8 ? insn.raw0 >>> (8 * n) : insn.raw1 >>> (8 * (n - 8));
            if (memory.readU8(maddr + n) != (expected & 0xFF)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void frameWritten(long mfn) {
        CodeFrame frame = frames[(int) mfn];
        if (frame != null && !frame.mixed) {
            frames[(int) mfn] = null;
            drops[(int) mfn]++;
            if (mfn == running) {
                state.attention = true;
            }
        }
    }

    /** Decodes and keeps the block at {@code offset}; null if its first instruction reaches into the next page. */
    @Nullable
    Block decode(CodeFrame frame, int offset, boolean long64) {
        int available = Math.min(WINDOW, MachineMemory.FRAME_SIZE - offset);
        memory.read((frame.mfn << MachineMemory.FRAME_SHIFT) + offset, window, 0, available);
        int most = frame.mixed ? 1 : MAX_INSTRUCTIONS;
        Insn[] code = new Insn[most];
        int count = 0;
        int at = 0;
        while (count < most) {
            Insn insn = new Insn();
            if (decoder.decode(window, at, available, long64, insn) != Decoder.OK) {
                break;
            }
            if (count > 0 && insn.op == Op.SYSTEM_OPS_RDTSC) {
                // It starts its own block, so that a clock that counts retired instructions is exact there.
                break;
            }
            insn.place(at);
            code[count++] = insn;
            at += insn.length;
            if (insn.endsBlock) {
                break;
            }
        }
        if (count == 0) {
            if (!frame.mixed) {
                frame.blocks(long64)[offset] = Block.CROSSING;
            }
            return null;
        }
        Block block = new Block(Arrays.copyOf(code, count));
        frame.blocks(long64)[offset] = block;
        return block;
    }
}
