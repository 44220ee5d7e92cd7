package io.github.paravane.testkit.advisory;

import io.github.paravane.testkit.advisory.compat.CompatBugs;
import io.github.paravane.testkit.advisory.descriptor.DescriptorBugs;
import io.github.paravane.testkit.advisory.emulation.EmulationBugs;
import io.github.paravane.testkit.advisory.entry.EntryBugs;
import io.github.paravane.testkit.advisory.grant.GrantBugs;
import io.github.paravane.testkit.advisory.hypercall.HypercallBugs;
import io.github.paravane.testkit.advisory.paging.PagingBugs;
import io.github.paravane.testkit.advisory.privileged.PrivilegedBugs;
import io.github.paravane.testkit.advisory.tlb.TlbBugs;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The known bugs that the library can replay. */
public final class KnownBugs {

    private static final List<KnownBug> ALL = Stream.of(
                    PagingBugs.all(),
                    TlbBugs.all(),
                    EmulationBugs.all(),
                    GrantBugs.all(),
                    EntryBugs.all(),
                    HypercallBugs.all(),
                    DescriptorBugs.all(),
                    PrivilegedBugs.all(),
                    CompatBugs.all())
            .flatMap(List::stream)
            .toList();

    private KnownBugs() {}

    /** All of them, layer by layer; unmodifiable. */
    public static List<KnownBug> all() {
        return ALL;
    }

    /** Those of one layer; unmodifiable. */
    public static List<KnownBug> of(Layer layer) {
        return ALL.stream().filter(bug -> bug.advisory().layer() == layer).toList();
    }

    /** The bug of an id such as {@code xsa-193}, empty if there is none. */
    public static Optional<KnownBug> find(String id) {
        return ALL.stream().filter(bug -> bug.id().equals(id)).findFirst();
    }
}
