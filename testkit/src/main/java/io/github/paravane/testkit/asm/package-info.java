/**
 * A small x86-64 assembler and ELF writer, enough to write guest kernels and instruction tests in Java.
 *
 * <p>{@link io.github.paravane.testkit.asm.Assembler} turns fluent calls, in the operand order of the Intel manual, into
 * bytes at a known virtual address. {@link io.github.paravane.testkit.asm.PvKernelImage} wraps such code into an ELF64 file
 * with the notes that a Xen domain builder looks for; {@link io.github.paravane.testkit.asm.ElfWriter} is the format below
 * it, for files that are unusual or deliberately wrong.
 *
 * <p>The encodings chosen are those that GNU as chooses, so a listing can be compared byte for byte, with one exception:
 * branches to labels always take a 32-bit displacement unless the {@code ...Short} form is asked for. The size of code
 * therefore never depends on where a label ends up.
 */
@NullMarked
package io.github.paravane.testkit.asm;

import org.jspecify.annotations.NullMarked;
