package io.github.paravane.hypervisor.hypercall.compat;

import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import java.util.Map;

/** A hypercall that takes structures: the 64-bit one runs on a view of them. */
final class TranslatedCall implements Hypercall {

    private final Hypercall wide;
    private final int command;
    private final long commandMask;
    private final int argument;
    private final Map<Integer, Structure> structures;

    /**
     * @param wide the call of 64-bit guests
     * @param command number of the argument that is a command
     * @param commandMask bits of the command that tell which
     * @param argument number of the argument that points to the structure, or an array of them
     * @param structures by command; a command without one needs no translation
     */
    TranslatedCall(Hypercall wide, int command, long commandMask, int argument, Map<Integer, Structure> structures) {
        this.wide = wide;
        this.command = command;
        this.commandMask = commandMask;
        this.argument = argument;
        this.structures = Map.copyOf(structures);
    }

    /** A call whose argument 0 is its only array. */
    static TranslatedCall of(Hypercall wide, Structure structure) {
        return new TranslatedCall(wide, 0, 0, 0, Map.of(0, structure));
    }

    @Override
    public HypercallOutcome call(HypercallContext context) {
        Structure structure = structures.get((int) (context.argument(command) & commandMask));
        long base = context.argument(argument);
        if (structure == null || base == 0) {
            return wide.call(context);
        }
        StructureView view = new StructureView(context.memory(), structure, base);
        CompatContext translated = new CompatContext(context, view);
        translated.setArgument(argument, StructureView.ARRAY);
        HypercallOutcome outcome = wide.call(translated);
        if (outcome.kind() == HypercallOutcome.Kind.CONTINUED) {
            for (int i = 0; i < 6; i++) {
                long value = translated.argument(i);
                context.setArgument(i, i == argument && value >= StructureView.ARRAY ? view.element(value) : value);
            }
        }
        return outcome;
    }
}
