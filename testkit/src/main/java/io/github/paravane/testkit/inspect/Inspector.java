package io.github.paravane.testkit.inspect;

import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.PageWalk;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.testkit.guest.KernelThread;
import io.github.paravane.testkit.guest.Mapping;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A look at a domain between two runs. It reads machine memory and the registers of vCPU 0 and changes nothing; what it
 * found of tables when it was made it keeps, so make a new one after each run.
 *
 * <p>Tables are named by the address at which the guest kernel itself maps them, the way a kernel debugger would; a table
 * that the kernel does not map is named by its machine address. Levels count from 0 for leaf entries, as in Solaris.
 *
 * <pre>{@code
 * Inspector inspector = Inspector.of(machine.domains().get(0), GuestKnowledge.of(kernel));
 * inspector.vatopfn(0x60_0000).ifPresent(mapping -> System.out.print(mapping.vatopfn()));
 * System.out.println(inspector.whatis(0xffffff01d6f09c00L).line());
 * }</pre>
 */
public final class Inspector {

    private static final long HYPERVISOR_START = 0xFFFF_8000_0000_0000L;
    private static final long HYPERVISOR_END = 0xFFFF_8800_0000_0000L;
    private static final int SLOTS = 512;

    private final Domain domain;
    private final Vcpu vcpu;
    private final MachineMemory memory;
    private final GuestKnowledge knowledge;
    private final TableMap tables;
    private final Map<String, Long> roots = new LinkedHashMap<>();

    private Inspector(Domain domain, GuestKnowledge knowledge) {
        this.domain = domain;
        this.vcpu = domain.vcpus().get(0);
        this.memory = domain.platform().memory();
        this.knowledge = knowledge;
        roots.put("", vcpu.kernelBase());
        for (GuestKnowledge.Space each : knowledge.spaces()) {
            rootMfn(each.kernelRoot()).ifPresent(mfn -> roots.putIfAbsent(each.name(), mfn));
        }
        List<Long> all = new ArrayList<>(roots.values());
        if (vcpu.userBase() != 0) {
            all.add(vcpu.userBase());
        }
        tables = new TableMap(memory, all);
    }

    /** A look at a guest of which nothing is known but its memory. */
    public static Inspector of(Domain domain) {
        return of(domain, GuestKnowledge.none());
    }

    /** A look at a guest. */
    public static Inspector of(Domain domain, GuestKnowledge knowledge) {
        return new Inspector(Objects.requireNonNull(domain, "domain"), Objects.requireNonNull(knowledge, "knowledge"));
    }

    private OptionalLong rootMfn(long linear) {
        PageWalk walk = vcpu.paging().walk(vcpu.kernelBase(), linear);
        return walk.isMapped() ? OptionalLong.of(walk.maddr() >>> 12) : OptionalLong.empty();
    }

    /** What is known of the guest beside its memory. */
    public GuestKnowledge knowledge() {
        return knowledge;
    }

    /** How the tables that the kernel has loaded map an address; empty if they do not. */
    public Optional<Mapping> vatopfn(long linear) {
        return vatopfn(linear, vcpu.kernelBase());
    }

    /** How the tables of a process map an address; {@link IllegalArgumentException} if there is none of that name. */
    public Optional<Mapping> vatopfn(long linear, String process) {
        Long root = roots.get(process);
        if (root == null) {
            throw new IllegalArgumentException("no process has the name '" + process + "'");
        }
        return vatopfn(linear, (long) root);
    }

    private Optional<Mapping> vatopfn(long linear, long root) {
        PageWalk walk = vcpu.paging().walk(root, linear);
        if (!walk.isMapped()) {
            return Optional.empty();
        }
        List<Mapping.Level> levels = new ArrayList<>();
        for (PageWalk.Step step : walk.steps()) {
            levels.add(0, new Mapping.Level(step.level() - 1, seenAt(step.entryMaddr() >>> 12), step.entry()));
        }
        long mfn = walk.maddr() >>> 12;
        return Optional.of(new Mapping(linear, levels, mfnToPfn(mfn).orElse(-1), mfn));
    }

    /** An entry, explained. */
    public PteInfo pte(long entry, int level) {
        return new PteInfo(entry, level);
    }

    /** The table in a frame. */
    public PageTable ptable(long mfn) {
        TableMap.Table known = tables.tables().get(mfn);
        return listed(known == null ? new TableMap.Table(mfn, 0, 0, 0) : known, known != null);
    }

    /** The table in a frame that is taken for one of level 0 to 3. */
    public PageTable ptable(long mfn, int level) {
        TableMap.Table known = tables.tables().get(mfn);
        boolean same = known != null && known.level() == level;
        return listed(same && known != null ? known : new TableMap.Table(mfn, level, 0, 0), true);
    }

    private PageTable listed(TableMap.Table table, boolean known) {
        if (table.mfn() < 0 || table.mfn() >= memory.frames()) {
            throw new IllegalArgumentException("no frame has the number 0x" + Long.toHexString(table.mfn()));
        }
        List<PageTable.Entry> entries = new ArrayList<>();
        for (int slot = 0; slot < SLOTS; slot++) {
            PteInfo pte = new PteInfo(memory.readU64((table.mfn() << 12) + 8L * slot), table.level());
            if (pte.isValid()) {
                entries.add(new PageTable.Entry(slot, TableMap.linear(table, slot), pte));
            }
        }
        return new PageTable(seenAt(table.mfn()), table.level(), known, entries);
    }

    /** Who maps a frame. */
    public PageMaps reportMaps(long mfn) {
        TableMap.Table table = tables.tables().get(mfn);
        List<PageMaps.Map> maps = new ArrayList<>();
        for (TableMap.Leaf each : tables.leaves(mfn)) {
            maps.add(new PageMaps.Map(seenAt(each.root()), each.linear()));
        }
        return new PageMaps(table == null ? 0 : seenAt(mfn), table == null ? 0 : seenAt(table.root()), maps);
    }

    /** What an address is: the first answer of {@link #whatisAll}. */
    public Whatis whatis(long address) {
        return whatisAll(address).get(0);
    }

    /** All that an address is; at least one answer. */
    public List<Whatis> whatisAll(long address) {
        List<Whatis> found = new ArrayList<>();
        knowledge
                .symbol(address)
                .ifPresent(symbol -> found.add(new Whatis(
                        address,
                        symbol.linear(),
                        Whatis.Kind.SYMBOL,
                        0,
                        symbol.name() + "+" + Long.toHexString(address - symbol.linear()) + " in " + symbol.module()
                                + "'s text segment")));
        knowledge.objects().stream()
                .filter(object -> object.contains(address))
                .forEach(object -> found.add(Whatis.of(object, address)));
        if (Long.compareUnsigned(address, HYPERVISOR_START) >= 0 && Long.compareUnsigned(address, HYPERVISOR_END) < 0) {
            found.add(new Whatis(address, HYPERVISOR_START, Whatis.Kind.HYPERVISOR, 0, "in the hypervisor's range"));
        } else {
            vatopfn(address).flatMap(mapping -> ofPage(address, mapping)).ifPresent(found::add);
        }
        if (found.isEmpty()) {
            found.add(new Whatis(address, address, Whatis.Kind.UNKNOWN, 0, "unknown"));
        }
        return found;
    }

    private Optional<Whatis> ofPage(long address, Mapping mapping) {
        long page = address & ~0xFFFL;
        TableMap.Table table = tables.tables().get(mapping.mfn());
        if (table != null) {
            return Optional.of(new Whatis(
                    address,
                    page,
                    Whatis.Kind.PAGE_TABLE,
                    0,
                    "page table of level " + table.level() + " for hat " + Long.toHexString(seenAt(table.root()))));
        }
        if (mapping.mfn() == domain.sharedInfoMfn()) {
            return Optional.of(new Whatis(address, page, Whatis.Kind.SHARED_INFO, 0, "the shared_info page"));
        }
        return address >= 0
                ? Optional.of(
                        new Whatis(address, page, Whatis.Kind.USER_PAGE, 0, "a page of the process that is loaded"))
                : Optional.empty();
    }

    /** The threads, those that are free left out. */
    public List<KernelThread> threads() {
        return knowledge.threads().stream()
                .filter(thread -> thread.kind() != KernelThread.Kind.FREE)
                .toList();
    }

    /** The guest's number of a frame, by the hypervisor's table; empty if the frame has none. */
    public OptionalLong mfnToPfn(long mfn) {
        if (mfn < 0 || mfn >= memory.frames()) {
            return OptionalLong.empty();
        }
        PageWalk walk = vcpu.paging().walk(vcpu.kernelBase(), HYPERVISOR_START + 8 * mfn);
        if (!walk.isMapped()) {
            return OptionalLong.empty();
        }
        long pfn = memory.readU64(walk.maddr());
        return pfn < 0 || pfn > memory.frames() ? OptionalLong.empty() : OptionalLong.of(pfn);
    }

    /** The frame of a guest's page; empty if no frame that the guest maps has that number. */
    public OptionalLong pfnToMfn(long pfn) {
        for (long mfn : tables.mapped()) {
            OptionalLong found = mfnToPfn(mfn);
            if (found.isPresent() && found.getAsLong() == pfn) {
                return OptionalLong.of(mfn);
            }
        }
        return OptionalLong.empty();
    }

    /** The roots: that of the kernel as it is loaded, then those of the processes that are known. */
    public List<Long> hats() {
        return roots.values().stream().distinct().map(this::seenAt).toList();
    }

    /** Where the kernel sees a frame. */
    private long seenAt(long mfn) {
        for (TableMap.Leaf each : tables.leaves(mfn)) {
            if (each.linear() < 0) {
                return each.linear();
            }
        }
        return mfn << 12;
    }

    /** Reads 1 to 8 bytes as the kernel sees them; empty if one of them is not mapped. */
    public OptionalLong read(long linear, int size) {
        long value = 0;
        for (int n = 0; n < size; n++) {
            PageWalk walk = vcpu.paging().walk(vcpu.kernelBase(), linear + n);
            if (!walk.isMapped() || walk.maddr() >>> 12 >= memory.frames()) {
                return OptionalLong.empty();
            }
            value |= (long) memory.readU8(walk.maddr()) << 8 * n;
        }
        return OptionalLong.of(value);
    }
}
