package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.cpu.EmulationResult;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.cpu.TrapHandler;
import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.EntryRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Callbacks;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.ReturnPath;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.hypercall.CallContext;
import io.github.paravane.hypervisor.hypercall.HypercallTable;
import io.github.paravane.hypervisor.hypercall.VcpuMemory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the traps of one vCPU's core arrive: hypercalls, repairs and emulations that the guest does not notice, and
 * entries into the guest kernel. After each of them pending NMIs and events are delivered.
 *
 * <p>The core is told to stop when the domain has ended, or when the vCPU is no longer
 * {@link Vcpu.RunState#RUNNING}: it blocked, yielded or went down, or the time of the run is over.
 */
public class TrapRouter implements TrapHandler {

    private static final int SYSCALL_LENGTH = 2;
    private static final int SYSENTER_LENGTH = 2;
    private static final int EXTERNAL = 1;
    private static final int[] ARGUMENTS = {
        Registers.RDI, Registers.RSI, Registers.RDX, Registers.R10, Registers.R8, Registers.R9
    };

    private final Vcpu vcpu;
    private final Domain domain;
    private final Platform platform;
    private final MachineMemory memory;
    private final HypercallTable hypercalls;
    private final CallContext context;
    private final BounceFrames bounce;
    private final PrivilegedOps privileged;
    private final ForcedEmulation forced;
    private final GateOps gates;
    private final PageFaultRouter pageFaults;
    private final boolean sysenterExists;
    private final boolean exitClearsNt;
    private final boolean noTrapAfterEmulation;
    private final boolean failsafe;
    private final DebugStatus debugStatus;
    private final boolean int80Latched;
    private final boolean int80SkipsEvents;
    private final boolean nmiMaskInverted;
    private final boolean debugOnGuestStack;
    private boolean latched;
    private final GuestExit exit;
    private @Nullable Registers registers;

    public TrapRouter(Vcpu vcpu, HypercallTable hypercalls, EntryParts parts) {
        this(vcpu, hypercalls, parts, new VcpuMemory(vcpu), false);
    }

    TrapRouter(Vcpu vcpu, HypercallTable hypercalls, EntryParts parts, GuestBuffer callMemory, boolean compat) {
        this.vcpu = vcpu;
        this.domain = vcpu.domain();
        this.platform = domain.platform();
        this.memory = platform.memory();
        this.hypercalls = hypercalls;
        this.context = new CallContext(vcpu, callMemory, hypercalls);
        this.bounce = parts.bounce();
        this.privileged = parts.privileged();
        AbiProfile profile = platform.profile();
        this.forced = new ForcedEmulation(platform, parts.cpuid(), bounce);
        this.gates = new GateOps(profile, bounce);
        this.pageFaults = new PageFaultRouter(profile, bounce, parts.resolver(), parts.devices());
        this.exitClearsNt = profile.get(EntryRules.EXIT_CLEARS_NT);
        this.noTrapAfterEmulation = profile.has(Quirk.NO_TRAP_AFTER_EMULATION);
        this.failsafe = profile.get(EntryRules.FAILED_RETURN) == EntryRules.FailedReturn.FAILSAFE;
        this.debugStatus = new DebugStatus(profile);
        this.int80Latched = profile.has(Quirk.INT80_LATCHED);
        this.int80SkipsEvents = profile.has(Quirk.INT80_SKIPS_EVENTS);
        this.debugOnGuestStack = profile.has(Quirk.DEBUG_ON_GUEST_STACK);
        this.nmiMaskInverted = profile.has(Quirk.NMI_MASK_INVERTED);
        this.exit = new GuestExit(profile, compat);
        this.sysenterExists = profile.get(EntryRules.SYSCALL32_CALLBACKS);
    }

    final Vcpu vcpu() {
        return vcpu;
    }

    final BounceFrames bounce() {
        return bounce;
    }

    final CallContext context() {
        return context;
    }

    final Registers registers() {
        Registers mine = registers;
        if (mine == null) {
            mine = vcpu.registers();
            registers = mine;
        }
        return mine;
    }

    @Override
    public Disposition syscall() {
        Registers r = registers();
        if (r.selector(Registers.CS) != FlatSegments.CODE_64 && isCompatibilityMode(r)) {
            bounceCompatSyscall(r);
            return beforeReturn();
        }
        // SYSCALL does not say which selectors it came from, and SYSRET goes back to the flat ones.
        FlatSegments.load(r);
        if (vcpu.kernelMode()) {
            vcpu.returnPath().set(ReturnPath.Kind.SYSRET, r.rflags());
            hypercall(r);
        } else {
            bounce.syscall(vcpu, Callbacks.SYSCALL);
        }
        return beforeReturn();
    }

    @Override
    public void debugBehindSyscall() {
        if (debugOnGuestStack) {
            platform.crash(
                    "#DB on the guest's stack 0x" + Long.toHexString(registers().gpr(Registers.RSP)));
        }
    }

    private boolean isCompatibilityMode(Registers r) {
        int cs = r.selector(Registers.CS);
        return cs == FlatSegments.CODE_32
                || (vcpu.descriptors().descriptor(cs) & (Descriptor.PRESENT | Descriptor.LONG)) == Descriptor.PRESENT;
    }

    private void bounceCompatSyscall(Registers r) {
        FlatSegments.load32(r);
        boolean own = sysenterExists
                && (vcpu.callbacks().address(Callbacks.SYSCALL32) != 0 || !bounce.missingSyscallCrashes());
        bounce.syscall(vcpu, own ? Callbacks.SYSCALL32 : Callbacks.SYSCALL);
    }

    private void hypercall(Registers r) {
        CallContext call = context;
        int number = call.decode(r.gpr(Registers.RAX));
        call.begin(number);
        for (int i = 0; i < ARGUMENTS.length; i++) {
            call.setArgument(i, r.gpr(ARGUMENTS[i]));
        }
        HypercallOutcome outcome = run(call);
        switch (outcome.kind()) {
            case COMPLETED -> r.setGpr(Registers.RAX, outcome.result());
            case CONTINUED -> {
                for (int i = 0; i < ARGUMENTS.length; i++) {
                    r.setGpr(ARGUMENTS[i], call.argument(i));
                }
                r.setRip(r.rip() - SYSCALL_LENGTH);
            }
            case NO_RETURN -> {
                // The call has set the registers, or there is nobody left to return to.
            }
        }
    }

    final HypercallOutcome run(CallContext call) {
        return platform.observed() ? observedCall(call) : call.run();
    }

    private HypercallOutcome observedCall(CallContext call) {
        List<Long> arguments = new ArrayList<>(ARGUMENTS.length);
        for (int i = 0; i < ARGUMENTS.length; i++) {
            arguments.add(call.argument(i));
        }
        HypercallOutcome outcome = call.run();
        String name = hypercalls.name(call.number());
        platform.observer()
                .hypercall(new MachineEvent.HypercallDone(
                        domain.id(), vcpu.id(), call.number(), name, arguments, outcome));
        return outcome;
    }

    @Override
    public boolean mayInterrupt(int vector) {
        return gates.isOpen(vcpu, vector);
    }

    @Override
    public Disposition trap(Trap trap) {
        if (platform.observed()) {
            platform.observer()
                    .trap(new MachineEvent.TrapRaised(
                            domain.id(), vcpu.id(), registers().rip(), trap));
        }
        switch (trap.kind()) {
            case SYSCALL -> {
                return syscall();
            }
            case SYSENTER -> sysenter();
            case SOFTWARE_INTERRUPT -> {
                gates.enter(vcpu, trap.vector());
                boolean fast = trap.vector() == GateOps.FAST_VECTOR;
                latched = int80Latched && fast;
                return beforeReturn(!int80SkipsEvents || !fast);
            }
            case FAULT, TRAP -> exception(trap);
        }
        return beforeReturn();
    }

    private void sysenter() {
        Registers r = registers();
        if (!sysenterExists) {
            r.setRip(r.rip() - SYSENTER_LENGTH);
            bounce.exception(vcpu, Trap.GP, 0);
            return;
        }
        // SYSENTER keeps nothing: the hypervisor cannot say where it came from.
        r.setRip(0);
        r.setGpr(Registers.RSP, 0);
        showSysenter(r);
        bounce.sysenter(vcpu);
    }

    /** The selectors that an entry by SYSENTER shows. */
    void showSysenter(Registers r) {
        r.loadSegment(Registers.CS, 3, FlatSegments.CODE_64_DESCRIPTOR);
        FlatSegments.loadStack(r);
    }

    private void exception(Trap trap) {
        switch (trap.vector()) {
            case Trap.PF -> pageFault(trap);
            case Trap.DB -> debug(trap);
            case Trap.GP -> generalProtection(trap.errorCode());
            case Trap.UD -> invalidOpcode();
            case Trap.NM -> deviceNotAvailable();
            case Trap.DF ->
                domain.crash("vCPU " + vcpu.id() + ": double fault, rip 0x"
                        + Long.toHexString(registers().rip()));
            default -> bounce.exception(vcpu, trap.vector(), trap.errorCode());
        }
    }

    private void pageFault(Trap trap) {
        if (pageFaults.route(vcpu, trap) && latched) {
            latched = false;
            gates.enter(vcpu, GateOps.FAST_VECTOR);
        }
    }

    private void debug(Trap trap) {
        debugStatus.raised(vcpu);
        bounce.exception(vcpu, Trap.DB, trap.errorCode());
    }

    private void generalProtection(int errorCode) {
        if (vcpu.returnPath().kind() != ReturnPath.Kind.NONE && !GuestExit.hasCode(vcpu)) {
            bounce.exception(vcpu, Trap.GP, errorCode);
            return;
        }
        if ((errorCode & (GateOps.IDT | EXTERNAL)) == GateOps.IDT && gates.interrupt(vcpu, errorCode)) {
            return;
        }
        EmulationResult result = errorCode == 0 ? privileged.emulate(vcpu) : selectorFault(errorCode);
        switch (result.kind()) {
            case DONE ->
                instructionDone(errorCode == 0 ? privileged.ioBreakpoints() : 0, errorCode != 0 || privileged.steps());
            case UNHANDLEABLE -> bounce.exception(vcpu, Trap.GP, errorCode);
            case TRAP -> {
                Trap raised = result.trap();
                if (raised == null || raised.vector() == Trap.GP) {
                    bounce.exception(vcpu, Trap.GP, raised == null ? 0 : raised.errorCode());
                } else if (raised.vector() == Trap.PF) {
                    bounce.pageFault(vcpu, raised.linear(), raised.errorCode());
                } else {
                    bounce.exception(vcpu, raised.vector(), raised.errorCode());
                }
            }
        }
    }

    /** #GP that names a selector: nothing is emulated for it, but for 32-bit guests. */
    EmulationResult selectorFault(int errorCode) {
        return EmulationResult.UNHANDLEABLE;
    }

    private void invalidOpcode() {
        switch (forced.attempt(vcpu)) {
            case DONE -> instructionDone(0, true);
            case OTHER -> bounce.exception(vcpu, Trap.UD, 0);
            case FAULTED -> {
                // The guest has got its page fault.
            }
        }
    }

    /** An emulated instruction ends as an executed one: RF is spent, and TF and breakpoints trap after it. */
    private void instructionDone(long breakpoints, boolean steps) {
        Registers r = registers();
        ReturnPath path = vcpu.returnPath();
        boolean returning = path.kind() != ReturnPath.Kind.NONE;
        long rflags = returning ? path.rflags() : r.rflags();
        if (returning) {
            path.set(path.kind(), rflags & ~Flags.RF);
        } else {
            r.setRflags(rflags & ~Flags.RF);
        }
        boolean stepped = steps && (rflags & Flags.TF) != 0;
        long hits = noTrapAfterEmulation ? 0 : breakpoints | (stepped ? DebugStatus.SINGLE_STEP : 0);
        if (hits != 0) {
            debugStatus.merge(vcpu, hits);
            bounce.exception(vcpu, Trap.DB, 0);
        }
    }

    /** Only a guest that set TS itself sees #NM, and finds TS clear then. */
    private void deviceNotAvailable() {
        if (registers().taskSwitched()) {
            registers().setTaskSwitched(false);
        }
        bounce.exception(vcpu, Trap.NM, 0);
    }

    /**
     * What happens on every way back to the guest, and before a vCPU runs again after it was stopped: a pending NMI is
     * delivered, then a pending event, each on top of what was pushed before.
     */
    public final Disposition beforeReturn() {
        return beforeReturn(true);
    }

    private Disposition beforeReturn(boolean withEvents) {
        if (vcpu.takeGeneralProtection() && mayRun()) {
            bounce.exception(vcpu, Trap.GP, 0);
        }
        do {
            if (vcpu.nmiPending()) {
                deliverNmi();
            }
            // One access for both bytes: pending below, mask above.
            int upcall = withEvents ? memory.readU16(vcpu.infoMaddr()) : 0;
            if (upcall != 0 && upcall <= 0xFF && mayRun()) {
                bounce.event(vcpu);
            }
        } while (vcpu.returnPath().kind() != ReturnPath.Kind.NONE && mayRun() && !isBack());
        if (exitClearsNt) {
            registers().setRflags(registers().rflags() & ~Flags.NT);
        }
        return mayRun() && !platform.deadline().isPassed() ? Disposition.RESUME : Disposition.STOP;
    }

    /** Whether the guest has its registers; if not, what hindered that was delivered and may be followed by events. */
    private boolean isBack() {
        Trap trap = exit.leave(vcpu);
        if (trap == null) {
            return true;
        }
        if (vcpu.returnPath().kind() == ReturnPath.Kind.NONE) {
            debugStatus.merge(vcpu, DebugStatus.SINGLE_STEP);
            bounce.exception(vcpu, Trap.DB, 0);
        } else if (failsafe) {
            bounce.failsafe(vcpu);
        } else if (trap.vector() == Trap.PF) {
            bounce.pageFault(vcpu, trap.linear(), trap.errorCode());
        } else {
            exception(trap);
        }
        return platform.deadline().isPassed();
    }

    private void deliverNmi() {
        if (mayRun() && vcpu.nmiMasked() == nmiMaskInverted) {
            vcpu.setNmiPending(false);
            if (bounce.hasNmiHandler(vcpu)) {
                vcpu.setNmiMasked(true);
                bounce.nmi(vcpu);
            }
        }
    }

    private boolean mayRun() {
        return domain.isRunning() && vcpu.runState() == Vcpu.RunState.RUNNING;
    }
}
