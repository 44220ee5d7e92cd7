package io.github.paravane.cpu.exec;

import io.github.paravane.api.memory.FrameWriteListener;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.cpu.decode.Decoder;
import io.github.paravane.cpu.decode.Insn;
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

    private final MachineMemory memory;
    private final CpuState state;
    private final Decoder decoder = new Decoder(OpcodeTable.standard());
    /** By mfn: one reference a frame. */
    private final @Nullable CodeFrame[] frames;

    private final byte[] window = new byte[WINDOW];

    /** The frame whose blocks run now. */
    @Nullable
    CodeFrame running;

    CodeCache(MachineMemory memory, CpuState state) {
        this.memory = memory;
        this.state = state;
        this.frames = new CodeFrame[Math.toIntExact(memory.frames())];
        memory.addWriteListener(this);
    }

    /** The code of a frame, watched from now on. */
    CodeFrame frame(long mfn) {
        CodeFrame frame = frames[(int) mfn];
        return frame != null ? frame : add(mfn);
    }

    private CodeFrame add(long mfn) {
        CodeFrame frame = new CodeFrame(mfn);
        frames[(int) mfn] = frame;
        memory.watch(mfn);
        return frame;
    }

    @Override
    public void frameWritten(long mfn) {
        CodeFrame frame = frames[(int) mfn];
        if (frame != null) {
            frame.valid = false;
            frames[(int) mfn] = null;
            if (frame == running) {
                state.attention = true;
            }
        }
    }

    /** Decodes and keeps the block at {@code offset}; null if its first instruction reaches into the next page. */
    @Nullable
    Block decode(CodeFrame frame, int offset, boolean long64) {
        int available = Math.min(WINDOW, MachineMemory.FRAME_SIZE - offset);
        memory.read((frame.mfn << MachineMemory.FRAME_SHIFT) + offset, window, 0, available);
        Insn[] code = new Insn[MAX_INSTRUCTIONS];
        int count = 0;
        int at = 0;
        while (count < MAX_INSTRUCTIONS) {
            Insn insn = new Insn();
            if (decoder.decode(window, at, available, long64, insn) != Decoder.OK) {
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
            return null;
        }
        Block block = new Block(Arrays.copyOf(code, count));
        frame.blocks(long64)[offset] = block;
        return block;
    }
}
