package io.github.paravane.testkit.runtime;

/** Numbers of hypercalls and of some of their commands (Xen public/xen.h). */
public final class Hypercalls {

    public static final int SET_TRAP_TABLE = 0;
    public static final int MMU_UPDATE = 1;
    public static final int SET_GDT = 2;
    public static final int STACK_SWITCH = 3;
    public static final int SET_CALLBACKS = 4;
    public static final int FPU_TASKSWITCH = 5;
    public static final int SET_DEBUGREG = 8;
    public static final int GET_DEBUGREG = 9;
    public static final int UPDATE_DESCRIPTOR = 10;
    public static final int MEMORY_OP = 12;
    public static final int MULTICALL = 13;
    public static final int UPDATE_VA_MAPPING = 14;
    public static final int SET_TIMER_OP = 15;
    public static final int XEN_VERSION = 17;
    public static final int CONSOLE_IO = 18;
    public static final int GRANT_TABLE_OP = 20;
    public static final int VM_ASSIST = 21;
    public static final int UPDATE_VA_MAPPING_OTHERDOMAIN = 22;
    public static final int IRET = 23;
    public static final int VCPU_OP = 24;
    public static final int SET_SEGMENT_BASE = 25;
    public static final int MMUEXT_OP = 26;
    public static final int NMI_OP = 28;
    public static final int SCHED_OP = 29;
    public static final int CALLBACK_OP = 30;
    public static final int EVENT_CHANNEL_OP = 32;
    public static final int PHYSDEV_OP = 33;

    /** mmuext_op commands. */
    public static final int PIN_L1_TABLE = 0;

    public static final int PIN_L2_TABLE = 1;
    public static final int PIN_L3_TABLE = 2;
    public static final int PIN_L4_TABLE = 3;
    public static final int UNPIN_TABLE = 4;
    public static final int NEW_BASEPTR = 5;
    public static final int TLB_FLUSH_LOCAL = 6;
    public static final int INVLPG_LOCAL = 7;
    public static final int TLB_FLUSH_MULTI = 8;
    public static final int INVLPG_MULTI = 9;
    public static final int TLB_FLUSH_ALL = 10;
    public static final int INVLPG_ALL = 11;
    public static final int FLUSH_CACHE = 12;
    public static final int SET_LDT = 13;
    public static final int NEW_USER_BASEPTR = 15;

    private Hypercalls() {}
}
