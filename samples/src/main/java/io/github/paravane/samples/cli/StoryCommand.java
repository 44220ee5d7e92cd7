package io.github.paravane.samples.cli;

import io.github.paravane.samples.story.Story;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code paravane story}: plays the three bugs of 2007. An unknown ABI is wrong use: exit status 2. */
@Command(
        name = "story",
        description = "Play the three bugs of 2007 with guest kernels, and print who is faulty where.",
        mixinStandardHelpOptions = true)
public final class StoryCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--abi",
            paramLabel = "NAME",
            description = "only this version, for instance xen-3.1.1; without it the versions of the story")
    private @Nullable String abi;

    @Override
    public Integer call() {
        Story story = new Story(spec.commandLine().getOut());
        if (abi == null) {
            story.tell();
        } else {
            story.tell(AbiCommand.profile(spec.commandLine(), abi));
        }
        return CommandLine.ExitCode.OK;
    }
}
