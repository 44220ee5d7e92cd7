/**
 * jqwik arbitraries for what a paravirtual machine is fed: addresses, entries, tables, registers, instructions and
 * sequences of them, hypercalls, and whole hostile guests. They prefer the values at which machines break: edges of pages,
 * tables and of the canonical halves, reserved bits, tables that contain themselves. What fails shrinks to the step, the
 * entry, the register that matters. Bring {@code net.jqwik:jqwik} 1.9 to use them.
 */
@NullMarked
package io.github.paravane.testkit.property;

import org.jspecify.annotations.NullMarked;
