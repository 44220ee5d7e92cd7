package io.github.paravane.hypervisor.domain;

import io.github.paravane.api.cpu.CpuCore;
import io.github.paravane.api.cpu.DescriptorTables;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.AddressTranslator;
import io.github.paravane.api.paging.PagingUnit;
import io.github.paravane.hypervisor.time.RunStateTimes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A virtual CPU: mode, base tables, callbacks and the other state Xen keeps in {@code struct vcpu}. What the processor
 * itself holds lives in {@link #registers}.
 */
public class Vcpu {

    private static final long CR3_BITS = 0x000F_FFFF_FFFF_FFFFL;

    /** Bits of DR6 that are always set, and nothing reported. */
    public static final long DEBUG_STATUS_ONES = 0xFFFF_0FF0L;

    private final Domain domain;
    private final int id;
    private final PagingUnit paging;
    private final TrapTable trapTable = new TrapTable();
    private final Callbacks callbacks = new Callbacks();
    private final SegmentTables segments = new SegmentTables();
    private final ReturnPath returnPath = new ReturnPath();
    private final RunStateTimes runStateTimes;
    private @Nullable CpuCore core;
    private boolean kernelMode = true;
    private long kernelBase;
    private long userBase;
    private long inactiveGsBase;
    private long timeStampAux;
    private int kernelSs;
    private long kernelSp;
    private long cr2;
    private long cr4;
    private int iopl;
    private long ioBitmap;
    private int ioBitmapPorts;
    private long infoMaddr;
    private RunState runState = RunState.OFFLINE;
    private boolean heldDown;
    private boolean initialised;
    private @Nullable DescriptorTables descriptors;
    private boolean nmiPending;
    private boolean faultDue;
    private boolean nmiMasked;
    private long unloadedDebugControl;
    private long debugStatus = DEBUG_STATUS_ONES;

    /** Xen's RUNSTATE_* in order. */
    public enum RunState {
        /** On a CPU. */
        RUNNING,
        /** Could run. */
        RUNNABLE,
        /** Waits for an event. */
        BLOCKED,
        /** Down. */
        OFFLINE
    }

    public Vcpu(Domain domain, int id, PagingUnit paging) {
        this.domain = Objects.requireNonNull(domain, "domain");
        this.id = id;
        this.paging = Objects.requireNonNull(paging, "paging");
        this.infoMaddr = (domain.sharedInfoMfn() << 12) + 64L * id;
        this.runStateTimes = new RunStateTimes(domain.platform().clock().systemTime());
    }

    /** Its domain. */
    public Domain domain() {
        return domain;
    }

    /** Its number in the domain. */
    public int id() {
        return id;
    }

    /** Its MMU. */
    public PagingUnit paging() {
        return paging;
    }

    /** How the hypervisor reaches the guest's memory for it; accesses ask for the rights of CPL 3. */
    public AddressTranslator guestMemory() {
        return paging;
    }

    /** Its core. */
    public CpuCore core() {
        CpuCore mine = core;
        if (mine == null) {
            throw new IllegalStateException("vCPU " + id + " has no core yet");
        }
        return mine;
    }

    /** Sets the core, once, while the machine is built (core and trap handler refer to each other). */
    public void setCore(CpuCore value) {
        if (core != null) {
            throw new IllegalStateException("vCPU " + id + " has a core already");
        }
        core = Objects.requireNonNull(value, "value");
    }

    /** Makes its core stop soon, if it runs on one yet. */
    public void interrupt() {
        CpuCore mine = core;
        if (mine != null) {
            mine.interrupt();
        }
    }

    /** Its core's registers. */
    public Registers registers() {
        return core().registers();
    }

    /** Its virtual IDT. */
    public TrapTable trapTable() {
        return trapTable;
    }

    /** Its event, failsafe, syscall, ... callbacks. */
    public Callbacks callbacks() {
        return callbacks;
    }

    /** Its GDT and LDT. */
    public SegmentTables segments() {
        return segments;
    }

    /** How it goes back to its guest. */
    public ReturnPath returnPath() {
        return returnPath;
    }

    /** TF_kernel_mode. */
    public boolean kernelMode() {
        return kernelMode;
    }

    /** Sets the mode flag only; the mode toggle is {@code trap.ModeSwitch}. */
    public void setKernelMode(boolean value) {
        kernelMode = value;
    }

    /** mfn of the table that the guest knows as its kernel's root, 0 if none. */
    public long guestRoot() {
        return kernelBase;
    }

    /** CR3 as the guest's kernel sees it. */
    public long cr3() {
        return kernelBase << MachineMemory.FRAME_SHIFT;
    }

    /** The root table that a value for CR3 names. */
    public long rootOf(long value) {
        return (value & CR3_BITS) >>> MachineMemory.FRAME_SHIFT;
    }

    /** mfn of the kernel's L4. */
    public long kernelBase() {
        return kernelBase;
    }

    /** Sets the kernel's L4; references are the caller's business. */
    public void setKernelBase(long mfn) {
        kernelBase = mfn;
    }

    /** mfn of the user L4, 0 if unset. */
    public long userBase() {
        return userBase;
    }

    /** Sets the user L4; references are the caller's business. */
    public void setUserBase(long mfn) {
        userBase = mfn;
    }

    /** MSR C000_0103h, which RDTSCP reads. */
    public long timeStampAux() {
        return timeStampAux;
    }

    /** Sets MSR C000_0103h, 32 bits. */
    public void setTimeStampAux(long value) {
        timeStampAux = value;
    }

    /** The GS base of the mode the vCPU is not in. */
    public long inactiveGsBase() {
        return inactiveGsBase;
    }

    /** Sets the GS base of the mode the vCPU is not in. */
    public void setInactiveGsBase(long base) {
        inactiveGsBase = base;
    }

    /** SS of the kernel stack (stack_switch). */
    public int kernelSs() {
        return kernelSs;
    }

    /** RSP of the kernel stack (stack_switch). */
    public long kernelSp() {
        return kernelSp;
    }

    /** stack_switch. */
    public void setKernelStack(int ss, long sp) {
        kernelSs = ss;
        kernelSp = sp;
    }

    /** ctrlreg[2]. */
    public long cr2() {
        return cr2;
    }

    /** Sets ctrlreg[2] and vcpu_info.arch.cr2. */
    public void setCr2(long linear) {
        cr2 = linear;
        MachineMemory memory = domain.platform().memory();
        SharedLayout layout = domain.layout();
        if (layout == SharedLayout.WIDE) {
            memory.writeU64(infoMaddr + layout.cr2(), linear);
        } else {
            memory.writeU32(infoMaddr + layout.cr2(), (int) linear);
        }
    }

    /** The CR4 bits the guest has set itself. */
    public long cr4() {
        return cr4;
    }

    /** Sets the guest's CR4 bits. */
    public void setCr4(long bits) {
        cr4 = bits;
    }

    /** Virtual IOPL, 0 to 3. */
    public int iopl() {
        return iopl;
    }

    /** Sets virtual IOPL. */
    public void setIopl(int value) {
        iopl = value & 3;
    }

    /** Linear address of the I/O permission bitmap that PHYSDEVOP_set_iobitmap gave; a 1 bit denies a port. */
    public long ioBitmap() {
        return ioBitmap;
    }

    /** How many ports the bitmap describes; the others are denied. */
    public int ioBitmapPorts() {
        return ioBitmapPorts;
    }

    /** Sets the I/O permission bitmap. */
    public void setIoBitmap(long linear, int ports) {
        ioBitmap = linear;
        ioBitmapPorts = ports;
    }

    /** Machine address of its vcpu_info. */
    public long infoMaddr() {
        return infoMaddr;
    }

    /** Moves vcpu_info (register_vcpu_info). */
    public void setInfoMaddr(long maddr) {
        infoMaddr = maddr;
    }

    /** vcpu_info.evtchn_upcall_mask. */
    public boolean upcallMask() {
        return domain.platform().memory().readU8(infoMaddr + 1) != 0;
    }

    /** Sets vcpu_info.evtchn_upcall_mask. */
    public void setUpcallMask(boolean masked) {
        domain.platform().memory().writeU8(infoMaddr + 1, masked ? 1 : 0);
    }

    /** Whether vcpu_info.evtchn_upcall_pending is set. */
    public boolean upcallPending() {
        return domain.platform().memory().readU8(infoMaddr) != 0;
    }

    /** Scheduling state. */
    public RunState runState() {
        return runState;
    }

    /** Sets the scheduling state; the time spent in the old one is accounted. */
    public void setRunState(RunState value) {
        if (runState != value) {
            runState = Objects.requireNonNull(value, "value");
            runStateTimes.enter(value, domain.platform().clock().systemTime());
        }
    }

    /** Whether it is down; one that waits for an event stays {@link RunState#BLOCKED} meanwhile. */
    public boolean isDown() {
        return heldDown || runState == RunState.OFFLINE;
    }

    /** VCPUOP_down. */
    public void takeDown() {
        if (runState == RunState.BLOCKED) {
            heldDown = true;
        } else {
            setRunState(RunState.OFFLINE);
        }
    }

    /** VCPUOP_up: it goes on, or waits on. */
    public void bringUp() {
        if (runState == RunState.OFFLINE) {
            setRunState(RunState.RUNNABLE);
        }
        heldDown = false;
    }

    /** Ends its wait, if it waits. */
    public void endWait() {
        if (runState == RunState.BLOCKED) {
            setRunState(heldDown ? RunState.OFFLINE : RunState.RUNNABLE);
            heldDown = false;
        }
    }

    /** How long it has been in each scheduling state. */
    public RunStateTimes runStateTimes() {
        return runStateTimes;
    }

    /** Whether VCPUOP_initialise was done (always for vCPU 0). */
    public boolean initialised() {
        return initialised;
    }

    /** Marks the vCPU initialised. */
    public void setInitialised() {
        initialised = true;
    }

    /** Its descriptor tables and system registers, as its core sees them. */
    public DescriptorTables descriptors() {
        DescriptorTables mine = descriptors;
        if (mine == null) {
            throw new IllegalStateException("vCPU " + id + " has no descriptor tables yet");
        }
        return mine;
    }

    /** Sets the descriptor tables, once, while the machine is built. */
    public void setDescriptors(DescriptorTables value) {
        if (descriptors != null) {
            throw new IllegalStateException("vCPU " + id + " has descriptor tables already");
        }
        descriptors = Objects.requireNonNull(value, "value");
    }

    /** What the guest wrote to DR7 if the processor did not get it, else 0. */
    public long unloadedDebugControl() {
        return unloadedDebugControl;
    }

    /** Remembers what the guest wrote to DR7 without effect; 0 if DR7 is as written. */
    public void setUnloadedDebugControl(long control) {
        unloadedDebugControl = control;
    }

    /** DR6 as the guest has it; the processor's own shows only what was not reported yet. */
    public long debugStatus() {
        return debugStatus;
    }

    /** Sets DR6 as the guest has it. */
    public void setDebugStatus(long status) {
        debugStatus = status;
    }

    /** Whether an NMI waits for delivery. */
    public boolean nmiPending() {
        return nmiPending;
    }

    /** The guest gets #GP(0) on the way back to it. */
    public void raiseGeneralProtection() {
        faultDue = true;
    }

    /** Whether it gets #GP(0) now; asked once. */
    public boolean takeGeneralProtection() {
        boolean due = faultDue;
        faultDue = false;
        return due;
    }

    /** Raises an NMI, or takes it back. */
    public void setNmiPending(boolean pending) {
        nmiPending = pending;
    }

    /** Whether NMIs wait because one was delivered and the iret hypercall has not been made since. */
    public boolean nmiMasked() {
        return nmiMasked;
    }

    /** Masks or unmasks NMIs. */
    public void setNmiMasked(boolean masked) {
        nmiMasked = masked;
    }
}
