package io.github.paravane.hypervisor.hypercall.entry;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.GuestFault;
import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Deadline;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.hypercall.CallContext;

/**
 * multicall(list, count): entries of eight words (op, result, six arguments), each run like a hypercall and answered in
 * place (abi-reference 3.11). A failing entry does not stop the list; one that cannot be read or answered ends it with
 * EFAULT, and one that does not return ends it for good.
 */
public final class Multicall implements Hypercall {

    private static final int WORDS = 8;
    private static final int ENTRIES_AT_ONCE = 4096;
    private static final HypercallOutcome INVALID = HypercallOutcome.failed(XenErrno.EINVAL);
    private static final HypercallOutcome BAD_ADDRESS = HypercallOutcome.failed(XenErrno.EFAULT);

    private final Platform platform;
    private final Deadline deadline;
    private final boolean outlivesIret;
    private final int word;
    private final int entrySize;

    public Multicall(Platform platform) {
        this(platform, Long.BYTES);
    }

    /** {@code word}: bytes of a guest's word, 8 or 4. */
    public Multicall(Platform platform, int word) {
        this.word = word;
        entrySize = WORDS * word;
        this.platform = platform;
        deadline = platform.deadline();
        outlivesIret = platform.profile().has(Quirk.MULTICALL_OUTLIVES_IRET);
    }

    @Override
    public HypercallOutcome call(HypercallContext context) {
        if (context.inMulticall()) {
            return INVALID;
        }
        if (!(context instanceof CallContext outer)) {
            throw new IllegalArgumentException(
                    "multicall needs the dispatcher's own context, not " + context.getClass());
        }
        long list = context.argument(0);
        int count = context.argument32(1);
        if (!context.memory().inGuestRange(list, count & 0xFFFF_FFFFL, entrySize)) {
            return BAD_ADDRESS;
        }
        return run(outer, list, count);
    }

    private HypercallOutcome run(CallContext outer, long list, int count) {
        CallContext call = outer.nested();
        GuestBuffer memory = outer.memory();
        boolean left = false;
        for (int i = 0; i != count; i++) {
            long entry = list + (long) i * entrySize;
            if (i == ENTRIES_AT_ONCE || platform.isDueBefore(i) || i > 0 && deadline.isPassed()) {
                return resume(outer, entry, count - i);
            }
            call.begin(call.decode(read(memory, entry, 0)));
            for (int k = 0; k < CallContext.ARGUMENTS; k++) {
                call.setArgument(k, read(memory, entry, 2 + k));
            }
            HypercallOutcome outcome = call.run();
            switch (outcome.kind()) {
                case COMPLETED -> write(memory, entry, 1, outcome.result());
                case CONTINUED -> {
                    for (int k = 0; k < CallContext.ARGUMENTS; k++) {
                        write(memory, entry, 2 + k, call.argument(k));
                    }
                    return resume(outer, entry, count - i);
                }
                case NO_RETURN -> {
                    if (!platform.current().domain().isRunning()) {
                        return outcome;
                    }
                    if (!outlivesIret) {
                        return leave(memory, entry, outcome);
                    }
                    write(memory, entry, 1, platform.current().registers().gpr(Registers.RAX));
                    left = true;
                }
            }
        }
        if (left) {
            platform.current().registers().setGpr(Registers.RAX, 0);
        }
        return left ? HypercallOutcome.NO_RETURN : HypercallOutcome.OK;
    }

    private long read(GuestBuffer memory, long entry, int index) {
        return word == Long.BYTES
                ? memory.readU64(entry + (long) Long.BYTES * index)
                : memory.readU32(entry + (long) Integer.BYTES * index) & 0xFFFF_FFFFL;
    }

    private void write(GuestBuffer memory, long entry, int index, long value) {
        if (word == Long.BYTES) {
            memory.writeU64(entry + (long) Long.BYTES * index, value);
        } else {
            memory.writeU32(entry + (long) Integer.BYTES * index, (int) value);
        }
    }

    /** iret answers with RAX, in its entry if that can be written; the batch answers with the low half of it, as an int. */
    private HypercallOutcome leave(GuestBuffer memory, long entry, HypercallOutcome outcome) {
        Registers registers = platform.current().registers();
        long rax = registers.gpr(Registers.RAX);
        try {
            write(memory, entry, 1, rax);
        } catch (GuestFault unwritten) {
            // Nobody is left to be told: the guest goes on elsewhere.
        }
        registers.setGpr(Registers.RAX, (int) rax);
        return outcome;
    }

    private static HypercallOutcome resume(CallContext outer, long entry, int count) {
        outer.setArgument(0, entry);
        outer.setArgument(1, count & 0xFFFF_FFFFL);
        return HypercallOutcome.CONTINUED;
    }
}
