/**
 * Guest kernels that behave as real ones do where it matters: their page-table habits and their ways in and out.
 *
 * <p>{@link io.github.paravane.testkit.guest.SolarisLikeKernel} and {@link
 * io.github.paravane.testkit.guest.LinuxLikeKernel} are {@link io.github.paravane.testkit.guest.ModelKernel}s: they boot,
 * map a heap with named objects, and run {@link io.github.paravane.testkit.guest.UserProgram}s as processes, each with a
 * kernel root and a user root. What one does and the other does not is {@link
 * io.github.paravane.testkit.guest.KernelHabits}; what became of a run is in {@link
 * io.github.paravane.testkit.guest.KernelModel}. {@link io.github.paravane.testkit.guest.StorySystem} has the systems of
 * the story ready to run in a {@link io.github.paravane.testkit.guest.ModelMachine}. {@link
 * io.github.paravane.testkit.guest.BootScript} is a kernel for one experiment.
 */
@NullMarked
package io.github.paravane.testkit.guest;

import org.jspecify.annotations.NullMarked;
