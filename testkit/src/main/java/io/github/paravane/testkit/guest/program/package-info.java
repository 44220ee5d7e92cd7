/**
 * Guest programs that are longer than one likes to write in assembly language: expressions and statements that compile to
 * an {@link io.github.paravane.testkit.asm.Assembler}, and a small runtime with a console, traps, hypercalls, random
 * numbers and a running hash. The result is an ELF file that boots here and on a real Xen.
 */
@NullMarked
package io.github.paravane.testkit.guest.program;

import org.jspecify.annotations.NullMarked;
