package io.github.paravane.testkit.golden;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Runs a kernel on a real Xen through a program that can do that, and takes down what it prints.
 *
 * <p>The program (the runner) is called as {@code RUNNER... -a ARGS [-a ARGS]... KERNEL}. It starts the kernel once for
 * each {@code -a} with that command line, and prints the kernel's console on standard output; before each a line
 * {@code == ARGS}, which it may leave out when there is only one. Nothing else may be on its standard output.
 *
 * @param runner the program and its own arguments
 * @param batch most command lines in one call, at least 1
 * @param limit most time for one call
 */
public record TranscriptRecorder(List<String> runner, int batch, Duration limit) {

    private static final int MAX_OUTPUT = 256 << 20;

    public TranscriptRecorder {
        runner = List.copyOf(runner);
        Objects.requireNonNull(limit, "limit");
        if (runner.isEmpty()) {
            throw new IllegalArgumentException("the runner is missing");
        }
        if (batch < 1) {
            throw new IllegalArgumentException("batch must be at least 1: " + batch);
        }
    }

    /**
     * Runs the kernel once for each command line.
     *
     * @throws IOException if the runner cannot be started, fails, exceeds its time, or answers other command lines
     * @throws InterruptedException if this thread was interrupted; the runner has been ended
     */
    public List<Transcript.Run> record(Path kernel, List<String> commandLines)
            throws IOException, InterruptedException {
        List<Transcript.Run> runs = new ArrayList<>();
        for (int start = 0; start < commandLines.size(); start += batch) {
            List<String> part = commandLines.subList(start, Math.min(start + batch, commandLines.size()));
            runs.addAll(answers(call(kernel, part), part));
        }
        return runs;
    }

    /**
     * The runs in what a runner printed when it was asked for {@code commandLines}.
     *
     * @throws IOException if there is one without answer, or with the answer of another
     */
    public static List<Transcript.Run> answers(String output, List<String> commandLines) throws IOException {
        List<Transcript.Run> runs = Transcript.parse(output.replace("\r", "")).runs();
        if (runs.size() == 1
                && commandLines.size() == 1
                && runs.get(0).commandLine().isEmpty()) {
            return List.of(new Transcript.Run(commandLines.get(0), runs.get(0).lines()));
        }
        if (runs.size() != commandLines.size()) {
            throw new IOException("the runner answered " + runs.size() + " command lines of " + commandLines.size());
        }
        for (int i = 0; i < runs.size(); i++) {
            if (!runs.get(i).commandLine().equals(commandLines.get(i).strip())) {
                throw new IOException(
                        "the runner answered '" + runs.get(i).commandLine() + "' to '" + commandLines.get(i) + "'");
            }
        }
        return runs;
    }

    private String call(Path kernel, List<String> commandLines) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(runner);
        for (String commandLine : commandLines) {
            command.add("-a");
            command.add(commandLine);
        }
        command.add(kernel.toString());
        Path output = Files.createTempFile("transcript", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(output.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try {
                process.getOutputStream().close();
                await(process);
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            if (Files.size(output) > MAX_OUTPUT) {
                throw new IOException("the runner printed more than " + (MAX_OUTPUT >> 20) + " MiB");
            }
            return Files.readString(output, StandardCharsets.ISO_8859_1);
        } finally {
            Files.delete(output);
        }
    }

    private void await(Process process) throws IOException, InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException("the runner took more than " + limit.toSeconds() + " s");
        }
        if (process.exitValue() != 0) {
            throw new IOException("the runner failed with exit status " + process.exitValue());
        }
    }
}
