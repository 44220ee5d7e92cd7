package io.github.paravane.testkit.guest;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.guest.KernelPort;
import io.github.paravane.api.hypercall.XenErrno;
import java.util.ArrayList;
import java.util.List;

/** The hypercalls that the modelled kernels make, with what they need in memory. A call that fails is their end. */
final class HypervisorCalls {

    static final int PIN_L1 = 0;
    static final int PIN_L4 = 3;
    static final int UNPIN = 4;
    static final int NEW_BASEPTR = 5;
    static final int INVLPG_LOCAL = 7;
    static final int SET_LDT = 13;
    static final int NEW_USER_BASEPTR = 15;

    static final int UPDATE_VA_MAPPING = 14;
    static final int MMUEXT_OP = 26;
    static final int STACK_SWITCH = 3;
    static final int FPU_TASKSWITCH = 5;
    static final int SET_SEGMENT_BASE = 25;
    static final int SEGMENT_FS = 0;
    static final int SEGMENT_GS_USER = 1;

    static final long KERNEL_SS = 0xE02B;
    static final long USER_CS = 0xE033;
    static final long SELF = 0x7FF0;

    private static final int SET_TRAP_TABLE = 0;
    private static final int GATE_MASKS_EVENTS = 4;
    private static final int SET_GDT = 2;
    private static final int SET_CALLBACKS = 4;
    private static final int MULTICALL = 13;
    private static final int XEN_VERSION = 17;
    private static final int VM_ASSIST = 21;
    private static final int SCHED_OP = 29;
    private static final int CALLBACK_OP = 30;
    private static final int CALLBACK_EVENT = 0;
    private static final int CALLBACK_FAILSAFE = 1;
    private static final int CALLBACK_SYSCALL = 2;
    private static final int CALLBACK_NMI = 4;
    private static final int MASK_EVENTS = 1;
    private static final int GDT_ENTRIES = 16;
    private static final int TRAP_BYTES = 16;
    private static final int EXTENDED_BYTES = 24;
    private static final int MULTICALL_BYTES = 64;
    private static final int SHUTDOWN = 2;

    private final KernelPort port;
    private final long page;

    /** Calls with their arguments in a page of their own. */
    HypervisorCalls(KernelPort port, long page) {
        this.port = port;
        this.page = page;
    }

    /** One command of mmuext_op. */
    record Extended(int command, long argument) {}

    /** mmuext_op with several commands in one call. */
    void extended(Extended... commands) {
        for (int n = 0; n < commands.length; n++) {
            store(page + (long) EXTENDED_BYTES * n, commands[n]);
        }
        require("mmuext_op", port.hypercall(MMUEXT_OP, page, commands.length, 0, SELF));
    }

    private void store(long at, Extended command) {
        port.store(at, 8, command.command);
        port.store(at + 8, 8, command.argument);
        port.store(at + 16, 8, 0);
    }

    void extended(int command, long argument) {
        extended(new Extended(command, argument));
    }

    void call(String name, int number, long... arguments) {
        require(name, port.hypercall(number, arguments));
    }

    /** Several calls in one: mmuext_op commands are given as {@link Extended}, other calls by number and arguments. */
    final class Multicall {

        private static final int MOST = 24;
        private final List<Object> calls = new ArrayList<>();

        Multicall add(Extended command) {
            calls.add(command);
            return flushIfFull();
        }

        Multicall add(int number, long... arguments) {
            long[] words = new long[arguments.length + 1];
            words[0] = number;
            System.arraycopy(arguments, 0, words, 1, arguments.length);
            calls.add(words);
            return flushIfFull();
        }

        private Multicall flushIfFull() {
            if (calls.size() == MOST) {
                flush();
            }
            return this;
        }

        /** Makes the calls. */
        void flush() {
            if (calls.isEmpty()) {
                return;
            }
            long commands = page + (long) MULTICALL_BYTES * MOST;
            for (int n = 0; n < calls.size(); n++) {
                long at = page + (long) MULTICALL_BYTES * n;
                if (calls.get(n) instanceof Extended command) {
                    long argument = commands + (long) EXTENDED_BYTES * n;
                    store(argument, command);
                    entry(at, MMUEXT_OP, argument, 1, 0, SELF);
                } else {
                    entry(at, (long[]) calls.get(n));
                }
            }
            require("multicall", port.hypercall(MULTICALL, page, calls.size()));
            for (int n = 0; n < calls.size(); n++) {
                require("call " + n + " of a multicall", port.load(page + (long) MULTICALL_BYTES * n + 8, 8));
            }
            calls.clear();
        }

        private void entry(long at, long... words) {
            port.store(at, 8, words[0]);
            port.store(at + 8, 8, 0);
            for (int n = 1; n < words.length; n++) {
                port.store(at + 8 + 8L * n, 8, words[n]);
            }
        }
    }

    Multicall multicall() {
        return new Multicall();
    }

    long version() {
        return port.hypercall(XEN_VERSION, 0);
    }

    /** The digit behind the dot in the extra version: the 1 of {@code .1-xvm}. */
    long revision(long buffer) {
        port.hypercall(XEN_VERSION, 1, buffer);
        return port.load(buffer + 1, 1) - '0';
    }

    /** Whether the text behind the revision is {@code -xvm}. */
    boolean isXvm(long buffer) {
        return port.load(buffer + 2, 4) == 0x6D76_782D;
    }

    void assist(int type) {
        require("vm_assist", port.hypercall(VM_ASSIST, 0, type));
    }

    /** Gives a read-only page as GDT. */
    void setGdt(long mfn) {
        port.store(page, 8, mfn);
        require("set_gdt", port.hypercall(SET_GDT, page, GDT_ENTRIES));
    }

    /** Registers the handlers of the exceptions, each call with {@code each} of them. */
    void setTraps(int vectors, int each) {
        for (int first = 0; first < vectors; first += each) {
            for (int n = 0; n < each; n++) {
                long at = page + (long) TRAP_BYTES * n;
                // Before 3.2 an NMI gate has to mask events.
                int flags = first + n == Trap.NMI ? GATE_MASKS_EVENTS : 0;
                port.store(at, 8, first + n | flags << 8 | USER_CS << 16);
                port.store(at + 8, 8, port.handlerAddress(first + n));
            }
            port.store(page + (long) TRAP_BYTES * each, 8, 0);
            port.store(page + (long) TRAP_BYTES * each + 8, 8, 0);
            require("set_trap_table", port.hypercall(SET_TRAP_TABLE, page));
        }
    }

    /** Registers the callbacks by callback_op, or all at once where the hypervisor does not know that call yet. */
    void setCallbacks(boolean masksForEvents, boolean nmi) {
        long first = register(CALLBACK_EVENT, masksForEvents ? MASK_EVENTS : 0, ProcessRunner.EVENT);
        if (first == -XenErrno.ENOSYS.number()) {
            require(
                    "set_callbacks",
                    port.hypercall(
                            SET_CALLBACKS,
                            port.handlerAddress(ProcessRunner.EVENT),
                            port.handlerAddress(ProcessRunner.FAILSAFE),
                            port.handlerAddress(ProcessRunner.SYSCALL)));
            return;
        }
        require("callback_op event", first);
        require("callback_op failsafe", register(CALLBACK_FAILSAFE, MASK_EVENTS, ProcessRunner.FAILSAFE));
        require("callback_op syscall", register(CALLBACK_SYSCALL, MASK_EVENTS, ProcessRunner.SYSCALL));
        long result = nmi ? register(CALLBACK_NMI, 0, ProcessRunner.NMI) : 0;
        if (result != -XenErrno.EINVAL.number()) {
            // A version without that type of callback refuses it; a kernel lives without NMIs.
            require("callback_op nmi", result);
        }
    }

    private long register(int type, int flags, int handler) {
        port.store(page, 8, type | flags << 16);
        port.store(page + 8, 8, port.handlerAddress(handler));
        return port.hypercall(CALLBACK_OP, 0, page);
    }

    /** Ends the domain. */
    static void shutDown(KernelPort port, int reason) {
        long request = port.registers().gpr(Registers.RSP) - 64;
        port.store(request, 8, reason);
        port.hypercall(SCHED_OP, SHUTDOWN, request);
    }

    private static void require(String call, long result) {
        KernelSpace.check(call, result);
    }
}
