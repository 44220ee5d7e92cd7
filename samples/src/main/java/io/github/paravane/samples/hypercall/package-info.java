/** A hypercall of one's own. */
@NullMarked
package io.github.paravane.samples.hypercall;

import org.jspecify.annotations.NullMarked;
