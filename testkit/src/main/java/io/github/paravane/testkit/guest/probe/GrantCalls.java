package io.github.paravane.testkit.guest.probe;

import io.github.paravane.testkit.guest.program.Array;
import io.github.paravane.testkit.guest.program.Dice;
import io.github.paravane.testkit.guest.program.Dice.Face;
import io.github.paravane.testkit.guest.program.GuestProgram;
import io.github.paravane.testkit.guest.program.Value;
import io.github.paravane.testkit.guest.program.Variable;
import io.github.paravane.testkit.runtime.Hypercalls;
import io.github.paravane.testkit.runtime.TrapWord;
import java.util.function.Consumer;

/** grant_table_op of a domain that grants to itself. */
final class GrantCalls {
    private static final int MAP = 0;
    private static final int UNMAP = 1;
    private static final int SETUP_TABLE = 2;
    private static final int COPY = 5;
    private static final int QUERY_SIZE = 6;
    private static final int UNMAP_AND_REPLACE = 7;
    private static final int SET_VERSION = 8;
    private static final int GET_STATUS_FRAMES = 9;
    private static final int GET_VERSION = 10;
    private static final int SWAP = 11;
    /** The first entries are the tools' own. */
    private static final int FIRST = 8;

    /** The number of a frame beyond any host's memory. */
    private static final long NO_FRAME = 1L << 30;

    private static final int REFERENCES = 32;
    private static final int WINDOW = 6;
    private static final int HANDLES = 8;
    private static final long MAPPING = 0x8000_0000_0000_0063L;

    private final Probe probe;
    private final GuestProgram program;
    private final Dice dice;
    private final FramePool pool;
    private final Value table;
    private final Value status;
    private final Value window;
    private final Value request;
    private final Array frames;
    private final Array handles;
    private final Array places;
    private final Variable version;
    private final Variable reference;

    GrantCalls(Probe probe, FramePool pool) {
        this.probe = probe;
        this.pool = pool;
        program = probe.program;
        dice = probe.dice;
        table = program.pages(1);
        status = program.pages(1);
        window = program.pages(WINDOW);
        request = program.bytes(64);
        frames = program.array(8);
        handles = program.array(HANDLES);
        places = program.array(HANDLES);
        version = program.variable();
        reference = program.variable();
    }

    /** Emits a loop over all references that are the probe's. */
    private void references(Consumer<Value> body) {
        Variable ref = program.variable();
        program.set(ref, FIRST);
        program.loop(ref.below(REFERENCES), () -> {
            body.accept(ref);
            program.add(ref, 1);
        });
    }

    /** Maps the first frame of the table. */
    void start() {
        program.store64(request, Value.of(Probe.SELF | 1L << 32));
        program.store64(request.plus(16), frames.address());
        call(SETUP_TABLE);
        program.run(probe.updateVaMapping(table, frames.get(0).shl(12).or(MAPPING), Value.of(2)));
        program.set(version, 1);
    }

    void any() {
        program.set(reference, dice.below(REFERENCES - FIRST).plus(FIRST));
        dice.roll(
                new Face(10, this::grant),
                new Face(10, this::map),
                new Face(8, this::unmap),
                new Face(7, this::copy),
                new Face(2, this::replace),
                new Face(1, this::tableSize),
                new Face(1, this::tableVersion),
                new Face(2, this::swap),
                new Face(6, this::touch),
                new Face(1, this::oddCommand));
    }

    private void call(int command) {
        program.run(operation(command));
    }

    private Value operation(int command) {
        return program.hypercall(Hypercalls.GRANT_TABLE_OP, Value.of(command), request, Value.of(1));
    }

    private Value entry(Value ref) {
        Value first = table.plus(ref.shl(3));
        return first.plus(version.eq(2).negated().and(ref.shl(3)));
    }

    private Variable domid() {
        Variable domid = probe.set(probe.ownDomid);
        program.when(dice.oneIn(4), () -> program.set(domid, Value.of(Probe.SELF)));
        program.when(dice.oneIn(20), () -> program.set(domid, dice.oneOf(77, 0x7ff1, 0x7ff2, 0x7fff)));
        return domid;
    }

    private Variable someReference() {
        Variable ref = probe.set(reference);
        program.when(dice.oneIn(25), () -> program.set(ref, dice.oneOf(2, 7, 511, 512, 100_000, 0xffff_ffffL)));
        return ref;
    }

    /** Writes an entry of the table: the frame first, then the flags, unless it is in use. */
    private void grant() {
        Variable at = probe.set(entry(reference));
        Variable frame = probe.set(pool.mfn(pool.keptSlot()));
        program.when(dice.oneIn(20), () -> program.set(frame, dice.oneOf(NO_FRAME, 0xffff_ffffL)));
        Variable flags = probe.set(dice.oneOf(1, 1, 1, 1, 5, 5, 0, 2, 3, 0x101, 0x105, 1 | 1 << 5, 0x21));
        Variable domid = probe.set(probe.ownDomid);
        program.when(dice.oneIn(12), () -> program.set(domid, dice.oneOf(0, 77, Probe.SELF)));
        program.when(
                version.eq(2),
                () -> {
                    program.store64(at.plus(8), frame);
                    program.store32(at.plus(4), dice.oneOf(0, 0x10_0000, 0x100_0010, 0x1000_0000L, 0x20_0ff0));
                    program.when(dice.oneIn(8), () -> program.set(flags, 3));
                    program.when(flags.eq(3), () -> refer(at));
                },
                () -> program.store32(at.plus(4), frame));
        program.store32(at, domid.shl(16).or(flags));
        probe.log.say("grant", flags, reference, pool.named(frame));
    }

    /** Another domain's grant, which this domain has been given: of itself, or of nobody. */
    private void refer(Value at) {
        program.store32(at.plus(4), probe.ownDomid);
        program.when(dice.oneIn(3), () -> program.store32(at.plus(4), Value.of(77)));
        program.store64(at.plus(8), dice.below(REFERENCES));
    }

    private Value place(Value index) {
        return window.plus(index.shl(12));
    }

    private void map() {
        Variable index = probe.set(dice.below(WINDOW));
        Variable flags = probe.set(dice.oneOf(2, 2, 2, 2, 6, 6, 1, 3, 7, 0x12, 0x16, 10, 0, 4, 0x22));
        Variable host = probe.set(place(index));
        program.when(flags.and(16), () -> program.set(host, probe.entryOf(host)));
        program.when(dice.oneIn(20), () -> program.set(host, dice.oneOf(0, 1L << 46, -1L << 47, 0x123, 8)));
        Variable ref = someReference();
        Variable domid = domid();
        program.store64(request, host);
        program.store32(request.plus(8), flags);
        program.store32(request.plus(12), ref);
        program.store16(request.plus(16), domid);
        program.store16(request.plus(18), Value.of(0x55));
        program.store32(request.plus(20), Value.of(0x5555));
        Variable result = probe.set(operation(MAP));
        Variable verdict = probe.set(request.plus(18).load16().signed16());
        Variable handle = probe.set(request.plus(20).load32());
        Variable bus = probe.set(request.plus(24).load64());
        program.when(verdict.eq(0), () -> {
            Variable at = probe.set(dice.below(HANDLES));
            handles.set(at, handle);
            places.set(at, host);
            dice.hash(pool.normal(bus));
        });
        probe.log.say("gmap", result, verdict, handle, flags, ref, index);
    }

    /** The arguments of an unmapping: mostly of one of the mappings that succeeded. */
    private Variable unmapRequest() {
        Variable at = probe.set(dice.below(HANDLES));
        program.store64(request, places.get(at));
        program.store64(request.plus(8), Value.of(0));
        program.store64(request.plus(16), handles.get(at));
        program.when(
                dice.oneIn(6),
                () -> dice.roll(
                        new Face(3, () -> program.store64(request, place(dice.below(WINDOW)))),
                        new Face(1, () -> program.store64(request, dice.oneOf(0, 0, 1L << 46, 0x123, -1L << 47))),
                        new Face(1, () -> program.store64(request.plus(8), dice.oneOf(4096, 1L << 40))),
                        new Face(1, () -> program.store32(request.plus(16), dice.oneOf(0, 1, 900, -1)))));
        program.store16(request.plus(20), Value.of(0x55));
        return at;
    }

    private void unmap() {
        Variable at = unmapRequest();
        Variable result = probe.set(operation(UNMAP));
        probe.log.say(
                "gunmap",
                result,
                request.plus(20).load16().signed16(),
                request.plus(16).load32(),
                at);
    }

    private void replace() {
        Variable at = unmapRequest();
        Variable from = probe.set(dice.below(WINDOW));
        program.store64(request.plus(8), place(from));
        program.when(dice.oneIn(6), () -> program.store64(request.plus(8), dice.oneOf(0, 0x123, -1L << 47)));
        Variable result = probe.set(operation(UNMAP_AND_REPLACE));
        probe.log.say("greplace", result, request.plus(20).load16().signed16(), at, from);
    }

    /** struct gnttab_copy: source and target of 16 bytes each, length, flags, status. */
    private void copy() {
        Variable flags = probe.set(dice.oneOf(0, 1, 1, 2, 2, 3, 3, 4));
        side(request, flags.and(1));
        side(request.plus(16), flags.and(2));
        program.store16(request.plus(32), dice.oneOf(0, 1, 8, 64, 64, 512, 4096, 4097, 0xffff));
        program.store16(request.plus(34), flags);
        program.store16(request.plus(36), Value.of(0x55));
        Variable from = probe.set(domain(request.plus(8).load16()));
        Variable to = probe.set(domain(request.plus(24).load16()));
        Variable result = probe.set(operation(COPY));
        probe.log.say("gcopy", result, request.plus(36).load16().signed16(), flags, from, to);
    }

    /** The name of a domain by its number: 1 for this one, whatever its number. */
    private Value domain(Value number) {
        return number.eq(probe.ownDomid)
                .plus(number.ne(probe.ownDomid).negated().and(number));
    }

    private void side(Value at, Value isReference) {
        Variable frame = probe.set(pool.mfn(pool.slot()));
        program.when(frame.isZero(), () -> program.set(frame, Value.of(1L << 36)));
        program.when(
                isReference,
                () -> program.set(frame, dice.below(REFERENCES - FIRST).plus(FIRST)));
        program.store64(at, frame);
        Variable domid = domid();
        program.store16(at.plus(8), domid);
        program.store16(at.plus(10), dice.oneOf(0, 0, 0, 16, 32, 256, 4095, 4096, 0xffff));
    }

    private void tableSize() {
        Variable domid = domid();
        program.store64(request, domid);
        program.store64(request.plus(8), Value.of(0));
        probe.log.say(
                "query_size",
                operation(QUERY_SIZE),
                request.plus(12).load16().signed16(),
                request.plus(4).load32(),
                request.plus(8).load32());
        program.store32(request, domid);
        program.store32(request.plus(4), dice.oneOf(0, 1, 1, 2, 65, -1));
        program.store64(request.plus(16), frames.address());
        probe.log.say(
                "setup_table", operation(SETUP_TABLE), request.plus(8).load16().signed16(), domid.eq(Probe.SELF));
    }

    /** Versions change only where nothing is in use; the mapping of status frames is in use too. */
    private void tableVersion() {
        program.when(
                dice.oneIn(2),
                () -> references(ref -> program.when(dice.below(8), () -> program.store32(entry(ref), Value.of(0)))));
        program.run(probe.updateVaMapping(status, Value.of(0), Value.of(2)));
        program.store32(request, dice.oneOf(1, 2, 2, 2, 0, 3));
        Variable result = probe.set(operation(SET_VERSION));
        program.store64(request, Value.of(Probe.SELF));
        call(GET_VERSION);
        program.set(version, request.plus(4).load32());
        probe.log.say("set_version", result, version);
        program.store64(request, Value.of(1 | Probe.SELF << 32));
        program.store64(request.plus(8), frames.address());
        Variable told = probe.set(operation(GET_STATUS_FRAMES));
        Variable verdict = probe.set(request.plus(6).load16().signed16());
        Variable mapped = probe.set(Value.of(1));
        program.when(
                verdict.eq(0),
                () -> program.set(
                        mapped,
                        probe.updateVaMapping(status, frames.get(0).shl(12).or(MAPPING), Value.of(2))));
        probe.log.say("status_frames", told, verdict, mapped);
    }

    private void swap() {
        Variable other = someReference();
        program.store32(request, reference);
        program.store32(request.plus(4), other);
        program.store16(request.plus(8), Value.of(0x55));
        probe.log.say("gswap", operation(SWAP), request.plus(8).load16().signed16(), reference, other);
    }

    /** A read and perhaps a write through one of the addresses where grants get mapped. */
    private void touch() {
        Variable index = probe.set(dice.below(WINDOW));
        Variable read = probe.set(Value.of(0));
        probe.flushAll();
        program.attempt(() -> {
            program.set(read, place(index).load64());
            program.when(dice.oneIn(2), () -> program.store64(place(index), dice.below(4096)));
        });
        Variable vector = probe.set(program.trap(TrapWord.VECTOR));
        probe.log.say("touch", vector, program.trap(TrapWord.ERROR), index, pool.normal(read));
        program.when(
                dice.oneIn(8),
                () -> probe.log.say("unmap", probe.updateVaMapping(place(index), Value.of(0), Value.of(2)), index));
    }

    private void oddCommand() {
        Variable command = probe.set(dice.oneOf(3, 4, 12, 13, 0x8000_0000L, -1));
        Variable count = probe.set(dice.oneOf(0, 1, 0, -1));
        program.when(command.eq(4).or(command.eq(12)).or(command.eq(3)), () -> program.set(count, 0));
        probe.log.say(
                "grant_op", program.hypercall(Hypercalls.GRANT_TABLE_OP, command, request, count), command, count);
    }

    /** The entries, with the names of domains and frames for their numbers, and their status words. */
    void sweep() {
        Variable frame = program.variable();
        Variable state = program.variable();
        references(ref -> {
            Variable at = probe.set(entry(ref));
            program.set(frame, 0);
            program.set(state, 0);
            program.when(
                    version.eq(1),
                    () -> program.set(frame, pool.named(at.plus(4).load32())));
            program.attempt(() -> program.when(
                    version.eq(2),
                    () -> program.set(state, status.plus(ref.shl(1)).load16())));
            probe.log.say("entry", at.load16(), ref, domain(at.plus(2).load16()), frame, state);
        });
    }
}
