package io.github.paravane.samples.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code paravane} command: prints its version and usage. */
@Command(
        name = "paravane",
        version = "paravane 0.1.0-SNAPSHOT",
        mixinStandardHelpOptions = true,
        subcommands = {
            AbiCommand.class,
            DemoCommand.class,
            DtraceCommand.class,
            FixtureCommand.class,
            MdbCommand.class,
            OracleCommand.class,
            ProbeCommand.class,
            ReadkernCommand.class,
            RunCommand.class,
            SoakCommand.class,
            StoryCommand.class,
        })
public final class Paravane implements Runnable {
    public static void main(String[] args) {
        System.exit(new CommandLine(new Paravane()).execute(args));
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }
}
