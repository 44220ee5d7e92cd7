package io.github.paravane.hypervisor.hypercall.service;

import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.GuestFault;
import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.BitMask;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.api.profile.ServiceRules;
import io.github.paravane.api.profile.VersionRules;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.SharedLayout;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.domain.Vcpu.RunState;
import io.github.paravane.hypervisor.time.RunStateTimes;
import io.github.paravane.hypervisor.time.TimePages;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** vcpu_op (abi-reference 3.20). The vCPUs a domain may ever have exist from its start, offline. */
final class VcpuCall implements Hypercall {

    private static final int INITIALISE = 0;
    private static final int UP = 1;
    private static final int DOWN = 2;
    private static final int IS_UP = 3;
    private static final int GET_RUNSTATE_INFO = 4;
    private static final int REGISTER_RUNSTATE_AREA = 5;
    private static final int SET_PERIODIC_TIMER = 6;
    private static final int STOP_PERIODIC_TIMER = 7;
    private static final int SET_SINGLESHOT_TIMER = 8;
    private static final int STOP_SINGLESHOT_TIMER = 9;
    private static final int REGISTER_VCPU_INFO = 10;
    private static final int SEND_NMI = 11;
    private static final int GET_PHYSID = 12;
    private static final int REGISTER_TIME_AREA = 13;
    private static final int REGISTER_RUNSTATE_PHYS_AREA = 14;
    private static final int REGISTER_TIME_PHYS_AREA = 15;

    private static final long MIN_PERIOD = 1_000_000;
    private static final long MAX_PERIOD = -1L >>> 2;
    private static final int TIMER_FUTURE = 1;
    private static final int TIME_INFO_SIZE = 32;
    private static final int INFO_SIZE = 64;
    private static final int SHUTDOWN_POWEROFF = 0;

    private final Platform platform;
    private final Services services;
    private final VcpuContext contexts;
    private final CompatVcpuContext compatContexts;
    private final PhysicalAreas physical;
    private final BitMask known;
    private final int numbers;
    private final boolean lastDownEnds;
    private final boolean futureFlag;
    /** Bits of an offset of vcpu_info that must be clear. */
    private final int misaligned;

    private final HypercallOutcome badPlace;
    private final HypercallOutcome badFrame;
    private final HypercallOutcome again;

    VcpuCall(Services services) {
        this.services = services;
        this.platform = services.platform();
        this.contexts = new VcpuContext(platform.profile(), services.references());
        this.compatContexts = new CompatVcpuContext(platform.profile(), services.references());
        this.physical = new PhysicalAreas(services.references(), services.timePages());
        AbiProfile profile = platform.profile();
        this.known = profile.get(VersionRules.VCPU_OPS);
        numbers = profile.get(ServiceRules.VCPU_NUMBERS);
        lastDownEnds = profile.get(ServiceRules.LAST_VCPU_DOWN_ENDS);
        misaligned = profile.has(Quirk.VCPU_INFO_MISALIGNED) ? 0 : 7;
        futureFlag = profile.get(ServiceRules.SINGLESHOT_FUTURE_FLAG);
        badPlace = HypercallOutcome.failed(profile.get(ServiceRules.VCPU_INFO_PLACE_ERRNO));
        badFrame = HypercallOutcome.failed(profile.get(ServiceRules.VCPU_INFO_FRAME_ERRNO));
        again = HypercallOutcome.failed(profile.get(ServiceRules.VCPU_INFO_TWICE_ERRNO));
    }

    @Override
    public HypercallOutcome call(HypercallContext context) {
        List<Vcpu> vcpus = platform.current().domain().vcpus();
        int id = context.argument32(1);
        if (id < 0 || id >= vcpus.size()) {
            boolean absent = id >= 0 && id < numbers;
            return HypercallOutcome.failed(absent || numbers == Integer.MAX_VALUE ? XenErrno.ENOENT : XenErrno.EINVAL);
        }
        int command = context.argument32(0);
        if (!Operations.exists(known, command)) {
            return Operations.UNKNOWN;
        }
        Vcpu vcpu = vcpus.get(id);
        long arg = context.argument(2);
        GuestBuffer memory = context.memory();
        return switch (command) {
            case INITIALISE ->
                vcpu.domain().isCompat()
                        ? compatContexts.initialise(vcpu, memory, arg)
                        : contexts.initialise(vcpu, memory, arg);
            case UP -> up(vcpu);
            case DOWN -> down(vcpu);
            case IS_UP -> HypercallOutcome.completed(vcpu.isDown() ? 0 : 1);
            case GET_RUNSTATE_INFO -> runState(vcpu, memory, arg);
            case REGISTER_RUNSTATE_AREA -> registerRunStateArea(vcpu, memory, memory.readU64(arg));
            case REGISTER_VCPU_INFO -> registerInfo(vcpu, memory.readU64(arg), memory.readU32(arg + 8));
            case SEND_NMI -> sendNmi(vcpu, arg);
            case GET_PHYSID -> Operations.INVALID;
            case REGISTER_RUNSTATE_PHYS_AREA -> physical.register(vcpu, TimePages.Area.RUN_STATE, memory.readU64(arg));
            case REGISTER_TIME_PHYS_AREA -> physical.register(vcpu, TimePages.Area.TIME, memory.readU64(arg));
            case REGISTER_TIME_AREA -> registerTimeArea(vcpu, memory, memory.readU64(arg));
            default -> timer(command, vcpu, memory, arg);
        };
    }

    private HypercallOutcome timer(int command, Vcpu vcpu, GuestBuffer memory, long arg) {
        return switch (command) {
            case SET_PERIODIC_TIMER -> setPeriodic(vcpu, memory.readU64(arg));
            case STOP_PERIODIC_TIMER -> {
                services.timers().setPeriodic(vcpu, 0);
                yield HypercallOutcome.OK;
            }
            case SET_SINGLESHOT_TIMER ->
                vcpu == platform.current()
                        ? setSingleshot(vcpu, memory.readU64(arg), memory.readU32(arg + 8))
                        : Operations.INVALID;
            case STOP_SINGLESHOT_TIMER -> {
                if (vcpu != platform.current()) {
                    yield Operations.INVALID;
                }
                services.timers().stopSingleshot(vcpu);
                yield HypercallOutcome.OK;
            }
            default -> Operations.UNKNOWN;
        };
    }

    private static HypercallOutcome up(Vcpu vcpu) {
        if (!vcpu.initialised()) {
            return Operations.INVALID;
        }
        vcpu.bringUp();
        return HypercallOutcome.OK;
    }

    private HypercallOutcome down(Vcpu vcpu) {
        Domain domain = vcpu.domain();
        boolean last = lastDownEnds && domain.vcpus().stream().allMatch(each -> each == vcpu || each.isDown());
        if (last) {
            domain.shutDown(SHUTDOWN_POWEROFF, "the last vCPU went down");
            return HypercallOutcome.NO_RETURN;
        }
        vcpu.takeDown();
        return HypercallOutcome.OK;
    }

    private HypercallOutcome runState(Vcpu vcpu, GuestBuffer memory, long arg) {
        RunStateTimes times = vcpu.runStateTimes();
        long now = platform.clock().systemTime();
        SharedLayout layout = vcpu.domain().layout();
        int entryTime = layout.runStateEntry();
        ByteBuffer info = ByteBuffer.allocate(layout.runStateSize()).order(ByteOrder.LITTLE_ENDIAN);
        info.putInt(0, times.state().ordinal());
        info.putLong(entryTime, times.entryTime());
        for (RunState each : RunState.values()) {
            info.putLong(entryTime + Long.BYTES + Long.BYTES * each.ordinal(), times.upTo(each, now));
        }
        memory.write(arg, info.array(), 0, layout.runStateSize());
        return HypercallOutcome.OK;
    }

    private HypercallOutcome registerRunStateArea(Vcpu vcpu, GuestBuffer memory, long linear) {
        if (!memory.inGuestRange(linear, 1, RunStateTimes.SIZE)) {
            throw new GuestFault(linear);
        }
        services.timePages().registerRunStateArea(vcpu, linear, platform.current());
        return HypercallOutcome.OK;
    }

    private HypercallOutcome registerTimeArea(Vcpu vcpu, GuestBuffer memory, long linear) {
        if (!memory.inGuestRange(linear, 1, TIME_INFO_SIZE)) {
            throw new GuestFault(linear);
        }
        services.timePages().registerTimeArea(vcpu, linear);
        return HypercallOutcome.OK;
    }

    private HypercallOutcome setPeriodic(Vcpu vcpu, long period) {
        if (Long.compareUnsigned(period, MIN_PERIOD) < 0 || Long.compareUnsigned(period, MAX_PERIOD) > 0) {
            return Operations.INVALID;
        }
        services.timers().setPeriodic(vcpu, period);
        return HypercallOutcome.OK;
    }

    private HypercallOutcome setSingleshot(Vcpu vcpu, long deadline, int flags) {
        if (futureFlag
                && (flags & TIMER_FUTURE) != 0
                && Long.compareUnsigned(deadline, platform.clock().systemTime()) < 0) {
            return HypercallOutcome.failed(XenErrno.ETIME);
        }
        services.timers().setSingleshot(vcpu, deadline);
        return HypercallOutcome.OK;
    }

    private static HypercallOutcome sendNmi(Vcpu vcpu, long arg) {
        if (arg != 0) {
            return Operations.INVALID;
        }
        vcpu.setNmiPending(true);
        vcpu.domain().events().waits().wake(vcpu);
        return HypercallOutcome.OK;
    }

    /** Moves vcpu_info once; everything is marked pending, so that nothing is lost in the move. */
    private HypercallOutcome registerInfo(Vcpu vcpu, long mfn, int offset) {
        if (offset < 0 || offset > MachineMemory.FRAME_SIZE - INFO_SIZE || (offset & misaligned) != 0) {
            return badPlace;
        }
        boolean moved =
                vcpu.infoMaddr() >>> MachineMemory.FRAME_SHIFT != vcpu.domain().sharedInfoMfn();
        if (moved) {
            return again;
        }
        if (vcpu != platform.current() && !vcpu.isDown()) {
            return Operations.INVALID;
        }
        long taken = services.references().takeWritable(vcpu.domain(), mfn);
        if (taken < 0) {
            return badFrame;
        }
        MachineMemory memory = platform.memory();
        long maddr = (mfn << MachineMemory.FRAME_SHIFT) + offset;
        byte[] info = new byte[INFO_SIZE];
        memory.read(vcpu.infoMaddr(), info, 0, INFO_SIZE);
        memory.write(maddr, info, 0, INFO_SIZE);
        vcpu.setInfoMaddr(maddr);
        if (vcpu.domain().isCompat()) {
            memory.writeU32(maddr + 4, -1);
        } else {
            memory.writeU64(maddr + 8, -1);
        }
        vcpu.domain().events().markPending(vcpu);
        services.timePages().refresh(vcpu);
        return HypercallOutcome.OK;
    }
}
