package io.github.paravane.api.cpu;

/** Makes a core for a virtual CPU. Given to the machine builder to swap in another core. */
@FunctionalInterface
public interface CpuCoreFactory {

    /** A new core in reset state: registers 0, RFLAGS 2, FPU as after FNINIT with MXCSR 1F80h. */
    CpuCore create(CpuEnvironment environment);
}
