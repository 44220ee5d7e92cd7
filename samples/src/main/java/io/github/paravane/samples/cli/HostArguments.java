package io.github.paravane.samples.cli;

import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.domain.HostOptions;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.KnownBugs;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The hypervisor that a kernel is run on: a version, or the profile of a known bug, and how its host was booted. */
final class HostArguments {

    private static final String FIXED = ":fixed";

    @Option(
            names = "--abi",
            paramLabel = "NAME",
            defaultValue = "xen-4.17",
            description = "which hypervisor to be, see 'paravane abi list' (default: ${DEFAULT-VALUE})")
    private String abi = "xen-4.17";

    @Option(
            names = "--bug",
            paramLabel = "ID[:fixed]",
            description = "be the hypervisor that has this known bug (see fixture list), or the one without it")
    private @Nullable String bug;

    @Option(names = "--superpages", description = "allow superpages (Xen's boot option allowsuperpage, 3.4 to 4.9)")
    private boolean superpages;

    @Option(
            names = "--relaxed-msrs",
            description = "unknown MSRs read as 0 (xl's msr_relaxed, 4.15 and later; before they always do)")
    private boolean relaxedMsrs;

    /** The profile; {@link IllegalArgumentException} for a name that there is not. */
    AbiProfile profile() {
        String named = bug;
        if (named == null) {
            return AbiProfiles.find(abi)
                    .orElseThrow(() -> new IllegalArgumentException("no ABI is named '" + abi + "'; there are: "
                            + AbiProfiles.all().stream().map(AbiProfile::name).collect(Collectors.joining(", "))));
        }
        boolean fixed = named.endsWith(FIXED);
        String id = fixed ? named.substring(0, named.length() - FIXED.length()) : named;
        KnownBug found = KnownBugs.find(id)
                .orElseThrow(() -> new IllegalArgumentException(
                        "no known bug is named '" + id + "', see 'paravane fixture list'"));
        return fixed ? found.fixed() : found.faulty();
    }

    HostOptions options() {
        return HostOptions.DEFAULT.withSuperpages(superpages);
    }

    DomainConfig applyTo(DomainConfig domain) {
        return relaxedMsrs ? domain.relaxedMsrs() : domain;
    }
}
