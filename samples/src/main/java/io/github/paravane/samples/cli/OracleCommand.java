package io.github.paravane.samples.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code paravane oracle}: what a kernel prints on a real Xen, and whether it prints the same here. */
@Command(
        name = "oracle",
        description = "Record what a kernel prints on a real Xen, and compare with what it prints here.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(record | compare)",
        subcommands = {OracleRecordCommand.class, OracleCompareCommand.class})
public final class OracleCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "one of record and compare is missing");
    }
}
