package io.github.paravane.testkit.advisory;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.ECX;
import static io.github.paravane.testkit.asm.Gpr.EDX;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Memory.dword;
import static io.github.paravane.testkit.asm.Memory.ptr;
import static io.github.paravane.testkit.asm.Memory.qword;
import static io.github.paravane.testkit.asm.Memory.word;

import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Gpr;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.asm.Memory;
import io.github.paravane.testkit.runtime.GuestRuntime;
import io.github.paravane.testkit.runtime.Hypercalls;

/**
 * Steps that guests of known bugs take with grants: the guest grants pages to itself and maps them a second time (Xen
 * public/grant_table.h). A status is in RAX; registers are clobbered as by {@link TableSteps}.
 */
public final class GrantSteps {

    /** GNTMAP_device_map. */
    public static final int DEVICE_MAP = 1;

    /** GNTMAP_host_map. */
    public static final int HOST_MAP = 1 << 1;

    /** GNTMAP_readonly. */
    public static final int READ_ONLY = 1 << 2;

    /** GNTMAP_contains_pte. */
    public static final int CONTAINS_PTE = 1 << 4;

    /** GTF_permit_access. */
    public static final int PERMIT_ACCESS = 1;

    /** GTF_readonly. */
    public static final int PERMIT_READ = PERMIT_ACCESS | 1 << 2;

    private static final int MAP = 0;
    private static final int UNMAP = 1;
    private static final int SETUP_TABLE = 2;
    private static final int COPY = 5;
    private static final int UNMAP_AND_REPLACE = 7;
    private static final int SET_VERSION = 8;
    private static final int GET_STATUS_FRAMES = 9;
    private static final int TARGET_IS_REFERENCE = 1 << 1;
    private static final int ALLOC_UNBOUND = 6;
    private static final int STATUS = 5;

    private final BugGuest guest;
    private final GuestRuntime runtime;
    private final TableSteps tables;
    private final Assembler asm;
    private final Label table;
    private final Label operation;
    private final Label self;
    private final Label list;

    /** Steps of a guest. */
    public GrantSteps(BugGuest guest, TableSteps tables) {
        this.guest = guest;
        this.tables = tables;
        runtime = guest.runtime();
        asm = guest.asm();
        table = runtime.page("grant_table");
        operation = asm.label("grant_operation");
        self = asm.label("grant_self");
        list = asm.label("grant_list");
        runtime.data(() -> asm.align(8)
                .bind(operation)
                .zeros(64)
                .bind(self)
                .u64(0)
                .bind(list)
                .zeros(64));
    }

    /** Learns the domain's own number and maps the first frame of its grant table. */
    public GrantSteps start() {
        asm.mov(dword(ptr(operation)), GuestRuntime.DOMID_SELF << 16 | GuestRuntime.DOMID_SELF);
        runtime.call(Hypercalls.EVENT_CHANNEL_OP, ALLOC_UNBOUND, operation);
        tables.orSkip("this version does not have the event channel call");
        asm.mov(EAX, ptr(operation, 4));
        asm.mov(dword(ptr(operation)), GuestRuntime.DOMID_SELF).mov(ptr(operation, 4), EAX);
        runtime.call(Hypercalls.EVENT_CHANNEL_OP, STATUS, operation);
        tables.require("asking for the state of a port");
        asm.movzx(EAX, word(ptr(operation, 16))).mov(ptr(self), RAX);
        asm.mov(dword(ptr(operation)), GuestRuntime.DOMID_SELF).mov(dword(ptr(operation, 4)), 1);
        asm.lea(RAX, ptr(list)).mov(ptr(operation, 16), RAX);
        runtime.call(Hypercalls.GRANT_TABLE_OP, SETUP_TABLE, operation, 1);
        tables.require("setting up the grant table");
        asm.movsx(RAX, word(ptr(operation, 8)));
        tables.require("setting up the grant table");
        asm.mov(RAX, ptr(list)).shl(RAX, 12).or(RAX, (int) TableSteps.PAGE).mov(Gpr.RSI, RAX);
        asm.lea(Gpr.RDI, ptr(table)).mov(EDX, 2);
        runtime.hypercall(Hypercalls.UPDATE_VA_MAPPING);
        return requireStatus("mapping the grant table");
    }

    /** Grants a page to the domain itself by an entry of version 1; {@code flags} are GTF_*. */
    public GrantSteps permit(int reference, Label page, int flags) {
        return permit(reference, page, flags, 0);
    }

    /** The same to the domain whose number is that of this one plus {@code other}. */
    public GrantSteps permit(int reference, Label page, int flags, int other) {
        runtime.machineFrame(page);
        asm.mov(dword(ptr(table, 8 * reference + 4)), EAX);
        asm.mov(RAX, ptr(self)).add(RAX, other).shl(RAX, 16).or(RAX, flags);
        asm.mov(dword(ptr(table, 8 * reference)), EAX);
        return this;
    }

    /** RAX: the flags of the entry of a reference, as they are now. */
    public GrantSteps flags(int reference) {
        asm.movzx(EAX, word(ptr(table, 8 * reference)));
        return this;
    }

    /** map_grant_ref of an own grant at the address in RAX; {@code flags} are GNTMAP_*. */
    public GrantSteps map(int reference, int flags) {
        asm.mov(ptr(operation), RAX).mov(dword(ptr(operation, 8)), flags);
        asm.mov(dword(ptr(operation, 12)), reference);
        // map_grant_ref does not know DOMID_SELF
        asm.mov(RAX, ptr(self)).mov(dword(ptr(operation, 16)), EAX);
        asm.mov(dword(ptr(operation, 20)), -1);
        runtime.call(Hypercalls.GRANT_TABLE_OP, MAP, operation, 1);
        tables.require("grant_table_op");
        asm.movsx(RAX, word(ptr(operation, 18)));
        return this;
    }

    /** After {@link #map}: its handle. */
    public Memory handle() {
        return dword(ptr(operation, 20));
    }

    /** After {@link #map}: the machine address of the frame. */
    public Memory deviceAddress() {
        return qword(ptr(operation, 24));
    }

    /** unmap_grant_ref of the address in RAX, the device address in RBX and the handle in ECX. */
    public GrantSteps unmap() {
        return end(UNMAP);
    }

    /** unmap_and_replace of the address in RAX by what is mapped at RBX; the handle is in ECX. */
    public GrantSteps unmapAndReplace() {
        return end(UNMAP_AND_REPLACE);
    }

    /** Copies 8 bytes from the start of a page to the start of an own grant. */
    public GrantSteps copyTo(int reference, Label page) {
        runtime.machineFrame(page);
        asm.mov(ptr(operation), RAX).mov(qword(ptr(operation, 8)), GuestRuntime.DOMID_SELF);
        asm.mov(RAX, ptr(self)).mov(ptr(operation, 24), RAX).mov(qword(ptr(operation, 16)), reference);
        asm.mov(dword(ptr(operation, 32)), TARGET_IS_REFERENCE << 16 | 8).mov(dword(ptr(operation, 36)), 0);
        runtime.call(Hypercalls.GRANT_TABLE_OP, COPY, operation, 1);
        tables.require("grant_table_op");
        asm.movsx(RAX, word(ptr(operation, 36)));
        return this;
    }

    /** set_version of the grant table; RAX is 0 or a negative errno. */
    public GrantSteps setVersion(int version) {
        asm.mov(dword(ptr(operation)), version);
        runtime.call(Hypercalls.GRANT_TABLE_OP, SET_VERSION, operation, 1);
        return this;
    }

    /** RAX: the frame number of the first status frame; the table has version 2. */
    public GrantSteps statusFrame() {
        asm.mov(dword(ptr(operation)), 1).mov(dword(ptr(operation, 4)), GuestRuntime.DOMID_SELF);
        asm.lea(RAX, ptr(list)).mov(ptr(operation, 8), RAX);
        runtime.call(Hypercalls.GRANT_TABLE_OP, GET_STATUS_FRAMES, operation, 1);
        tables.require("grant_table_op");
        asm.movsx(RAX, word(ptr(operation, 6)));
        tables.require("asking for status frames");
        asm.mov(RAX, ptr(list));
        return this;
    }

    private GrantSteps end(int command) {
        asm.mov(ptr(operation), RAX).mov(ptr(operation, 8), RBX).mov(ptr(operation, 16), ECX);
        asm.mov(dword(ptr(operation, 20)), 0);
        runtime.call(Hypercalls.GRANT_TABLE_OP, command, operation, 1);
        tables.orSkip("this version does not have the operation");
        asm.movsx(RAX, word(ptr(operation, 20)));
        return this;
    }

    /** Ends the guest with ERROR unless RAX is 0. */
    public GrantSteps requireStatus(String step) {
        tables.require(step);
        return this;
    }
}
