package io.github.paravane.samples.cli;

import io.github.paravane.testkit.guest.KernelFunction;
import io.github.paravane.testkit.guest.ModelKernel;
import io.github.paravane.testkit.guest.ModelMachine;
import io.github.paravane.testkit.guest.UserProgram;
import io.github.paravane.testkit.inspect.ProbeScript;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code paravane dtrace}: watches the kernel's functions while a process runs. A wrong script is wrong use: exit status 2. */
@Command(
        name = "dtrace",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Print what a function-entry probe says while a process makes system calls, for instance",
            "-qn 'fbt:genunix::entry /arg0 > `kernelbase/ { printf(\"%%p \", arg0); }'"
        })
public final class DtraceCommand implements Callable<Integer> {

    private static final int MOST_CALLS = 100_000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private SystemOptions options = new SystemOptions();

    @Option(names = "-q", description = "print only what the script prints")
    private boolean quiet;

    @Option(names = "-n", paramLabel = "SCRIPT", required = true, description = "the probe, its predicate and action")
    private String script = "";

    @Option(
            names = "--calls",
            paramLabel = "N",
            defaultValue = "0",
            description = "system calls of the process before the one that ends it (default: ${DEFAULT-VALUE})")
    private int calls;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        ProbeScript probe;
        try {
            probe = ProbeScript.parse(script);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "invalid probe script: " + e.getMessage(), e);
        }
        if (calls < 0 || calls > MOST_CALLS) {
            throw new ParameterException(spec.commandLine(), "calls out of range [0, " + MOST_CALLS + "]: " + calls);
        }
        if (!quiet) {
            out.println("CPU FUNCTION:NAME");
        }
        ModelKernel<?> kernel = options.system().kernel();
        kernel.onEntry(function -> print(out, probe, function));
        kernel.run("workload", calls == 0 ? UserProgram.exit() : UserProgram.touchAndCall(calls));
        boolean survived = new ModelMachine(options.profile(), kernel).play();
        out.flush();
        if (!survived) {
            spec.commandLine().getErr().println("paravane: the kernel panicked: " + kernel.panic());
            return CommandLine.ExitCode.SOFTWARE;
        }
        return CommandLine.ExitCode.OK;
    }

    private void print(PrintWriter out, ProbeScript probe, KernelFunction function) {
        String text = probe.fire(function);
        if (quiet) {
            out.print(text);
        } else if (!text.isEmpty()) {
            out.println("  0 " + function.name() + ":entry " + text);
        }
    }
}
