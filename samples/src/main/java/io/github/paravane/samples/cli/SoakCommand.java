package io.github.paravane.samples.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code paravane soak}: long runs of random guests, which end at the first thing that is wrong. */
@Command(
        name = "soak",
        description = "Attack the machine with random guests for as long as asked.",
        mixinStandardHelpOptions = true,
        subcommands = {
            SoakGuestsCommand.class,
            SoakMemoryCommand.class,
        })
public final class SoakCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "what to soak is missing");
    }
}
