/**
 * Floating-point arithmetic in software, as x87 and SSE define it: all formats, rounding modes and exception flags.
 *
 * <p>Everything happens in unpacked form ({@link io.github.paravane.cpu.softfloat.Operand}) and is rounded once, when
 * the result is packed. One {@link io.github.paravane.cpu.softfloat.SoftFloat} per core holds the scratch state, so that
 * nothing is allocated.
 */
@NullMarked
package io.github.paravane.cpu.softfloat;

import org.jspecify.annotations.NullMarked;
