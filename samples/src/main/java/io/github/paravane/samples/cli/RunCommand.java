package io.github.paravane.samples.cli;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.api.guest.GuestImageException;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.machine.ConsolePort;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code paravane run}: runs a PV kernel with its console on standard input and output. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Run a PV kernel. Its console is standard input and output; what it writes with",
            "console_io goes to standard error. On a terminal, Ctrl-] leaves."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:the guest shut itself down, rebooted or suspended",
            "1:the guest crashed, was ended by its watchdog, or waits for what can never come",
            "2:wrong use, or a kernel that cannot be run",
            "124:the time limit",
            "130:Ctrl-]"
        })
public final class RunCommand implements Callable<Integer> {

    private static final int CRASHED = 1;
    private static final int WRONG = 2;
    private static final int TIME_LIMIT = 124;
    private static final int LEFT = 130;

    private static final int POWEROFF = 0;
    private static final int REBOOT = 1;
    private static final int SUSPEND = 2;

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            paramLabel = "KERNEL",
            description = "ELF with Xen notes, raw or compressed by gzip, xz, zstd or lz4, or a Linux bzImage of one")
    private @Nullable Path kernel;

    @Option(names = "--ramdisk", paramLabel = "FILE", description = "initial ramdisk")
    private @Nullable Path ramdisk;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            defaultValue = "64M",
            converter = MemorySize.class,
            description = "with K, M or G; MiB without (default: ${DEFAULT-VALUE})")
    private long memory = 64L << 20;

    @Option(names = "--cmdline", paramLabel = "TEXT", defaultValue = "", description = "the kernel's command line")
    private String commandLine = "";

    @ArgGroup(validate = false)
    private HostArguments hypervisor = new HostArguments();

    @Option(names = "--vcpus", paramLabel = "N", defaultValue = "1", description = "default: ${DEFAULT-VALUE}")
    private int vcpus = 1;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "most real time (default: none)")
    private @Nullable Double timeout;

    @Option(names = "--virtual-time", description = "count time in instructions, so that runs repeat exactly")
    private boolean virtualTime;

    @Option(names = "--stats", description = "print counts to standard error at the end")
    private boolean stats;

    @Option(names = "--trace", paramLabel = "FILE", description = "write every event of the machine, one a line")
    private @Nullable Path trace;

    /** A command on the process's own streams. */
    public RunCommand() {
        this(System.in, System.out, System.err);
    }

    RunCommand(InputStream in, PrintStream out, PrintStream err) {
        this.in = in;
        this.out = out;
        this.err = err;
    }

    /** A kernel, or a file beside it, with which there is no run: one line for people, without the usage. */
    private static final class CannotRun extends RuntimeException {
        private static final long serialVersionUID = 1;

        CannotRun(String message) {
            super(message);
        }
    }

    @Override
    public Integer call() {
        try {
            return start();
        } catch (CannotRun e) {
            err.println("paravane: " + e.getMessage());
            err.flush();
            return WRONG;
        }
    }

    private int start() {
        AbiProfile profile = profile();
        RunLimits limits = limits();
        DomainConfig config = config();
        HostConsole host = new HostConsole(in, err);
        PvMachine.Builder builder = PvMachine.builder(profile)
                .options(hypervisor.options())
                .domain(config.console(new ConsolePort(out, err, host)));
        if (virtualTime) {
            builder.virtualTime();
        }
        EventCounts counts = new EventCounts();
        if (stats) {
            builder.observer(counts);
        }
        try (EventTrace events = EventTrace.open(trace)) {
            if (trace != null) {
                builder.observer(events.observer());
            }
            PvMachine machine = build(builder);
            long start = System.nanoTime();
            RunResult result = run(machine, limits, host);
            long time = System.nanoTime() - start;
            out.flush();
            int status = exitStatus(result, host.isLeft(), new CrashReport(machine, err));
            if (stats) {
                counts.print(machine, time, err);
            }
            err.flush();
            return status;
        } catch (IOException e) {
            throw new CannotRun("cannot write " + trace + ": " + e.getMessage());
        }
    }

    private static RunResult run(PvMachine machine, RunLimits limits, HostConsole host) {
        host.start(machine.platform().clock()::wake, machine::stop);
        try {
            return machine.run(limits);
        } finally {
            host.close();
        }
    }

    private PvMachine build(PvMachine.Builder builder) {
        try {
            return builder.build();
        } catch (GuestImageException e) {
            throw new CannotRun("cannot run " + kernel + ": " + e.getMessage());
        }
    }

    private int exitStatus(RunResult result, boolean left, CrashReport report) {
        switch (result.kind()) {
            case SHUT_DOWN -> {
                return shutDownStatus(result);
            }
            case TIME_LIMIT -> {
                err.println("paravane: the time limit of " + timeout + " seconds");
                return TIME_LIMIT;
            }
            case STOPPED -> {
                return left ? LEFT : CRASHED;
            }
            case CRASHED, HYPERVISOR_CRASHED, UNSUPPORTED, IDLE, INSTRUCTION_LIMIT -> {
                report.print(result);
                return CRASHED;
            }
        }
        throw new IllegalStateException("unknown result: " + result.kind());
    }

    /** Powering off and rebooting go without saying; another end is worth a word, and is a good one for suspend only. */
    private int shutDownStatus(RunResult result) {
        int reason = result.shutdownReason();
        if (reason == POWEROFF || reason == REBOOT) {
            return 0;
        }
        err.println("paravane: the guest ended with reason " + reason + ", "
                + new Domain.Shutdown(reason, result.detail()).name());
        return reason == SUSPEND ? 0 : CRASHED;
    }

    private AbiProfile profile() {
        try {
            return hypervisor.profile();
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private RunLimits limits() {
        Double seconds = timeout;
        if (seconds == null) {
            return RunLimits.none();
        }
        if (!(seconds >= 0) || seconds > 1e9) {
            throw wrong("time limit out of range: " + seconds);
        }
        return RunLimits.none().within(Duration.ofNanos((long) (seconds * 1e9)));
    }

    private DomainConfig config() {
        try {
            GuestImage image =
                    GuestImage.of(KernelFile.read(file(kernel, "KERNEL"))).withCommandLine(commandLine);
            Path initial = ramdisk;
            if (initial != null) {
                image = image.withRamdisk(Files.readAllBytes(initial));
            }
            return hypervisor.applyTo(DomainConfig.of(image).memory(memory).vcpus(vcpus));
        } catch (IOException e) {
            throw new CannotRun("cannot read " + e.getMessage());
        } catch (UncheckedIOException e) {
            throw new CannotRun("cannot unpack " + kernel + ": " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private Path file(@Nullable Path path, String what) {
        if (path == null) {
            throw wrong(what + " is missing");
        }
        return path;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
