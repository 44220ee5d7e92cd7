package io.github.paravane.hypervisor.time;

import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.api.profile.VersionRules;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.SharedLayout;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.domain.Vcpu.RunState;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Time as guests read it from memory: vcpu_time_info in each vcpu_info, the wall clock in shared_info, and the run-state
 * and time areas a guest registered (abi-reference 3.17, 3.20).
 */
public final class TimePages {

    private static final int TIME_INFO_OFFSET = 32;
    private static final int TIME_INFO_SIZE = 32;
    private static final long SECOND = 1_000_000_000L;
    private static final long REFRESH_AFTER = SECOND;
    private static final long UPDATING = 1L << 63;

    private final Platform platform;
    private final TimeScale scale;
    private final long firstTimeStamp;
    private final long firstSystemTime;
    private final boolean lostInUserMode;
    private final Map<Vcpu, Areas> areas = new IdentityHashMap<>();

    /** What a guest can have a copy of. */
    public enum Area {
        /** vcpu_runstate_info. */
        RUN_STATE(RunStateTimes.SIZE),
        /** vcpu_time_info. */
        TIME(TIME_INFO_SIZE);

        private final int size;

        Area(int size) {
            this.size = size;
        }

        /** Bytes of it. */
        public int size() {
            return size;
        }
    }

    private static final class Areas {
        long runState;
        long time;
        final long[] physical = {-1, -1};
        long refreshed = Long.MIN_VALUE;
    }

    public TimePages(Platform platform) {
        this.platform = platform;
        this.lostInUserMode = platform.profile().has(Quirk.RUN_STATE_LOST_IN_USER_MODE);
        this.scale = TimeScale.of(platform.clock().timeStampKilohertz());
        this.firstTimeStamp = platform.clock().timeStamp();
        this.firstSystemTime = platform.clock().systemTime();
    }

    /** Writes the wall-clock time of system time 0 into a domain's shared_info. */
    public void writeWallClock(Domain domain) {
        MachineMemory memory = platform.memory();
        SharedLayout layout = domain.layout();
        long maddr = (domain.sharedInfoMfn() << MachineMemory.FRAME_SHIFT) + layout.wallClock();
        long start = platform.clock().wallClockAtStart();
        int updating = memory.readU32(maddr) + 1 | 1;
        memory.writeU32(maddr, updating);
        memory.writeU32(maddr + 4, (int) (start / SECOND));
        memory.writeU32(maddr + 8, (int) (start % SECOND));
        if (platform.profile().get(VersionRules.WIDE_WALL_CLOCK)) {
            memory.writeU32(maddr + layout.wallClockHigh(), (int) (start / SECOND >>> 32));
        }
        memory.writeU32(maddr, updating + 1);
    }

    /**
     * Registers where the vCPU's run state is kept; 0 ends it. Writes it at once, through the tables of {@code caller}; that of
     * another vCPU with the time that has passed since its state began.
     */
    public void registerRunStateArea(Vcpu vcpu, long linear, Vcpu caller) {
        areas(vcpu).runState = linear;
        if (linear != 0) {
            ByteBuffer info = runState(vcpu, vcpu != caller);
            GuestArea.store(caller, caller.kernelBase(), linear, info.array());
        }
    }

    /** Registers another place for the vCPU's time info; 0 ends it. Writes it at once. */
    public void registerTimeArea(Vcpu vcpu, long linear) {
        areas(vcpu).time = linear;
        refresh(vcpu);
    }

    /** Sets the machine address of another copy, all ones for none, and writes it at once; the address before. */
    public long setPhysical(Vcpu vcpu, Area area, long maddr) {
        long[] physical = areas(vcpu).physical;
        long before = physical[area.ordinal()];
        physical[area.ordinal()] = maddr;
        if (area == Area.TIME) {
            refresh(vcpu);
        } else {
            storeRunState(vcpu);
        }
        return before;
    }

    /** The vCPU starts to run: renews its time info if that is old, and its run-state area. */
    public void scheduledIn(Vcpu vcpu) {
        Areas mine = areas(vcpu);
        if (mine.refreshed == Long.MIN_VALUE || platform.clock().systemTime() - mine.refreshed >= REFRESH_AFTER) {
            refresh(vcpu);
        }
        storeRunState(vcpu);
    }

    /** The vCPU no longer runs: renews its run-state area. */
    public void scheduledOut(Vcpu vcpu) {
        storeRunState(vcpu);
    }

    /** Renews the vCPU's time info. */
    public void refresh(Vcpu vcpu) {
        MachineMemory memory = platform.memory();
        long maddr = vcpu.infoMaddr() + TIME_INFO_OFFSET;
        long ticks = platform.clock().timeStamp();
        long now = firstSystemTime + scale.nanoseconds(ticks - firstTimeStamp);
        int updating = memory.readU32(maddr) + 1 | 1;
        ByteBuffer info = ByteBuffer.allocate(TIME_INFO_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        info.putInt(0, updating);
        info.putLong(8, ticks);
        info.putLong(16, now);
        info.putInt(24, scale.multiplier());
        info.put(28, (byte) scale.shift());
        memory.write(maddr, info.array(), 0, TIME_INFO_SIZE);
        memory.writeU32(maddr, updating + 1);
        Areas mine = areas(vcpu);
        mine.refreshed = now;
        info.putInt(0, updating + 1);
        if (mine.time != 0) {
            GuestArea.store(vcpu, vcpu.kernelBase(), mine.time, info.array());
        }
        long copy = mine.physical[Area.TIME.ordinal()];
        if (copy != -1) {
            memory.write(copy, info.array(), 0, TIME_INFO_SIZE);
        }
    }

    private void storeRunState(Vcpu vcpu) {
        long linear = areas(vcpu).runState;
        long copy = areas(vcpu).physical[Area.RUN_STATE.ordinal()];
        if (linear == 0 && copy == -1) {
            return;
        }
        RunStateTimes times = vcpu.runStateTimes();
        SharedLayout layout = vcpu.domain().layout();
        int entryTime = layout.runStateEntry();
        ByteBuffer info = runState(vcpu, false);
        if (copy != -1) {
            platform.memory().write(copy, info.array(), 0, layout.runStateSize());
        }
        if (linear == 0) {
            return;
        }
        long root = lostInUserMode && !vcpu.kernelMode() ? vcpu.userBase() : vcpu.kernelBase();
        if (vcpu.domain().assists(Domain.ASSIST_RUNSTATE_UPDATE_FLAG)) {
            ByteBuffer mark = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            mark.putLong(0, times.entryTime() | UPDATING);
            GuestArea.store(vcpu, root, linear + entryTime, mark.array());
            info.putLong(entryTime, times.entryTime() | UPDATING);
            GuestArea.store(vcpu, root, linear, info.array());
            mark.putLong(0, times.entryTime());
            GuestArea.store(vcpu, root, linear + entryTime, mark.array());
        } else {
            GuestArea.store(vcpu, root, linear, info.array());
        }
    }

    private ByteBuffer runState(Vcpu vcpu, boolean upToNow) {
        RunStateTimes times = vcpu.runStateTimes();
        long now = platform.clock().systemTime();
        SharedLayout layout = vcpu.domain().layout();
        int entryTime = layout.runStateEntry();
        ByteBuffer info = ByteBuffer.allocate(layout.runStateSize()).order(ByteOrder.LITTLE_ENDIAN);
        info.putInt(0, times.state().ordinal());
        info.putLong(entryTime, times.entryTime());
        for (RunState each : RunState.values()) {
            info.putLong(entryTime + 8 + 8 * each.ordinal(), upToNow ? times.upTo(each, now) : times.completed(each));
        }
        return info;
    }

    private Areas areas(Vcpu vcpu) {
        return areas.computeIfAbsent(vcpu, unused -> new Areas());
    }
}
