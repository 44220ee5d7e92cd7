package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.decode.Op;

// Generated from opcodes.txt by src/build/generate_dispatch.py; do not edit.
/** Operations of the integer and system families. */
final class IntegerDispatch {
    private IntegerDispatch() {}

    static void execute(Core c, Insn i) {
        switch (i.op) {
            case Op.UNDEFINED:
                Core.undefined(c, i);
                break;
            case Op.UNIMPLEMENTED:
                Core.unimplemented(c, i);
                break;
            case Op.TOO_LONG:
                Core.tooLong(c, i);
                break;
            default:
                Core.unimplemented(c, i);
                break;
        }
    }
}
