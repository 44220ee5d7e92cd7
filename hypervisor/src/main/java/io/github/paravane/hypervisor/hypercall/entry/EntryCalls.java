package io.github.paravane.hypervisor.hypercall.entry;

import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.trap.Iret;
import java.util.Map;

/** The hypercalls of this package by name. */
public final class EntryCalls {

    private EntryCalls() {}

    /** Puts one row per hypercall into {@code rows}. */
    public static void register(Platform platform, Iret iret, Map<String, Hypercall> rows) {
        rows.put("set_trap_table", new SetTrapTable(platform));
        rows.put("set_callbacks", new SetCallbacks(platform));
        rows.put("callback_op", new CallbackOp(platform));
        rows.put("nmi_op", new NmiOp(platform));
        rows.put("stack_switch", new StackSwitch(platform));
        rows.put("fpu_taskswitch", new FpuTaskswitch(platform));
        rows.put("set_debugreg", new SetDebugreg(platform));
        rows.put("get_debugreg", new GetDebugreg(platform));
        rows.put("set_segment_base", new SetSegmentBase(platform));
        rows.put("iret", new IretCall(platform, iret));
        rows.put("multicall", new Multicall(platform));
    }
}
