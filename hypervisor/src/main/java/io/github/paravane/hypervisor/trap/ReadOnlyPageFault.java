package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.cpu.EmulationHooks;
import io.github.paravane.api.cpu.EmulationResult;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.AddressTranslator;
import io.github.paravane.api.paging.PageFault;
import io.github.paravane.api.paging.PageFault.Reason;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.api.profile.MmuRules.WritableTables;
import io.github.paravane.api.profile.PrivilegedRules;
import io.github.paravane.api.profile.PrivilegedRules.TableStoreStep;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.frame.TypeInfo;
import io.github.paravane.hypervisor.hypercall.HypervisorRange;
import io.github.paravane.hypervisor.pagetable.EntryRule;
import io.github.paravane.hypervisor.pagetable.EntryUpdater;
import io.github.paravane.hypervisor.pagetable.PageTables;
import org.jspecify.annotations.Nullable;

/**
 * Writable page tables: a store that faults because its page is an L1 table, mapped read-only, is run by the instruction
 * emulator and becomes a validated update (Xen {@code arch/x86/pv/ro-page-fault.c}; abi-reference 7).
 */
public final class ReadOnlyPageFault implements WriteFaultResolver {

    /** What lies on the hypervisor's stack where nothing was stored. */
    private static final long STACK_WORD = 0xFFFF_8300_BFA7_FD28L;

    private static final int HALF = 4;
    private static final long OFFSET_MASK = MachineMemory.FRAME_SIZE - 1;

    private final PageTables tables;
    private final FrameTable frames;
    private final MachineMemory memory;
    private final BounceFrames bounce;
    private final DebugStatus debugStatus;
    private final TableStoreStep step;
    private final boolean exchangeAdjusts;
    private final boolean writersOnly;
    private final boolean repHonoured;
    private final boolean exchangeOf8Refused;
    private final boolean exchangeHalved;
    private final boolean compareReversed;
    private final boolean halfCompared;
    private final boolean pushesWrite;
    private final boolean wildFrames;
    private final boolean exchangeRestarts;
    private final boolean interruptsStayOff;
    private final boolean batched;
    private final StoreHooks hooks = new StoreHooks();

    public ReadOnlyPageFault(PageTables tables, BounceFrames bounce) {
        this.tables = tables;
        this.bounce = bounce;
        Platform platform = tables.platform();
        frames = platform.frames();
        memory = platform.memory();
        debugStatus = new DebugStatus(platform.profile());
        step = platform.profile().get(PrivilegedRules.TABLE_STORE_STEP);
        exchangeAdjusts = platform.profile().get(MmuRules.PTWR_CMPXCHG_ADJUSTS);
        batched = platform.profile().get(MmuRules.WRITABLE_TABLES) == WritableTables.BATCHED;
        writersOnly = platform.profile().get(MmuRules.PTWR_WRITERS_ONLY);
        repHonoured = platform.profile().has(Quirk.REP_ON_ANY_INSTRUCTION);
        exchangeOf8Refused = platform.profile().has(Quirk.CMPXCHG8B_NOT_A_WRITE);
        exchangeHalved = platform.profile().has(Quirk.EXCHANGE_HALVED);
        compareReversed = platform.profile().has(Quirk.CMPXCHG_FLAGS_REVERSED);
        wildFrames = platform.profile().has(Quirk.STORE_TO_ANY_FRAME);
        pushesWrite = !platform.profile().has(Quirk.PUSH_NOT_A_WRITE);
        exchangeRestarts = platform.profile().has(Quirk.OVERTAKEN_EXCHANGE_RESTARTS);
        interruptsStayOff = platform.profile().has(Quirk.EMULATED_CLI_STAYS);
        halfCompared = platform.profile().has(Quirk.HALF_EXCHANGE_COMPARES_HALF);
    }

    @Override
    public boolean resolve(Vcpu vcpu, Trap trap) {
        long mapping = tables.walk().readL1Entry(vcpu, trap.linear());
        if (wildFrames && Pte.isPresent(mapping) && !frames.exists(Pte.mfn(mapping))) {
            tables.platform().crash("no frame record of mfn 0x" + Long.toHexString(Pte.mfn(mapping)));
            return true;
        }
        if ((mapping & (Pte.PRESENT | Pte.RW)) != Pte.PRESENT || !isL1Table(vcpu, Pte.mfn(mapping))) {
            return false;
        }
        if (batched && (mapping & Pte.USER) != 0 && tables.batches().begin(vcpu, trap.linear())) {
            return true;
        }
        if (batched) {
            tables.batches().beforeStore((Pte.mfn(mapping) << 12) + (trap.linear() & OFFSET_MASK & ~7));
        }
        tables.platform().beforeEmulation(vcpu);
        boolean stepping = step != TableStoreStep.NONE && (vcpu.registers().rflags() & Flags.TF) != 0;
        EmulationResult result = hooks.run(vcpu, trap.linear(), Pte.mfn(mapping));
        switch (result.kind()) {
            case DONE:
                if (stepping) {
                    if (step == TableStoreStep.REPORTED) {
                        debugStatus.merge(vcpu, DebugStatus.SINGLE_STEP);
                    }
                    bounce.exception(vcpu, Trap.DB, 0);
                }
                return true;
            case TRAP:
                return deliver(vcpu, result.trap());
            default:
                return hooks.overtaken;
        }
    }

    /** A source operand or the instruction itself could not be read: that page fault is the guest's. */
    private boolean deliver(Vcpu vcpu, @Nullable Trap trap) {
        if (trap == null || trap.vector() != Trap.PF) {
            return false;
        }
        bounce.pageFault(vcpu, trap.linear(), trap.errorCode());
        return true;
    }

    private boolean isL1Table(Vcpu vcpu, long mfn) {
        if (!frames.exists(mfn) || frames.owner(mfn) != vcpu.domain().id()) {
            return false;
        }
        long info = frames.typeInfo(mfn);
        return TypeInfo.isTable(info) && TypeInfo.type(info) == TypeInfo.L1;
    }

    /** What the one instruction may do: read anything that the guest may read, and store into the faulting page. */
    private final class StoreHooks implements EmulationHooks {

        private AddressTranslator translator = NO_TRANSLATOR;
        private long page;
        private long table;
        private boolean skipped;
        private boolean compat;
        private @Nullable Vcpu running;
        private long expected;
        private long found;
        private int mismatch;
        private boolean overtaken;

        EmulationResult run(Vcpu vcpu, long linear, long mfn) {
            translator = vcpu.guestMemory();
            page = linear & ~OFFSET_MASK;
            table = mfn;
            mismatch = 0;
            overtaken = false;
            running = vcpu;
            compat = vcpu.domain().isCompat();
            if (repHonoured && StoreInstruction.at(vcpu, memory).isRepeatedInVain()) {
                return repeat(vcpu);
            }
            if (exchangeOf8Refused && StoreInstruction.at(vcpu, memory).isExchangeOf8()) {
                return EmulationResult.UNHANDLEABLE;
            }
            boolean halved = exchangeHalved && StoreInstruction.at(vcpu, memory).isExchangeOf8Halved();
            EmulationResult result = vcpu.core().emulator().emulate(this);
            if (halved
                    && result.kind() == EmulationResult.Kind.DONE
                    && (vcpu.registers().rflags() & Flags.ZF) == 0) {
                Registers registers = vcpu.registers();
                registers.setGpr(Registers.RDX, STACK_WORD);
                registers.setGpr(Registers.RAX, registers.gpr(Registers.RAX) & 0xFFFF_FFFFL | STACK_WORD << 32);
            }
            if (mismatch != 0 && compareReversed && result.kind() == EmulationResult.Kind.DONE) {
                StoreInstruction.setCompareFlags(vcpu.registers(), found, expected, mismatch);
            }
            return result;
        }

        /** One turn of an instruction with a REP prefix that a processor ignores: none if RCX is 0. */
        private EmulationResult repeat(Vcpu vcpu) {
            Registers registers = vcpu.registers();
            long count = registers.gpr(Registers.RCX);
            long rip = registers.rip();
            skipped = count == 0;
            EmulationResult result = vcpu.core().emulator().emulate(this);
            skipped = false;
            if (count != 0 && result.kind() == EmulationResult.Kind.DONE) {
                registers.setGpr(Registers.RCX, count - 1);
                registers.setRip(rip);
            }
            return result;
        }

        @Override
        public Reply admit(InstructionClass instruction) {
            boolean admitted = !writersOnly
                    || instruction == InstructionClass.MEMORY_WRITE
                    || pushesWrite && StoreInstruction.at(running, memory).isPush();
            return admitted ? Reply.DONE : Reply.UNHANDLEABLE;
        }

        @Override
        public Reply read(long linear, int size, Cell result) {
            int left = (int) Math.min(size, MachineMemory.FRAME_SIZE - (linear & OFFSET_MASK));
            long first = readable(linear, result);
            long second = left == size || first == AddressTranslator.FAULT ? first : readable(linear + left, result);
            if (second == AddressTranslator.FAULT) {
                return Reply.TRAP;
            }
            result.value =
                    left == size ? bytes(first, size) : bytes(first, left) | bytes(second, size - left) << 8 * left;
            return Reply.DONE;
        }

        /** The machine address of what the guest may read at {@code linear}; else the fault is its trap. */
        private long readable(long linear, Cell result) {
            long maddr = HypervisorRange.isGuest(linear)
                    ? translator.translate(linear, Access.READ | Access.USER)
                    : AddressTranslator.FAULT;
            if (maddr == AddressTranslator.FAULT) {
                result.trap = Trap.pageFault(new PageFault(linear, 0, Reason.NOT_PRESENT, 0, 0, -1, 0));
            }
            return maddr;
        }

        private long bytes(long maddr, int count) {
            if (count == 8) {
                return memory.readU64(maddr);
            }
            long value = 0;
            for (int i = 0; i < count; i++) {
                value |= (long) memory.readU8(maddr + i) << 8 * i;
            }
            return value;
        }

        @Override
        public Reply write(long linear, int size, long value, boolean locked, Cell result) {
            if (!isAligned(linear, size) || !inTable(linear)) {
                return Reply.UNHANDLEABLE;
            }
            if (skipped) {
                return Reply.DONE;
            }
            if (locked) {
                // XCHG: what is exchanged for itself is not stored.
                long old = mask(entry(linear) >>> 8 * (linear & 7), size);
                Reply reply = old == value ? Reply.DONE : exchange(linear, size, old, value, result);
                return overtaken ? Reply.UNHANDLEABLE : reply;
            }
            long wanted = merge(linear, size, value);
            EntryRule rule = size == HALF && (linear & HALF) != 0 && compat
                    ? updater().emulateUpperHalf(maddr(linear), wanted)
                    : updater().emulateStore(maddr(linear), wanted);
            return rule.isAccepted() ? Reply.DONE : Reply.UNHANDLEABLE;
        }

        @Override
        public Reply compareExchange(long linear, int size, long expected, long value, boolean locked, Cell result) {
            Reply reply = read(linear, size, result);
            if (reply != Reply.DONE) {
                return reply;
            }
            result.flag = result.value == mask(expected, size);
            if (!result.flag) {
                this.expected = expected;
                found = result.value;
                mismatch = size;
            }
            if (skipped) {
                result.flag = true;
                return Reply.DONE;
            }
            // A mismatch ends before the new entry is looked at, and a value stored over itself is no store.
            if (!result.flag || mask(expected ^ value, size) == 0 && locked) {
                return Reply.DONE;
            }
            return exchange(linear, size, expected, value, result);
        }

        private Reply exchange(long linear, int size, long expected, long value, Cell result) {
            if (!isAligned(linear, size) || !inTable(linear)) {
                return Reply.UNHANDLEABLE;
            }
            long whole = merge(linear, size, expected);
            long wanted = merge(linear, size, value);
            result.flag = true;
            if (halfCompared && entry(linear) != mask(expected, size) << 8 * (linear & 7)) {
                return Reply.UNHANDLEABLE;
            }
            if (!updater()
                    .emulateExchange(maddr(linear), whole, wanted, exchangeAdjusts)
                    .isAccepted()) {
                return Reply.UNHANDLEABLE;
            }
            return updater().wasOvertaken() ? overtaken(linear, size, result) : Reply.DONE;
        }

        /** The entry changed after it was read: CMPXCHG has failed, and whatever cannot fail starts again. */
        private Reply overtaken(long linear, int size, Cell result) {
            overtaken = true;
            result.flag = false;
            result.value = mask(entry(linear) >>> 8 * (linear & 7), size);
            return exchangeRestarts ? Reply.UNHANDLEABLE : Reply.DONE;
        }

        @Override
        public Reply setInterruptFlag(boolean enabled, Cell result) {
            if (!interruptsStayOff) {
                return Reply.UNHANDLEABLE;
            }
            if (!enabled) {
                tables.platform().crash("interrupts are off in a guest: no timer ends its turn");
            }
            return Reply.DONE;
        }

        private EntryUpdater updater() {
            return tables.updater();
        }

        private boolean isAligned(long linear, int size) {
            return (linear & size - 1) == 0 && size <= 8;
        }

        private boolean inTable(long linear) {
            return (linear & ~OFFSET_MASK) == page;
        }

        private long maddr(long linear) {
            return (table << 12) + (linear & OFFSET_MASK & ~7);
        }

        private long entry(long linear) {
            return memory.readU64(maddr(linear));
        }

        /** The entry with some of its bytes replaced. */
        private long merge(long linear, int size, long value) {
            int shift = (int) (linear & 7) * 8;
            return entry(linear) & ~(mask(-1L, size) << shift) | mask(value, size) << shift;
        }

        private static long mask(long value, int size) {
            return size == 8 ? value : value & (1L << 8 * size) - 1;
        }
    }

    private static final AddressTranslator NO_TRANSLATOR = new AddressTranslator() {
        @Override
        public long translate(long linear, int access) {
            return FAULT;
        }

        @Override
        public @Nullable PageFault fault() {
            return null;
        }
    };
}
