package io.github.paravane.testkit.guest;

import io.github.paravane.api.cpu.Registers;

/** The registers of a process that is not in user mode. */
final class UserState {

    private static final int GPRS = 16;
    private static final long RFLAGS_IF = 0x202;

    long rip = UserProgram.CODE;
    long cs = HypervisorCalls.USER_CS;
    long rflags = RFLAGS_IF;
    long rsp = UserProgram.STACK + 4096;
    long ss = HypervisorCalls.KERNEL_SS;
    private final long[] gprs = new long[GPRS];

    long gpr(int number) {
        return gprs[number];
    }

    void setGpr(int number, long value) {
        gprs[number] = value;
    }

    /** Takes what a kernel finds at an entry; RCX and R11 as SYSRET would leave them. */
    void save(Registers registers, SyscallFrame frame) {
        for (int n = 0; n < GPRS; n++) {
            gprs[n] = registers.gpr(n);
        }
        rip = frame.rip();
        cs = frame.cs() & 0xFFFF;
        rflags = frame.rflags();
        rsp = frame.rsp();
        ss = frame.ss();
        gprs[Registers.RCX] = rip;
        gprs[Registers.R11] = rflags;
    }

    /** Loads all that the iret frame does not carry. */
    void restore(Registers registers) {
        for (int n = 0; n < GPRS; n++) {
            if (n != Registers.RSP) {
                registers.setGpr(n, gprs[n]);
            }
        }
    }

    void copy(UserState other) {
        System.arraycopy(other.gprs, 0, gprs, 0, GPRS);
        rip = other.rip;
        cs = other.cs;
        rflags = other.rflags;
        rsp = other.rsp;
        ss = other.ss;
    }
}
