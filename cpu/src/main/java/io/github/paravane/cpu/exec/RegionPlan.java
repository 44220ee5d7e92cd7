package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.decode.Op;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which blocks make a region: those that control reaches from the first one by direct jumps, calls and falling through,
 * within the page, in 64-bit mode.
 *
 * <p>A block that reads the time-stamp counter is in none: its clock may count the instructions that have retired, and
 * these are known only where a region begins.
 */
final class RegionPlan {
    static final int MOST_BLOCKS = 24;
    static final int MOST_INSTRUCTIONS = 160;
    /** No such place in the page. */
    static final int NOWHERE = -1;

    private static final int PAGE = 4096;

    private final List<Block> blocks = new ArrayList<>();
    /** By block: where it begins in the page. */
    private final List<Integer> offsets = new ArrayList<>();

    private int instructions;

    /** Where blocks are found. */
    interface Source {
        /** The block at an offset in the page if it may be in a region, else null. */
        @Nullable
        Block at(int offset);
    }

    /** The region that begins with {@code first}. */
    RegionPlan(Block first, int offset, Source source) {
        add(first, offset);
        for (int n = 0; n < blocks.size(); n++) {
            Insn last = last(n);
            visit(fallThrough(n), source);
            visit(target(n), source);
            if (last.op == Op.BRANCHES_CALL) {
                visit(offsets.get(n) + last.end, source);
            }
        }
    }

    /** Whether a block can be in a region at all. */
    static boolean suits(Block block) {
        for (Insn insn : block.code) {
            if (insn.op == Op.SYSTEM_OPS_RDTSC || insn.op == Op.SYSTEM_OPS_RDTSCP || !insn.long64) {
                return false;
            }
        }
        return true;
    }

    private void visit(int offset, Source source) {
        if (offset == NOWHERE || offset >= PAGE || offsets.contains(offset) || blocks.size() == MOST_BLOCKS) {
            return;
        }
        Block block = source.at(offset);
        if (block != null && instructions + block.code.length <= MOST_INSTRUCTIONS) {
            add(block, offset);
        }
    }

    private void add(Block block, int offset) {
        blocks.add(block);
        offsets.add(offset);
        instructions += block.code.length;
    }

    int size() {
        return blocks.size();
    }

    Insn[] code(int block) {
        return blocks.get(block).code;
    }

    /** Bytes from the region's first instruction to that of a block. */
    int distance(int block) {
        return offsets.get(block) - offsets.get(0);
    }

    /** The block at an offset in the page, or {@link #NOWHERE}. */
    int find(int offset) {
        return offset == NOWHERE ? NOWHERE : offsets.indexOf(offset);
    }

    /** Where control goes on after a block that does not, or need not, jump; {@link #NOWHERE} after one that always does. */
    int fallThrough(int block) {
        Insn last = last(block);
        return !last.endsBlock || isConditional(last) ? offsets.get(block) + last.end : NOWHERE;
    }

    /** Where a direct jump or call at the end of a block goes, if that is in the page. */
    int target(int block) {
        Insn last = last(block);
        boolean direct = isConditional(last) || isDirect(last, Op.BRANCHES_JMP) || isDirect(last, Op.BRANCHES_CALL);
        long target = offsets.get(block) + last.end + last.imm;
        return direct && target >= 0 && target < PAGE ? (int) target : NOWHERE;
    }

    /** Where the calls of the region return to: blocks of it. */
    List<Integer> returns() {
        List<Integer> found = new ArrayList<>();
        for (int n = 0; n < blocks.size(); n++) {
            int at = last(n).op == Op.BRANCHES_CALL ? find(offsets.get(n) + last(n).end) : NOWHERE;
            if (at != NOWHERE && !found.contains(at)) {
                found.add(at);
            }
        }
        return found;
    }

    static boolean isConditional(Insn insn) {
        return insn.op >= Op.BRANCHES_JO && insn.op <= Op.BRANCHES_JG && insn.operandSize == 8;
    }

    static boolean isDirect(Insn insn, int op) {
        return insn.op == op && insn.operandSize == 8;
    }

    private Insn last(int block) {
        Insn[] code = blocks.get(block).code;
        return code[code.length - 1];
    }

    /** The instructions of all blocks. */
    Insn[] code() {
        Insn[] code = new Insn[instructions];
        int at = 0;
        for (Block block : blocks) {
            System.arraycopy(block.code, 0, code, at, block.code.length);
            at += block.code.length;
        }
        return code;
    }

    /** By index in {@link #code()}: the index of the first instruction of the same block. */
    int[] firstOfBlock() {
        int[] first = new int[instructions];
        int at = 0;
        for (Block block : blocks) {
            Arrays.fill(first, at, at + block.code.length, at);
            at += block.code.length;
        }
        return first;
    }

    /** The same for two regions exactly if they are the same bytes at the same distances. */
    String key() {
        StringBuilder key = new StringBuilder();
        for (int n = 0; n < blocks.size(); n++) {
            key.append((char) (distance(n) + PAGE)).append((char) code(n).length);
            key.append(target(n) == NOWHERE ? '-' : '+');
            for (Insn insn : code(n)) {
                key.append((char) insn.length);
                append(key, insn.raw0);
                if (insn.length > 8) {
                    append(key, insn.raw1);
                }
            }
        }
        return key.toString();
    }

    private static void append(StringBuilder key, long bytes) {
        for (int shift = 0; shift < 64; shift += 16) {
            key.append((char) (bytes >>> shift));
        }
    }
}
