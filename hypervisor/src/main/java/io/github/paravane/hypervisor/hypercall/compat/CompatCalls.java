package io.github.paravane.hypervisor.hypercall.compat;

import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.hypercall.entry.Multicall;
import io.github.paravane.hypervisor.trap.CompatIret;
import java.util.HashMap;
import java.util.Map;

/** The hypercalls of 32-bit domains by name: those of 64-bit ones, behind other arguments and structures. */
public final class CompatCalls {

    private static final long WORD = 0xFFFF_FFFFL;
    private static final int GRANT_COMMAND = (1 << 12) - 1;

    private CompatCalls() {}

    /** All rows for 32-bit domains of a machine whose rows for 64-bit ones are {@code wide}. */
    public static Map<String, Hypercall> of(Platform platform, Map<String, Hypercall> wide) {
        Map<String, Hypercall> rows = new HashMap<>(wide);
        CompatTrapCalls traps = new CompatTrapCalls(platform);
        rows.put("set_trap_table", traps::setTrapTable);
        rows.put("stack_switch", traps::stackSwitch);
        rows.put("set_callbacks", traps::setCallbacks);
        rows.put("callback_op", traps::callback);
        rows.put("nmi_op", traps::nmi);
        rows.put("multicall", new Multicall(platform, Integer.BYTES));
        CompatIret iret = new CompatIret(platform);
        rows.put("iret", context -> iret.perform(context.memory()));
        rows.remove("set_segment_base");
        rows.computeIfPresent("update_va_mapping", (name, call) -> joined(call, 1));
        rows.computeIfPresent("update_va_mapping_otherdomain", (name, call) -> joined(call, 1));
        rows.computeIfPresent("update_descriptor", (name, call) -> joined(joined(call, 1), 0));
        rows.computeIfPresent("set_timer_op", (name, call) -> joined(call, 0));
        rows.computeIfPresent("set_gdt", (name, call) -> TranslatedCall.of(call, Structures.ONE_WORD));
        rows.computeIfPresent("mmuext_op", (name, call) -> {
            Hypercall translated = TranslatedCall.of(call, Structures.MMUEXT);
            return platform.profile().has(Quirk.LONG_MMUEXT_LOSES_PLACE)
                    ? new LostPlace(platform, translated)
                    : translated;
        });
        long memoryCommand = (1L << platform.profile().get(MmuRules.EXTENT_SHIFT)) - 1;
        translate(rows, "memory_op", memoryCommand, 1, Structures.memory());
        translate(rows, "grant_table_op", GRANT_COMMAND, 1, Structures.grants());
        translate(rows, "vcpu_op", WORD, 2, Structures.vcpu());
        translate(rows, "sched_op", WORD, 1, Structures.scheduler());
        translate(rows, "xen_version", WORD, 1, Structures.version());
        translate(rows, "physdev_op", WORD, 1, Structures.devices());
        if (!platform.profile().has(Quirk.OLD_PHYSDEV_WIDE)) {
            Hypercall devices = rows.get("physdev_op");
            rows.computeIfPresent(
                    "physdev_op_compat", (name, call) -> devices == null ? call : new OldDeviceCall(devices));
        }
        return rows;
    }

    private static void translate(
            Map<String, Hypercall> rows, String name, long mask, int argument, Map<Integer, Structure> structures) {
        rows.computeIfPresent(name, (unused, call) -> new TranslatedCall(call, 0, mask, argument, structures));
    }

    /** A call with a 64-bit argument, which a 32-bit guest passes as two: {@code first} and the one after it. */
    private static Hypercall joined(Hypercall wide, int first) {
        return context -> {
            HypercallContext whole = new CompatContext(context, context.memory());
            whole.setArgument(first, context.argument(first) & WORD | context.argument(first + 1) << 32);
            for (int i = first + 1; i < 5; i++) {
                whole.setArgument(i, context.argument(i + 1));
            }
            return wide.call(whole);
        };
    }
}
