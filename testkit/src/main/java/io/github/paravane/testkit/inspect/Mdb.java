package io.github.paravane.testkit.inspect;

import io.github.paravane.testkit.guest.KernelThread;
import io.github.paravane.testkit.guest.Mapping;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * MDB's commands on a stopped guest, with the syntax and the output of 2007: {@code ADDRESS::verb ARGUMENTS}, several joined
 * by {@code |}, where each but the last gives bare addresses to the next.
 *
 * <p>Verbs: {@code ::vatopfn [-a PROCESS]}, {@code ::pte [-l LEVEL]}, {@code ::ptable [-m] [-l LEVEL]}, {@code ::htables},
 * {@code ::report_maps [-m]}, {@code ::pfntomfn}, {@code ::mfntopfn}, {@code ::whatis [-abiv]}, {@code ::threadlist [-t]
 * [-v] [COUNT]}, {@code ::dcmds}. Numbers are hexadecimal; {@code 0t} marks decimal ones. They differ from MDB's where it
 * would need a Solaris: {@code ::pte} shows G and Xen's guest-kernel bit, {@code -a} takes a process's name, a table is
 * named by the address at which the kernel sees it.
 *
 * <pre>{@code
 * List<String> lines = new Mdb(inspector).execute("ffffff01d6f09c00::whatis");
 * }</pre>
 */
public final class Mdb {

    private static final String ROW = "%16s %16s %16s ";

    private final Inspector inspector;
    private final Map<String, Verb> verbs = new LinkedHashMap<>();

    /** What a verb does; {@code address} is null if none was given, {@code piped} whether a command follows. */
    private interface Verb {
        List<String> run(@Nullable Long address, List<String> words, boolean piped);
    }

    /** Commands on what an inspector sees. */
    public Mdb(Inspector inspector) {
        this.inspector = Objects.requireNonNull(inspector, "inspector");
        verbs.put("vatopfn", this::vatopfn);
        verbs.put("pte", this::pte);
        verbs.put("ptable", this::ptable);
        verbs.put("htables", this::htables);
        verbs.put("report_maps", this::reportMaps);
        verbs.put("pfntomfn", this::pfnToMfn);
        verbs.put("mfntopfn", this::mfnToPfn);
        verbs.put("whatis", this::whatis);
        verbs.put("threadlist", this::threadlist);
        verbs.put(
                "dcmds",
                (address, words, piped) -> verbs.keySet().stream().sorted().toList());
    }

    /**
     * Carries out a command line and gives the lines that it prints; an empty line prints nothing. {@link MdbException} for
     * one that is wrong.
     */
    public List<String> execute(String line) {
        List<@Nullable Long> addresses = new ArrayList<>();
        addresses.add(null);
        List<String> printed = new ArrayList<>();
        String[] stages = line.split("\\|", -1);
        if (line.isBlank()) {
            return printed;
        }
        for (int n = 0; n < stages.length; n++) {
            boolean last = n == stages.length - 1;
            List<String> output = new ArrayList<>();
            for (Long address : addresses) {
                output.addAll(stage(stages[n].strip(), address, !last));
            }
            if (last) {
                printed = output;
            } else {
                addresses = new ArrayList<>();
                for (String each : output) {
                    addresses.add(MdbArguments.parse(each));
                }
            }
        }
        return printed;
    }

    private List<String> stage(String text, @Nullable Long piped, boolean followed) {
        int colons = text.indexOf("::");
        if (colons < 0) {
            throw new MdbException("syntax error near '" + text + "'");
        }
        String before = text.substring(0, colons).strip();
        List<String> words =
                new ArrayList<>(List.of(text.substring(colons + 2).strip().split("\\s+")));
        String name = words.remove(0);
        Verb verb = verbs.get(name);
        if (verb == null) {
            throw new MdbException("invalid command '::" + name + "': unknown dcmd name");
        }
        return verb.run(before.isEmpty() ? piped : Long.valueOf(address(before)), words, followed);
    }

    /** A number, or a symbol's name, which may have an offset. */
    private long address(String text) {
        int plus = text.indexOf('+');
        String name = plus < 0 ? text : text.substring(0, plus).strip();
        long offset = plus < 0 ? 0 : MdbArguments.parse(text.substring(plus + 1).strip());
        for (GuestKnowledge.Symbol each : inspector.knowledge().symbols()) {
            if (each.name().equals(name)) {
                return each.linear() + offset;
            }
        }
        return MdbArguments.parse(name) + offset;
    }

    private static long required(String verb, @Nullable Long address) {
        if (address == null) {
            throw new MdbException("::" + verb + ": must specify an address");
        }
        return address;
    }

    private static String hex(long value) {
        return Long.toHexString(value);
    }

    private List<String> vatopfn(@Nullable Long given, List<String> words, boolean piped) {
        MdbArguments arguments = new MdbArguments("vatopfn", words, "", "a");
        arguments.requireNoOperands();
        long address = required("vatopfn", given);
        Optional<Mapping> found;
        try {
            found = arguments.has('a') ? inspector.vatopfn(address, arguments.value('a')) : inspector.vatopfn(address);
        } catch (IllegalArgumentException e) {
            throw new MdbException("::vatopfn: " + e.getMessage());
        }
        if (piped) {
            return found.map(mapping -> List.of("0x" + hex(mapping.pfn()))).orElse(List.of());
        }
        return found.map(mapping -> mapping.vatopfn().lines().toList())
                .orElse(List.of("Address " + hex(address) + " is unmapped."));
    }

    private List<String> pte(@Nullable Long given, List<String> words, boolean piped) {
        MdbArguments arguments = new MdbArguments("pte", words, "", "l");
        arguments.requireNoOperands();
        PteInfo pte = inspector.pte(required("pte", given), level(arguments));
        return List.of(piped ? hex(pte.mfn()) : pte.line());
    }

    private static int level(MdbArguments arguments) {
        long level = arguments.number('l').orElse(0);
        if (level < 0 || level > 3) {
            throw new MdbException("invalid page table level " + level);
        }
        return (int) level;
    }

    private long mfn(String verb, @Nullable Long given, MdbArguments arguments) {
        long number = required(verb, given);
        if (arguments.has('m')) {
            return number;
        }
        OptionalLong mfn = inspector.pfnToMfn(number);
        return mfn.orElseThrow(() -> new MdbException("::" + verb + ": PFN missing"));
    }

    private List<String> ptable(@Nullable Long given, List<String> words, boolean piped) {
        MdbArguments arguments = new MdbArguments("ptable", words, "m", "l");
        arguments.requireNoOperands();
        long mfn = mfn("ptable", given, arguments);
        try {
            PageTable table = arguments.has('l') ? inspector.ptable(mfn, level(arguments)) : inspector.ptable(mfn);
            return piped
                    ? table.entries().stream()
                            .map(each -> hex(each.pte().entry()))
                            .toList()
                    : table.lines();
        } catch (IllegalArgumentException e) {
            throw new MdbException("::ptable: " + e.getMessage());
        }
    }

    private List<String> htables(@Nullable Long given, List<String> words, boolean piped) {
        new MdbArguments("htables", words, "", "").requireNoOperands();
        return inspector.hats().stream()
                .filter(hat -> given == null || hat.equals(given))
                .map(Mdb::hex)
                .toList();
    }

    private List<String> reportMaps(@Nullable Long given, List<String> words, boolean piped) {
        MdbArguments arguments = new MdbArguments("report_maps", words, "m", "");
        arguments.requireNoOperands();
        PageMaps maps = inspector.reportMaps(mfn("report_maps", given, arguments));
        return piped ? maps.maps().stream().map(each -> hex(each.linear())).toList() : maps.lines();
    }

    private List<String> pfnToMfn(@Nullable Long given, List<String> words, boolean piped) {
        return List.of(hex(mfn("pfntomfn", given, new MdbArguments("pfntomfn", words, "", ""))));
    }

    private List<String> mfnToPfn(@Nullable Long given, List<String> words, boolean piped) {
        new MdbArguments("mfntopfn", words, "", "").requireNoOperands();
        OptionalLong pfn = inspector.mfnToPfn(required("mfntopfn", given));
        return List.of(hex(pfn.orElseThrow(() -> new MdbException("::mfntopfn: Invalid mfn"))));
    }

    private List<String> whatis(@Nullable Long given, List<String> words, boolean piped) {
        MdbArguments arguments = new MdbArguments("whatis", words, "abiv", "");
        arguments.requireNoOperands();
        long address = required("whatis", given);
        List<Whatis> found = arguments.has('a') ? inspector.whatisAll(address) : List.of(inspector.whatis(address));
        if (arguments.has('b')) {
            found = found.stream().filter(each -> each.bufctl() != 0).toList();
        }
        if (piped) {
            return found.stream().map(each -> hex(each.start())).toList();
        }
        List<String> lines = new ArrayList<>();
        if (arguments.has('v')) {
            lines.add("Searching " + inspector.knowledge().symbols().size() + " symbols, "
                    + inspector.knowledge().objects().size() + " objects and the page tables ...");
        }
        if (found.isEmpty()) {
            lines.add(hex(address) + " is unknown");
        }
        found.forEach(each -> lines.add(each.line()));
        return lines;
    }

    private List<String> threadlist(@Nullable Long given, List<String> words, boolean piped) {
        MdbArguments arguments = new MdbArguments("threadlist", words, "tv", "");
        boolean verbose = arguments.has('v');
        List<String> operands = arguments.operands();
        if (operands.size() > (verbose ? 1 : 0)) {
            throw new MdbException(
                    "usage error: a count needs -v, and there is one at most: ::threadlist [-t] [-v [count]]");
        }
        if (verbose && !operands.isEmpty()) {
            // No thread of a modelled kernel has a stack to show; the count must still be a number.
            MdbArguments.parse(operands.get(0));
        }
        List<KernelThread> threads = inspector.threads().stream()
                .filter(each -> given == null || each.linear() == given)
                .filter(each -> !arguments.has('t') || each.kind() != KernelThread.Kind.TASKQ)
                .toList();
        if (piped) {
            return threads.stream().map(each -> hex(each.linear())).toList();
        }
        List<String> lines = new ArrayList<>();
        lines.add(ROW.formatted("ADDR", "PROC", "LWP") + (verbose ? "CLS PRI            WCHAN" : "CMD/LWPID"));
        for (KernelThread each : threads) {
            String columns = "%016x %16x %16x ".formatted(each.linear(), each.proc(), each.lwp());
            lines.add(verbose ? columns + "%3d %3d %16x".formatted(0, 0, 0) : columns + name(each));
            if (verbose) {
                lines.add("  PC: 0    " + purpose(each));
                lines.add("");
            }
        }
        return lines;
    }

    private static String name(KernelThread thread) {
        return switch (thread.kind()) {
            case TASKQ -> " tq:" + thread.name();
            case KERNEL -> " " + thread.name() + "()";
            case USER, FREE -> " " + thread.name() + "/" + thread.id();
        };
    }

    private static String purpose(KernelThread thread) {
        return switch (thread.kind()) {
            case TASKQ -> "TASKQ: " + thread.name();
            case KERNEL -> "THREAD: " + thread.name() + "()";
            case USER, FREE -> "CMD: " + thread.name();
        };
    }
}
