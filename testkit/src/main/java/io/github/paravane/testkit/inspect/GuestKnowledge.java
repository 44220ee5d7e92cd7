package io.github.paravane.testkit.inspect;

import io.github.paravane.testkit.guest.AddressSpace;
import io.github.paravane.testkit.guest.KernelObject;
import io.github.paravane.testkit.guest.KernelThread;
import io.github.paravane.testkit.guest.ModelKernel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a debugger knows of a guest beside its memory; a copy, which does not follow the guest.
 *
 * @param symbols names of places in the kernel, by address
 * @param objects what the kernel allocated
 * @param threads the kernel's threads
 * @param spaces processes: name, and linear address of the kernel root and of the user root
 */
public record GuestKnowledge(
        List<Symbol> symbols, List<KernelObject> objects, List<KernelThread> threads, List<Space> spaces) {

    public GuestKnowledge {
        symbols = symbols.stream().sorted(Comparator.comparing(Symbol::linear)).toList();
        objects = List.copyOf(objects);
        threads = List.copyOf(threads);
        spaces = List.copyOf(spaces);
    }

    /**
     * A name.
     *
     * @param module the kernel module, for instance unix
     * @param name the name
     * @param linear where it is
     * @param size its bytes
     */
    public record Symbol(String module, String name, long linear, long size) {}

    /**
     * A process's tables, named by where the kernel's own mapping has them.
     *
     * @param name the process
     * @param kernelRoot root in guest-kernel mode
     * @param userRoot root in guest-user mode
     */
    public record Space(String name, long kernelRoot, long userRoot) {}

    /** Nothing but what memory itself tells. */
    public static GuestKnowledge none() {
        return new GuestKnowledge(List.of(), List.of(), List.of(), List.of());
    }

    /** What a modelled kernel holds now. */
    public static GuestKnowledge of(ModelKernel<?> kernel) {
        List<Space> spaces = new ArrayList<>();
        for (AddressSpace each : kernel.model().addressSpaces()) {
            spaces.add(new Space(each.name(), each.kernelRoot(), each.userRoot()));
        }
        return new GuestKnowledge(
                List.of(), kernel.model().objects(), kernel.model().threads(), spaces);
    }

    /**
     * The labels of a kernel's code, for instance {@code AssembledCode.symbols()}; each reaches to the next, the last to
     * {@code end}.
     */
    public static GuestKnowledge ofSymbols(String module, Map<String, Long> labels, long end) {
        List<Map.Entry<String, Long>> sorted =
                labels.entrySet().stream().sorted(Map.Entry.comparingByValue()).toList();
        List<Symbol> symbols = new ArrayList<>();
        for (int n = 0; n < sorted.size(); n++) {
            long start = sorted.get(n).getValue();
            long next = n + 1 < sorted.size() ? sorted.get(n + 1).getValue() : end;
            symbols.add(new Symbol(module, sorted.get(n).getKey(), start, next - start));
        }
        return new GuestKnowledge(symbols, List.of(), List.of(), List.of());
    }

    /** The symbol that an address lies in. */
    Optional<Symbol> symbol(long address) {
        return symbols.stream()
                .filter(each -> Long.compareUnsigned(address - each.linear, each.size) < 0)
                .findFirst();
    }
}
