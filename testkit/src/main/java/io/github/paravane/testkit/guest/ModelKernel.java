package io.github.paravane.testkit.guest;

import io.github.paravane.api.guest.GuestKernel;
import io.github.paravane.api.guest.KernelPort;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A kernel that runs user programs as processes and has objects, threads and functions to look at. What is set up here
 * before the run is there from boot on; programs may also be added from a {@link #onMark marker}.
 *
 * @param <K> the kernel itself
 */
public interface ModelKernel<K extends ModelKernel<K>> extends GuestKernel {

    /** What the kernel holds and what became of it. */
    KernelModel model();

    /** This. */
    K self();

    /** Maps a page of kernel heap at boot, its entry written as this kernel writes them. */
    default K mapKernelPage(long linear) {
        model().map(linear, null, 0);
        return self();
    }

    /** Maps a page of kernel heap at boot, its entry written in a way of its own, with further bits in it. */
    default K mapKernelPage(long linear, PteWrite how, long bits) {
        model().map(linear, how, bits);
        return self();
    }

    /** Puts an object on the kernel's heap; its page is mapped if it is not yet, its first word holds its address. */
    default K allocate(KernelObject object) {
        model().add(object);
        return self();
    }

    /** Adds a thread; its structure is allocated as an object. */
    default K thread(KernelThread thread) {
        model().add(thread);
        return self();
    }

    /** Adds a function, which is called on its path after those added before it. */
    default K calls(KernelFunction function) {
        model().add(function);
        return self();
    }

    /** Does something right before every return to a process that was switched to, with that process's tables loaded. */
    default K beforeReturn(BiConsumer<KernelPort, KernelSpace> action) {
        model().beforeReturn(action);
        return self();
    }

    /** Adds a process to run; {@link UserProgram} has programs. A process starts when those before it ended or yield. */
    default K run(String name, byte[] code) {
        model().run(name, code);
        return self();
    }

    /** Lets the timer's events take the processor from one process and give it to the next. */
    default K preempting() {
        model().preempt();
        return self();
    }

    /** Calls {@code marker} with a process's name when it is about to start and when it has ended. */
    default K onMark(Consumer<String> marker) {
        model().onMark(marker);
        return self();
    }

    /** A function-entry probe: {@code listener} is told each call of a {@link KernelFunction}. */
    default K onEntry(Consumer<KernelFunction> listener) {
        model().onEntry(listener);
        return self();
    }

    /** How the processes ended, by name. */
    default Map<String, ProcessEnd> ends() {
        return model().ends();
    }

    /** How kernel pages and user pages were mapped, see {@link KernelModel#mappings}. */
    default Map<Long, Mapping> mappings() {
        return model().mappings();
    }

    /** The frames of the system calls so far. */
    default List<SyscallFrame> frames() {
        return model().frames();
    }

    /** What {@code ::whatis} says of an address. */
    default String whatis(long address) {
        return model().whatis(address);
    }

    /** Why the kernel gave up, or null. */
    default @Nullable String panic() {
        return model().panic();
    }
}
