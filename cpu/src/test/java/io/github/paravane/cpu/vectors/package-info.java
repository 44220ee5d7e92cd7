/**
 * The core against silicon: random single instructions of every row of the instruction table, executed by the host
 * processor ({@code src/test/native/harness.c}) and replayed on the core.
 *
 * <p>A case is a pure function of row, number and seed ({@link io.github.paravane.cpu.vectors.CaseGenerator}), so a
 * recording holds results only.
 */
package io.github.paravane.cpu.vectors;
