package io.github.paravane.testkit.advisory.descriptor;

import io.github.paravane.testkit.advisory.KnownBug;
import java.util.List;

/** The known bugs of this layer. */
public final class DescriptorBugs {

    private DescriptorBugs() {}

    /** All of them; unmodifiable. */
    public static List<KnownBug> all() {
        return List.of(
                DescriptorWindow.bug(),
                EmptyLdt.bug(),
                TypeZero.bug(),
                UserLdt.bug(),
                DescriptorGap.bug(),
                HighLdt.bug(),
                CallGate.bug(),
                BeyondLdt.bug());
    }
}
