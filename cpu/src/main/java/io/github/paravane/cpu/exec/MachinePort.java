package io.github.paravane.cpu.exec;

import io.github.paravane.api.cpu.CpuEnvironment;
import io.github.paravane.api.cpu.DescriptorTables;
import io.github.paravane.api.cpu.DescriptorTables.SystemRegister;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.AddressTranslator;
import io.github.paravane.cpu.fault.FaultSignal;
import io.github.paravane.cpu.state.CpuState;
import io.github.paravane.cpu.state.Flags;

/** The port onto machine memory through the translator, as CPL 3 asks for it. Aligned accesses never leave a page: one lookup. */
final class MachinePort extends MemoryPort {
    private static final int READ = Access.READ | Access.USER;
    private static final int WRITE = Access.WRITE | Access.USER;
    private static final long CR0_AM = 1L << 18;
    private static final int OFFSET = MachineMemory.FRAME_SIZE - 1;

    private final MachineMemory memory;
    private final AddressTranslator translator;
    private final FaultSignal fault;
    private final CpuState state;
    private final Flags flags;
    private final DescriptorTables system;

    private long modifyFirst;
    private long modifySecond;
    private int modifyWidth;
    /** Bytes of the pending read-modify-write on the first page; equals the width unless it crosses. */
    private int modifySplit;

    private long modifyOld;
    private boolean modifyFaultsAsRead;

    MachinePort(CpuEnvironment environment, FaultSignal fault, CpuState state) {
        this.memory = environment.memory();
        this.translator = environment.translator();
        this.system = environment.descriptors();
        this.fault = fault;
        this.state = state;
        this.flags = state.flags;
    }

    private static boolean canonical(long linear) {
        return (linear << 16 >> 16) == linear;
    }

    private FaultSignal notCanonical(boolean stack) {
        return fault.vector(stack ? Trap.SS : Trap.GP, 0);
    }

    /** Makes a read-modify-write of a page that cannot be read fault as a read instead of as a write. */
    void setModifyFaultsAsRead(boolean value) {
        modifyFaultsAsRead = value;
    }

    private long translateToModify(long linear) {
        long maddr = translator.translate(linear, WRITE);
        if (maddr >= 0) {
            return maddr;
        }
        if (modifyFaultsAsRead) {
            translate(linear, READ);
            return translate(linear, WRITE);
        }
        throw fault.page(translator.fault());
    }

    private long translate(long linear, int access) {
        long maddr = translator.translate(linear, access);
        if (maddr < 0) {
            throw fault.page(translator.fault());
        }
        return maddr;
    }

    /** Checks an access that is not both aligned and canonical. */
    private void check(long linear, int width, boolean stack) {
        if (!canonical(linear) || !canonical(linear + width - 1)) {
            throw notCanonical(stack);
        }
        checkAlignment(linear, width, stack);
    }

    /** #AC, which exists at CPL 3 only, comes before #PF: so do AMD processors, while Intel's manual has the opposite order (SDM vol 3, table 6-2). */
    @Override
    void checkAlignment(long linear, int alignment, boolean stack) {
        if (!canonical(linear)) {
            throw notCanonical(stack);
        }
        if ((flags.system & Flags.AC) != 0
                && (linear & (alignment - 1)) != 0
                && state.cpl == 3
                && (system.systemRegister(SystemRegister.CR0) & CR0_AM) != 0) {
            throw fault.vector(Trap.AC, 0);
        }
    }

    @Override
    long load1(long linear, boolean stack) {
        if (!canonical(linear)) {
            throw notCanonical(stack);
        }
        return memory.readU8(translate(linear, READ));
    }

    @Override
    long load2(long linear, boolean stack) {
        if ((linear & 1) != 0 || !canonical(linear)) {
            return loadOdd(linear, 2, stack);
        }
        return memory.readU16(translate(linear, READ));
    }

    @Override
    long load4(long linear, boolean stack) {
        if ((linear & 3) != 0 || !canonical(linear)) {
            return loadOdd(linear, 4, stack);
        }
        return memory.readU32(translate(linear, READ)) & 0xFFFF_FFFFL;
    }

    @Override
    long load8(long linear, boolean stack) {
        if ((linear & 7) != 0 || !canonical(linear)) {
            return loadOdd(linear, 8, stack);
        }
        return memory.readU64(translate(linear, READ));
    }

    private long loadOdd(long linear, int width, boolean stack) {
        check(linear, width, stack);
        int left = MachineMemory.FRAME_SIZE - (int) (linear & OFFSET);
        long first = translate(linear, READ);
        if (width <= left) {
            return readPlain(first, width);
        }
        long second = translate(linear + left, READ);
        return readBytes(first, left) | readBytes(second, width - left) << (8 * left);
    }

    private long readPlain(long maddr, int width) {
        switch (width) {
            case 1:
                return memory.readU8(maddr);
            case 2:
                return memory.readU16(maddr);
            case 4:
                return memory.readU32(maddr) & 0xFFFF_FFFFL;
            default:
                return memory.readU64(maddr);
        }
    }

    private long readBytes(long maddr, int count) {
        long value = 0;
        for (int n = 0; n < count; n++) {
            value |= (long) memory.readU8(maddr + n) << (8 * n);
        }
        return value;
    }

    @Override
    void store1(long linear, long value, boolean stack) {
        if (!canonical(linear)) {
            throw notCanonical(stack);
        }
        memory.writeU8(translate(linear, WRITE), (int) value);
    }

    @Override
    void store2(long linear, long value, boolean stack) {
        if ((linear & 1) != 0 || !canonical(linear)) {
            storeOdd(linear, value, 2, stack);
            return;
        }
        memory.writeU16(translate(linear, WRITE), (int) value);
    }

    @Override
    void store4(long linear, long value, boolean stack) {
        if ((linear & 3) != 0 || !canonical(linear)) {
            storeOdd(linear, value, 4, stack);
            return;
        }
        memory.writeU32(translate(linear, WRITE), (int) value);
    }

    @Override
    void store8(long linear, long value, boolean stack) {
        if ((linear & 7) != 0 || !canonical(linear)) {
            storeOdd(linear, value, 8, stack);
            return;
        }
        memory.writeU64(translate(linear, WRITE), value);
    }

    private void storeOdd(long linear, long value, int width, boolean stack) {
        check(linear, width, stack);
        int left = MachineMemory.FRAME_SIZE - (int) (linear & OFFSET);
        long first = translate(linear, WRITE);
        if (width <= left) {
            writePlain(first, value, width);
            return;
        }
        long second = translate(linear + left, WRITE);
        writeBytes(first, value, left);
        writeBytes(second, value >>> (8 * left), width - left);
    }

    private void writePlain(long maddr, long value, int width) {
        switch (width) {
            case 1:
                memory.writeU8(maddr, (int) value);
                break;
            case 2:
                memory.writeU16(maddr, (int) value);
                break;
            case 4:
                memory.writeU32(maddr, (int) value);
                break;
            default:
                memory.writeU64(maddr, value);
                break;
        }
    }

    private void writeBytes(long maddr, long value, int count) {
        for (int n = 0; n < count; n++) {
            memory.writeU8(maddr + n, (int) (value >>> (8 * n)));
        }
    }

    @Override
    void load16(long linear, boolean stack) {
        check(linear, 16, stack);
        int left = MachineMemory.FRAME_SIZE - (int) (linear & OFFSET);
        long first = translate(linear, READ);
        if (left >= 16) {
            lo = memory.readU64(first);
            hi = memory.readU64(first + 8);
            return;
        }
        long second = translate(linear + left, READ);
        long[] halves = new long[2];
        for (int n = 0; n < 16; n++) {
            long b = memory.readU8(n < left ? first + n : second + n - left);
            halves[n >> 3] |= b << (8 * (n & 7));
        }
        lo = halves[0];
        hi = halves[1];
    }

    @Override
    void store16(long linear, long low, long high, boolean stack) {
        check(linear, 16, stack);
        int left = MachineMemory.FRAME_SIZE - (int) (linear & OFFSET);
        long first = translate(linear, WRITE);
        if (left >= 16) {
            memory.writeU64(first, low);
            memory.writeU64(first + 8, high);
            return;
        }
        long second = translate(linear + left, WRITE);
        for (int n = 0; n < 16; n++) {
            int b = (int) ((n < 8 ? low : high) >>> (8 * (n & 7)));
            memory.writeU8(n < left ? first + n : second + n - left, b);
        }
    }

    @Override
    long modify(long linear, int width, boolean stack) {
        if ((linear & (width - 1)) != 0 || !canonical(linear)) {
            return modifyOdd(linear, width, stack);
        }
        modifyFirst = translateToModify(linear);
        modifyWidth = width;
        modifySplit = width;
        modifyOld = readPlain(modifyFirst, width);
        return modifyOld;
    }

    private long modifyOdd(long linear, int width, boolean stack) {
        check(linear, width, stack);
        int left = MachineMemory.FRAME_SIZE - (int) (linear & OFFSET);
        modifyFirst = translateToModify(linear);
        modifyWidth = width;
        modifySplit = width;
        if (width <= left) {
            modifyOld = readPlain(modifyFirst, width);
            return modifyOld;
        }
        modifySplit = left;
        modifySecond = translateToModify(linear + left);
        modifyOld = readBytes(modifyFirst, left) | readBytes(modifySecond, width - left) << (8 * left);
        return modifyOld;
    }

    @Override
    void commit(long value, boolean locked) {
        if (modifySplit == modifyWidth) {
            writePlain(modifyFirst, value, modifyWidth);
            return;
        }
        writeBytes(modifyFirst, value, modifySplit);
        writeBytes(modifySecond, value >>> (8 * modifySplit), modifyWidth - modifySplit);
    }

    @Override
    void exchange(long value) {
        commit(value, true);
    }

    @Override
    long commitCompare(long expected, long value, boolean locked) {
        // An unequal CMPXCHG writes the old value back: visible to dirty bits and watchers only, as on hardware.
        commit(expected == modifyOld ? value : modifyOld, locked);
        return modifyOld;
    }

    @Override
    boolean compareExchange16(long linear, long[] values, boolean stack) {
        if (!canonical(linear)) {
            throw notCanonical(stack);
        }
        long maddr = translate(linear, WRITE);
        lo = memory.readU64(maddr);
        hi = memory.readU64(maddr + 8);
        boolean equal = lo == values[0] && hi == values[1];
        memory.writeU64(maddr, equal ? values[2] : lo);
        memory.writeU64(maddr + 8, equal ? values[3] : hi);
        return equal;
    }

    @Override
    void probeWrite(long linear, int length, boolean stack) {
        if (!canonical(linear) || !canonical(linear + length - 1)) {
            throw notCanonical(stack);
        }
        translate(linear, WRITE);
        if ((linear & OFFSET) + length > MachineMemory.FRAME_SIZE) {
            translate((linear + length - 1) & ~(long) OFFSET, WRITE);
        }
    }

    @Override
    void probeAligned(long linear, int width, boolean stack) {
        check(linear, width, stack);
        probeWrite(linear, width, stack);
    }

    /** Elements from {@code linear} to the end of its page, at most {@code most}; 0 if it is odd or not canonical. */
    private static int elements(long linear, int width, long most) {
        if ((linear & (width - 1)) != 0 || !canonical(linear)) {
            return 0;
        }
        return (int) Math.min(most, (MachineMemory.FRAME_SIZE - (linear & OFFSET)) / width);
    }

    /**
     * Stores {@code value} upwards into up to {@code most} elements of one page, with one look-up.
     *
     * @return elements stored; 0 if the address needs the plain path
     */
    int fill(long linear, long value, int width, long most) {
        int count = elements(linear, width, most);
        if (count > 0) {
            long maddr = translate(linear, WRITE);
            for (int n = 0; n < count; n++) {
                writePlain(maddr + (long) n * width, value, width);
            }
        }
        return count;
    }

    /** As {@link #fill}, copying element after element, so that overlap works as the instruction defines it. */
    int copy(long from, long to, int width, long most) {
        int count = elements(to, width, elements(from, width, most));
        if (count > 0) {
            long source = translate(from, READ);
            long target = translate(to, WRITE);
            for (int n = 0; n < count; n++) {
                long at = (long) n * width;
                writePlain(target + at, readPlain(source + at, width), width);
            }
        }
        return count;
    }
}
