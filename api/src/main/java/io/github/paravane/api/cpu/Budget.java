package io.github.paravane.api.cpu;

/**
 * A bound on one {@link CpuCore#run}.
 *
 * @param instructions how many instructions may retire, at least 1; a core may overrun by the rest of a basic block
 */
public record Budget(long instructions) {

    public Budget {
        if (instructions < 1) {
            throw new IllegalArgumentException("budget must be at least 1 instruction: " + instructions);
        }
    }

    /** No bound other than {@link CpuCore#interrupt}. */
    public static Budget unlimited() {
        return new Budget(Long.MAX_VALUE);
    }
}
