package io.github.paravane.testkit.guest;

import io.github.paravane.api.guest.KernelPort;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a modelled kernel holds beside its tables, and what became of it: heap objects, threads, functions, processes. A
 * debugger finds here what symbols and allocators would tell it of a real kernel.
 */
public final class KernelModel {

    private final Deque<Run> queue = new ArrayDeque<>();
    private final Map<Long, HeapPage> heap = new LinkedHashMap<>();
    private final Map<Long, Mapping> mappings = new LinkedHashMap<>();
    private final List<KernelFunction> functions = new ArrayList<>();
    private final List<KernelObject> objects = new ArrayList<>();
    private final List<KernelThread> threads = new ArrayList<>();
    private final List<BiConsumer<KernelPort, KernelSpace>> returns = new ArrayList<>();
    private final List<SyscallFrame> frames = new ArrayList<>();
    private final List<AddressSpace> spaces = new ArrayList<>();
    private final Map<String, ProcessEnd> ends = new LinkedHashMap<>();
    private Consumer<String> marks = name -> {};
    private Consumer<KernelFunction> probe = function -> {};
    private boolean preempts;
    private long ticks;
    private @Nullable String panic;

    /** A program that waits for its process. */
    record Run(String name, byte[] code) {}

    /** A page of the kernel's heap: how its entry is written (null: as the kernel writes them) and bits beyond the usual. */
    record HeapPage(@Nullable PteWrite how, long bits) {}

    KernelModel() {}

    void map(long linear, @Nullable PteWrite how, long bits) {
        heap.put(linear & ~0xFFFL, new HeapPage(how, bits));
    }

    void add(KernelObject object) {
        objects.add(Objects.requireNonNull(object, "object"));
        heap.putIfAbsent(object.linear() & ~0xFFFL, new HeapPage(null, 0));
    }

    void add(KernelThread thread) {
        threads.add(Objects.requireNonNull(thread, "thread"));
        add(new KernelObject(thread.linear(), KernelThread.SIZE, 0, "thread structure"));
    }

    void add(KernelFunction function) {
        functions.add(Objects.requireNonNull(function, "function"));
    }

    void beforeReturn(BiConsumer<KernelPort, KernelSpace> action) {
        returns.add(Objects.requireNonNull(action, "action"));
    }

    void run(String name, byte[] code) {
        queue.add(new Run(Objects.requireNonNull(name, "name"), code.clone()));
    }

    void onMark(Consumer<String> marker) {
        marks = Objects.requireNonNull(marker, "marker");
    }

    void onEntry(Consumer<KernelFunction> listener) {
        probe = Objects.requireNonNull(listener, "listener");
    }

    void preempt() {
        preempts = true;
    }

    boolean preempts() {
        return preempts;
    }

    void tick() {
        ticks++;
    }

    @Nullable
    Run nextRun() {
        return queue.poll();
    }

    Map<Long, HeapPage> heap() {
        return heap;
    }

    void mark(String name) {
        marks.accept(name);
    }

    /** Calls the functions of a path: each tells the probe and loads from its object. */
    void walkPath(KernelPort port, KernelFunction.Path path) {
        for (KernelFunction each : functions) {
            if (each.path() == path) {
                probe.accept(each);
                port.load(each.arg0(), 8);
            }
        }
    }

    /** Does what was asked for before each return to a process that was switched to. */
    void beforeReturn(KernelPort port, KernelSpace space) {
        returns.forEach(each -> each.accept(port, space));
    }

    void record(Mapping mapping) {
        mappings.put(mapping.linear(), mapping);
    }

    void record(SyscallFrame frame) {
        frames.add(frame);
    }

    void record(String name, ProcessEnd end) {
        ends.put(name, end);
    }

    void setPanic(String why) {
        panic = why;
    }

    void add(AddressSpace space) {
        spaces.add(space);
    }

    void remove(AddressSpace space) {
        spaces.remove(space);
    }

    /** The objects on the kernel's heap. */
    public List<KernelObject> objects() {
        return Collections.unmodifiableList(objects);
    }

    /** The kernel's threads. */
    public List<KernelThread> threads() {
        return Collections.unmodifiableList(threads);
    }

    /** The processes' tables: those that live now. */
    public List<AddressSpace> addressSpaces() {
        return Collections.unmodifiableList(spaces);
    }

    /** How kernel pages and user pages were mapped, by page, as the kernel read its tables when it had written the entry. */
    public Map<Long, Mapping> mappings() {
        return Collections.unmodifiableMap(mappings);
    }

    /** The frames of the system calls so far. */
    public List<SyscallFrame> frames() {
        return Collections.unmodifiableList(frames);
    }

    /** How the processes ended, by name. */
    public Map<String, ProcessEnd> ends() {
        return Collections.unmodifiableMap(ends);
    }

    /** How many events of the timer the kernel has seen. */
    public long ticks() {
        return ticks;
    }

    /** Why the kernel gave up, or null. */
    public @Nullable String panic() {
        return panic;
    }

    /** What {@code ::whatis} says of an address. */
    public String whatis(long address) {
        return objects.stream()
                .filter(object -> object.contains(address))
                .findFirst()
                .map(object -> object.whatis(address))
                .orElse(Long.toHexString(address) + " is unknown");
    }
}
