package io.github.paravane.cpu.exec;

import io.github.paravane.api.memory.FrameWriteListener;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.cpu.decode.Decoder;
import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.decode.OpcodeTable;
import io.github.paravane.cpu.state.CpuState;
import org.jspecify.annotations.Nullable;

/**
 * Decoded blocks by machine frame. A frame with blocks is watched; its first write drops them all and, when it is the
 * frame that runs, stops the running block after the storing instruction.
 */
final class CodeCache implements FrameWriteListener {
    private static final int CHUNK_SHIFT = 10;
    private static final int MAX_INSTRUCTIONS = 64;
    private static final int WINDOW = 512;

    private final MachineMemory memory;
    private final CpuState state;
    private final Decoder decoder = new Decoder(OpcodeTable.standard());
    private final @Nullable CodeFrame @Nullable [][] chunks;
    private final byte[] window = new byte[WINDOW];

    /** The frame whose blocks run now. */
    @Nullable
    CodeFrame running;

    CodeCache(MachineMemory memory, CpuState state) {
        this.memory = memory;
        this.state = state;
        this.chunks = new CodeFrame[(int) ((memory.frames() >>> CHUNK_SHIFT) + 1)][];
        memory.addWriteListener(this);
    }

    /** The code of a frame, watched from now on. */
    CodeFrame frame(long mfn) {
        @Nullable CodeFrame[] chunk = chunks[(int) (mfn >>> CHUNK_SHIFT)];
        if (chunk != null) {
            CodeFrame frame = chunk[(int) mfn & ((1 << CHUNK_SHIFT) - 1)];
            if (frame != null) {
                return frame;
            }
        }
        return add(mfn);
    }

    private CodeFrame add(long mfn) {
        @Nullable CodeFrame[] chunk = chunks[(int) (mfn >>> CHUNK_SHIFT)];
        if (chunk == null) {
            chunk = new CodeFrame[1 << CHUNK_SHIFT];
            chunks[(int) (mfn >>> CHUNK_SHIFT)] = chunk;
        }
        CodeFrame frame = new CodeFrame(mfn);
        chunk[(int) mfn & ((1 << CHUNK_SHIFT) - 1)] = frame;
        memory.watch(mfn);
        return frame;
    }

    @Override
    public void frameWritten(long mfn) {
        @Nullable CodeFrame[] chunk = chunks[(int) (mfn >>> CHUNK_SHIFT)];
        int at = (int) mfn & ((1 << CHUNK_SHIFT) - 1);
        CodeFrame frame = chunk == null ? null : chunk[at];
        if (chunk == null || frame == null) {
            return;
        }
        frame.valid = false;
        chunk[at] = null;
        if (frame == running) {
            state.attention = true;
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
        Block block = new Block(java.util.Arrays.copyOf(code, count));
        frame.blocks(long64)[offset] = block;
        return block;
    }
}
