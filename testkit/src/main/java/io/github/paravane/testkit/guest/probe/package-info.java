/**
 * Probe guests: kernels that do thousands of random operations from a seed, hash every result and print the hash as they
 * go. They boot here and on a real Xen; where the two print different lines, one of them is wrong.
 */
@NullMarked
package io.github.paravane.testkit.guest.probe;

import org.jspecify.annotations.NullMarked;
