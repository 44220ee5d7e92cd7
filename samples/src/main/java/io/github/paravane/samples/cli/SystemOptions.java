package io.github.paravane.samples.cli;

import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.testkit.guest.StorySystem;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say which system a command looks at. Runs repeat exactly, so each command may play it anew. */
final class SystemOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--system",
            paramLabel = "NAME",
            defaultValue = "solaris-old",
            description = "solaris-old, solaris-new, blog-order, synopsis or linux (default: ${DEFAULT-VALUE})")
    private String name = "solaris-old";

    @Option(names = "--abi", paramLabel = "NAME", description = "another hypervisor than the system's own")
    private @Nullable String abi;

    /** The system; an unknown one is wrong use. */
    StorySystem system() {
        return StorySystem.find(name)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "no system has the name '" + name + "'; there are: "
                                + Arrays.stream(StorySystem.values())
                                        .map(StorySystem::label)
                                        .collect(Collectors.joining(", "))));
    }

    /** The version it runs on. */
    AbiProfile profile() {
        String other = abi;
        return other == null ? system().profile() : AbiCommand.profile(spec.commandLine(), other);
    }
}
