package io.github.paravane.samples.cli;

import io.github.paravane.testkit.guest.ModelKernel;
import io.github.paravane.testkit.guest.ModelMachine;
import io.github.paravane.testkit.guest.UserProgram;
import io.github.paravane.testkit.inspect.GuestKnowledge;
import io.github.paravane.testkit.inspect.Inspector;
import io.github.paravane.testkit.inspect.Mdb;
import io.github.paravane.testkit.inspect.MdbException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code paravane mdb}: MDB's verbs on a system that is stopped while a process runs. */
@Command(
        name = "mdb",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Stop a system while the process 'spin' runs and carry out commands such as",
            "ffffff01d6f09c00::whatis, 600000::vatopfn -a spin, ::threadlist -t; ::dcmds lists them.",
            "Without COMMAND they are read from standard input, on a terminal with a prompt."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:each command was carried out", "1:a command was wrong", "2:wrong use"})
public final class MdbCommand implements Callable<Integer> {

    /** Enough for boot and the first steps of the process. */
    private static final long INSTRUCTIONS = 20_000;

    private final InputStream in;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private SystemOptions options = new SystemOptions();

    @Option(names = "-k", description = "look at the running kernel, which is all there is")
    private boolean kernelTarget;

    @Parameters(paramLabel = "COMMAND", description = "carried out one after the other")
    private List<String> commands = new ArrayList<>();

    /** A command on the process's own standard input. */
    public MdbCommand() {
        this(System.in);
    }

    MdbCommand(InputStream in) {
        this.in = in;
    }

    @Override
    public Integer call() {
        ModelKernel<?> kernel = options.system().kernel();
        kernel.run("spin", UserProgram.spin());
        ModelMachine machine = new ModelMachine(options.profile(), kernel);
        machine.play(INSTRUCTIONS);
        PrintWriter out = spec.commandLine().getOut();
        if (kernel.panic() != null) {
            out.println("panic: " + kernel.panic());
        }
        Mdb mdb = new Mdb(Inspector.of(machine.domain(), GuestKnowledge.of(kernel)));
        boolean good = true;
        if (!commands.isEmpty()) {
            for (String command : commands) {
                good &= execute(mdb, command);
            }
        } else {
            good = read(mdb, in == System.in && Terminal.isPresent());
        }
        return good ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private boolean read(Mdb mdb, boolean prompts) {
        PrintWriter out = spec.commandLine().getOut();
        boolean good = true;
        try {
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            while (true) {
                if (prompts) {
                    out.print("> ");
                    out.flush();
                }
                String line = lines.readLine();
                if (line == null || line.strip().equals("$q") || line.strip().equals("::quit")) {
                    return good || prompts;
                }
                good &= execute(mdb, line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean execute(Mdb mdb, String command) {
        PrintWriter out = spec.commandLine().getOut();
        try {
            mdb.execute(command).forEach(out::println);
            return true;
        } catch (MdbException e) {
            out.flush();
            spec.commandLine().getErr().println("mdb: " + e.getMessage());
            spec.commandLine().getErr().flush();
            return false;
        } finally {
            out.flush();
        }
    }
}
