/** Instruction semantics by family, the block cache and the interpreter. */
@NullMarked
package io.github.paravane.cpu.exec;

import org.jspecify.annotations.NullMarked;
