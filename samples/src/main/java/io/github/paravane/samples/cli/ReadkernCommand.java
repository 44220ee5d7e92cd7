package io.github.paravane.samples.cli;

import io.github.paravane.testkit.guest.ModelKernel;
import io.github.paravane.testkit.guest.ModelMachine;
import io.github.paravane.testkit.guest.UserProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code paravane readkern}: a user process tries to load from a kernel address; what it prints is printed here. */
@Command(
        name = "readkern",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Run a user process for each address that tries to load from it, and prints the address",
            "if that succeeds."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:the process ran, whatever it could read", "1:the kernel panicked", "2:wrong use"})
public final class ReadkernCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private SystemOptions options = new SystemOptions();

    @Parameters(arity = "1..*", paramLabel = "ADDRESS", description = "in hexadecimal digits")
    private List<String> addresses = new ArrayList<>();

    @Override
    public Integer call() {
        ModelKernel<?> kernel = options.system().kernel();
        for (int n = 0; n < addresses.size(); n++) {
            kernel.run("readkern " + n, program(addresses.get(n)));
        }
        new ModelMachine(options.profile(), kernel).play();
        if (kernel.panic() != null) {
            spec.commandLine().getErr().println("paravane: the kernel panicked: " + kernel.panic());
            return CommandLine.ExitCode.SOFTWARE;
        }
        kernel.ends().values().forEach(end -> spec.commandLine().getOut().print(end.output()));
        spec.commandLine().getOut().flush();
        return CommandLine.ExitCode.OK;
    }

    private byte[] program(String address) {
        try {
            return UserProgram.readkernPrinting(address);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
