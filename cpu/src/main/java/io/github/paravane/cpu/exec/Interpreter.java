package io.github.paravane.cpu.exec;

import io.github.paravane.api.cpu.Budget;
import io.github.paravane.api.cpu.CpuEnvironment;
import io.github.paravane.api.cpu.CpuExit;
import io.github.paravane.api.cpu.EmulationException;
import io.github.paravane.api.cpu.InstructionEmulator;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.cpu.TrapHandler;
import io.github.paravane.api.cpu.TrapHandler.Disposition;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.fault.FaultSignal;
import io.github.paravane.cpu.state.CpuState;
import io.github.paravane.cpu.state.Flags;
import org.jspecify.annotations.Nullable;

/**
 * The run loop: blocks from the cache while nothing special is going on, one instruction at a time while TF, RF or a
 * breakpoint asks for it or an instruction crosses a page. The only place where a {@link FaultSignal} becomes a
 * {@link Trap}.
 */
public final class Interpreter {
    private static final long DR6_SINGLE_STEP = 1L << 14;
    private static final long DR7_ENABLED = 0xFF;
    private static final long PAGE_MASK = -(long) MachineMemory.FRAME_SIZE;
    private static final int OFFSET = MachineMemory.FRAME_SIZE - 1;

    /** Instructions of a region between two looks at whether the run was interrupted. */
    private static final long MOST_AT_ONCE = 4096;

    /** A block that runs this much less often than another one is not worth a place in its region. */
    private static final int RARELY = 64;

    private static final CpuExit BUDGET_SPENT = new CpuExit.BudgetSpent();
    private static final CpuExit INTERRUPTED = new CpuExit.Interrupted();
    private static final CpuExit STOPPED = new CpuExit.Stopped();

    private final Core c;
    private final CpuState s;
    private final CodeCache cache;
    private final Fetch fetch;
    private final TrapHandler traps;
    private final Emulator emulator;
    private final Breakpoints breakpoints;
    private final BlockTranslator translator = new BlockTranslator();

    /** Runs after which a block is translated; 0 for never. */
    private final int hot;
    /** Runs after which it becomes a region; 0 for never. */
    private final int hotter;

    private final int runsThatCount;

    private long retired;
    /** Value of {@link #retired} at which the run ends. */
    private long limit;
    /** TF, RF or breakpoints: one instruction at a time. */
    private boolean stepping;

    private volatile boolean interrupted;

    /**
     * @param environment what the core works on
     * @param hot runs after which a block is translated, 0 for never
     * @param hotter runs after which a block and those that follow it become a region, 0 for never
     */
    public Interpreter(CpuEnvironment environment, int hot, int hotter) {
        this.hot = hot;
        this.hotter = hotter;
        runsThatCount = Math.max(hot, hotter);
        c = new Core(environment);
        s = c.s;
        cache = new CodeCache(environment.memory(), s);
        fetch = new Fetch(c);
        traps = environment.traps();
        emulator = new Emulator(c, fetch);
        breakpoints = new Breakpoints(c);
    }

    /** Makes a read-modify-write of a page that cannot be read fault as a read, as in QEMU; processors report a write. */
    public void setModifyFaultsAsRead(boolean value) {
        c.machinePort.setModifyFaultsAsRead(value);
    }

    public Registers registers() {
        return s;
    }

    public InstructionEmulator emulator() {
        return emulator;
    }

    public void interrupt() {
        interrupted = true;
    }

    public long retired() {
        return retired;
    }

    /** See {@link io.github.paravane.api.cpu.CpuCore#run}. */
    public CpuExit run(Budget budget) {
        limit = retired + budget.instructions();
        if (limit < 0) {
            limit = Long.MAX_VALUE;
        }
        s.attention = true;
        while (true) {
            if (interrupted) {
                interrupted = false;
                return INTERRUPTED;
            }
            if (retired >= limit) {
                return BUDGET_SPENT;
            }
            if (s.attention) {
                s.attention = false;
                chooseMode();
            }
            CpuExit exit;
            try {
                exit = stepping ? step() : runPage();
            } catch (FaultSignal signal) {
                exit = deliver(signal);
            }
            if (exit != null) {
                return exit;
            }
        }
    }

    private void chooseMode() {
        c.useMemory();
        boolean armed = (s.debug[7] & DR7_ENABLED) != 0;
        if (!armed) {
            // RF only holds back breakpoints, and the next instruction ends it: without any it need not be waited for.
            c.f.system &= ~(long) Flags.RF;
        }
        stepping = armed || (c.f.system & Flags.TF) != 0 || c.shadow;
        c.stepping = stepping;
    }

    /** Runs blocks while control stays in the page of RIP and nothing asks for attention. */
    private @Nullable CpuExit runPage() {
        long rip = s.rip;
        long linear = fetch.linear(rip);
        CodeFrame frame = cache.frame(fetch.translate(linear) >>> MachineMemory.FRAME_SHIFT);
        cache.running = frame.mfn;
        if (frame.mixed) {
            return runMixed(frame, rip, linear);
        }
        boolean long64 = s.long64;
        @Nullable Block[] blocks = frame.blocks(long64);
        long linearPage = linear & PAGE_MASK;
        do {
            int offset = (int) linear & OFFSET;
            Block block = blocks[offset];
            if (block == null) {
                block = cache.decode(frame, offset, long64);
                if (block == null) {
                    return step();
                }
            } else if (block == Block.CROSSING) {
                return step();
            }
            if (block.runs < runsThatCount) {
                warm(frame, block, offset);
            }
            Region region = block.region;
            if (region != null) {
                runRegion(region, rip);
            } else {
                runBlock(block, rip);
            }
            if (s.attention | c.faulted) {
                return region != null ? attend(region) : attend(block);
            }
            rip = s.rip;
            linear = long64 ? rip : fetch.linear(rip);
        } while ((linear & PAGE_MASK) == linearPage && retired < limit && !interrupted);
        return null;
    }

    /** Runs instructions of a page where code and data are mixed, each compared with memory first. */
    private @Nullable CpuExit runMixed(CodeFrame frame, long start, long startLinear) {
        boolean long64 = s.long64;
        @Nullable Block[] blocks = frame.blocks(long64);
        long rip = start;
        long linear = startLinear;
        long linearPage = linear & PAGE_MASK;
        do {
            int offset = (int) linear & OFFSET;
            Block block = blocks[offset];
            if (block == null || !cache.unchanged(block, frame.mfn << MachineMemory.FRAME_SHIFT | offset)) {
                block = cache.decode(frame, offset, long64);
                if (block == null) {
                    return step();
                }
            }
            runBlock(block, rip);
            if (s.attention | c.faulted) {
                return attend(block);
            }
            if (--frame.patience == 0) {
                cache.reconsider(frame);
                return null;
            }
            rip = s.rip;
            linear = long64 ? rip : fetch.linear(rip);
        } while ((linear & PAGE_MASK) == linearPage && retired < limit && !interrupted);
        return null;
    }

    private void runBlock(Block block, long rip) {
        c.r[Insn.BLOCK_RIP] = rip;
        s.rip = rip + block.length;
        Insn[] code = block.code;
        TranslatedBlock translation = block.translation;
        if (translation != null) {
            translation.run(c, code);
        } else {
            BlockLoop.run(c, code, 0, code.length);
        }
        retired += c.position;
    }

    private void runRegion(Region region, long rip) {
        int most = region.isNew() ? 1 : (int) Math.min(limit - retired, MOST_AT_ONCE);
        region.body.run(c, region.code, rip, most);
        retired += c.faulted ? c.done + region.before(c.position) : c.done;
    }

    /** Counts a run of a block, which becomes a class or a region by it if it is the one that makes it often enough. */
    private void warm(CodeFrame frame, Block block, int offset) {
        int runs = ++block.runs;
        if (runs == hotter && RegionPlan.suits(block)) {
            block.region = translator.translate(new RegionPlan(block, offset, at -> neighbour(frame, at)));
        } else if (runs == hot) {
            block.translation = translator.translate(block.code);
        }
    }

    /** A block that may be in the region of another one: it runs often too, or would be decoded soon. */
    private @Nullable Block neighbour(CodeFrame frame, int offset) {
        Block block = frame.blocks(true)[offset];
        if (block == null && hotter == 1) {
            block = cache.decode(frame, offset, true);
        }
        boolean fits =
                block != null && block != Block.CROSSING && block.runs >= hotter / RARELY && RegionPlan.suits(block);
        return fits ? block : null;
    }

    /** A fault inside a block: what came before it is done, and RIP is at the instruction. */
    private void unwind(Insn[] code) {
        c.service = Core.Service.NONE;
        s.rip = c.thisRip(code[c.position]);
    }

    /** After a region that ended early or asked for something; RIP is right unless it faulted. */
    private @Nullable CpuExit attend(Region region) {
        if (c.faulted) {
            c.faulted = false;
            unwind(region.code);
            return deliver(c.fault);
        }
        return serve();
    }

    /** After a block that ended early or asked for something. */
    private @Nullable CpuExit attend(Block block) {
        if (c.faulted) {
            c.faulted = false;
            unwind(block.code);
            return deliver(c.fault);
        }
        Insn[] code = block.code;
        if (c.position < code.length) {
            s.rip = c.nextRip(code[c.position - 1]);
        }
        return serve();
    }

    /** Executes the instruction at RIP alone: TF, RF, MOV SS and breakpoints are exact here. */
    private @Nullable CpuExit step() {
        boolean trace = (c.f.system & Flags.TF) != 0;
        boolean resume = (c.f.system & Flags.RF) != 0;
        boolean held = c.shadow;
        c.shadow = false;
        if (!resume && !held && breakpoints.armed() && breakpoints.fetch(fetch.linear(s.rip))) {
            return deliver(c.fault.vector(Trap.DB, 0));
        }
        long start = s.rip;
        Insn insn = fetch.single();
        c.r[Insn.BLOCK_RIP] = start;
        s.rip = (start + insn.length) & insn.linearMask;
        c.f.system &= ~(long) Flags.RF;
        breakpoints.begin(held);
        try {
            IntegerDispatch.execute(c, insn);
        } catch (FaultSignal signal) {
            s.rip = start;
            c.service = Core.Service.NONE;
            if (resume) {
                c.f.system |= Flags.RF;
            }
            throw signal;
        } finally {
            breakpoints.end();
        }
        retired++;
        s.attention = true;
        boolean dataHit = breakpoints.hit();
        if (c.service != Core.Service.NONE) {
            if (held && dataHit && c.service == Core.Service.SYSCALL) {
                traps.debugBehindSyscall();
            }
            return serve();
        }
        if ((trace || dataHit) && !c.shadow) {
            if (trace) {
                s.debug[6] |= DR6_SINGLE_STEP;
            }
            breakpoints.report();
            return dispose(traps.trap(new Trap(Trap.Kind.TRAP, Trap.DB, 0, 0, null)));
        }
        return null;
    }

    /** Calls the handler for what the instruction asked. */
    private @Nullable CpuExit serve() {
        int service = c.service;
        if (service == Core.Service.NONE) {
            return null;
        }
        c.service = Core.Service.NONE;
        s.attention = true;
        switch (service) {
            case Core.Service.SYSCALL:
                return dispose(traps.syscall());
            case Core.Service.SYSENTER:
                return dispose(traps.trap(new Trap(Trap.Kind.SYSENTER, 0, 0, 0, null)));
            case Core.Service.SOFTWARE_INTERRUPT:
                return dispose(traps.trap(new Trap(Trap.Kind.SOFTWARE_INTERRUPT, c.serviceVector, 0, 0, null)));
            default:
                return dispose(traps.trap(new Trap(Trap.Kind.TRAP, c.serviceVector, 0, 0, null)));
        }
    }

    private @Nullable CpuExit dispose(Disposition disposition) {
        s.attention = true;
        return disposition == Disposition.STOP ? STOPPED : null;
    }

    /** Turns the signal into a trap; RIP is at the instruction, and RF is set as a processor pushes it. */
    private @Nullable CpuExit deliver(FaultSignal signal) {
        c.shadow = false;
        if (signal.kind() == FaultSignal.Kind.UNIMPLEMENTED) {
            return new CpuExit.Unsupported(new EmulationException(
                    EmulationException.Reason.INSTRUCTION, s.rip, fetch.single().bytes()));
        }
        c.f.system |= Flags.RF;
        return dispose(traps.trap(signal.toTrap()));
    }
}
